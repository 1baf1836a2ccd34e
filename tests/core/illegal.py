"""Small steps outside of the dialect, each with the line that is at fault and a word of what is said of it.

The line is the one that ends in `# here`; without one it is in the helper. Types are left out: most have none.
"""
# mypy: ignore-errors
# ruff: noqa

import math
import random
from dataclasses import dataclass
from math import floor
from typing import Any, NamedTuple

from msgspec import Struct

FUNCTIONS: dict[str, Any] = {}
STEPS: dict[str, Any] = {}
SAYS: dict[str, str] = {}


def function(says):
    """A function from a float that cannot be fused."""

    def keep(f):
        FUNCTIONS[f.__name__] = f
        SAYS[f.__name__] = says
        return f

    return keep


def step(says, init=0.0):
    """A step of a machine that cannot be fused, and its first state."""

    def keep(f):
        STEPS[f.__name__] = f, init
        SAYS[f.__name__] = says
        return f

    return keep


class Point(NamedTuple):
    a: float
    b: float


class Count(Struct, frozen=True):
    n: int
    last: float | None = None


@dataclass(frozen=True)
class Boxed:
    x: float


TABLE = {1: 2.0}
LEVELS = (1.0, 2.0)


# ---- statements


@function("use assignments, if, and return")
def while_loop(x):
    while x > 1.0:  # here
        x = x / 2.0
    return x


@function("use assignments, if, and return")
def tried(x):
    try:  # here
        return 1.0 / x
    except ZeroDivisionError:
        return 0.0


@function("use assignments, if, and return")
def with_block(x):
    with open("file"):  # here
        return x


@function("use assignments, if, and return")
def raised(x):
    if x < 0.0:
        raise ValueError(x)  # here
    return x


@function("use assignments, if, and return")
def asserted(x):
    assert x > 0.0  # here
    return x


@function("use assignments, if, and return")
def printed(x):
    print(x)  # here
    return x


@function("use assignments, if, and return")
def deleted(x):
    y = x
    del y  # here
    return x


@function("use assignments, if, and return")
def a_global(x):
    global TABLE  # here
    return x


@function("use assignments, if, and return")
def imported(x):
    import math  # here

    return math.sqrt(x)


@function("use assignments, if, and return")
def matched(x):
    match x:  # here
        case 0.0:
            return 1.0
        case _:
            return x


@function("use assignments, if, and return")
def nested_function(x):
    def twice(y):  # here
        return y + y

    return twice(x)


@function("leave the else out")
def loop_with_else(x):
    for y in (x, x):  # here
        x = x + y
    else:
        x = 0.0
    return x


@function("write what it computes with if")
def loop_left_early(x):
    for y in (x, 1.0):  # here
        if y > 0.0:
            return y
    return x


@function("write what it computes with if")
def loop_that_breaks(x):
    total = 0.0
    for y in (x, 1.0):  # here
        if y > 0.0:
            break
        total = total + y
    return total


@function("make a new record")
def item_assigned(x):
    y = [x, x]
    y[0] = 1.0  # here
    return x


@function("unpack as many as there are")
def unpacked_wrongly(x):
    a, b = (x, x, x)  # here
    return a + b


@function("unpack as many as there are")
def unpacked_with_a_star(x):
    a, *b = (x, x, x)  # here
    return a


@function("use a tuple or a record")
def unpacked_number(x):
    a, b = x  # here
    return a + b


@function("use a constant one")
def loop_of_unknown_length(x):
    for _ in range(floor(x)):  # here
        x = x + 1.0
    return x


@function("assign it before the if")
def assigned_in_one_branch(x):
    if x > 0.0:
        y = x
    return y  # here


@function("use assignments, if, and return")
def generator(x):
    yield x  # here


# ---- expressions


@function("write x*x")
def power(x):
    return x**2  # here


@function("use floor(x / y)")
def floored(x):
    return x // 2.0  # here


@function("use + - * /")
def inverted(x):
    return ~x  # here


@function("use + - * /")
def shifted(x):
    return 1 << 3 << x  # here


@function("use numbers, records and math")
def walrus(x):
    return (y := x) + y  # here


@function("use numbers, records and math")
def looked_up(x):
    return {1.0: 2.0}[x]  # here


@function("use a tuple or a record")
def looked_up_outside(x):
    return TABLE[x]  # here


