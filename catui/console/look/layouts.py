"""Layouts as text: `[layout.NAME]` of config.toml, those that came with catui, and the file that the console writes.

    rows = ["7: (book 2 / trades 1) 2 | chart 3", "3: orders 2 | alerts+health+log 1"]

A row of the screen is `HEIGHT: PART | PART ...`, a part is a pane with its share of the width. `(A / B)` stands one
under another, `(A | B)` side by side, with shares as well; `A+B` share a box, of which one is drawn. A share that is
not written is 1. What has no room on a small terminal is left out.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from catui.console.look.layout import LEAST, Node, Split, Tabs
from catui.errors import ConfigError
from catui.text import printable

BUILT_IN: Mapping[str, tuple[str, ...]] = {
    "market": (
        "3: (book 3 / trades 2) 2 | chart 4",
        "1: positions 3 | orders+alerts+health+log 2",
    ),
    "risk": (
        "2: (positions 2 / strategies 2) 3 | limits 2",
        "2: (orders 2 / pnl 3) 3 | (alerts 3 / health+log 2) 2",
    ),
}
NAME = re.compile(r"[a-z][a-z0-9_-]{0,23}")
TOKENS = re.compile(r"\s*(?:(\d+)|([a-z]+)|([():|/+])|(\S))")
MOST = 1000  # a share
HEAD = "# Written by the console at V; a layout here goes before one of its name in config.toml.\n"


def layouts(written: Mapping[str, Sequence[str]]) -> dict[str, Node]:
    """The delivered layouts and these, by name; one of a delivered name takes its place. ConfigError: all faults."""
    trees: dict[str, Node] = {}
    faults: list[str] = []
    for name, rows in {**BUILT_IN, **written}.items():
        if not NAME.fullmatch(name) or name == "auto":
            faults.append(f"layout.{printable(name)}: is no name for a layout; write a-z, 0-9, _ and -, and not auto")
            continue
        try:
            trees[name] = tree_of(rows)
        except ValueError as error:
            faults.append(f"layout.{name}: {error}")
    if faults:
        raise ConfigError(tuple(faults))
    return trees


def tree_of(rows: Sequence[str]) -> Node:
    """The tree of rows as text. ValueError: the first thing in it that cannot be read, or a pane that stands twice."""
    if not rows:
        raise ValueError('has no rows; write rows = ["book | chart"]')
    parts = [_Reader(row).row() for row in rows]
    tree = parts[0][1] if len(parts) == 1 else Split(False, tuple(parts))
    seen: set[str] = set()
    for name in _names(tree):
        if name in seen:
            raise ValueError(f"{name} stands twice; keep one")
        seen.add(name)
    return tree


def _names(tree: Node) -> Iterator[str]:
    match tree:
        case str(name):
            yield name
        case Tabs(names=names):
            yield from names
        case Split(parts=parts):
            for _, part in parts:
                yield from _names(part)


def rows_of(tree: Node) -> tuple[str, ...]:
    """The tree as text. Law: `tree_of(rows_of(tree)) == tree` for every tree whose splits have two parts or more and
    are not of their parent's kind."""
    if isinstance(tree, Split) and not tree.is_row:
        return tuple(f"{weight}: {_line(part)}" for weight, part in tree.parts)
    return (_line(tree),)


def _line(node: Node) -> str:
    """A part on its own: the parts side by side need no parentheses there."""
    if isinstance(node, Split) and node.is_row:
        return " | ".join(f"{_part(part)} {weight}" for weight, part in node.parts)
    return _part(node)


def _part(node: Node) -> str:
    match node:
        case str(name):
            return name
        case Tabs(names=names):
            return "+".join(names)
        case Split(is_row=is_row, parts=parts):
            between = " | " if is_row else " / "
            return f"({between.join(f'{_part(part)} {weight}' for weight, part in parts)})"


class _Reader:
    """One row, token by token."""

    def __init__(self, text: str) -> None:
        self._text = printable(text, 120)
        self._tokens = [next(part for part in found.groups() if part) for found in TOKENS.finditer(text.strip())]
        self._place = 0

    def row(self) -> tuple[int, Node]:
        """`HEIGHT: PART | PART`."""
        height = 1
        if self._peek(1) == ":":
            height = self._share()
            self._take(":")
        node = self._parts("|")
        if self._peek():
            raise self._fault(f"{self._peek()!r} is not expected here")
        return height, node

    def _parts(self, between: str) -> Node:
        """Parts with their shares, with one kind of mark between them."""
        parts = [self._shared()]
        while self._peek() == between:
            self._take(between)
            parts.append(self._shared())
        return parts[0][1] if len(parts) == 1 else Split(between == "|", tuple(parts))

    def _shared(self) -> tuple[int, Node]:
        node = self._part()
        return (self._share() if self._peek().isdigit() else 1), node

    def _part(self) -> Node:
        if self._peek() == "(":
            self._take("(")
            first = self._shared()
            between = self._peek()
            if between not in ("|", "/"):
                raise self._fault("in ( ) there is | or / between parts")
            parts = [first]
            while self._peek() == between:
                self._take(between)
                parts.append(self._shared())
            self._take(")")
            return Split(between == "|", tuple(parts))
        names = [self._pane()]
        while self._peek() == "+":
            self._take("+")
            names.append(self._pane())
        return names[0] if len(names) == 1 else Tabs(tuple(names))

    def _pane(self) -> str:
        name = self._peek()
        if name not in LEAST:
            raise self._fault(f"{name or 'nothing'} is no pane; known are {' '.join(LEAST)}")
        self._place += 1
        return name

    def _share(self) -> int:
        text = self._peek()
        if not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
            raise self._fault(f"{text or 'nothing'} is no share; write 1 to {MOST}")
        self._place += 1
        return int(text)

    def _take(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._fault(f"{mark} is missing before {self._peek() or 'the end'}")
        self._place += 1

    def _peek(self, ahead: int = 0) -> str:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def _fault(self, text: str) -> ValueError:
        return ValueError(f'"{self._text}": {printable(text, 200)}')


def read(file: Path) -> tuple[dict[str, tuple[str, ...]], str]:
    """Layouts of the file that the console writes, and the one it starts with; nothing, where there is no file.

    ConfigError: the file cannot be read, or holds something else.
    """
    if not file.is_file():
        return {}, ""
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        found = {str(name): tuple(map(str, layout["rows"])) for name, layout in table.get("layout", {}).items()}
        return found, str(table.get("start", ""))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError((f"{file}: cannot be read: {printable(str(error))}; delete it, V writes another",)) from None


def write(file: Path, name: str, tree: Node) -> None:
    """Put a layout into the file, as the one to start with; the others in it stay. OSError: it cannot be written."""
    found = read(file)[0] if file.is_file() else {}
    found[name] = rows_of(tree)
    lines = [HEAD, f'start = "{name}"\n']
    for each, rows in found.items():
        lines.append(f"\n[layout.{each}]\nrows = [\n" + "".join(f'  "{row}",\n' for row in rows) + "]\n")
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text("".join(lines), "utf-8")
    os.replace(new, file)
