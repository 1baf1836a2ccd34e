"""Purity read off the text: what a step does besides computing is named with its line, and nothing else is."""

import random
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from msgspec import Struct

from catui.core.machine import Machine, atom, each, feedback, lift
from catui.core.purity import Impurity, functions, impurities
from catui.features.registry import ALL as FEATURES
from catui.strategies.registry import ALL as STRATEGIES

Step = Callable[[Any, Any], Any]

history: list[float] = []
numbers = count()
generator = random.Random(7)
START = (0.0, 1.0)


class Shared:
    last: ClassVar[float] = 0.0


class Tracker:
    def __init__(self) -> None:
        self.seen = 0

    def track(self) -> int:
        self.seen += 1  # in a method
        return self.seen

    def peek(self) -> int:
        return self.seen


class Held(Struct):
    mean: float
    items: list[float]


tracker = Tracker()


def put(into: list[float], x: float) -> None:
    into.append(x)  # in a helper


def last_of(s: Any) -> Any:
    return s.items


def doubled(x: float) -> float:
    return 2.0 * x


def has_read_the_time(x: float) -> float:
    return x + time.time()  # in another helper


@lru_cache
def remembered(x: float) -> float:
    return time.monotonic() + x  # in a helper that remembers


def appends_to_its_state(s: Any, x: Any) -> Any:
    s.append(x)
    return s, x


def writes_a_field(s: Any, x: Any) -> Any:
    s.mean = x
    return s, x


def writes_an_item_of_its_input(s: Any, x: Any) -> Any:
    x.items[0] = 1.0
    return s, x


def changes_an_alias(s: Any, x: Any) -> Any:
    kept = s.items
    for one in kept:
        one.clear()
    return s, x


def changes_what_it_unpacked(s: Any, x: Any) -> Any:
    first, second = s
    second.pop()
    return s, first


def changes_in_one_branch(s: Any, x: Any) -> Any:
    kept = [x]
    if x > 0:
        kept = s.items
    kept.append(x)
    return s, x


def changes_by_a_helper(s: Any, x: Any) -> Any:
    put(s.items, x)
    return s, x


def changes_what_a_helper_gave(s: Any, x: Any) -> Any:
    last_of(s).sort()
    return s, x


def forces_a_field(s: Any, x: Any) -> Any:
    msgspec.structs.force_setattr(s, "mean", x)
    object.__setattr__(s, "mean", x)
    return s, x


def deletes(s: Any, x: Any) -> Any:
    del s.items[0]
    return s, x


def keeps_a_global(s: Any, x: Any) -> Any:
    global START  # noqa: PLW0603  # what is found
    START = (x, x)
    return s, x


def appends_to_a_global(s: Any, x: Any) -> Any:
    history.append(x)
    return s, x


def writes_a_class(s: Any, x: Any) -> Any:
    Shared.last = x
    return s, x


def counts(s: Any, x: Any) -> Any:
    return s, next(numbers)


def tracks(s: Any, x: Any) -> Any:
    return s, tracker.track()


def draws(s: Any, x: Any) -> Any:
    return s, generator.gauss(0.0, 1.0)


def draws_by_module(s: Any, x: Any) -> Any:
    return s, random.random()


def reads_a_clock_by_a_helper(s: Any, x: Any) -> Any:
    return s, has_read_the_time(x)


def reads_a_clock_that_is_remembered(s: Any, x: Any) -> Any:
    return s, remembered(x)


def imports_a_clock(s: Any, x: Any) -> Any:
    from datetime import datetime

    return s, datetime.now().hour  # noqa: DTZ005  # what is found


def opens(s: Any, x: Any) -> Any:
    with open("prices.csv") as file:
        return s, file.read()


def prints_in_a_comprehension(s: Any, x: Any) -> Any:
    return s, [print(one) for one in x]


def goes_by_identity(s: Any, x: Any) -> Any:
    return s, hash("mid") + id(s)


def writes_in_a_match(s: Any, x: Any) -> Any:
    match x:
        case [first, *_]:
            first.price = 0.0
    return s, x


