"""Purity, read off the text: what a step does besides computing its result from its state and its input.

The functions of a machine, and those that they call, are read and not run; what came with Python or was installed
beside them is not read. A reader of text sees no further than names: what goes by another way (a method that is written
in C, a name made at run time) is for the laws in `core/check` to notice.
"""

from collections.abc import Callable, Iterator
from typing import Any

from catui.core.machine import Machine
from catui.core.purity.look import Impurity, Reader

__all__ = ["Impurity", "impurities"]


def impurities(machine: Machine[Any, Any, Any]) -> tuple[Impurity, ...]:
    """What the steps of the machine do besides computing, each once, in the order of the tree.

    Named are: `global` and `nonlocal`; assignments into, and changing methods of, the state, the input, or anything
    else that outlives the step; clocks, chance, files, the screen; identity and hashes. A thing that a step has made
    itself it may change.
    """
    reader = Reader()
    for function in functions(machine):
        reader.read(function, home=function.__module__ or "")
    return tuple(reader.found)


def functions(machine: Machine[Any, Any, Any]) -> Iterator[Callable[..., Any]]:
    """Every function in the tree."""
    for name in getattr(machine, "__dataclass_fields__", ()):
        part = getattr(machine, name)
        if isinstance(part, Machine):
            yield from functions(part)
        elif callable(part) and not isinstance(part, type):
            yield part
