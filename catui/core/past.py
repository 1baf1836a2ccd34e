"""What has been: machines that remember the past of a stream, as truths about it or untouched beside it.

Past-time temporal logic has recurrences that hold one truth or one count each, so a formula over any past is as cheap
as its present. They are steps of the dialect, and fuse. Sources: Lichtenstein, Pnueli, Zuck, *The glory of the past*
(1985), the operators; Havelund, Rosu, *Efficient monitoring of safety properties* (2004), the recurrences.
"""

from collections.abc import Callable
from math import isfinite
from typing import Any, TypeVar

from msgspec import Struct

from catui.core.machine import Machine, atom

A = TypeVar("A")
V = TypeVar("V")
Keyed = tuple[tuple[str, V], ...]
Predicate = Callable[[A], bool]


class Steady(Struct, frozen=True, gc=False):
    """What is told, and how many inputs in a row have said otherwise."""

    told: bool
    otherwise: float


def latest() -> Machine[dict[str, V], Keyed[V], Keyed[V]]:
    """Keyed values pass unchanged; the state is the latest value of every key.

    Law: it means what `identity` means. For who looks at a machine from outside, at its place in the tree.

    >>> from catui.core.machine import scan
    >>> scan(latest(), [(("x", 1),), (), (("y", 2), ("x", 3))])[0]
    {'x': 3, 'y': 2}
    """

    def step(state: dict[str, V], values: Keyed[V]) -> tuple[dict[str, V], Keyed[V]]:
        return ({**state, **dict(values)} if values else state), values

    return atom({}, step)


def ever(p: Predicate[A]) -> Machine[Any, A, bool]:
    """Whether `p` has held at some input so far, this one among them: once, in the books.

        once p = p  or  @(once p),   where @ is the truth one step ago, False before the first

    Laws: never true and then false; `ever(p) == not historically(not p)`.

    >>> from catui.core.machine import run
    >>> run(ever(lambda x: x > 2), [1, 3, 1])
    [False, True, True]
    """

    def step(before: bool, x: A) -> tuple[bool, bool]:
        now = before or p(x)
        return now, now

    return atom(False, step)


def historically(p: Predicate[A]) -> Machine[Any, A, bool]:
    """Whether `p` has held at every input so far: always, looking back.

        historically p = p  and  @(historically p),   where @ is the truth one step ago, True before the first

    Laws: never false and then true; `historically(p) == not ever(not p)`.

    >>> from catui.core.machine import run
    >>> run(historically(lambda x: x > 2), [3, 1, 3])
    [True, False, False]
    """

    def step(before: bool, x: A) -> tuple[bool, bool]:
        now = before and p(x)
        return now, now

    return atom(True, step)


def since(p: Predicate[A], q: Predicate[A]) -> Machine[Any, A, bool]:
    """Whether `q` has held at some input, and `p` at every one after it: p since q, the strong one.

        p since q = q  or  (p and @(p since q)),   where @ is the truth one step ago, False before the first

    Laws: `since(true, q) == ever(q)`; `since(p, q)` implies `ever(q)`; at the first input it is `q`.

    >>> from catui.core.machine import run
    >>> run(since(lambda x: x > 0, lambda x: x > 5), [1, 6, 1, -1, 1])
    [False, True, True, False, False]
    """

    def step(before: bool, x: A) -> tuple[bool, bool]:
        now = q(x) or (before and p(x))
        return now, now

    return atom(False, step)


def once_within(length_ticks: int) -> Machine[Any, bool, bool]:
    """Whether the last `length_ticks` inputs, this one among them, have a truth.

        age = 0 where the input is true, else @age + 1;   out: age < length_ticks

    Laws: monotone in the window; a window of 1 is `identity`; implies `ever`. ValueError: a length below 1, or not
    whole.

    >>> from catui.core.machine import run
    >>> run(once_within(2), [False, True, False, False])
    [False, True, True, False]
    """
    length = _checked_ticks(length_ticks)

    def step(age: float, truth: bool) -> tuple[float, bool]:
        now = 0.0 if truth else age + 1.0
        is_within = now < length
        return (now if is_within else length), is_within

    return atom(length, step)


def once_within_time(window_s: float) -> Machine[Any, tuple[float, bool], bool]:
    """Whether there was a truth at most `window_s` ago; the input is `(time_s, truth)`.

        last = time_s where the truth holds, else @last;   out: time_s - last <= window_s, False without a last

    A time that steps back counts as no time. Laws: monotone in the window; implies `ever`. ValueError: a window below
    0, or not finite.

    >>> from catui.core.machine import run
    >>> run(once_within_time(2.0), [(0.0, False), (1.0, True), (3.0, False), (3.5, False)])
    [False, True, True, False]
    """
    if not 0.0 <= window_s or not isfinite(window_s):
        raise ValueError(f"window_s must be finite and at least 0 s, got {window_s!r}")
    window = float(window_s)

    def step(last: float | None, at: tuple[float, bool]) -> tuple[float | None, bool]:
        time_s, truth = at
        if truth:
            return time_s, True
        if last is None:
            return None, False
        return last, time_s - last <= window

    return atom(None, step)


def debounce(length_ticks: int) -> Machine[Any, bool, bool]:
    """A truth that changes only when `length_ticks` inputs in a row have said so; False before.

        otherwise = 0 where the input is what is told, else @otherwise + 1;   told turns where that is length_ticks

    Laws: a length of 1 is `identity`; what it tells has been said by the last `length_ticks` inputs when it turns.
    ValueError: a length below 1, or not whole.

    >>> from catui.core.machine import run
    >>> run(debounce(2), [True, False, True, True, False, True])
    [False, False, False, True, True, True]
    """
    length = _checked_ticks(length_ticks)

    def step(s: Steady, truth: bool) -> tuple[Steady, bool]:
        if truth == s.told:
            return Steady(s.told, 0.0), s.told
        otherwise = s.otherwise + 1.0
        if otherwise < length:
            return Steady(s.told, otherwise), s.told
        return Steady(truth, 0.0), truth

    return atom(Steady(False, 0.0), step)


def hysteresis(on: float, off: float) -> Machine[Any, float, bool]:
    """A truth that turns on at `on` and above, and off at `off` and below; between them it stays. A Schmitt trigger.

        out = (x >= on)  or  (x > off and @out),   that is: x > off  since  x >= on

    Laws: greater inputs give no less; a lower `off` gives no less. ValueError: `off` not below `on`, or one not finite.

    >>> from catui.core.machine import run
    >>> run(hysteresis(3.0, 1.0), [2.0, 3.0, 2.0, 1.0, 2.0])
    [False, True, True, False, False]
    """
    if not off < on or not isfinite(on) or not isfinite(off):
        raise ValueError(f"off must be below on, both finite, got on = {on!r}, off = {off!r}")
    above, below = float(on), float(off)

    def step(before: bool, x: float) -> tuple[bool, bool]:
        now = x >= above or (before and x > below)
        return now, now

    return atom(False, step)


def _checked_ticks(length_ticks: int) -> float:
    if type(length_ticks) is not int or length_ticks < 1:
        raise ValueError(f"length_ticks must be a whole number of ticks, at least 1, got {length_ticks!r}")
    return float(length_ticks)  # a parameter of the text, as floats are
