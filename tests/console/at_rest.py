"""A loop that says when it has come to rest, and consoles that are waited for until then.

The toolkit's own wait looks at the process's clock: it takes 20 ms where there is nothing to wait for, and ends early
where the machine is too busy to let the process work.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from selectors import DefaultSelector, SelectorKey
from typing import TypeVar, TypeVarTuple

import textual.app
import textual.pilot
import textual.screen

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
SOON_S = 0.1  # of timers: one that is due later, or comes again and again, is not waited for


class Selector(DefaultSelector):
    """Sees that the loop is about to sleep, which is what it does when nothing is ready."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = 0
        self.waiting: list[asyncio.Future[None]] = []
        self._slept_s = 0.0  # since somebody waits

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """What is ready; those who wait for rest are woken where nothing is, and no thread is at work."""
        if not self.waiting or self.threads or (timeout is not None and self._slept_s + timeout <= SOON_S):
            self._slept_s += max(timeout or 0.0, 0.0) if self.waiting else 0.0
            return super().select(timeout)
        if ready := super().select(0):
            return ready
        for future in self.waiting:
            if not future.done():
                future.set_result(None)
        self.waiting.clear()
        self._slept_s = 0.0
        return []


class Loop(asyncio.SelectorEventLoop):
    """A loop whose rest can be waited for."""

    def __init__(self) -> None:
        self.selector = Selector()
        super().__init__(self.selector)

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> "asyncio.Future[T]":
        """A call in a thread; until it has ended there is no rest."""
        future = super().run_in_executor(executor, func, *args)
        self.selector.threads += 1
        future.add_done_callback(self._left)
        return future

    def _left(self, _: object) -> None:
        self.selector.threads -= 1


async def rest(*_: float) -> None:
    """Wait until nothing is ready, no thread is at work and no timer is due soon."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Loop), "a console is driven on a loop of at_rest"
    future = loop.create_future()
    loop.selector.waiting.append(future)
    await future


def runner() -> asyncio.Runner:
    """What runs coroutines on such a loop."""
    return asyncio.Runner(loop_factory=Loop)


for module in (textual.app, textual.pilot):
    vars(module)["wait_for_idle"] = rest
vars(textual.screen)["UPDATE_PERIOD"] = 1 / 1000  # what has changed is painted at once