IMPURE: dict[Step, tuple[str, ...]] = {
    appends_to_its_state: ("s.append(x)",),
    writes_a_field: ("s.mean",),
    writes_an_item_of_its_input: ("x.items[0]",),
    changes_an_alias: ("one.clear()",),
    changes_what_it_unpacked: ("second.pop()",),
    changes_in_one_branch: ("kept.append(x)",),
    changes_by_a_helper: ("into.append(x)",),
    changes_what_a_helper_gave: ("last_of(s).sort()",),
    forces_a_field: ("msgspec.structs.force_setattr", "object.__setattr__(s, 'mean', x)"),
    deletes: ("s.items[0]",),
    keeps_a_global: ("global START",),
    appends_to_a_global: ("history.append(x)",),
    writes_a_class: ("Shared.last",),
    counts: ("next(numbers)",),
    tracks: ("self.seen",),
    draws: ("generator",),
    draws_by_module: ("random",),
    reads_a_clock_by_a_helper: ("time",),
    reads_a_clock_that_is_remembered: ("time",),
    imports_a_clock: ("from datetime import datetime",),
    opens: ("open",),
    prints_in_a_comprehension: ("print",),
    goes_by_identity: ("hash", "id"),
    writes_in_a_match: ("first.price",),
}


def changes_what_it_made(s: Any, x: Any) -> Any:
    made = [*s.items, x]
    made.append(1.0)
    made[0] = 2.0
    copy = list(s.items)
    copy.sort()
    sliced = s.items[1:]
    sliced.append(x)
    table: dict[str, float] = {}
    table["x"] = x
    return (tuple(made), tuple(copy), tuple(sliced)), table


def helps_itself(s: Any, x: Any) -> Any:
    made: list[float] = []
    put(made, x)
    return s, sum(made) + doubled(x) + tracker.peek()


def makes_new_ones(s: Any, x: Any) -> Any:
    updated = s.update(x)  # of a value that gives another
    return msgspec.structs.replace(updated, mean=max(START) + x), sorted(x.items)


def loops(s: Any, x: Any) -> Any:
    total = 0.0
    window = deque(s.items, maxlen=3)
    for i, one in enumerate(x.items):
        total += one
        window.append(one * i)
    return (total, *window), [y for y in window if y > 0]


def rebinds(s: Any, x: Any) -> Any:
    s = list(s)
    s.append(x)
    return tuple(s), x


PURE: tuple[Step, ...] = (changes_what_it_made, helps_itself, makes_new_ones, loops, rebinds)


def found(*steps: Step) -> tuple[Impurity, ...]:
    machine: Machine[Any, Any, Any] = atom(None, steps[0])
    for step in steps[1:]:
        machine = machine >> atom(None, step)
    return impurities(machine)


@pytest.mark.parametrize("step", IMPURE, ids=lambda step: str(step.__name__))
def test_what_a_step_does_besides_computing_is_named(step: Step) -> None:
    assert {one.statement for one in found(step)} == set(IMPURE[step])


@pytest.mark.parametrize("step", PURE, ids=lambda step: str(step.__name__))
def test_what_a_step_has_made_itself_it_may_change(step: Step) -> None:
    assert found(step) == ()


def test_each_is_told_once_with_its_line_in_the_order_of_the_tree() -> None:
    told = found(tracks, changes_by_a_helper, tracks)
    text = Path(__file__).read_text().splitlines()
    lines = [number for number, line in enumerate(text, 1) if line.endswith(("# in a method", "# in a helper"))]
    assert [one.place for one in told] == [f"{__file__}:{line}" for line in lines]
    assert str(told[1]).startswith(
        f"{__file__}:{lines[1]}: it changes in place what outlives the step: into.append(x); "
    )


def test_every_function_of_a_tree_is_read() -> None:
    body: Machine[Any, Any, Any] = lift(doubled) >> atom(0.0, tracks)
    tree: Machine[Any, Any, Any] = each(feedback(0.0, body).map(has_read_the_time))
    assert set(functions(tree)) == {doubled, tracks, has_read_the_time}
    assert {one.statement for one in impurities(tree)} == {"self.seen", "time"}


def test_what_has_no_text_is_not_read() -> None:
    space: dict[str, Any] = {}
    exec("def step(s, x):\n    s.append(x)\n    return s, x\n", space)
    assert found(space["step"]) == ()


@pytest.mark.parametrize("kind", [*FEATURES, *STRATEGIES], ids=lambda kind: str(kind.name))
def test_the_library_is_pure(kind: Any) -> None:
    assert impurities(kind()) == ()
