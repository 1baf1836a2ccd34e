"""Settings beside settings: which of them are not what they were."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct

from catui.domain.units import parse_decimal


class Difference(NamedTuple):
    """A setting that is not what it was; `fault` is why it cannot be taken over now, empty where it can."""

    path: tuple[str, ...]
    before: str
    after: str
    fault: str = ""

    @property
    def text(self) -> str:
        """`risk.max_order_quote 5000 -> 4000`."""
        return f"{'.'.join(self.path)} {self.before} -> {self.after}"


def differences(before: object, after: object, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Leaf by leaf, in the order of the fields; tables, and lists of what has a name, by their names.

    Amounts are compared as numbers: 5000 is 5000.00.
    """
    was, now = _parts(before), _parts(after)
    if was is None or now is None:
        if not _is_equal(before, after):
            yield Difference(path, _told(before), _told(after))
        return
    for name in dict.fromkeys((*was, *now)):
        if name not in was:
            yield Difference((*path, name), "none", _told(now[name]))
        elif name not in now:
            yield Difference((*path, name), _told(was[name]), "none")
        else:
            yield from differences(was[name], now[name], (*path, name))


def _parts(value: object) -> Mapping[str, object] | None:
    """What a value is made of, by name; None: it is a leaf."""
    if isinstance(value, Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return value
    if isinstance(value, tuple) and value and all(isinstance(each, Struct) and hasattr(each, "name") for each in value):
        return {each.name: each for each in value}
    return None


def _is_equal(before: object, after: object) -> bool:
    """By value: an amount may be written in two ways."""
    if isinstance(before, str) and isinstance(after, str):
        numbers = parse_decimal(before), parse_decimal(after)
        if numbers[0] is not None and numbers[1] is not None:
            (a, a_scale), (b, b_scale) = numbers[0], numbers[1]
            return int(a * 10**b_scale) == int(b * 10**a_scale)
    return bool(before == after)


def _told(value: object) -> str:
    parts = _parts(value)
    if parts is not None:
        return " ".join(str(each) for each in parts.values() if not isinstance(each, dict)) or "empty"
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
