"""Clicks through the theatre in a browser, and keeps a picture: `python scripts/browser.py RUN PICTURE.png`.

Starts `sandbox watch RUN --serve` and a headless chromium, and talks to it by its debugging protocol.
"""

import asyncio
import base64
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, ClientWebSocketResponse

ROOT = Path(__file__).resolve().parent.parent
PORT, DEBUG = 8765, 9333
SIZE = (1480, 900)


async def call(page: ClientWebSocketResponse, method: str, **parameters: object) -> dict[str, Any]:
    """Have the browser do something; give what it answers."""
    await page.send_json({"id": 1, "method": method, "params": parameters})
    while True:
        answer = await page.receive_json(timeout=60)
        if answer.get("id") == 1:
            return dict(answer.get("result", {}))


async def press(page: ClientWebSocketResponse, key: str, code: int, text: str = "") -> None:
    """Press a key."""
    for kind in ("keyDown", "keyUp"):
        more = {"text": text} if text and kind == "keyDown" else {}
        await call(page, "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)
    await asyncio.sleep(1.0)


async def click(page: ClientWebSocketResponse, x: int, y: int) -> None:
    """Click somewhere."""
    for kind in ("mousePressed", "mouseReleased"):
        await call(page, "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    await asyncio.sleep(1.5)


async def visit(picture: Path) -> None:
    """Open the page, use mouse and keys, take the picture."""
    async with ClientSession() as session:
        for _ in range(100):
            with contextlib.suppress(ClientConnectionError):
                async with session.get(f"http://127.0.0.1:{DEBUG}/json") as answer:
                    pages = await answer.json(content_type=None)
                    break
            await asyncio.sleep(0.2)
        target = next(page for page in pages if page["type"] == "page")
        async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as page:
            await call(page, "Page.navigate", url=f"http://127.0.0.1:{PORT}/?fontsize=14")
            await asyncio.sleep(15)
            await click(page, SIZE[0] // 2, SIZE[1] // 2)
            await press(page, "End", 35)
            for _ in range(6):
                await press(page, "ArrowLeft", 37)
            await press(page, "t", 84, "t")
            await click(page, SIZE[0] // 2, SIZE[1] // 2)
            await press(page, "2", 50, "2")
            shot = await call(page, "Page.captureScreenshot", format="png")
            picture.write_bytes(base64.b64decode(shot["data"]))


async def main(run: str, picture: Path) -> None:
    """Start both programs, visit, stop both."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    quiet = asyncio.subprocess.DEVNULL
    with tempfile.TemporaryDirectory() as home:
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sandbox", "watch", run, "--serve", "--port", str(PORT),
            stdout=quiet, stderr=quiet, env=os.environ | {"PYTHONPATH": str(ROOT), "COLORTERM": "truecolor"},
        )  # fmt: skip
        browser = await asyncio.create_subprocess_exec(
            chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--remote-debugging-port={DEBUG}",
            "--remote-allow-origins=*", f"--user-data-dir={home}", f"--window-size={SIZE[0]},{SIZE[1]}", "about:blank",
            stdout=quiet, stderr=quiet,
        )  # fmt: skip
        try:
            await visit(picture)
        finally:
            for process in (browser, server):
                process.terminate()
                await process.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
