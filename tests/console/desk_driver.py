"""Drive the console as a person does, on prepared snapshots, without a clock."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import at_rest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from catui.console.app import CatuiApp
from catui.console.commands.reload import ConfigFile
from catui.console.keys.keymap import name_of
from catui.console.look.arrangement import Arrangement
from catui.console.modes.past import OpenPast
from catui.console.source import FrozenSource
from catui.snapshot import Snapshot

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import sample_snapshot

SIZE = (120, 40)
Act = Callable[["Driver"], Awaitable[None]]


class Clock:
    """The console's own clock, moved by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Driver:
    """A running console: press, look, ask what was sent."""

    def __init__(self, app: CatuiApp, source: FrozenSource, clock: Clock, pilot: Pilot[int]) -> None:
        self.app, self.source, self.clock, self.pilot = app, source, clock, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until what they started has ended or asks a question."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """Keys in one piece, as from a slow line or a quick hand: nothing is awaited between them."""
        for key in keys:
            self.app.post_message(Key("space" if key == " " else name_of(key), key if len(key) == 1 else None))
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        """Type text into the focused field."""
        field = self.app.focused
        assert isinstance(field, Input)
        field.insert_text_at_cursor(text)
        await self.pilot.pause()

    async def show(self, snapshot: Snapshot) -> None:
        """A new snapshot comes."""
        self.source.show(snapshot)
        self.app.frame()
        await self.pilot.pause()

    async def draw(self) -> None:
        """A frame."""
        self.app.frame()
        await self.pilot.pause()

    def top(self) -> type[object]:
        """Which screen is on top."""
        return type(self.app.screen)

    def screen(self) -> list[str]:
        """The cells of the screen, row by row."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    def footer(self) -> str:
        """The last row."""
        return self.screen()[-1]

    @property
    def sent(self) -> list[object]:
        """The commands that left, oldest first."""
        return [each.action for each in self.source.sent]


def drive(
    act: Act,
    snapshot: Snapshot | None = None,
    *,
    size: tuple[int, int] = SIZE,
    keys: Mapping[str, str] | None = None,
    source: FrozenSource | None = None,
    open_past: OpenPast | None = None,
    can_branch: bool = True,
    arrangement: Arrangement | None = None,
    files: Path | None = None,
    config: ConfigFile | None = None,
) -> FrozenSource:
    """Run the console on one snapshot and act; the source as it was left. What is taken from it goes to `files`."""
    given = source or FrozenSource([snapshot or sample_snapshot()])
    clock = Clock()
    nowhere = Path("/dev/null/catui")  # a test that takes something says where to
    app = CatuiApp(
        given,
        keys=keys,
        clock=False,
        now_s=clock,
        open_past=open_past,
        can_branch=can_branch,
        arrangement=arrangement,
        config=config,
        exports=files or nowhere,
        layouts=(files or nowhere) / "layouts.toml",
    )

    async def session() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await act(Driver(app, given, clock, pilot))

    with at_rest.runner() as runner:
        runner.run(session())
    return given
