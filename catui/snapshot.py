"""view(state) -> Snapshot: everything the console shows, one frozen value, small enough to send twelve times a second.

A snapshot is the same for a live desk, a replayed run and a moment of the past. It carries ints on their grids and the
grids beside them, no text of a venue that has not passed the gate, no secret, and no clock but `now_ns`.
"""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from catui.control import limit_of
from catui.core.guard import Cell
from catui.core.machine import Machine, Named
from catui.core.places import places
from catui.domain.events import Event, FeedState, Trade
from catui.domain.instrument import Instrument
from catui.domain.moment import CommandResult, Control, Market, StrategyState
from catui.domain.orders import Fill, Order
from catui.domain.reports import Account, Outputs, Performance, Positions, Reports
from catui.domain.settings import Desk
from catui.domain.signals import Target
from catui.ensemble import History, Moments, Regime, correlations, name_of
from catui.market import MarketState
from catui.monitoring import SCALES_S, Metrics, Series, recent


class InstrumentView(Struct, frozen=True, array_like=True):
    """What is needed to write an instrument's numbers."""

    key: str
    symbol: str
    venue: str
    base: str
    quote: str
    price_decimals: int
    tick_step: int  # one tick is tick_step / 10**price_decimals
    quantity_decimals: int
    lot_step: int


class LevelView(Struct, frozen=True, array_like=True):
    price_ticks: int
    lots: int


class BookView(Struct, frozen=True, array_like=True):
    """The shown instrument's book, best first, as deep as the view asked."""

    instrument: str
    bids: tuple[LevelView, ...] = ()
    asks: tuple[LevelView, ...] = ()
    bid_ticks: int | None = None  # the touch, which the quote feed may know before the book does
    ask_ticks: int | None = None
    last_ticks: int | None = None
    last_side: str = ""  # aggressor, BUY or SELL
    age_ns: int | None = None
    state: Literal["waiting", "ok", "stale", "gap", "crossed", "one-sided"] = "waiting"
    detail: str = ""
    imbalance: float | None = None


class MarketView(Struct, frozen=True, array_like=True):
    """One line an instrument: what the header and the positions need."""

    instrument: str
    bid_ticks: int | None
    ask_ticks: int | None
    last_ticks: int | None
    state: str
    age_ns: int | None


class TradeView(Struct, frozen=True, array_like=True):
    """A public print, or a fill of ours."""

    ts_ns: int
    price_ticks: int
    lots: int
    side: str  # aggressor of a print, our side of a fill
    is_ours: bool


class PositionView(Struct, frozen=True, array_like=True):
    """The desk's holding of one instrument. Money in units of `Snapshot.money_digits`."""

    instrument: str
    lots: int
    average_ticks_x100: int | None  # average price in hundredths of a tick; None when flat
    mark_ticks: int | None
    unrealised_money: int
    realised_money: int  # before fees
    fees_money: int
    notional_money: int  # signed, at the mark
    worst_lots: int  # abs worst case with all working orders
    limit_lots: int


class StrategyView(Struct, frozen=True, array_like=True):
    """One strategy on the desk, its signal and weight for the shown instrument, its result over all."""

    name: str
    kind: str
    state: str  # RUN, WARM, GATED (it takes part in another regime), DRAIN, PAUSE, QUAR
    weight: float | None
    signal: float | None
    contribution: float | None
    pnl_money: int
    lots: int  # attributed position in the shown instrument
    since_ns: int
    author: str
    reason: str
    weights_x1000: tuple[int, ...] = ()  # of the past, oldest first, evenly thinned
    realised_money: int = 0  # before fees
    unrealised_money: int = 0
    fees_money: int = 0
    group: str = ""  # the ensemble in which it is blended first; empty: none


Triangle = tuple[tuple[float | None, ...], ...]  # by strategy: with those before it, in the desk's order; None: not yet


class RegimeView(Struct, frozen=True, array_like=True):
    """The regime of the shown instrument, and the ratio that tells it."""

    name: str = ""  # empty: not known yet
    ratio: float | None = None


class OrderView(Struct, frozen=True, array_like=True):
    id: str
    instrument: str
    owner: str
    side: str
    price_ticks: int
    lots: int
    leaves_lots: int
    status: str  # INTENDED SENT UNKNOWN LIVE, terminal ones in `fills` and `log` only
    is_cancelling: bool
    created_ns: int
    note: str
    filled_value: int = 0  # sum of price_ticks * lots over its fills
    cause_seq: int = 0  # of the event on which it was decided
    purpose: str = ""


