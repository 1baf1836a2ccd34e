"""What may be otherwise in a branch: standing orders as commands, settings as a desk whose other values are equal."""

from collections.abc import Callable, Iterator
from math import inf
from typing import Literal, get_type_hints

from msgspec import Struct, inspect
from msgspec.structs import replace

from catui.domain.events import (
    Action,
    DrainStrategy,
    PauseStrategy,
    ResumeStrategy,
    SetTradingState,
    SetWeight,
    TradingState,
)
from catui.domain.settings import Desk, PlanningSettings, RiskSettings
from catui.runtime.past.whatif import Change, Choice
from catui.snapshot import Snapshot, StrategyView
from catui.strategies.registry import Kinds, desk_kind
from catui.text import printable

STATES: dict[str, Callable[[str], Action]] = {"RUN": ResumeStrategy, "DRAIN": DrainStrategy, "PAUSE": PauseStrategy}
TRADING = tuple(state.value for state in TradingState)
PAPER_TERMS = ("latency_ms", "maker_fee_bps", "taker_fee_bps")


def choices(desk: Desk, kinds: Kinds, snapshot: Snapshot) -> tuple[Choice, ...]:
    """All that a branch of a desk may change, with what it is at the moment of `snapshot`."""
    return (
        Choice(
            ("state",), "of the desk", snapshot.trading_state, "option", options=tuple(s.value for s in TradingState)
        ),
        *(choice for row in snapshot.strategies if row.state != "HAND" for choice in _standing(row)),
        *(choice for each in desk.strategies for choice in _parameters(desk, each.name, kinds)),
        *_settings("risk", desk.risk, RiskSettings.__struct_fields__, desk.quote),
        *_settings("planning", desk.planning, PlanningSettings.__struct_fields__, desk.quote),
        *_settings("execution", desk.execution, PAPER_TERMS, desk.quote),
        *_settings("ensemble", desk.ensemble, ("cost_bps",), desk.quote),
    )


def _standing(row: StrategyView) -> Iterator[Choice]:
    weight = "--" if row.weight is None else f"{row.weight:.2f}"
    yield Choice(("strategy", row.name, "state"), "whether it trades", row.state, "option", options=tuple(STATES))
    yield Choice(("strategy", row.name, "weight"), "the others share the rest", weight, low=0.0, high=1.0)


def _parameters(desk: Desk, name: str, kinds: Kinds) -> Iterator[Choice]:
    settings = next(each for each in desk.strategies if each.name == name)
    for parameter, about in desk_kind(settings.kind, kinds).parameters.items():
        now = settings.parameters.get(parameter, about.default)
        kind: Literal["whole", "number"] = "whole" if about.is_whole else "number"
        path = ("parameter", name, parameter)
        yield Choice(path, about.text, f"{now:g}", kind, about.low, about.high, unit=about.unit)


def _settings(section: str, settings: Struct, names: tuple[str, ...], quote: str) -> Iterator[Choice]:
    hints = get_type_hints(type(settings), include_extras=True)
    for name in names:
        told = inspect.type_info(hints[name])
        text = next(
            (m.description or "" for m in getattr(hints[name], "__metadata__", ()) if hasattr(m, "description")), ""
        )
        choice = Choice((section, name), text, str(getattr(settings, name)), unit=_unit(name, quote))
        while isinstance(told, inspect.Metadata):
            told = told.type
        match told:
            case inspect.IntType() | inspect.FloatType():
                low = told.gt if told.ge is None else told.ge
                yield replace(
                    choice,
                    kind="whole" if isinstance(told, inspect.IntType) else "number",
                    low=-inf if low is None else low,
                    high=inf if told.le is None else told.le,
                    is_above=told.ge is None and told.gt is not None,
                )
            case inspect.LiteralType(values=values):
                yield replace(choice, kind="option", options=tuple(str(value) for value in values))
            case inspect.StrType():
                yield replace(choice, kind="amount", unit=quote)


def _unit(name: str, quote: str) -> str:
    if name.endswith("_per_s"):
        return "per s"
    units = {"_quote": quote, "_bps": "bps", "_ms": "ms", "_s": "s"}
    return next((unit for ending, unit in units.items() if name.endswith(ending)), "")


def commands(changes: tuple[Change, ...]) -> tuple[Action, ...]:
    """The commands among the changes, in their order."""
    found: list[Action] = []
    for change in changes:
        match change.path:
            case ("state",):
                found.append(SetTradingState(TradingState(change.value)))
            case ("strategy", name, "weight"):
                found.append(SetWeight(name, float(change.value)))
            case ("strategy", name, "state"):
                found.append(STATES[change.value](name))
            case _:
                pass
    return tuple(found)


def changed(desk: Desk, changes: tuple[Change, ...], offered: tuple[Choice, ...]) -> Desk:
    """The desk with the settings among the changes; every other value is equal.

    ValueError: a change that was not offered, or a value that may not be, with the mend.
    """
    by_path = {choice.path: choice for choice in offered}
    for change in changes:
        choice = by_path.get(change.path)
        if choice is None:
            raise ValueError(f"{printable(' '.join(change.path), 80)}: a branch of this run cannot change it")
        if fault := choice.fault(change.value):
            raise ValueError(f"{choice.name}: {fault}")
        desk = _with(desk, choice, change.value)
    return desk


def _with(desk: Desk, choice: Choice, text: str) -> Desk:
    number = {"whole": int, "number": float}.get(choice.kind)
    value = text if number is None else number(text)
    match choice.path:
        case ("parameter", name, parameter):
            return replace(
                desk,
                strategies=tuple(
                    replace(each, parameters={**each.parameters, parameter: value}) if each.name == name else each
                    for each in desk.strategies
                ),
            )
        case ("risk" | "planning" | "execution" | "ensemble" as section, name):
            return replace(desk, **{section: replace(getattr(desk, section), **{name: value})})
        case _:
            return desk
