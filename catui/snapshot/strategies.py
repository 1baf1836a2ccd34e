"""Who decides, with what weight, and with what result."""

from collections.abc import Iterable

from catui.domain.moment import StrategyState
from catui.domain.reports import Account, Performance, Positions
from catui.domain.settings import Desk
from catui.ensemble import Regime, correlations, name_of
from catui.snapshot.parts import Parts
from catui.snapshot.values import RegimeView, StrategyView, Triangle

SHORT = {
    StrategyState.RUN: "RUN",
    StrategyState.DRAIN: "DRAIN",
    StrategyState.PAUSE: "PAUSE",
    StrategyState.QUARANTINE: "QUAR",
}


def rows(desk: Desk, parts: Parts, key: str, units: dict[str, int]) -> Iterable[StrategyView]:
    """Every strategy, and whoever else holds something: the operator."""
    target, positions = parts.targets.get(key), parts.reports.positions
    began_ns = parts.metrics.equity[0][0] if parts.metrics.equity else 0
    accounts = positions.accounts.get(key, {})
    past = parts.history[key].weights if key in parts.history else ()
    results = _results(positions, units)
    groups = {member: name for name, group in desk.ensembles.items() for member in group.members}
    regime = name_of(desk.regime, parts.regimes.get(key, Regime()))
    for place, settings in enumerate(desk.strategies):
        standing = parts.control.strategies[settings.name]
        error = parts.cells.get(settings.name, "")
        realised, unrealised, fees = results.get(settings.name, (0, 0, 0))
        signal = None if target is None else target.signals[place]
        bound = desk.regime.members.get(settings.name, regime)
        state = "QUAR" if error else SHORT[standing.state]
        if state == "RUN" and (signal is None or bound != regime):
            state = "WARM" if signal is None else "GATED"
        yield StrategyView(
            name=settings.name,
            kind=settings.kind,
            state=state,
            weight=None if target is None else target.weights[place],
            signal=signal,
            contribution=None if target is None else target.parts[place],
            pnl_money=positions.by_strategy.get(settings.name, Performance()).pnl_money,
            lots=accounts.get(settings.name, Account()).lots,
            since_ns=standing.since_ns or began_ns,
            author=standing.author,
            reason=error or standing.reason,
            weights_x1000=tuple([round(weights[place] * 1000) for weights in past]),
            realised_money=realised,
            unrealised_money=unrealised,
            fees_money=fees,
            group=groups.get(settings.name, ""),
        )
    for name, performance in positions.by_strategy.items():
        if name not in desk.strategy_names:
            lots = accounts.get(name, Account()).lots
            yield StrategyView(
                name,
                "",
                "HAND",
                None,
                None,
                None,
                performance.pnl_money,
                lots,
                0,
                "",
                "by hand",
                (),
                *results.get(name, (0, 0, 0)),
            )


def _results(positions: Positions, units: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """What every owner's result is made of, over all instruments: realised, unrealised, fees."""
    results: dict[str, tuple[int, int, int]] = {}
    for key, owners in positions.accounts.items():
        mark = positions.marks.get(key)
        for owner, account in owners.items():
            realised, unrealised, fees = results.get(owner, (0, 0, 0))
            value = 0 if mark is None else account.lots * mark * units[key]
            results[owner] = (
                realised + account.realised_money,
                unrealised + value - account.cost_money,
                fees + account.fees_money,
            )
    return results


def regime(desk: Desk, parts: Parts, key: str) -> RegimeView | None:
    """The regime of this instrument; None: nothing tells regimes apart."""
    if desk.regime.measure == "none":
        return None
    now = parts.regimes.get(key, Regime())
    return RegimeView(name_of(desk.regime, now), now.ratio)


def correlated(desk: Desk, parts: Parts, key: str) -> Triangle:
    """How the strategies' results go together."""
    moments = parts.moments.get(key)
    return tuple([(None,) * i for i in range(len(desk.strategies))]) if moments is None else correlations(moments)