class FillView(Struct, frozen=True, array_like=True):
    ts_ns: int
    instrument: str
    side: str
    price_ticks: int
    lots: int
    fee_money: int
    owner: str
    order_id: str
    is_maker: bool | None = None


class RefusalView(Struct, frozen=True, array_like=True):
    check: str
    count: int
    last_text: str


class AlertView(Struct, frozen=True, array_like=True):
    id: str
    severity: Literal["info", "warning", "critical"]
    text: str
    since_ns: int
    count: int
    is_acknowledged: bool
    cleared_ns: int | None
    kind: str = ""
    muted_until_ns: int | None = None  # never of a critical one


class FeedView(Struct, frozen=True, array_like=True):
    name: str
    state: str  # CONNECTING SYNCING LIVE DOWN
    age_ns: int | None
    gaps: int
    detail: str


class LimitView(Struct, frozen=True, array_like=True):
    """A limit, how much of it is used, and whether a person may override it."""

    check: str
    code: str
    scope: str
    used: int
    limit: int
    unit: str
    may_override: bool


class OverrideView(Struct, frozen=True, array_like=True):
    id: str
    check: str
    scope: str
    extra: int
    until_ns: int
    budget_left: int
    author: str
    reason: str


class ResultView(Struct, frozen=True, array_like=True):
    """The desk's answer to a command, and whose it was."""

    id: str
    ok: bool
    text: str
    author: str = ""


class ConsoleView(Struct, frozen=True, array_like=True):
    """A console that shows this desk: `control` may command, `watch` may not. `dropped` snapshots found it busy."""

    name: str
    role: Literal["control", "watch"]
    dropped: int = 0


class HealthView(Struct, frozen=True, array_like=True):
    """Measured by the engine while it runs; None where nothing was measured (a replay has no latency)."""

    events_per_s: float | None = None
    latency_p50_us: float | None = None  # receive to decision
    latency_p99_us: float | None = None
    journal: str = "ok"
    journal_commit_ms: float | None = None
    queue: int = 0
    latency_max_us: float | None = None
    lag_us: float | None = None  # of the last event: how far behind the desk is
    rss_bytes: int | None = None  # of the engine's process


class CandleView(Struct, frozen=True, array_like=True):
    """The mid over one interval: `ago` intervals before the running one; in half ticks above the chart's base."""

    ago: int
    open: int
    high: int
    low: int
    close: int
    is_after_gap: bool = False


class TurnView(Struct, frozen=True, array_like=True):
    """When the target of the shown instrument turned: +1 long, -1 short."""

    ts_ns: int
    sign: int


class MarkView(Struct, frozen=True, array_like=True):
    """A fill of ours on the chart: +1 bought, -1 sold."""

    ts_ns: int
    sign: int
    price_ticks: int


class ChartView(Struct, frozen=True, array_like=True):
    """The shown instrument's mid over time, as far back as the view asked.

    An interval without a candle is flat at the last close; before a candle that is after a gap there is nothing. The
    first candle may be older than what was asked: the line comes from it.
    """

    scale_s: int
    mid_half_ticks: int | None  # None: not known now
    base_half_ticks: int
    candles: tuple[CandleView, ...] = ()  # oldest first
    turns: tuple[TurnView, ...] = ()  # oldest first
    fills: tuple[MarkView, ...] = ()  # oldest first


class LogView(Struct, frozen=True, array_like=True):
    """A line of the engine's log; `number` counts from 1."""

    number: int
    ts_ns: int
    level: str  # info, warning, error
    topic: str  # command, fill, order, alert, feed, gap, engine, or a library's name
    text: str


class EquityPoint(Struct, frozen=True, array_like=True):
    ts_ns: int
    equity_money: int


