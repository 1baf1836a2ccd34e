"""Kernels: functions with loops over rings, copied into the text as they are written."""

import inspect
import re
import textwrap
from types import FunctionType
from typing import cast

from catui.core.fuse.source import Unplaced, is_function

MEND = "keep kernels to loops over rings and numbers"
BUILTINS = frozenset({"range", "len", "abs", "float", "int", "bool"})


def called_within(kernel: FunctionType) -> list[FunctionType]:
    """The kernels that a kernel calls."""
    values = [kernel.__globals__.get(used) for used in kernel.__code__.co_names]
    return [cast(FunctionType, value) for value in values if is_function(value) and value is not kernel]


def math_within(kernel: FunctionType) -> set[str]:
    """The functions of `math` that a kernel calls."""
    return {used for used in kernel.__code__.co_names if _is_of_math(kernel, used)}


def check_kernel(kernel: FunctionType) -> None:
    """Unplaced: it uses a name that would mean nothing in the text."""
    if kernel.__closure__:
        raise Unplaced(f"the kernel {kernel.__name__} is no function of a module", MEND)
    for used in kernel.__code__.co_names:
        if not (used in BUILTINS or is_function(kernel.__globals__.get(used)) or _is_of_math(kernel, used)):
            raise Unplaced(f"the kernel {kernel.__name__} uses {used}, which is not in the text", MEND)


def source(kernel: FunctionType, names: dict[str, str]) -> list[str]:
    """The lines of a kernel; `names` says what kernels are called in the text, where it is not what they are called."""
    text = textwrap.dedent(inspect.getsource(kernel)).rstrip()
    for old, new in names.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return text.splitlines()


def _is_of_math(kernel: FunctionType, used: str) -> bool:
    return getattr(kernel.__globals__.get(used), "__module__", None) == "math"
