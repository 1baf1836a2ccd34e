"""Rings in the dialect: `ring[slot]`, `put`, `change`, `look`, `len`; each of the state's rings is one buffer.

A buffer has a version, and only the newest one is still there: a step that reads another is refused.
"""

from __future__ import annotations

import ast
import types
import typing
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from catui.core.fuse.source import Unplaced, is_function
from catui.core.fuse.values import ARTICLED, NOTHING, Buffer, Constant, Kind, Record, Scalar, Value, name, number
from catui.core.ring import change, look, put

if TYPE_CHECKING:
    from catui.core.fuse.expressions import Expressions

KINDS: dict[object, Kind] = {float: "float", int: "int", bool: "bool"}


def read(frame: Expressions, node: ast.AST, ring: Buffer, slot: Scalar) -> Scalar:
    """A slot of a ring, read here and now: what is written into it later is another thing."""
    _check(frame, node, ring)
    _check_slot(frame, node, slot)
    target = frame.writer.fresh(f"{ring.name}_now")
    frame.writer.emit(f"{target} = {ring.name}[{slot.text}]")
    return name(target, ring.kind)


def length(frame: Expressions, ring: Buffer) -> Scalar:
    """How many slots a ring has."""
    return frame.writer.length(ring.name)


def put_into(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    """`put(ring, slot, x)`."""
    ring, at, new = arguments if len(arguments) == 3 else [NOTHING] * 3
    if not isinstance(ring, Buffer):
        raise frame.fault(node, "put into something that is no ring", "give it a ring, a slot and a number")
    slot, value = frame.number(at, node), frame.number(new, node)
    _check(frame, node, ring)
    _check_slot(frame, node, slot)
    if value.kind != ring.kind:
        raise frame.fault(node, f"{ARTICLED[value.kind]} in a ring of {ring.kind}s", "write 0.0 for 0, or 0 for 0.0")
    frame.writer.emit(f"{ring.name}[{slot.text}] = {value.text}")
    return replace(ring, version=frame.writer.change(ring.name))


def changed(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    """`change(kernel, rings, *numbers)`."""
    kernel, rings, text = _called(frame, node, arguments)
    if len({ring.name for ring in rings}) < len(rings):
        raise frame.fault(node, "one ring twice", "give each ring once")
    told = _told(frame, node, kernel, text)
    after = tuple([replace(ring, version=frame.writer.change(ring.name)) for ring in rings])
    return Record(None, (), (Record(None, (), after), told))


def looked(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    """`look(kernel, rings, *numbers)`."""
    kernel, _, text = _called(frame, node, arguments)
    return _told(frame, node, kernel, text)


RINGS: dict[Any, Callable[[Expressions, ast.Call, list[Value]], Value]] = {put: put_into, change: changed, look: looked}


def _check(frame: Expressions, node: ast.AST, ring: Buffer) -> None:
    if ring.version != frame.writer.version(ring.name):
        raise frame.fault(node, "a ring that was changed since", "read it before, or use what the change gave")


def _check_slot(frame: Expressions, node: ast.AST, slot: Scalar) -> None:
    if slot.kind != "int":
        raise frame.fault(node, "a slot of a ring that is no int", "count slots in ints")


def _called(frame: Expressions, node: ast.Call, arguments: list[Value]) -> tuple[Callable[..., Any], list[Buffer], str]:
    """The kernel, its rings, and the call as text."""
    kernel = arguments[0] if arguments else NOTHING
    if not (isinstance(kernel, Constant) and is_function(kernel.value)) or len(arguments) < 2:
        raise frame.fault(node, "no kernel, or no rings", "give it a function of a module, a tuple of rings, numbers")
    rings = [part for part in frame.parts(arguments[1], node) if isinstance(part, Buffer)]
    if not rings or len(rings) < len(frame.parts(arguments[1], node)):
        raise frame.fault(node, "something that is no ring among the rings", "give a tuple of rings, then the numbers")
    for ring in rings:
        _check(frame, node, ring)
    function = typing.cast(types.FunctionType, kernel.value)
    try:
        called = frame.writer.kernel(function)
    except Unplaced as fault:
        raise frame.fault(node, fault.what, fault.mend) from None
    told = [_argument(frame, node, value) for value in arguments[2:]]
    return function, rings, f"{called}({', '.join([*(ring.name for ring in rings), *told])})"


def _argument(frame: Expressions, node: ast.AST, value: Value) -> str:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Constant) and isinstance(value.value, bool | int | float):
        return number(value.value).text
    raise frame.fault(node, "an argument of a kernel that is no number", "give it ints, floats and truths one by one")


def _told(frame: Expressions, node: ast.AST, kernel: Callable[..., Any], text: str) -> Value:
    """What a call of a kernel gives, in names; its kinds are those of its annotation."""
    annotation = typing.get_type_hints(kernel).get("return")
    kinds = typing.get_args(annotation) if typing.get_origin(annotation) is tuple else (annotation,)
    if not kinds or any(kind not in KINDS for kind in kinds):
        mend = "annotate what it returns: int, float, bool, or a tuple of these"
        raise frame.fault(node, f"the kernel {kernel.__name__} says not what it returns", mend)
    names = [frame.writer.fresh("told") for _ in kinds]
    frame.writer.emit(f"{', '.join(names)} = {text}")
    parts = tuple([name(n, KINDS[kind]) for n, kind in zip(names, kinds, strict=True)])
    return parts[0] if annotation in KINDS else Record(None, (), parts)