class Snapshot(Struct, frozen=True, array_like=True):
    """The desk at one moment."""

    seq: int
    now_ns: int
    run: str
    source: str
    badge: Literal["PAPER", "SIM", "REPLAY", "LIVE"]
    trading_state: str  # ACTIVE REDUCING HALTED
    trading_reason: str
    quote: str
    money_digits: int
    equity_money: int
    pnl_money: int  # since the start: equity less start equity
    realised_money: int  # before fees
    unrealised_money: int
    fees_money: int
    drawdown_money: int
    max_drawdown_money: int
    shown: str  # key of the shown instrument
    instruments: tuple[InstrumentView, ...]
    markets: tuple[MarketView, ...]
    book: BookView
    trades: tuple[TradeView, ...]  # newest first, of the shown instrument
    positions: tuple[PositionView, ...]
    strategies: tuple[StrategyView, ...]
    orders: tuple[OrderView, ...]
    fills: tuple[FillView, ...]  # newest first
    refusals: tuple[RefusalView, ...]
    alerts: tuple[AlertView, ...]  # open first, newest first
    feeds: tuple[FeedView, ...]
    limits: tuple[LimitView, ...]
    overrides: tuple[OverrideView, ...]
    equity: tuple[EquityPoint, ...]  # oldest first, at most 600, evenly thinned
    results: tuple[ResultView, ...]  # of the last commands, newest last
    health: HealthView = HealthView()
    ended: str = ""  # why the run ended, empty while it runs
    consoles: tuple[ConsoleView, ...] = ()  # that are attached, in the order they came
    chart: ChartView | None = None
    regime: RegimeView | None = None  # None: nothing tells regimes apart
    log: tuple[LogView, ...] = ()  # lines behind the one that the view names, oldest first
    correlations: Triangle = ()


class View(Struct, frozen=True, array_like=True):
    """What a console looks at: the engine sends no more than this. It is no command and not journaled."""

    instrument: str = ""  # empty: the first
    depth: int = 40
    trades: int = 50
    scale_s: int = 60  # of the chart: one of 1, 5, 15, 60, 300
    candles: int = 0  # intervals of it, the running one included
    log_after: int = 0  # number of the last log line that this console has


class Parts(NamedTuple):
    """The parts of a pipeline's state that are shown, by the names of their places."""

    reports: Reports
    control: Control
    market: MarketState
    targets: dict[str, Target]
    metrics: Metrics
    candles: dict[str, Series]
    history: dict[str, History]
    cells: dict[str, str]  # by strategy: why it was stopped
    regimes: dict[str, Regime]
    moments: dict[str, Moments]
    muted: dict[str, int]  # by kind of alert: until when


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


def parts_of(machine: Machine[Any, Event, Outputs], state: Any) -> Parts:
    """The shown parts of a state. KeyError: the machine is no pipeline."""
    found: dict[str, Any] = {}
    cells: dict[str, str] = {}
    for place in places(machine, state):
        if not isinstance(place.node, Named):
            continue
        if isinstance(place.state, Cell):
            cells[place.node.name] = cells.get(place.node.name) or place.state.error
        else:
            found[place.path] = place.state
    _, reports = state
    return Parts(
        reports,
        found["desk/control"],
        found["desk/market"],
        found["desk/targets"],
        found["desk/monitoring/metrics"],
        found["desk/monitoring/candles"],
        found["desk/history"],
        cells,
        _of_instruments(found, "regime"),
        found["desk/correlation"],
        found["desk/monitoring/alerts"].muted,
    )


def _of_instruments(found: dict[str, Any], name: str) -> dict[str, Any]:
    """By instrument: the state of a place of the ensemble."""
    before, after = "desk/ensemble/", f"/{name}"
    paths = [path for path in found if path.startswith(before) and path.endswith(after)]
    return {path.removeprefix(before).removesuffix(after): found[path] for path in paths}


def view(desk: Desk, parts: Parts, look: View, shown: Shown) -> Snapshot:
    """The desk at one moment, as much of it as `look` asks for. Pure: equal arguments, equal snapshot."""
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
        instruments=tuple(_instrument(i) for i in desk.instruments),
        markets=tuple(_market(desk, parts.market.markets[i.key], now_ns) for i in desk.instruments),
        book=_book(desk, parts.market.markets[key], look.depth, now_ns),
        trades=_trades(parts.metrics, key, look.trades),
        positions=tuple(_position(desk, parts.reports, i, units[i.key]) for i in desk.instruments),
        strategies=tuple(_strategies(desk, parts, key, units)),
        orders=tuple(_order(order) for order in parts.reports.orders.working.values()),
        fills=tuple(_fill(fill, parts.reports) for fill in parts.metrics.fills[: look.trades]),
        refusals=tuple(RefusalView(check, n, text) for check, (n, text) in parts.metrics.refused.items()),
        alerts=_alerts(parts),
        feeds=_feeds(desk, parts.market, now_ns),
        limits=tuple(_limits(desk, parts.reports)),
        overrides=tuple(
            OverrideView(o.id, o.check, o.scope, o.extra, o.until_ns, o.budget_left, o.author, o.reason)
            for o in parts.reports.risk.overrides
        ),
        equity=tuple(EquityPoint(*point) for point in parts.metrics.equity),
        results=tuple(ResultView(r.id, r.ok, r.text, r.author) for r in shown.results),
        health=shown.health,
        ended=shown.ended,
        consoles=shown.consoles,
        chart=_chart(parts, key, look, now_ns) if look.candles > 0 else None,
        regime=_regime(desk, parts, key),
        log=shown.log,
        correlations=_correlations(desk, parts, key),
    )


