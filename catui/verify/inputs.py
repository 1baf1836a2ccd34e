"""Inputs of any type, told by a market: whatever a machine takes, it is taken from the same observations.

So a change of the market (its mirror image, another scale, another time) is a change of every type of input.

Observation         as it is
Features            what the feature stage says of it, at quotes
any other record    field by field: the names of Observation, Features, Print, Bar and Levels mean what they mean there;
                    any other number is a signed share in [-1, 1], which turns with the market
float, and tuples   plain numbers: prices of one market, log prices, returns, sizes of others; to mirror them is to
of floats           negate each, to scale them is to multiply each
float beside a      a signed share in [-1, 1]
record
"""

import types
import typing
from collections.abc import Callable
from dataclasses import is_dataclass
from math import log
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from catui.core.machine import run
from catui.domain.signals import Features, Observation
from catui.features.stage import described
from catui.verify.markets import Market

Moment: TypeAlias = dict[str, Any]
"""What there is to know after one observation, by name."""
Make: TypeAlias = Callable[[Moment], Any]

VOLATILITY_TICKS = 20.0
FLOW_S = 30.0
WARM_UP_TICKS = 4
STEP_OF_LEVELS = 1.0 + 2.0**-13
STRAYS = 1e-3


class Change(NamedTuple):
    """A change of a market, and what it does to a plain number."""

    market: Callable[[Market], Market]
    number: Callable[[float], float]


def inputs_of(kind: object, market: Market, change: Change | None = None, skipped: int = 0) -> list[Any]:
    """The market, changed, as inputs of this type; of the first `skipped` observations is known, and no input is made.

    ValueError: names a type that no input can be made of.
    """
    make = _maker(kind)
    is_of_numbers = is_plain(kind)
    moments = _moments(market if change is None or is_of_numbers else change.market(market))[skipped:]
    if _mentions(kind, Features):
        moments = [moment for moment in moments if moment["features"] is not None]
    made = [make(moment) for moment in moments]
    return [_changed(x, change) for x in made] if change is not None and is_of_numbers else made


def is_plain(kind: object) -> bool:
    """Whether inputs of the type are plain numbers."""
    parts = typing.get_args(kind)
    return kind is float or (typing.get_origin(kind) is tuple and bool(parts) and set(parts) == {float})


def _changed(x: Any, change: Change) -> Any:
    return tuple(map(change.number, x)) if isinstance(x, tuple) else change.number(x)


def _maker(kind: object) -> Make:
    """How to make an input of this type."""
    if kind is Observation:
        return lambda moment: moment["observation"]
    if kind is Features:
        return lambda moment: moment["features"]
    if kind is float:
        return lambda moment: moment["plain"]
    parts = typing.get_args(kind)
    if typing.get_origin(kind) is tuple and Ellipsis not in parts:
        makes = [_part(part, i, is_plain(kind)) for i, part in enumerate(parts)]
        return lambda moment: tuple([make(moment) for make in makes])
    fields = _fields(kind)
    if fields is not None and callable(kind):
        made: Callable[..., Any] = kind
        named = {name: _field(name, of) for name, of in fields.items()}
        return lambda moment: made(**{name: make(moment) for name, make in named.items()})
    raise ValueError(f"inputs of type {_name(kind)} cannot be made up; take numbers, records, or tuples of them")


def _part(kind: object, place: int, is_of_numbers: bool) -> Make:
    """A part of a tuple; of numbers, each one goes with the first, and strays from it."""
    if kind is not float:
        return _maker(kind)
    if not is_of_numbers:
        return lambda moment: moment["imbalance"]
    weight = 0.5**place
    return lambda moment: weight * moment["plain"] + STRAYS * place * moment["imbalance"]


