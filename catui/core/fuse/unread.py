"""What nobody reads is left out: lines whose name is neither state nor output, nor asked for by a line that stays.

That is the law `(f & g) >> first == f`, read from left to right. Only what cannot raise goes, so that the text still
fails where the machine does.
"""

import ast
import re
from collections.abc import Iterator, Sequence

from catui.core.fuse.inplace import indent_of, is_comment, target, turned

WORD = re.compile(r"[A-Za-z_]\w*")
SAFE = frozenset(["abs", "float", "tanh", "atan", "fabs", "copysign", "erf", "isfinite", "isnan", "isinf"])

Names = frozenset[str]
NOBODY: Names = frozenset()


def without_unread(lines: Sequence[str], wanted: Names) -> list[str]:
    """The lines that the names in `wanted`, an error, or a ring depend on."""
    kept = list(lines)
    while True:
        read = wanted | {word for line in kept for word in _reads(line)}
        stays = [line for line in kept if not (target(line).isidentifier() and _is_idle(line, read))]
        if len(stays) == len(kept):
            return kept
        kept = _without_empty(stays)


def _reads(line: str) -> Iterator[str]:
    """The names that a line reads."""
    if not is_comment(line):
        text = line.partition(" = ")[2] if target(line).isidentifier() else line
        yield from WORD.findall(text)


def _is_idle(line: str, read: Names | set[str]) -> bool:
    return target(line) not in read and cannot_raise(_parsed(line.partition(" = ")[2]))


def _without_empty(lines: Sequence[str]) -> list[str]:
    """The lines without branches that have nothing left, and then without those that had nothing else."""
    kept = _closed(lines)
    return kept if kept == list(lines) else _without_empty(kept)


def _closed(lines: Sequence[str]) -> list[str]:
    filled: list[str] = []
    for i, line in enumerate(lines):
        after = next((one for one in lines[i + 1 :] if not is_comment(one)), "")
        if is_comment(line) and indent_of(line) > indent_of(after):
            continue  # what it was said of is gone
        filled.append(line)
        if not is_comment(line) and line.endswith(":") and indent_of(after) <= indent_of(line):
            filled.append(f"{' ' * indent_of(line)}    pass")
    kept: list[str] = []
    for line in turned(filled):
        kept.append(line)
        if len(kept) > 2 and kept[-2].strip() == "pass" and _is_over(kept[-3], line):
            del kept[-3:-1]
    return kept


def _is_over(head: str, after: str) -> bool:
    """Whether `head` opens a branch that is closed again, and whose test may be left out."""
    test = head.strip().removeprefix("if ").removesuffix(":")
    return head.strip().startswith("if ") and after.strip() != "else:" and cannot_raise(_parsed(test))


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def cannot_raise(of: ast.expr, above_zero: Names = NOBODY) -> bool:
    """Whether the expression has a value, whatever its names are, those in `above_zero` being above 0."""
    match of:
        case ast.Name() | ast.Constant():
            return True
        case ast.UnaryOp(operand=inner):
            return cannot_raise(inner, above_zero)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Name(id=by)):
            return by in above_zero and cannot_raise(left, above_zero)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            return cannot_raise(left, above_zero) and cannot_raise(right, above_zero)
        case ast.BoolOp(values=values):
            return all(cannot_raise(one, above_zero) for one in values)
        case ast.Compare(left=left, comparators=others):
            return all(cannot_raise(one, above_zero) for one in (left, *others))
        case ast.IfExp(test=test, body=yes, orelse=no):
            told = above_zero | _above_zero(test)
            return cannot_raise(test, above_zero) and cannot_raise(yes, told) and cannot_raise(no, above_zero)
        case ast.Call(func=ast.Name(id=called), args=arguments) if called in SAFE:
            return all(cannot_raise(one, above_zero) for one in arguments)
        case _:
            return False


def _above_zero(test: ast.expr) -> Names:
    """The name of which a true test says that it is above 0."""
    match test:
        case ast.Compare(left=ast.Name(id=one), ops=[ast.Gt()], comparators=[ast.Constant(value=float() as low)]):
            return frozenset([one]) if low >= 0.0 else NOBODY
        case _:
            return NOBODY
