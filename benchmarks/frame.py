"""A frame of the console, everything moving: rendering the panes, composing the screen, writing the escape text."""

import asyncio
import gc
import time
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from rich.console import Console

from benchmarks.figures import figure
from benchmarks.moving import assert_all_move, moving, texts
from catui.console.app import CatuiApp
from catui.console.source import FrozenSource
from catui.snapshot import Snapshot

FRAMES = 300
PAINTED = 500  # frames after which the garbage is counted
P99_MS = 20.0
SIZES = {(80, 24): 6.0, (120, 40): 10.0, (200, 60): 18.0}  # p50 at most, ms


@dataclass
class Parts:
    """Milliseconds of each frame, by what they were spent on; characters sent to the terminal."""

    render: list[float] = field(default_factory=list)
    compose: list[float] = field(default_factory=list)
    escapes: list[float] = field(default_factory=list)
    characters: list[int] = field(default_factory=list)

    def whole(self) -> list[float]:
        """All of it, sorted."""
        return sorted(sum(parts) for parts in zip(self.render, self.compose, self.escapes, strict=True))


class Easel:
    """A running console that is painted one frame at a time, with no terminal and no clock.

    Without a terminal the toolkit stops before it makes the escape text, so the steps of its paint are done here.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.source = FrozenSource([moving(0)])
        self.app = CatuiApp(self.source, clock=False)
        self._size = size
        self._console = Console(
            file=StringIO(), force_terminal=True, color_system="truecolor", width=size[0], height=size[1]
        )

    def paint(self, snapshot: Snapshot, parts: Parts | None = None) -> None:
        """One frame; its cost goes to `parts`."""
        screen, panes = self.app.screen, self.app.desk.panes
        self.source.show(snapshot)
        self.source.views.clear()  # it keeps what it is told, which no engine does
        began = time.perf_counter()
        self.app.frame()
        rendered = time.perf_counter()
        screen._compositor.update_widgets({panes[name] for name in self.app.desk.placed()})
        update: Any = screen._compositor.render_update()
        composed = time.perf_counter()
        written = update.render_segments(self._console) if update is not None else ""
        ended = time.perf_counter()
        if parts is not None:
            parts.render.append((rendered - began) * 1000)
            parts.compose.append((composed - rendered) * 1000)
            parts.escapes.append((ended - composed) * 1000)
            parts.characters.append(len(written))

    async def measured(self) -> tuple[Parts, int]:
        """The cost of `FRAMES` frames, and the objects that only a full collection frees after `PAINTED` of them."""
        async with self.app.run_test(size=self._size) as pilot:
            await pilot.pause()
            before = texts(self.app)
            for number in range(1, 20):
                self.paint(moving(number))
            assert_all_move(self.app, before)
            await pilot.pause()
            gc.collect()
            gc.freeze()
            parts = Parts()
            for number in range(20, 20 + FRAMES):
                self.paint(moving(number), parts)
            return parts, self._garbage()

    def _garbage(self) -> int:
        gc.collect()
        gc.disable()
        try:
            for number in range(PAINTED):
                self.paint(moving(number))
            return gc.collect()
        finally:
            gc.enable()
            gc.unfreeze()


def main() -> bool:
    """Each size: p50 and p99 against the budget, the parts, and no garbage at all."""
    met = True
    for size, target in SIZES.items():
        parts, garbage = asyncio.run(Easel(size).measured())
        name = f"frame {size[0]}x{size[1]}"
        whole = parts.whole()
        met &= figure(f"{name}, p50", whole[len(whole) // 2], "ms", target)
        met &= figure(f"{name}, p99", whole[len(whole) * 99 // 100], "ms", P99_MS)
        for part in ("render", "compose", "escapes"):
            each = sorted(getattr(parts, part))
            figure(f"{name}, {part}, p50", each[len(each) // 2], "ms")
        figure(f"{name}, to the terminal", sum(parts.characters) / FRAMES / 1000, "kB/frame")
        met &= figure(f"{name}, cyclic objects of {PAINTED} frames", garbage, "objects", 0)
    return met
