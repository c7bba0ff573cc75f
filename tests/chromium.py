"""A real headless Chromium, driven by its debugging protocol on loopback."""

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

__all__ = ["PATH", "Tab", "browsing"]

PATH = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The program; None where there is none."""


class Tab:
    """One page, and what came up while it was open."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        """Take the socket of a page."""
        self._socket = socket
        self._number = 0
        self.asked: list[str] = []
        """Addresses it asked for."""
        self.complaints: list[str] = []
        """Errors and warnings on its console."""

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Have the page do something; give what it answers."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while True:
            answer = await self._socket.receive_json(timeout=60)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return dict(answer.get("result", {}))
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        parameters = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.asked.append(parameters["request"]["url"])
            case "Log.entryAdded":
                self.complaints.append(f"{parameters['entry']['level']}: {parameters['entry']['text']}")
            case "Runtime.exceptionThrown":
                self.complaints.append(str(parameters["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.complaints.append(str(parameters["args"]))

    async def open(self, url: str, size: tuple[int, int] = (1280, 900), scheme: str = "light") -> None:
        """Go to an address and wait until it is loaded."""
        for domain in ("Page", "Network", "Log", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.resize(size, scheme)
        await self.call("Page.navigate", url=url)
        for _ in range(400):
            if await self.run("document.readyState") == "complete":
                return
            await asyncio.sleep(0.05)
        raise TimeoutError(url)

    async def resize(self, size: tuple[int, int], scheme: str = "light") -> None:
        """Make the window so large, and the colours light or dark."""
        mobile = size[0] < 600
        await self.call("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1],
                        deviceScaleFactor=2 if mobile else 1, mobile=mobile)  # fmt: skip
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def click(self, x: float, y: float) -> None:
        """Press and let go at a point of the window."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def run(self, script: str) -> Any:
        """Give what a script comes to."""
        done = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    async def picture(self, *, part: str = "") -> bytes:
        """Give a picture of the window, or of all of an element, as PNG."""
        clip = {}
        if part:
            box = await self.run(
                f"(() => {{ const b = document.querySelector({part!r}).getBoundingClientRect();"
                " return [b.x + scrollX, b.y + scrollY, b.width, b.height] })()"
            )
            clip = {"clip": dict(zip(("x", "y", "width", "height"), box, strict=True)) | {"scale": 1}}
        shot = await self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=bool(part), **clip
        )
        return base64.b64decode(shot["data"])


@asynccontextmanager
async def browsing() -> AsyncIterator[Tab]:
    """Start a browser with an empty profile, and give its page; it is gone afterwards."""
    assert PATH, "there is no chromium"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        process = await asyncio.create_subprocess_exec(
            PATH, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            f"--user-data-dir={home}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            port = await _port(Path(home) / "DevToolsActivePort")
            async with ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                    pages = await answer.json(content_type=None)
                target = next(page for page in pages if page["type"] == "page")
                async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Tab(socket)
        finally:
            process.kill()
            await process.wait()


async def _port(file: Path) -> int:
    for _ in range(600):
        if lines := _lines(file):
            return int(lines[0])
        await asyncio.sleep(0.05)
    raise TimeoutError("chromium did not start")


def _lines(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []
