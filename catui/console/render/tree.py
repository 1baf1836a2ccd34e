"""A tree of causes as lines: what is behind a node stands below it, indented; long text goes on in the next line."""

from collections.abc import Iterator
from typing import NamedTuple

from catui.console.render.line import Row
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, fit, shown
from catui.why import Node

LONGEST = 2_000  # characters of a node that are shown
NARROWEST = 16  # cells that a text is given, however deep it stands


class Branch(NamedTuple):
    """A node at its place: what stands before its first line and before its others; `is_told`: with its event."""

    node: Node
    first: Cell
    rest: Cell
    is_told: bool


def branches(root: Node) -> tuple[Branch, ...]:
    """The nodes from the root down, each before those behind it."""
    return tuple(_branches(root, "", "", 0))


def _branches(node: Node, first: str, rest: str, above: int) -> Iterator[Branch]:
    below = f"{rest}{'│ ' if node.children else '  '}"
    yield Branch(node, Cell(first), Cell(below), node.seq not in (0, above))
    for place, child in enumerate(node.children):
        is_last = place == len(node.children) - 1
        stem = "╰─" if is_last else "├─"
        yield from _branches(child, rest + stem, rest + ("  " if is_last else "│ "), node.seq or above)


def lines_of(branch: Branch, width: int) -> list[tuple[Cell, Cell, Cell]]:
    """A node in lines of `width` cells: what stands before the text, the text, and the event at the right."""
    seq = Cell(f" seq {branch.node.seq:,}" if branch.is_told else "")
    text = shown(branch.node.text, LONGEST)
    room = max(width - cells(branch.first), min(NARROWEST, width), 1)
    first = room - cells(seq)
    if first < NARROWEST:
        seq, first = Cell(""), room
    parts = wrapped(text, first, max(width - cells(branch.rest), min(NARROWEST, width), 1))
    return [
        (branch.first if not place else branch.rest, part, Cell("") if place else seq)
        for place, part in enumerate(parts)
    ]


def wrapped(text: Cell, first: int, rest: int) -> list[Cell]:
    """Text in pieces of at most `first` cells, then `rest`, broken between words where there are any.

    >>> wrapped(Cell("intent BUY 0.479 at 60,123.50"), 12, 10)
    ['intent BUY', '0.479 at', '60,123.50']
    """
    pieces: list[Cell] = []
    width, piece = first, ""
    for word in text.split(" "):
        longer = f"{piece} {word}" if piece else word
        if cells(longer) <= width:
            piece = longer
            continue
        if piece:
            pieces.append(Cell(piece))
            width = rest
        piece = word
        while cells(piece) > width:
            cut = _cut(piece, width)
            pieces.append(Cell(piece[:cut]))
            piece, width = piece[cut:], rest
    return [*pieces, Cell(piece)]


def _cut(word: str, width: int) -> int:
    """How many characters of a word fit, at least one."""
    count = min(len(word), width)
    while count > 1 and cells(word[:count]) > width:
        count -= 1
    return max(count, 1)


def drawn(branch: Branch, width: int, palette: Palette) -> list[Row]:
    """The lines of a node in colour: what is not known stands out, the event is muted."""
    style = palette.warning if branch.node.text.startswith("?") else palette.text
    rows: list[Row] = []
    for before, text, seq in lines_of(branch, width):
        room = max(width - cells(before) - cells(seq), 0)
        rows.append(((before, palette.muted), (fit(text, room), style), (seq, palette.muted)))
    return rows
