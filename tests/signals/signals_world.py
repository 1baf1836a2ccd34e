"""Observations, features and wires for the tests of the signal path: one desk, hand-made moments, random markets."""

from collections.abc import Iterable
from math import exp
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from catui.core.machine import Machine, run
from catui.domain.ensembles import EnsembleSettings, GroupSettings
from catui.domain.events import Action, Command, Tick, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Moment, Standing, StrategyState
from catui.domain.reports import Reports
from catui.domain.settings import Desk, FeatureSettings, StrategySettings
from catui.domain.signals import Features, Observation, Roster, Signals, Target
from catui.ensemble.roster import called, roster

BTC = Instrument("paper", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
ETH = Instrument("paper", "ETHUSDT", "ETH", "USDT", "0.01", "0.0001")
KEYS = (BTC.key, ETH.key)
REPORTS = Reports()

# Three kinds, with parameters short enough to be warm within a few quotes.
QUICK = {
    "momentum": {"fast_half_life_ticks": 2.0, "slow_half_life_ticks": 6.0},
    "mean_reversion": {"half_life_ticks": 4.0},
    "hold": {},
}
SPEAKING = tuple(StrategySettings(kind, kind, QUICK[kind]) for kind in QUICK)


def desk(
    strategies: tuple[StrategySettings, ...] = SPEAKING,
    warm_up_ticks: int = 3,
    groups: dict[str, GroupSettings] | None = None,
    **ensemble: Any,
) -> Desk:
    features = FeatureSettings(volatility_half_life_ticks=5.0, flow_half_life_s=2.0, warm_up_ticks=warm_up_ticks)
    settings = EnsembleSettings(**ensemble)
    return Desk(7, (BTC, ETH), strategies, features=features, ensemble=settings, ensembles=groups or {})


def quote(mid: float, time_s: float = 0.0, half_spread: float = 0.0, **changes: float) -> Observation:
    sizes = {"bid_size": 1.0, "ask_size": 1.0, "depth_bid": 2.0, "depth_ask": 2.0, "trade_size": 0.0} | changes
    return Observation(time_s, True, mid - half_spread, mid + half_spread, **sizes)


def trade(size: float, time_s: float = 0.0) -> Observation:
    """A print of `size`, signed by its aggressor, at a touch of 100 on both sides."""
    return replace(quote(100.0, time_s), is_quote=False, trade_size=size)


def described(mid: float, volatility: float | None = 1e-3, time_s: float = 0.0, log_return: float = 0.0) -> Features:
    return Features(time_s, mid, mid, 0.0, log_return, volatility, 0.0, 0.0, None, None)


def moment(
    states: dict[str, StrategyState] | None = None, names: Iterable[str] = (), action: Action | None = None
) -> Moment:
    """A step's context: every strategy of `names` runs, but for those whose state is said."""
    standing = dict.fromkeys(names, Standing()) | {name: Standing(at) for name, at in (states or {}).items()}
    command = None if action is None else Command("c", "operator", 0, action)
    return Moment(command or Tick(0), 0, Control(TradingState.ACTIVE, "", standing), command, (), {}, None)


NOWHERE = moment()
Wire = tuple[tuple[Moment, Any], Reports]


def on_wire(data: Any, at: Moment = NOWHERE) -> Wire:
    return (at, data), REPORTS


EVERYBODY = Roster((True,) * len(SPEAKING), (False,) * len(SPEAKING))


def attended(group: Any, roster: Roster = EVERYBODY) -> Any:
    """What was told of instruments, beside who takes part."""
    return tuple((key, (data, roster)) for key, data in group)


def through(machine: Machine[Any, Any, Any], groups: Iterable[Any]) -> list[Any]:
    """What a stage makes of `groups`; the moment, the reports and the roster must come out as they went in."""
    outputs = []
    wires = [on_wire(attended(group)) for group in groups]
    for ((at, data), reports), group in zip(run(machine, wires), groups, strict=True):
        assert at is NOWHERE, group
        assert reports is REPORTS
        assert all(roster is EVERYBODY for _, (_, roster) in data)
        outputs.append(tuple((key, said) for key, (said, _) in data if said is not None))
    return outputs


class Blending:
    """The ensemble stage with its state, on the first instrument unless another is said."""

    def __init__(self, stage: Machine[Any, Any, Any], names: tuple[str, ...]) -> None:
        self.machine, self.names, self.state = stage, names, stage.init

    def step(
        self,
        *values: float | None,
        log_return: float = 0.0,
        key: str = BTC.key,
        states: dict[str, StrategyState] | None = None,
    ) -> Target:
        signals = Signals(described(100.0, log_return=log_return), values)
        standing = moment(states, self.names).control.strategies
        wire = on_wire(attended(((key, signals),), called(standing, self.names)))
        self.state, ((_, ((told, target),)), _) = self.machine.step(self.state, wire)
        assert told == key
        assert isinstance(target, Target)
        return target

    def order(self, action: Action) -> None:
        called_out = roster(Desk(7, (BTC, ETH), tuple(StrategySettings(name, "hold") for name in self.names)))
        _, told = called_out.step(called_out.init, on_wire((), moment({}, self.names, action)))
        self.state, ((_, targets), _) = self.machine.step(self.state, told)
        assert all(target is None for _, target in targets)


def path(changes: Iterable[float], start: float = 100.0) -> list[float]:
    """Mid prices with the given log returns."""
    mids, log_price = [start], 0.0
    for change in changes:
        log_price += change
        mids.append(start * exp(log_price))
    return mids


returns = st.lists(st.floats(-0.02, 0.02), min_size=1, max_size=24)
sizes = st.just(0.0) | st.floats(1e-8, 1e3)
steps_s = st.floats(0.0, 10.0)


@st.composite
def observations(draw: st.DrawFn) -> list[Observation]:
    """Any market's quotes and trades, time going on, sizes and spread of zero included."""
    time_s, seen = 0.0, []
    for mid in path(draw(st.lists(st.floats(-0.05, 0.05), max_size=14)), draw(st.floats(0.01, 1e5))):
        time_s += draw(steps_s)
        half = mid * draw(st.floats(0.0, 0.01))
        is_quote = draw(st.booleans())
        touch, depth = (draw(sizes), draw(sizes)), (draw(sizes), draw(sizes))
        signed = 0.0 if is_quote else draw(st.floats(-50.0, 50.0))
        seen.append(Observation(time_s, is_quote, mid - half, mid + half, *touch, *depth, signed))
    return seen


keyed_groups: st.SearchStrategy[list[tuple[tuple[str, Observation], ...]]] = observations().flatmap(
    lambda seen: st.lists(st.sampled_from(KEYS), min_size=len(seen), max_size=len(seen)).map(
        lambda keys: [((key, one),) for key, one in zip(keys, seen, strict=True)]
    )
)
