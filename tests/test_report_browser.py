"""The report in a real browser, where there is one."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.reporting import page


@pytest.mark.slow
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    """Chromium: no complaint, nothing asked of the network, links and clicks lead to lines, and it fits a phone."""
    pytest.importorskip("aiohttp")
    chromium = pytest.importorskip("tests.chromium")
    if chromium.PATH is None:
        pytest.skip("there is no chromium")
    (tmp_path / "one.html").write_text(page())
    (tmp_path / "two.html").write_text(page(2))

    async def visit() -> None:
        async with chromium.browsing() as tab:
            for name in ("one", "two"):
                await tab.open((tmp_path / f"{name}.html").as_uri(), (400, 800), "dark")
                assert await tab.run("document.documentElement.scrollWidth") == 400
                jumped = await tab.run(
                    "const quote = [...document.querySelectorAll('.found .quote a.seq')].pop(); quote.click();"
                    " location.hash = quote.hash; const line = document.getElementById(quote.hash.slice(1));"
                    " new Promise(done => setTimeout(() => { const box = line.getBoundingClientRect();"
                    " done([line.closest('.passage').className, box.top >= 0 && box.bottom <= innerHeight]) }, 300))"
                )
                assert "at" in jumped[0].split()
                assert jumped[1] is True
                shown = await tab.run(
                    "document.querySelector('.passage.at button.seq').click();"
                    " document.getElementById('rests').innerText"
                )
                assert re.search(r"^\d+ verdicts? on line \d+$", shown, re.MULTILINE)
            await tab.resize((1280, 900))
            chosen = await tab.run(
                "const graph = document.querySelector('.web'), arc = graph.querySelector('.threads .answers');"
                " graph.querySelector(`[data-seq='${arc.dataset.later}']`).dispatchEvent("
                "new MouseEvent('click', {bubbles: true, cancelable: true}));"
                " graph.querySelector('.chosen').textContent"
            )
            assert "rests on" in chosen
            assert [url for url in tab.asked if not url.startswith("file:")] == []
            assert tab.complaints == []

    asyncio.run(visit())
