"""A console on a prepared snapshot, started by the tests of the terminal: `frozen_desk.py MARK [crash]`.

It writes to MARK once the source was closed. With `crash` the next click fails while a secret is in a local variable.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import sample_snapshot

from catui.console.app import CatuiApp, run_console
from catui.console.source import FrozenSource


def leave_mark(text: str) -> None:
    """Where the test looks."""
    Path(sys.argv[1]).write_text(text, "utf-8")


class MarkedSource(FrozenSource):
    """Says that it was closed."""

    async def close(self, stop: bool = True) -> None:
        """Leave the mark."""
        await super().close(stop)
        leave_mark(f"closed {self.closes}")


class CrashingApp(CatuiApp):
    """Fails when the theme is changed."""

    def _next_theme(self) -> None:
        api_secret = "hunter2" * 2
        raise RuntimeError(f"fault \x1b[31m of {len(api_secret)}")


async def main() -> int:
    source = MarkedSource([sample_snapshot()])
    app = CrashingApp(source) if "crash" in sys.argv else CatuiApp(source)
    return await run_console(app)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
