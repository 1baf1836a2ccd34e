"""The pictures of the documentation, from the real application on the embedded exchange: `make pictures`."""

import asyncio
import os
import tempfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

from textual.pilot import Pilot

from catui.config import load
from catui.console.app import CatuiApp
from catui.console.source import FrozenSource, Recorded
from catui.core.fuse import plain
from catui.domain.events import Action, Command, PauseStrategy
from catui.preview import PreviewView
from catui.preview.answers import previews
from catui.runtime.desk import new_session
from catui.runtime.past.child import SeekerChild
from catui.runtime.past.client import SeekerClient
from catui.runtime.session import Session
from catui.runtime.startorder import Start
from catui.snapshot import Snapshot, View

PICTURES = Path(__file__).parent / "pictures"
Answers = Callable[[Action], PreviewView]
MARKET_S = 150  # of simulated time: warm, with fills, and a curve to look at
WIDE = (120, 40)

FINE = ("3", "-", "-", "-", "1")  # the chart by the second
OF_THE_DESK = (  # name, theme, size, the keys that lead there
    ("console", "dark", WIDE, FINE),
    ("console-light", "light", WIDE, FINE),
    ("desk-80x24", "dark", (80, 24), ()),
    ("desk-200x60", "dark", (200, 60), FINE),
    ("override", "dark", WIDE, ("r", "O")),
    ("ticket", "dark", WIDE, ("o", *"0.08")),
)
OF_THE_RUN = (  # name, and by turns: keys, and the word that is waited for after them
    ("past", ("{ {", "PAST")),
    ("why", ("4 w", "quote")),
    ("wiring", ("ctrl+left", "PAST"), ("W", "rates and times")),
    (
        "branch",
        ("ctrl+left ctrl+left", "-00:02:00"),
        ("B", "nothing changed"),
        ("down down enter", "DRAIN"),
        ("down enter", "PAUSE"),
        ("enter", "WHAT-IF"),
    ),
)


async def market_time(session: Session, until_ns: int) -> None:
    """Let the run go on until a moment of its own time: it has no clock that could be waited for."""
    while True:
        await asyncio.sleep(0)
        if session.engine.last_ns >= until_ns:
            return


async def a_busy_moment(runs: Path) -> tuple[Snapshot, Answers]:
    """The desk after some simulated time, a strategy paused shortly before, and what it says of orders by hand.

    Its run stays in `runs`.
    """
    session = await new_session(Start("simulated:7", load(), None, runs))
    running = asyncio.create_task(session.run())
    await market_time(session, 1)
    end_ns = session.engine.last_ns + MARKET_S * 1_000_000_000
    await market_time(session, end_ns - 5_000_000_000)
    session.command(PauseStrategy("reversion"), "operator", "news at the hour")
    await market_time(session, end_ns)
    snapshot = session.snapshot(View(depth=60, scale_s=1, candles=240))
    engine = session.engine
    asked, state, now_ns = previews(engine.desk, engine.machine), plain(engine.machine, engine.state), engine.last_ns
    session.stop("picture taken")
    await running
    engine.journal.close()
    return snapshot, lambda action: asked(state, Command("preview", "operator", now_ns, action))


async def of_the_desk(
    moment: tuple[Snapshot, Answers], theme: str, size: tuple[int, int], keys: tuple[str, ...]
) -> str:
    """The console's screen on a snapshot, after some keys, as SVG."""
    source = FrozenSource([moment[0]])
    source.answers = moment[1]
    app = CatuiApp(source, theme=theme, clock=False)
    async with app.run_test(size=size) as pilot:
        app.frame()
        await pilot.press(*keys)
        app.frame()
        await pilot.pause()
        return app.export_screenshot(title="catui")


async def of_the_run(directory: Path, cache: Path, *turns: tuple[str, str]) -> str:
    """The console's screen on a recorded run, after some turns of keys and waiting, as SVG."""
    app = CatuiApp(
        Recorded(directory.name), clock=False, open_past=lambda _: SeekerClient(SeekerChild(directory, cache))
    )
    async with app.run_test(size=WIDE) as pilot:
        svg = await _shown(app, pilot, "PAST")
        for keys, word in turns:
            await pilot.press(*keys.split())
            svg = await _shown(app, pilot, word)
        return svg


async def _shown(app: CatuiApp, pilot: Pilot[int], word: str) -> str:
    """The screen once a word stands on it."""
    while True:
        app.frame()
        await pilot.pause(0.05)
        svg = app.export_screenshot(title="catui")
        if word in unescape(svg).replace("\xa0", " "):
            return svg


def main() -> None:
    """Write every picture."""
    os.environ.update(TEXTUAL_ANIMATIONS="none", COLORTERM="truecolor", TERM="xterm-256color")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        runs = Path(made, "runs")
        moment = asyncio.run(a_busy_moment(runs))
        [run] = runs.iterdir()
        told = {name: asyncio.run(of_the_desk(moment, *how)) for name, *how in OF_THE_DESK}
        told |= {name: asyncio.run(of_the_run(run, Path(made, "cache"), *how)) for name, *how in OF_THE_RUN}
    for name, svg in told.items():
        (PICTURES / f"{name}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
