"""The usual case: a step that asks much of what may be missing is written once more for where nothing is.

There the questions are answered while fusing, and what is left is straight; elsewhere the step is what it was. It is so
where that makes the usual way a good deal shorter, and the text not too long: a frame of many names is a slow one.
Law: both say the same, to the bit, as they are one step.
"""

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

from catui.core.fuse.dialect import inline
from catui.core.fuse.inplace import target
from catui.core.fuse.shape import conformed
from catui.core.fuse.source import FuseError, Unplaced
from catui.core.fuse.values import Flags, Maybe, Record, Scalar, Value, leaves
from catui.core.fuse.writer import Block, Writer

MANY = 4  # flags that are asked for
LONGEST = 300  # lines that are written twice
SHORTER = 0.75  # of the lines, at most, on the usual way


def written(writer: Writer, function: Callable[..., Any], arguments: Sequence[Value]) -> Value:
    """The body of `function`, as by `inline`; in two branches where that pays."""
    with writer.block() as general:
        result = writer.bind(inline(writer, function, arguments), "result")
    flags = _asked(arguments, general) - writer.known
    if len(flags) >= MANY and len(general) <= LONGEST and not general.rings:
        try:
            with writer.trial():
                _branch(writer, function, arguments, flags, result, general)
                return result
        except (FuseError, Unplaced):  # it does not pay, or the two have no common shape
            pass
    writer.absorb(general)
    return result


def _branch(
    writer: Writer,
    function: Callable[..., Any],
    arguments: Sequence[Value],
    flags: Flags,
    result: Value,
    general: Block,
) -> None:
    with writer.block(flags) as straight:
        usual = writer.bind(inline(writer, function, arguments), "result")
        _called_alike(writer, straight, conformed(result, usual, "the result", writer.version), general, result)
    if len(straight) > SHORTER * len(general):
        raise Unplaced("a usual way that is as long", "")
    writer.splice(f"if {' and '.join(sorted(flags))}:", straight)
    writer.splice("else:", general)
    writer.lines.names |= {leaf.text for leaf in leaves(result) if isinstance(leaf, Scalar)} & general.names


def _asked(arguments: Sequence[Value], lines: Sequence[str]) -> Flags:
    """The presence flags of the arguments that the lines read."""
    words = {word for line in lines if not line.lstrip().startswith("#") for word in re.findall(r"[A-Za-z_]\w*", line)}
    return frozenset(one for argument in arguments for one in _flags(argument) if one in words)


def _flags(value: Value) -> set[str]:
    match value:
        case Record(parts=parts):
            return {one for part in parts for one in _flags(part)}
        case Maybe(there=there, value=inner):
            return ({there.text} if isinstance(there.expr, ast.Name) else set()) | _flags(inner)
        case _:
            return set()


def _called_alike(writer: Writer, straight: Block, usual: Value, general: Block, result: Value) -> None:
    """Every leaf of the usual result gets the name that it has in general. Unplaced: it has none there."""
    ours, theirs = {target(line) for line in straight}, {target(line) for line in general}
    becomes: dict[str, str] = {}
    copied: list[tuple[str, str]] = []
    for own, wanted in zip(leaves(usual), leaves(result), strict=True):
        assert isinstance(own, Scalar)
        assert isinstance(wanted, Scalar)
        if own.text == wanted.text or (own.text == "True" and wanted.text in writer.known):
            continue
        if wanted.text not in theirs:
            raise Unplaced("a result that is assigned in one branch only", "")
        if own.text in ours and own.text not in becomes:
            becomes[own.text] = wanted.text
            if own.text in writer.blanks:
                writer.blanks[wanted.text] = wanted.kind
        else:
            copied.append((wanted.text, own.text))
    straight.rename(becomes)
    straight.extend(f"{wanted} = {becomes.get(own, own)}" for wanted, own in copied)