def _field(name: str, kind: object) -> Make:
    """A field by its name, and by its type where the name says nothing."""
    if name in NAMES and kind is float:
        return lambda moment: moment[name] or 0.0  # what is not known yet has no better number
    if name in NAMES:
        return lambda moment: moment[name]
    if kind is float:
        return lambda moment: moment["imbalance"]
    if kind is bool:
        return lambda moment: moment["is_quote"]
    if kind is int:
        return lambda moment: moment["number"]
    inner = [part for part in typing.get_args(kind) if part is not type(None)]
    if isinstance(kind, types.UnionType) and len(inner) == 1:
        make = _field(name, inner[0])
        return lambda moment: make(moment) if moment["number"] > WARM_UP_TICKS else None
    return _maker(kind)


def _moments(market: Market) -> list[Moment]:
    told = run(described(VOLATILITY_TICKS, FLOW_S, WARM_UP_TICKS), market.seen)
    moments: list[Moment] = []
    mid = 1.0
    for number, (now, features) in enumerate(zip(market.seen, told, strict=True)):
        before = market.seen[number - 1] if number else now
        mid_before, mid = mid, (now.bid + now.ask) * 0.5 if now.bid > 0.0 and now.ask > 0.0 else mid
        moment = _moment(number, before, now, mid if number == 0 else mid_before, mid, features)
        moments.append({**moment, "plain": moment[market.number]})
    return moments


def _moment(
    number: int, before: Observation, now: Observation, mid_before: float, mid: float, features: Features | None
) -> Moment:
    size = now.trade_size
    bid, ask = now.bid or mid, now.ask or mid  # a side that is not there
    touch = now.bid_size + now.ask_size
    known: Moment = {
        "mid": mid,
        "microprice": (ask * now.bid_size + bid * now.ask_size) / touch if touch > 0.0 else mid,
        "spread_bps": (ask - bid) / mid * 10_000.0 if now.bid and now.ask else 0.0,
        "log_return": log(mid / mid_before),
        "imbalance": (now.bid_size - now.ask_size) / touch if touch > 0.0 else 0.0,
        "depth_imbalance": (now.depth_bid - now.depth_ask) / max(now.depth_bid + now.depth_ask, 1e-300),
        **dict.fromkeys(("volatility", "order_flow", "trade_flow")),
        **({} if features is None else asdict(features)),
        **asdict(now),
    }
    return {
        **known,
        "observation": now,
        "features": features,
        "number": number,
        "log_mid": log(mid),
        "price": ask if size > 0.0 else bid if size < 0.0 else mid,
        "size": size,
        "start_s": before.time_s,
        "end_s": now.time_s,
        "open": mid_before,
        "high": max(mid_before, mid),
        "low": min(mid_before, mid),
        "close": mid,
        "volume": abs(size),
        "net_volume": size,
        "count": 1.0 if size else 0.0,
        "bid_prices": _levels(now.bid, now.bid_size, now.depth_bid, 1.0 / STEP_OF_LEVELS),
        "ask_prices": _levels(now.ask, now.ask_size, now.depth_ask, STEP_OF_LEVELS),
        "bid_sizes": _sizes(now.bid_size, now.depth_bid),
        "ask_sizes": _sizes(now.ask_size, now.depth_ask),
    }


def _levels(best: float, size: float, depth: float, by: float) -> tuple[float, ...]:
    """Prices of five levels; 0.0 where there is none."""
    return tuple([best * by**i if there > 0.0 else 0.0 for i, there in enumerate(_sizes(size, depth))])


def _sizes(size: float, depth: float) -> tuple[float, ...]:
    return (size, *[(depth - size) * 0.25 if depth > size > 0.0 else 0.0] * 4)


ANY = Observation(0.0, True, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)
NAMES = frozenset(_moment(0, ANY, ANY, 1.0, 1.0, None))


def _fields(kind: object) -> dict[str, object] | None:
    """The fields of a record class with their types; None for anything else."""
    is_record = isinstance(kind, type) and (
        issubclass(kind, Struct) or is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields"))
    )
    return dict(typing.get_type_hints(kind)) if is_record else None


def _mentions(kind: object, record: type) -> bool:
    parts = (_fields(kind) or {}).values() if isinstance(kind, type) else typing.get_args(kind)
    return kind is record or any(_mentions(part, record) for part in parts)


def _name(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)