def _regime(desk: Desk, parts: Parts, key: str) -> RegimeView | None:
    if desk.regime.measure == "none":
        return None
    now = parts.regimes.get(key, Regime())
    return RegimeView(name_of(desk.regime, now), now.ratio)


def _correlations(desk: Desk, parts: Parts, key: str) -> Triangle:
    moments = parts.moments.get(key)
    return tuple([(None,) * i for i in range(len(desk.strategies))]) if moments is None else correlations(moments)


def _instrument(i: Instrument) -> InstrumentView:
    prices, lots = i.price_grid, i.quantity_grid
    return InstrumentView(i.key, i.symbol, i.venue, i.base, i.quote, prices.scale, prices.step, lots.scale, lots.step)


def _age(then_ns: int | None, now_ns: int) -> int | None:
    return None if then_ns is None else max(0, now_ns - then_ns)


def _state(desk: Desk, market: Market, now_ns: int) -> Literal["waiting", "ok", "stale", "gap", "crossed", "one-sided"]:
    age_ns = _age(market.quote_ns, now_ns)
    if age_ns is None:
        return "waiting"
    if not market.is_valid:
        for word in ("crossed", "one-sided"):
            if market.why_invalid.startswith(word):
                return "crossed" if word == "crossed" else "one-sided"
        return "gap"
    return "stale" if age_ns > desk.risk.stale_ms * 1_000_000 else "ok"


def _market(desk: Desk, market: Market, now_ns: int) -> MarketView:
    state, age_ns = _state(desk, market, now_ns), _age(market.quote_ns, now_ns)
    return MarketView(market.instrument, market.bid_ticks, market.ask_ticks, market.last_ticks, state, age_ns)


def _book(desk: Desk, market: Market, depth: int, now_ns: int) -> BookView:
    size = market.bid_lots + market.ask_lots
    return BookView(
        instrument=market.instrument,
        bids=tuple(LevelView(p, n) for p, n in zip(market.bids[0][:depth], market.bids[1][:depth], strict=True)),
        asks=tuple(LevelView(p, n) for p, n in zip(market.asks[0][:depth], market.asks[1][:depth], strict=True)),
        bid_ticks=market.bid_ticks,
        ask_ticks=market.ask_ticks,
        last_ticks=market.last_ticks,
        last_side="" if market.last_taker is None else market.last_taker.value,
        age_ns=_age(market.quote_ns, now_ns),
        state=_state(desk, market, now_ns),
        detail=market.why_invalid,
        imbalance=(market.bid_lots - market.ask_lots) / size if size else None,
    )


def _trades(metrics: Metrics, key: str, count: int) -> tuple[TradeView, ...]:
    """Public prints and our own fills of the shown instrument, newest first."""
    prints: Iterable[Trade] = metrics.trades.get(key, ())
    public = [TradeView(t.ts_receive_ns, t.price_ticks, t.lots, t.taker.value, False) for t in prints]
    ours = [
        TradeView(f.ts_receive_ns, f.execution.price_ticks, f.execution.lots, f.side.value, True)
        for f in metrics.fills
        if f.instrument == key
    ]
    return tuple(sorted(public + ours, key=lambda t: -t.ts_ns)[:count])


def _position(desk: Desk, reports: Reports, instrument: Instrument, unit: int) -> PositionView:
    key, positions = instrument.key, reports.positions
    owners = positions.accounts.get(key, {}).values()
    lots = sum(account.lots for account in owners)
    cost = sum(account.cost_money for account in owners)
    mark = positions.marks.get(key)
    notional = 0 if mark is None else lots * mark * unit
    working = [o for o in reports.orders.working.values() if o.intent.instrument == key]
    buys = sum(o.leaves_lots for o in working if o.intent.side.sign > 0)
    sells = sum(o.leaves_lots for o in working if o.intent.side.sign < 0)
    limit = 0 if not mark or mark <= 0 else desk.money(desk.risk.max_position_quote) // (mark * unit)
    return PositionView(
        instrument=key,
        lots=lots,
        average_ticks_x100=cost * 100 // (lots * unit) if lots else None,
        mark_ticks=mark,
        unrealised_money=notional - cost,
        realised_money=sum(account.realised_money for account in owners),
        fees_money=sum(account.fees_money for account in owners),
        notional_money=notional,
        worst_lots=max(abs(lots + buys), abs(lots - sells)),
        limit_lots=limit,
    )


