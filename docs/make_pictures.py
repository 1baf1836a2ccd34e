"""The pictures of the documentation, from the real application on the embedded exchange: `make pictures`."""

import asyncio
import os
import tempfile
from pathlib import Path

from catui.config import load
from catui.console.app import CatuiApp
from catui.console.source import FrozenSource
from catui.domain.events import PauseStrategy
from catui.runtime.desk import Start, new_session
from catui.runtime.session import Session
from catui.snapshot import Snapshot, View

HERE = Path(__file__).parent
MARKET_S = 75  # of simulated time: warm, with fills, and a curve to look at


async def market_time(session: Session, until_ns: int) -> None:
    """Let the run go on until a moment of its own time: it has no clock that could be waited for."""
    while True:
        await asyncio.sleep(0)
        if session.engine.last_ns >= until_ns:
            return


async def a_busy_moment() -> Snapshot:
    """The desk after some simulated time, a strategy paused by its operator shortly before."""
    with tempfile.TemporaryDirectory() as runs:
        session = await new_session(Start("simulated:7", load(), None, Path(runs)))
        running = asyncio.create_task(session.run())
        await market_time(session, 1)
        end_ns = session.engine.last_ns + MARKET_S * 1_000_000_000
        await market_time(session, end_ns - 5_000_000_000)
        session.command(PauseStrategy("reversion"), "operator", "news at the hour")
        await market_time(session, end_ns)
        snapshot = session.snapshot(View(depth=60))
        session.stop("picture taken")
        await running
        session.engine.journal.close()
    return snapshot


async def picture(snapshot: Snapshot, theme: str, size: tuple[int, int]) -> str:
    """The console's screen as SVG."""
    app = CatuiApp(FrozenSource([snapshot]), theme=theme, clock=False)
    async with app.run_test(size=size) as pilot:
        app.frame()
        await pilot.pause()
        return app.export_screenshot(title="catui")


def main() -> None:
    """Write every picture."""
    os.environ.update(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor", TERM="xterm-256color")
    snapshot = asyncio.run(a_busy_moment())
    pictures = HERE / "pictures"
    pictures.mkdir(exist_ok=True)
    for theme, name in (("dark", "console"), ("light", "console-light")):
        svg = asyncio.run(picture(snapshot, theme, (120, 40)))
        (pictures / f"{name}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
