"""Parameters: numbers that a constructor takes, declared once, in its own signature.

    def momentum(gain: Annotated[float, Bounds(0.01, 100, "", "of the crossing")] = 1.5) -> ...

The default stands where Python has it, the bounds beside the type; settings, documentation, the command line and the
check of what a person wrote are all read off that.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from inspect import signature
from typing import Literal, get_type_hints

from msgspec import Struct

Symmetry = Literal["odd", "even", "scale_free", "time_free", "flat", "bounded"]
"""What a machine may declare of itself, for a checker of laws:

odd: mirrored returns and swapped sides of the book give the negative; even: they change nothing; scale_free: prices
and sizes times a constant change nothing; time_free: a shift of time changes nothing; flat: 0 on a constant price;
bounded: within [-1, 1].

Where the inputs are plain numbers, to mirror is to negate every one, to scale is to multiply every one, and flat is 0
on a number that never changes. Where the output is several numbers, each is meant.
"""


class Bounds(Struct, frozen=True):
    """What a parameter may be (inclusive), its unit, and what it is."""

    low: float
    high: float
    unit: str
    text: str


class Parameter(Struct, frozen=True):
    """A declared parameter: its default, its bounds (inclusive), its unit, what it is, and whether it is an int."""

    default: float
    low: float
    high: float
    unit: str
    text: str
    is_whole: bool = False

    @property
    def range(self) -> str:
        """The bounds with their unit, for people."""
        return f"{self.low:g} to {self.high:g} {self.unit}".rstrip()


def parameters_of(construct: Callable[..., object]) -> dict[str, Parameter]:
    """What a constructor's signature declares, in its order.

    ValueError: a parameter that is no int or float, or that has no default or no `Bounds`.
    """
    hints = get_type_hints(construct, include_extras=True)
    found = {}
    for name, formal in signature(construct).parameters.items():
        hint = hints.get(name)
        bounds = next((one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Bounds)), None)
        kind = getattr(hint, "__origin__", None)
        if bounds is None or kind not in (int, float) or formal.default is formal.empty:
            mend = f'{name}: Annotated[float, Bounds(LOW, HIGH, "UNIT", "WHAT IT IS")] = DEFAULT'
            raise ValueError(f"parameter {name!r} is not declared; write {mend}")
        found[name] = Parameter(formal.default, bounds.low, bounds.high, bounds.unit, bounds.text, kind is int)
    return found


def chosen(declared: Mapping[str, Parameter], given: Mapping[str, float], of: str) -> dict[str, float]:
    """Every declared parameter: as given, else its default; whole ones as int. `of` is whose parameters they are.

    ValueError: one that is unknown, with the nearest name; out of bounds, with bounds and unit; not whole.
    """
    values = {name: parameter.default for name, parameter in declared.items()}
    for name, value in given.items():
        if name not in declared:
            near = get_close_matches(name, declared, n=1)
            has = f"{of} has {', '.join(declared) or 'no parameters'}"
            raise ValueError(f"parameter {name[:40]!r} is unknown; {f'did you mean {near[0]}?' if near else has}")
        parameter = declared[name]
        if not parameter.low <= value <= parameter.high:
            raise ValueError(f"{name} = {value:g} must be {parameter.range}")
        if parameter.is_whole and value != int(value):
            raise ValueError(f"{name} = {value:g} must be whole; write {round(value)}")
        values[name] = int(value) if parameter.is_whole else float(value)
    return values


def above_zero(name: str, value: float, unit: str = "") -> None:
    """Nothing, where the value is above 0. ValueError: it is not, or is no number."""
    if not value > 0:
        raise ValueError(f"{name} must be above 0{f' {unit}' if unit else ''}, got {value!r}")
