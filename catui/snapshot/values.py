"""What a console shows, as frozen values: ints on their grids and the grids beside them, no secret, no clock."""

from typing import Literal

from msgspec import Struct


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


BookState = Literal["waiting", "ok", "stale", "gap", "crossed", "one-sided", "empty"]


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
    state: BookState = "waiting"
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
    state: str  # RUN, WARM, GATED (it takes part in another regime), DRAIN, PAUSE, QUAR; HAND: the operator's orders
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
    ahead_lots: int | None = None  # estimated to stand before it, at most; None: not known
    amend_lots: int | None = None  # all of it, in the terms it is on its way to; None: it is on its way to none
    amend_ticks: int | None = None


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
    queue: int | None = None  # batches that wait for their step
    latency_max_us: float | None = None
    lag_us: float | None = None  # of the last event: how far behind the desk is
    rss_bytes: int | None = None  # of the engine's process
    sent_p50_us: float | None = None  # decision of a new order to the socket that takes its bytes
    sent_p99_us: float | None = None
    sent_max_us: float | None = None
    clock_us: float | None = None  # our clock is ahead of the venue's by this at most: the least of receive - event


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
