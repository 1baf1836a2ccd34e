"""A console on a prepared snapshot, started by the tests of the terminal: `frozen_desk.py MARK [FAULT]`.

It writes to MARK once the source was closed. Each FAULT comes while a secret is in a local variable: `crash` when the
theme changes, `pane` whenever the positions are drawn, `send` at the first command. With `hostile` the texts of the
desk are what no terminal must be told.
"""

import asyncio
import sys
from pathlib import Path

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import sample_snapshot
from snapshots_strategy import HOSTILE

from catui.console.app import CatuiApp
from catui.console.panes import PANES
from catui.console.render.line import Line
from catui.console.show import run_console
from catui.console.source import FrozenSource
from catui.domain.events import Action
from catui.snapshot import AlertView, Snapshot


def leave_mark(text: str) -> None:
    """Where the test looks."""
    Path(sys.argv[1]).write_text(text, "utf-8")


def fault() -> None:
    """Fail with a secret in a local variable."""
    api_secret = "hunter2" * 2
    raise RuntimeError(f"fault \x1b[31m of {len(api_secret)}")


def failing(*_: object) -> list[Line]:
    """A pane that cannot be drawn."""
    fault()
    return []


def hostile(desk: Snapshot) -> Snapshot:
    """The desk with an alert for each hostile text, and a name of each kind that is one."""
    alerts = tuple(AlertView(str(n), "warning", text, desk.now_ns, 1, False, None) for n, text in enumerate(HOSTILE))
    evil = HOSTILE[1] + HOSTILE[2] + HOSTILE[3] + HOSTILE[6]
    return replace(
        desk,
        source=evil,
        alerts=alerts,
        strategies=tuple(replace(row, name=evil, reason=evil) for row in desk.strategies),
        instruments=tuple(replace(row, symbol=evil) for row in desk.instruments),
        orders=tuple(replace(row, owner=evil, note=evil) for row in desk.orders),
    )


class MarkedSource(FrozenSource):
    """Says that it was closed."""

    async def send(
        self, action: Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """Fail, if that is asked for, in the worker that sends."""
        if "send" in sys.argv:
            fault()
        return await super().send(action, reason, seen_seq, expected)

    async def close(self, stop: bool = True) -> None:
        """Leave the mark."""
        await super().close(stop)
        leave_mark(f"closed {self.closes}")


class CrashingApp(CatuiApp):
    """Fails when the theme is changed."""

    def _next_theme(self) -> None:
        fault()


async def main() -> int:
    desk = sample_snapshot()
    source = MarkedSource([hostile(desk) if "hostile" in sys.argv else desk])
    if "pane" in sys.argv:
        PANES["positions"] = replace(PANES["positions"], render=failing)
    app = CrashingApp(source) if "crash" in sys.argv else CatuiApp(source)
    return await run_console(app)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
