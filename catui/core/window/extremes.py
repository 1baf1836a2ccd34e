"""The smallest and the largest of a window."""

from typing import Any

from catui.core.machine import Machine
from catui.core.window.sliding import Aggregate, Numbers, checked_length, sliding


def minimum(length_ticks: int) -> Machine[Any, float, float | None]:
    """The smallest of the last `length_ticks` inputs, exactly; of equals the older one, as Python's `min` has it.

    Warm-up: None until there are `length_ticks` inputs. Cost: constant, worst case. ValueError: a length below 1.

    >>> from catui.core.machine import run
    >>> run(minimum(3), [2.0, 1.0, 3.0, 4.0, 5.0])
    [None, None, 1.0, 1.0, 3.0]
    """
    checked_length(length_ticks)
    return sliding(length_ticks, SMALLEST, (1, 1))


def maximum(length_ticks: int) -> Machine[Any, float, float | None]:
    """The largest of the last `length_ticks` inputs. Law: `maximum(x) == -minimum(-x)`; otherwise as `minimum`."""
    checked_length(length_ticks)
    return sliding(length_ticks, LARGEST, (1, 1))


def _entry(x: float) -> Numbers:
    return (x,)


def _single(entry: Numbers) -> Numbers:
    return entry


def _smaller(older: Numbers, older_count: int, newer: Numbers, newer_count: int) -> Numbers:
    return newer if newer[0] < older[0] else older


def _larger(older: Numbers, older_count: int, newer: Numbers, newer_count: int) -> Numbers:
    return newer if newer[0] > older[0] else older


def _told(whole: Numbers, length: int, x: float) -> float:
    return whole[0]


SMALLEST: Aggregate[float] = Aggregate(_entry, _single, _smaller, _told)
LARGEST: Aggregate[float] = Aggregate(_entry, _single, _larger, _told)
