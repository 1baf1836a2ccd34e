"""What is no part of (state, input): clocks, chance, the outside, identity; by the module or builtin it comes from."""

import builtins
from types import ModuleType
from typing import NamedTuple

from msgspec.structs import force_setattr


class Reason(NamedTuple):
    """What is wrong with a name, and what to write instead."""

    what: str
    mend: str


CLOCK = Reason("it reads a clock or a calendar", "time is an input: use the time that comes with it, e.g. x.time_s")
CHANCE = Reason("it draws by chance", "keep a seed in the state, and draw from that")
OUTSIDE = Reason("it reaches out of the machine", "leave it to whoever runs the machine")
IDENTITY = Reason("it differs from process to process", "compare values, not their identity or hash")
HIDDEN = Reason("it keeps state outside of the machine", "put it into the state")
CHANGED = Reason("it changes in place what outlives the step", "make a new value, e.g. (*s.last[1:], x)")

MODULES = {
    **dict.fromkeys(("time", "datetime", "calendar", "zoneinfo"), CLOCK),
    **dict.fromkeys(("random", "secrets", "uuid", "numpy.random", "_random"), CHANCE),
    **dict.fromkeys(("os", "posix", "nt", "sys", "io", "_io", "pathlib", "shutil", "tempfile", "glob"), OUTSIDE),
    **dict.fromkeys(("socket", "_socket", "ssl", "http", "urllib", "requests", "aiohttp", "sqlite3"), OUTSIDE),
    **dict.fromkeys(("subprocess", "threading", "_thread", "multiprocessing", "asyncio", "logging", "gc"), OUTSIDE),
}
BUILTINS = {
    **dict.fromkeys(("open", "input", "print", "exec", "eval", "breakpoint", "__import__", "exit", "quit"), OUTSIDE),
    **dict.fromkeys(("globals", "vars", "setattr", "delattr"), HIDDEN),
    **dict.fromkeys(("id", "hash"), IDENTITY),
}
CHANGING = frozenset(  # methods that change what they belong to, and give nothing
    (
        *("append", "appendleft", "extend", "extendleft", "insert", "remove", "rotate", "clear", "sort", "reverse"),
        *("update", "add", "discard", "difference_update", "intersection_update", "symmetric_difference_update"),
        *("fill", "put", "resize", "write", "writelines", "__delitem__", "__setattr__", "__setitem__"),
    )
)
TAKING = frozenset(("pop", "popitem", "popleft", "setdefault", "send"))  # which change it, and give something


def reason(value: object) -> Reason | None:
    """Why a name that stands for this value has no place in a step; None: it may stand there."""
    name = getattr(value, "__name__", "")
    if isinstance(value, ModuleType):
        return of_module(name)
    if getattr(builtins, str(name), None) is value:
        return BUILTINS.get(name)
    if value is force_setattr:
        return CHANGED
    if callable(value):
        owner = getattr(value, "__self__", None)  # `from random import random` is a method of an object that draws
        if owner is not None and not isinstance(owner, ModuleType) and of_module(type(owner).__module__) is CHANCE:
            return CHANCE
        return of_module(str(getattr(value, "__module__", None) or ""))
    return CHANCE if of_module(type(value).__module__) is CHANCE else _file(value)


def of_module(name: str) -> Reason | None:
    """As above, of a module by its full name."""
    while name:
        if name in MODULES:
            return MODULES[name]
        name = name.rpartition(".")[0]
    return None


def _file(value: object) -> Reason | None:
    return OUTSIDE if type(value).__module__ == "_io" else None
