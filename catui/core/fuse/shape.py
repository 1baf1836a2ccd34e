"""Shapes: from a type, or from a value and its annotation, to the flattened form with names for its leaves; and back.

A float stays a float, an int an int, a truth a truth. `T | None` is a presence flag and a T. Text and other things
are structure: known while fusing, and the same for ever.
"""

import types
import typing
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from catui.core.fuse.records import record_names
from catui.core.fuse.source import Unplaced
from catui.core.fuse.values import (
    ZERO,
    Buffer,
    Constant,
    Kind,
    Maybe,
    Record,
    Scalar,
    Value,
    described,
    flag,
    leaves,
    name,
    number,
    tuple_of,
)
from catui.core.ring import Ring

Fresh = Callable[[str], str]
KINDS: dict[object, Kind] = {float: "float", int: "int", bool: "bool"}
_TYPES: dict[Kind, type] = {"float": float, "int": int, "bool": bool, "object": object}


class NotFlat(Exception):
    """A state that is not of the shape that was fused: another structure, or two copies that differ."""


def shape(fresh: Fresh, value: object, annotation: object, hint: str) -> Value:
    """The flattened form of a value; where it is None, of the type that the annotation says it may be."""
    inner = _without_none(annotation)
    if inner is not None:
        there = flag(fresh(f"{hint}_there"))
        told = of_type(fresh, inner, hint) if value is None else shape(fresh, value, inner, hint)
        if any(isinstance(leaf, Buffer) for leaf in leaves(told)):
            raise Unplaced(f"{hint}: a ring that may be None has no length", "keep one that is always there")
        return Maybe(there, told)
    if isinstance(value, Ring):
        return _buffer(fresh, value, hint)
    if type(value) in KINDS:
        kind: Kind = KINDS[type(value)]
        return name(fresh(hint), kind)
    names = record_names(type(value))
    if names is not None:
        hints = _annotations(type(value))
        parts = [shape(fresh, getattr(value, n), hints.get(n), f"{hint}_{n}") for n in names]
        return Record(type(value), names, tuple(parts))
    if type(value) is tuple:
        each = _items(annotation, len(value))
        return Record(None, (), tuple([shape(fresh, v, each[i], f"{hint}_{i}") for i, v in enumerate(value)]))
    return Constant(value)


def _buffer(fresh: Fresh, ring: Ring[Any], hint: str) -> Buffer:
    kinds = {type(one) for one in ring.values}
    if kinds not in ({float}, {int}):
        raise Unplaced(f"{hint}: a ring holds floats alone or ints alone, one or more", "give it a first value of each")
    return Buffer(fresh(hint), KINDS[kinds.pop()], len(ring.values))


def of_type(fresh: Fresh, kind: object, hint: str) -> Value:
    """The flattened form of a type. Unplaced: its structure is not known from it."""
    if kind in KINDS:
        return name(fresh(hint), KINDS[kind])
    inner = _without_none(kind)
    if inner is not None:
        return Maybe(flag(fresh(f"{hint}_there")), of_type(fresh, inner, hint))
    if isinstance(kind, type):
        names = record_names(kind)
        if names is not None:
            hints = _annotations(kind)
            return Record(kind, names, tuple([of_type(fresh, hints[n], f"{hint}_{n}") for n in names]))
    if typing.get_origin(kind) is tuple and Ellipsis not in typing.get_args(kind):
        parts = [of_type(fresh, k, f"{hint}_{i}") for i, k in enumerate(typing.get_args(kind))]
        return Record(None, (), tuple(parts))
    if kind is type(None):
        return Constant(None)
    raise Unplaced(f"{hint}: the structure of {kind} is not known", "give an example instead of the type")


