"""The registry: every kind of the library by its name. A new one is a file, and a line here.

Kinds of a person's own files are no part of it: who builds a desk that has some gives them beside these.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from catui.core.machine import Machine
from catui.domain.kind import Kind
from catui.domain.parameters import chosen
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features
from catui.strategies.baseline import flat, hold
from catui.strategies.book_imbalance import book_imbalance
from catui.strategies.breakout import breakout
from catui.strategies.mean_reversion import mean_reversion
from catui.strategies.momentum import momentum
from catui.strategies.ornstein_uhlenbeck import ornstein_uhlenbeck
from catui.strategies.pairs import pairs
from catui.strategies.quoting import quoting
from catui.strategies.time_series_momentum import time_series_momentum

Strategy = Machine[Any, Features, float | None]

ALL: tuple[Kind[..., Any], ...] = (
    momentum,
    time_series_momentum,
    breakout,
    mean_reversion,
    ornstein_uhlenbeck,
    book_imbalance,
    pairs,
    quoting,
    hold,
    flat,
)

Kinds = Mapping[str, Kind[..., Any]]  # by what `kind = "..."` of a configuration says

KINDS: Kinds = MappingProxyType({kind.name: kind for kind in ALL})
DESK_KINDS: Kinds = MappingProxyType({kind.name: kind for kind in ALL if kind.is_for_desk})


def build(settings: StrategySettings, kinds: Kinds = KINDS) -> Strategy:
    """The machine that the settings ask for. ValueError: names what is unknown or out of bounds, and the mend."""
    kind = desk_kind(settings.kind, kinds)
    built: Strategy = kind(**chosen(kind.parameters, settings.parameters, settings.kind))
    return built


def warm_up_ticks(settings: StrategySettings, kinds: Kinds = KINDS) -> int:
    """The first quote, counted from 1, at which the strategy may speak; one that needs the volatility waits for it too.

    ValueError: as for `build`.
    """
    kind = desk_kind(settings.kind, kinds)
    return kind.warm_up_ticks(chosen(kind.parameters, settings.parameters, settings.kind))


def schema() -> dict[str, Any]:
    """A strategy's section of the configuration, as JSON Schema: a form for each kind, one for files."""
    return {"anyOf": [*(_form(kind) for kind in DESK_KINDS.values()), OWN_FORM]}


OWN_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {
            "type": "string",
            "pattern": r"^.+:[A-Za-z_][A-Za-z0-9_]*$",
            "description": "FILE.py:NAME, from the configuration's folder on, or package.module:NAME",
        }
    },
    "required": ["kind"],
    "additionalProperties": {"type": "number"},
}


def _form(kind: Kind[..., Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {"kind": {"const": kind.name, "description": kind.text}}
    for name, about in kind.parameters.items():
        properties[name] = {
            "type": "integer" if about.is_whole else "number",
            "minimum": about.low,
            "maximum": about.high,
            "default": about.default,
            "description": f"{about.unit} {about.text}".strip(),
        }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def desk_kind(name: str, kinds: Kinds = KINDS) -> Kind[..., Any]:
    """The kind of that name. ValueError: there is none, with the nearest; or the desk cannot run it."""
    if name not in kinds:
        if ":" in name:
            raise ValueError(f"kind {name[:40]!r} is of a file that was not loaded")
        near = get_close_matches(name, DESK_KINDS, n=1)
        mend = f"did you mean {near[0]}?" if near else f"known: {', '.join(DESK_KINDS)}; or FILE.py:NAME"
        raise ValueError(f"kind {name[:40]!r} is unknown; {mend}")
    kind = kinds[name]
    if not kind.is_for_desk:
        raise ValueError(
            f"kind {name!r} needs more than the features of one instrument, and no desk feeds it yet; "
            f"the desk runs {', '.join(DESK_KINDS)}"
        )
    return kind
