"""config.toml as text: where each key stands, what `--set` puts over it, and a configuration written out again."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from catui.errors import UsageError
from catui.text import printable


class Lines:
    """Where each key stands, as `PLACE:LINE`."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.of: dict[tuple[str, ...], str] = {}

    def __getitem__(self, path: tuple[str, ...]) -> str:
        while path:
            if path in self.of:
                return self.of[path]
            path = path[:-1]
        return self.place


_SECTION = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")


def lines_of(text: str, place: str, faults: list[str]) -> Lines:
    """Where each key of a TOML text stands; a key that is given twice is a fault."""
    lines = Lines(place)
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _SECTION.match(line):
            section = tuple(part.strip(" \"'") for part in found[1].split("."))
            lines.of.setdefault(section, f"{place}:{number}")
        elif found := _KEY.match(line):
            path = (*section, *(part.strip("\"'") for part in found[1].split(".")))
            if path in lines.of:
                earlier = lines.of[path].rpartition(":")[2]
                faults.append(f'{place}:{number}: key "{path[-1]}": given in line {earlier} too; keep one')
            lines.of.setdefault(path, f"{place}:{number}")
    return lines


def read(file: Path) -> str:
    """The text of a file. UsageError: it is not there, or cannot be read."""
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise UsageError(f"{file}: not found; to write one: catui config show > {file}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {error}") from None


def merge(tree: dict[str, Any], one: str, lines: Lines, faults: list[str]) -> None:
    """Put one `--set SECTION.KEY=VALUE` over the tree."""
    name, equals, text = one.partition("=")
    path = tuple(part.strip() for part in name.split("."))
    if not equals or len(path) < 2:
        faults.append(f"--set {printable(one)}: is not section.key=value; e.g. --set risk.order_burst=10")
        return
    try:
        value = tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        value = text  # a bare word is text
    at = tree
    for part in path[:-1]:
        at = at.setdefault(part, {})
        if not isinstance(at, dict):
            faults.append(f"--set {printable(one)}: {part} is no section")
            return
    at[path[-1]] = value
    lines.of[path] = "--set"


def toml(tree: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """A tree of settings as lines of TOML."""
    tables = {name: value for name, value in tree.items() if isinstance(value, dict)}
    plain = {name: value for name, value in tree.items() if name not in tables}
    if path and (plain or not tables):
        yield f"[{path}]"
    for name, value in plain.items():
        yield f"{name} = {msgspec.json.encode(value).decode()}"
    if plain or (path and not tables):
        yield ""
    for name, table in tables.items():
        yield from toml(table, f"{path}.{name}" if path else name)