MARKS = 100  # fills on a chart, at most


def _chart(parts: Parts, key: str, look: View, now_ns: int) -> ChartView:
    scale_s = look.scale_s if look.scale_s in SCALES_S else SCALES_S[0]
    series, length_ns = parts.candles.get(key, Series()), scale_s * 1_000_000_000
    now = now_ns // length_ns
    first = now - look.candles + 1
    candles = recent(series, SCALES_S.index(scale_s), first)
    base = min([candle.low for candle in candles], default=0)
    fills = [f for f in parts.metrics.fills[:MARKS] if f.instrument == key and f.ts_receive_ns >= first * length_ns]
    turns = parts.history[key].turns if key in parts.history else ()
    return ChartView(
        scale_s=scale_s,
        mid_half_ticks=series.mid,
        base_half_ticks=base,
        candles=tuple(
            CandleView(now - c.place, c.open - base, c.high - base, c.low - base, c.close - base, c.is_after_gap)
            for c in candles
        ),
        turns=tuple(TurnView(int(s * 1e9), sign) for s, sign in turns if s * 1e9 >= first * length_ns),
        fills=tuple(MarkView(f.ts_receive_ns, f.side.sign, f.execution.price_ticks) for f in reversed(fills)),
    )


SHORT = {
    StrategyState.RUN: "RUN",
    StrategyState.DRAIN: "DRAIN",
    StrategyState.PAUSE: "PAUSE",
    StrategyState.QUARANTINE: "QUAR",
}


def _strategies(desk: Desk, parts: Parts, key: str, units: dict[str, int]) -> Iterable[StrategyView]:
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
                "RUN",
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


def _order(order: Order) -> OrderView:
    intent = order.intent
    return OrderView(
        id=order.id,
        instrument=intent.instrument,
        owner=intent.owner,
        side=intent.side.value,
        price_ticks=intent.limit_ticks,
        lots=order.lots,
        leaves_lots=order.leaves_lots,
        status=order.status.value,
        is_cancelling=order.pending is not None or order.wish_cancel,
        created_ns=order.created_ns,
        note=order.note,
        filled_value=order.filled_value,
        cause_seq=intent.cause_seq,
        purpose=intent.purpose,
    )


def _fill(fill: Fill, reports: Reports) -> FillView:
    order = reports.orders.working.get(fill.order_id) or reports.orders.ended.get(fill.order_id)
    told = fill.execution
    return FillView(
        ts_ns=fill.ts_receive_ns,
        instrument=fill.instrument,
        side=fill.side.value,
        price_ticks=told.price_ticks,
        lots=told.lots,
        fee_money=fill.fee_money,
        owner="" if order is None else order.intent.owner,
        order_id=fill.order_id,
        is_maker=told.is_maker,
    )


def _alerts(parts: Parts) -> tuple[AlertView, ...]:
    ordered = sorted(parts.reports.alerts.values(), key=lambda a: (a.cleared_ns is not None, -a.since_ns, a.id))
    return tuple(
        AlertView(
            a.id,
            a.severity,
            f"{a.scope.rpartition(':')[2]} {a.text}",
            a.since_ns,
            a.count,
            a.is_acknowledged,
            a.cleared_ns,
            a.kind,
            None if a.severity == "critical" else parts.muted.get(a.kind),
        )
        for a in ordered
    )


def _feeds(desk: Desk, market: MarketState, now_ns: int) -> tuple[FeedView, ...]:
    """Every connection that has spoken of itself; one line for the venue where none has."""
    times = [m.quote_ns for m in market.markets.values() if m.quote_ns is not None]
    age_ns = _age(max(times), now_ns) if times else None
    gaps = sum(m.gaps for m in market.markets.values())
    if not market.feeds:
        state = FeedState.LIVE if times else FeedState.CONNECTING
        return (FeedView(desk.instruments[0].venue, state.value, age_ns, gaps, ""),)
    return tuple(FeedView(_short(f.feed), f.state.value, age_ns, gaps, f.detail) for f in market.feeds.values())


def _short(feed: str) -> str:
    """`simulated market` as `sim market`: the header has little room."""
    venue, _, channel = feed.partition(" ")
    return f"{venue[:3]} {channel}".strip()


def _limits(desk: Desk, reports: Reports) -> Iterable[LimitView]:
    for usage in reports.risk.usage:
        may = limit_of(desk, usage.check) is not None
        yield LimitView(usage.check, usage.code, usage.scope, usage.used, usage.limit, usage.unit, may)