def _without_none(annotation: object) -> object | None:
    """T of `T | None`; None for anything else."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        kinds = [a for a in typing.get_args(annotation) if a is not type(None)]
        if len(kinds) == 1 and len(typing.get_args(annotation)) == 2:
            found: object = kinds[0]
            return found
    return None


def _annotations(cls: type) -> dict[str, object]:
    try:
        return dict(typing.get_type_hints(cls))
    except NameError as fault:
        what = f"the annotation {fault.name} of {cls.__name__} is not known where the class is defined"
        raise Unplaced(what, "define both in one module, not in a function") from None


def _items(annotation: object, count: int) -> list[object]:
    found = typing.get_args(annotation) if typing.get_origin(annotation) is tuple else ()
    if len(found) == 2 and found[1] is Ellipsis:
        return [found[0]] * count
    return list(found) if len(found) == count else [None] * count


def flattened(template: Value, value: Any, into: dict[str, Any]) -> None:
    """Fill `into` with the leaves of a value by name. NotFlat: it has another structure."""
    match template:
        case Scalar():
            key = template.text
            if key in into and repr(into[key]) != repr(value):
                raise NotFlat(f"{key} is {into[key]!r} and {value!r}")
            if template.kind != "object" and KINDS.get(type(value)) != template.kind:
                raise NotFlat(f"{key} = {value!r} is no {template.kind}")
            into[key] = value
        case Record(names=names, parts=parts):
            if len(names or value) != len(parts) or (template.cls is not None and type(value) is not template.cls):
                raise NotFlat(f"{value!r} is no {template.cls}")
            values = [getattr(value, n) for n in names] if names else value
            for part, one in zip(parts, values, strict=True):
                flattened(part, one, into)
        case Maybe(there=there, value=inner):
            into[there.text] = value is not None
            if value is None:
                _zeroed(inner, into)
            else:
                flattened(inner, value, into)
        case Constant(value=known):
            if value != known:
                raise NotFlat(f"{value!r} is not {known!r}")
        case Buffer(name=key):
            if type(value) is not Ring or {type(one) for one in value.values} != {_TYPES[template.kind]}:
                raise NotFlat(f"{key} is no ring of {template.kind}s")
            if len(value.values) != template.length:
                raise NotFlat(f"{key} has {len(value.values)} slots, not {template.length}")
            if key in into and _bytes(into[key]) != _bytes(value.values):
                raise NotFlat(f"{key} is two different rings")
            into[key] = list(value.values)


def _bytes(values: Sequence[float] | Sequence[int]) -> bytes:
    """What makes two rings the same: zero has two signs, and a NaN is itself."""
    return array("d" if isinstance(values[0], float) else "q", values).tobytes()


def _zeroed(template: Value, into: dict[str, Any]) -> None:
    match template:
        case Scalar(kind=kind):
            into.setdefault(template.text, ZERO[kind])
        case Record(parts=parts):
            for part in parts:
                _zeroed(part, into)
        case Maybe(there=there, value=inner):
            into.setdefault(there.text, False)
            _zeroed(inner, into)
        case Constant() | Buffer():
            return


def rebuilt(template: Value, told: Iterator[Any]) -> Any:
    """The value of this shape whose leaves come in order, those behind a flag that is false among them."""
    match template:
        case Scalar():
            return next(told)
        case Record(cls=cls, parts=parts):
            built = [rebuilt(part, told) for part in parts]
            return tuple(built) if cls is None else cls(*built)
        case Maybe(value=inner):
            is_there = next(told)
            value = rebuilt(inner, told)
            return value if is_there else None
        case Constant(value=known):
            return known
        case Buffer():
            return Ring(tuple(next(told)))


def conformed(held: Value, new: Value, at: str, version: Callable[[str], int]) -> Value:
    """The new value in the shape of the old one; `at` is what it is called, `version` which one a ring is now.

    Unplaced: it has another.
    """
    match held, new:
        case Scalar(), Scalar() if held.kind == new.kind:
            return new
        case Scalar(), Constant(value=value) if isinstance(value, bool | int | float):
            return conformed(held, number(value), at, version)
        case Record(), Constant(value=tuple() as known):
            return conformed(held, tuple_of([Constant(v) for v in known]), at, version)
        case Record(), Record() if held.cls is new.cls and len(held.parts) == len(new.parts):
            parts = zip(held.parts, new.parts, held.names or range(len(held.parts)), strict=True)
            return Record(
                held.cls, held.names, tuple([conformed(h, n, f"{part} of {at}", version) for h, n, part in parts])
            )
        case Maybe(), Constant(value=None):
            return Maybe(number(False), held.value)
        case Maybe(), Maybe():
            return Maybe(new.there, conformed(held.value, new.value, at, version))
        case Maybe(), _:
            return Maybe(number(True), conformed(held.value, new, at, version))
        case Constant(), Constant() if held == new:
            return held
        case Buffer(), Buffer() if held.name == new.name and new.version == version(held.name):
            return held
        case Buffer(), Buffer():
            raise Unplaced("a ring is not kept as it is now", "keep it in its own field, and what `put` gives")
        case _:
            mend = "keep each field's type: write 0.0 for 0, and say in the record's annotation what may be None"
            raise Unplaced(f"{at} is {described(held)} and becomes {described(new)}", mend)
