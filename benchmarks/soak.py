"""A console's long life: frames for weeks, in one sitting, with other sizes, themes and screens in between.

A million frames are a day of the console's clock and take most of an hour of one core, so a fiftieth of them is drawn;
CATUI_BENCH_FRAMES=1000000 draws them all. Nothing else differs: every frame shows another snapshot on every pane,
composed and written as for a terminal, and the thousand sizes, themes and screens are there in both.
"""

import asyncio
import gc
import os
import time
from collections.abc import Iterator
from itertools import cycle

from textual.pilot import Pilot

from benchmarks.figures import figure
from benchmarks.frame import Easel
from benchmarks.moving import assert_all_move, moving, texts
from catui.runtime.telemetry import resident_bytes
from catui.snapshot import Snapshot

FRAMES = 20_000
TURNS = 1_000  # of each: a size, a theme, a screen opened and closed
SIZE = (80, 24)
SIZES = ((120, 40), (61, 16), (200, 60), (40, 10), (80, 50), SIZE)
SCREENS = (("question_mark", "escape"), ("z", "z"), ("colon", "escape"), ("r", "1"))
KEPT = 500  # different snapshots, shown in turn


async def _disturb(pilot: Pilot[int], turn: int, sizes: Iterator[tuple[int, int]]) -> None:
    """Another size and back, another theme, a screen opened and closed."""
    await pilot.resize_terminal(*next(sizes))
    await pilot.press("T", *SCREENS[turn % len(SCREENS)])
    await pilot.resize_terminal(*SIZE)
    await pilot.pause()


async def _lived(frames: int) -> tuple[list[int], list[float], int]:
    """Resident bytes and seconds a frame after each turn; the objects that a full collection frees at the end."""
    easel, snapshots = Easel(SIZE), [moving(number) for number in range(KEPT)]
    resident: list[int] = []
    took: list[float] = []
    async with easel.app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = texts(easel.app)
        easel.paint(snapshots[7])
        assert_all_move(easel.app, before)
        sizes = cycle(SIZES)
        for turn in range(TURNS):
            took.append(_painted(easel, snapshots, turn * frames // TURNS, (turn + 1) * frames // TURNS))
            await _disturb(pilot, turn, sizes)
            resident.append(resident_bytes() or 0)
            if turn == TURNS // 2:
                gc.collect()
        gc.collect()
        for number in range(KEPT):
            easel.paint(snapshots[number])
        return resident, took, gc.collect()


def _painted(easel: Easel, snapshots: list[Snapshot], first: int, last: int) -> float:
    """Seconds of CPU a frame, over these frames."""
    began = time.process_time()
    for number in range(first, last):
        easel.paint(snapshots[number % KEPT])
    return (time.process_time() - began) / max(last - first, 1)


def main() -> bool:
    """Memory of the last fifth against the second fifth; the last frames against the first; garbage at the end."""
    frames = int(os.environ.get("CATUI_BENCH_FRAMES", str(FRAMES)))
    resident, took, garbage = asyncio.run(_lived(frames))
    fifth = TURNS // 5
    early, late = (sorted(part)[fifth // 2] for part in (resident[fifth : 2 * fifth], resident[-fifth:]))
    first, last = (sorted(part)[fifth // 2] * 1000 for part in (took[fifth : 2 * fifth], took[-fifth:]))
    figure("soak, frames; sizes, themes and screens: 1,000 each", frames, "frames")
    figure("soak, resident memory, late", late / 2**20, "MB")
    met = figure("soak, growth of resident memory", (late / early - 1) * 100, "%", 1.0)
    met &= figure("soak, a late frame over an early one", last / first, "times", 1.2)
    return figure("soak, cyclic objects at the end", garbage, "objects", 1_000) and met