@function("use a constant one")
def chosen_by_the_data(x):
    return LEVELS[0 if x > 0.0 else 1]  # here


@function("read one that is there")
def beyond_the_end(x):
    return LEVELS[7]  # here


@function("name the items")
def strided(x):
    return LEVELS[::2][0] + x  # here


@function("use numbers, records and math")
def text(x):
    return f"{x}"  # here


@function("compare it, e.g. with > 0.0")
def truthy(x):
    return 1.0 if x else 0.0  # here


@function("compare it, e.g. with > 0.0")
def falsy(x):
    return x or 1.0  # here


@function("write 1.0 if it is true, else 0.0")
def added_truth(x):
    return x + (x > 0.0)  # here


@function("let both branches give the same kind")
def two_kinds(x):
    return x if x > 0.0 else 0  # here


@function("let both branches give the same kind")
def two_structures(x):
    y = (x, x) if x > 0.0 else x  # here
    return x


@function("let both branches give the same kind")
def two_records(x):
    y = Point(x, x) if x > 0.0 else (x, x)  # here
    return x


@function("compare numbers")
def contained(x):
    return 1.0 if x in LEVELS else 0.0  # here


@function("use ==")
def identical(x):
    return 1.0 if x is LEVELS else 0.0  # here


@function("test it first: is not None")
def perhaps_none(x):
    y = x if x > 0.0 else None
    return y + 1.0  # here


@function("read a field of a record")
def no_such_field(x):
    return Point(x, x).c  # here


@function("keep every item and weigh it with 0.0")
def filtered(x):
    return max([y for y in (x, 1.0) if y > 0.0])  # here


@function("use numbers, records and math")
def two_loops(x):
    return max([y * z for y in (x, 1.0) for z in (x, 2.0)])  # here


# ---- calls


@function("use math or a helper")
def summed(x):
    return sum([x, x])  # here


@function("use math or a helper")
def rounded(x):
    return round(x, 2)  # here


@function("use floor or ceil")
def cut(x):
    return float(int(x))  # here


@function("compare it")
def as_truth(x):
    return bool(x)  # here


@function("use one of sqrt")
def hypotenuse(x):
    return math.hypot(x, x)  # here


@function("use math or a helper")
def by_chance(x):
    return x + random.random()  # here


@function("call a function or a record class")
def called_number(x):
    return x(1.0)  # here


@function("name every argument")
def called_with_a_star(x):
    return max(*LEVELS)  # here


@function("use a msgspec Struct or a NamedTuple")
def boxed(x):
    return Boxed(x).x  # here


@function("give each field once")
def missing_field(x):
    return Point(x).a  # here


@function("give each field once")
def unknown_field(x):
    return Count(n=1, m=x).n  # here


def _endless(x):
    return _endless(x)


@function("write a loop of known length")
def recursive(x):
    return _endless(x)


def _of_two(a, b):
    return a + b


@function("call it with those")
def too_few(x):
    return _of_two(x)


def _of_any(*xs):
    return xs[0]


@function("name every argument")
def any_number(x):
    return _of_any(x)


@function("give it one")
def absolute_of_two(x):
    return abs(x, x)  # here


@function("give it two numbers")
def largest_of_nothing(x):
    return max()  # here


@function("write 0.0 for 0")
def largest_of_two_kinds(x):
    return max(x, 0)  # here


@function("use numbers that this is defined for")
def divided_by_nothing(x):
    return x + 1 / 0  # here


@function("give numbers, truths and records of them")
def gives_text(x):
    return ("up", x) if x > 0.0 else ("down", x)  # here


# ---- states


@step("return `state, output`")
def gives_one(s, x):
    return s + x  # here


@step("keep each field's type")
def grows(s, x):
    return (s, x), x  # here


@step("keep each field's type")
def turns_whole(s, x):
    return 0, x  # here


@step("keep each field's type", (0.0, 0.0))
def loses_one(s, x):
    return (s[0],), x  # here


@step("keep each field's type", Count(0))
def forgets(s, x):
    return None, x  # here


@step("keep each field's type", Count(0))
def changes_class(s, x):
    return Point(0.0, x), x  # here


@step("keep each field's type", "calm")
def changes_text(s, x):
    return "wild", x  # here


@step("keep each field's type", ())
def appends(s, x):
    return (*s, x), x  # here
