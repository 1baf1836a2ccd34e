"""The whole desk at one moment, of the parts of its state and of what is known beside it."""

from typing import Literal, NamedTuple

from msgspec.structs import replace

from catui.domain.moment import CommandResult
from catui.domain.settings import Desk
from catui.snapshot import limits, markets, strategies, trading
from catui.snapshot.parts import Parts
from catui.snapshot.values import (
    ConsoleView,
    EquityPoint,
    HealthView,
    LogView,
    OverrideView,
    RefusalView,
    ResultView,
    Snapshot,
    View,
)


class Shown(NamedTuple):
    """What is known of a run beside its state."""

    run: str
    source: str
    badge: Literal["PAPER", "SIM", "REPLAY", "LIVE"]
    now_ns: int
    results: tuple[CommandResult, ...] = ()
    health: HealthView = HealthView()
    ended: str = ""
    consoles: tuple[ConsoleView, ...] = ()
    log: tuple[LogView, ...] = ()


def view(desk: Desk, parts: Parts, look: View, shown: Shown) -> Snapshot:
    """The desk at one moment, as much of it as `look` asks for. Pure: equal arguments, equal snapshot."""
    reloaded = parts.control.limits
    desk = desk if reloaded is None else replace(desk, risk=reloaded)
    key = look.instrument if look.instrument in desk.by_key else desk.instruments[0].key
    positions, now_ns, units = parts.reports.positions, shown.now_ns, desk.unit_money
    return Snapshot(
        seq=parts.control.seq,
        now_ns=now_ns,
        run=shown.run,
        source=shown.source,
        badge=shown.badge,
        trading_state=parts.control.trading_state.value,
        trading_reason=parts.control.trading_reason,
        quote=desk.quote,
        money_digits=desk.money_digits,
        equity_money=positions.equity_money,
        pnl_money=positions.performance.pnl_money,
        realised_money=positions.realised_money,
        unrealised_money=positions.unrealised_money,
        fees_money=positions.fees_money,
        drawdown_money=positions.performance.drawdown_money,
        max_drawdown_money=parts.metrics.max_drawdown_money,
        shown=key,
        instruments=tuple(markets.instrument(i) for i in desk.instruments),
        markets=tuple(markets.market_line(desk, parts.market.markets[i.key], now_ns) for i in desk.instruments),
        book=markets.book(desk, parts.market.markets[key], look.depth, now_ns),
        trades=markets.trades(parts.metrics, key, look.trades),
        positions=tuple(trading.position(desk, parts.reports, i, units[i.key]) for i in desk.instruments),
        strategies=tuple(strategies.rows(desk, parts, key, units)),
        orders=tuple(trading.order_row(order, parts) for order in parts.reports.orders.working.values()),
        fills=tuple(trading.fill_row(fill, parts.reports) for fill in parts.metrics.fills[: look.trades]),
        refusals=tuple(RefusalView(check, n, text) for check, (n, text) in parts.metrics.refused.items()),
        alerts=trading.alerts(parts),
        feeds=markets.feeds(desk, parts.market, now_ns),
        limits=tuple(limits.limits(desk, parts, desk.by_key[key], now_ns)),
        overrides=tuple(
            OverrideView(o.id, o.check, o.scope, o.extra, o.until_ns, o.budget_left, o.author, o.reason)
            for o in parts.reports.risk.overrides
        ),
        equity=tuple(EquityPoint(*point) for point in parts.metrics.equity),
        results=tuple(ResultView(r.id, r.ok, r.text, r.author) for r in shown.results),
        health=shown.health,
        ended=shown.ended,
        consoles=shown.consoles,
        chart=markets.chart(parts, key, look, now_ns) if look.candles > 0 else None,
        regime=strategies.regime(desk, parts, key),
        log=shown.log,
        correlations=strategies.correlated(desk, parts, key),
    )
