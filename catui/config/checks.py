"""Values against the settings' types: every fault with its place, its value and the mend."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from math import inf, isfinite
from typing import Any

from msgspec import Struct, inspect

from catui.config.text import Lines
from catui.text import printable

LISTED = {"symbols": "BTCUSDT", "members": "momentum", "rows": "book | chart"}
SECRET_WORDS = ("secret", "api_key", "apikey", "password", "token", "private")


def check(tree: Mapping[str, Any], kind: type[Struct], path: tuple[str, ...], lines: Lines, faults: list[str]) -> None:
    """Add every fault of a section to `faults`: names that are none, values that may not be."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    fields = {f.name: f for f in described.fields}
    for name, value in tree.items():
        here = (*path, name)
        if any(word in name.lower() for word in SECRET_WORDS):
            faults.append(
                f"{lines[here]}: {'.'.join(here)}: secrets come from the environment (CATUI_BINANCE_SECRET) only; "
                "delete the line and revoke that key"
            )
        elif name not in fields:
            near = get_close_matches(name, fields, n=1)
            mend = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(fields))}"
            faults.append(f"{lines[here]}: {printable('.'.join(here))}: unknown; {mend}")
        else:
            _check_value(value, fields[name].type, here, lines, faults)


def _check_value(value: Any, kind: inspect.Type, path: tuple[str, ...], lines: Lines, faults: list[str]) -> None:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.StructType):
        if isinstance(value, dict):
            check(value, kind.cls, path, lines, faults)
        else:
            faults.append(fault_line(lines, path, value, "must be a section", f"write [{'.'.join(path)}]"))
        return
    unit = _unit(path[-1])
    match kind:
        case inspect.IntType() | inspect.FloatType():
            fault = _number_fault(value, kind, unit)
        case inspect.BoolType():
            fault = None if isinstance(value, bool) else ("must be true or false", f"write {path[-1]} = true")
        case inspect.StrType(pattern=pattern):
            fault = _text_fault(value, pattern)
        case inspect.LiteralType(values=values):
            near = get_close_matches(str(value), [str(v) for v in values], n=1)
            choices = " or ".join(str(v) for v in values)
            fault = None if value in values else (f"must be {choices}", f'write "{near[0] if near else values[0]}"')
        case inspect.VarTupleType():
            is_texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
            fault = None if is_texts else ("must be a list of texts", f'write {path[-1]} = ["{LISTED[path[-1]]}"]')
        case inspect.DictType(value_type=inner) if isinstance(value, dict) and not isinstance(inner, inspect.DictType):
            for name, one in value.items():
                _check_value(one, inner, (*path, name), lines, faults)
            return
        case _:
            fault = None if isinstance(value, dict) else ("must be a section", f"write [{'.'.join(path)}]")
    if fault is not None:
        faults.append(fault_line(lines, path, value, *fault))


def _number_fault(value: Any, kind: "inspect.IntType | inspect.FloatType", unit: str) -> tuple[str, str] | None:
    if isinstance(value, str):
        is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)
        return "is text", f"write {_nearest(float(value), kind)}" if is_number else "write a number"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is no number", "write a number"
    if isinstance(kind, inspect.IntType) and not isinstance(value, int):
        return "must be a whole number", f"write {_nearest(value, kind)}"
    low, high = _bounds(kind)
    if (value >= low if kind.ge is not None else value > low) and value <= high:
        return None
    bounds = f"must be {'above ' if kind.ge is None else ''}{_plain(low)} to {_plain(high)}{unit}"
    if unit == " s" and 1000 <= value <= 1000 * high:
        return f"{bounds}, longer than any wait here", f"did you mean {_plain(value / 1000)}?"
    return bounds, f"write {_nearest(value, kind)}"


def _bounds(kind: "inspect.IntType | inspect.FloatType") -> tuple[float, float]:
    low = kind.ge if kind.ge is not None else kind.gt
    return -inf if low is None else low, inf if kind.le is None else kind.le


def _nearest(value: float, kind: "inspect.IntType | inspect.FloatType") -> str:
    """What is allowed and nearest to a value; no number is nearest to an open bound."""
    low, high = _bounds(kind)
    if kind.ge is None and not value > low:
        return f"a number above {_plain(low)}"
    if not low <= value <= high:
        value = high if value > high else low
    return _plain(round(value) if isinstance(kind, inspect.IntType) else value)


def _text_fault(value: Any, pattern: str | None) -> tuple[str, str] | None:
    if not isinstance(value, str):
        mend = f'write "{value}"' if isinstance(value, int | float) and not isinstance(value, bool) else "write text"
        return "must be text", mend
    if pattern is not None and not re.fullmatch(pattern, value):
        return "must be a plain decimal amount of quote currency, not negative", 'write e.g. "10000"'
    return None


def fault_line(lines: Lines, path: tuple[str, ...], value: Any, fault: str, mend: str) -> str:
    """A fault as it is told: place, name, value, what is wrong with it, and the mend."""
    shown = f'"{printable(value)}"' if isinstance(value, str) else printable(str(value))
    return f"{lines[path]}: {'.'.join(path)} = {shown}: {fault}; {mend}"


def _unit(name: str) -> str:
    if name.endswith("_per_s"):
        return " per s"
    for ending in ("bps", "ms", "_s", "_ticks", "_quote"):
        if name.endswith(ending):
            return " " + ending.strip("_")
    return ""


def _plain(number: float) -> str:
    return str(int(number)) if isfinite(number) and number == int(number) else f"{number:g}"
