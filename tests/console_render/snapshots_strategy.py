"""Wild snapshots: every field at its worst, so that a pane that assumes anything of them fails."""

from hypothesis import strategies as st

from catui.snapshot import (
    AlertView,
    BookView,
    CandleView,
    ChartView,
    EquityPoint,
    FeedView,
    FillView,
    HealthView,
    InstrumentView,
    LevelView,
    LimitView,
    MarketView,
    MarkView,
    OrderView,
    OverrideView,
    PositionView,
    RefusalView,
    RegimeView,
    Snapshot,
    StrategyView,
    TradeView,
    TurnView,
)

HOSTILE = (
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]52;c;AAAA\x07",
    "\x9b2J",
    "[@click=app.quit]x[/]",
    "[/]",
    "\u202eabc",
    "\U0001f468\u200d\U0001f469\u200d\U0001f466",
    "a" + "\u0301" * 500,
    "\ud800",
    "\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57",
    "line\r\nline",
    "tab\ttab",
    "x" * 100_000,
    "",
    "\u2028\u2029\u00ad\ufeff\u3164",
    "e\ufe0f\u20e3",
)

text = st.sampled_from(HOSTILE) | st.text(max_size=12)
big = st.integers(-(2**63), 2**63 - 1)
whole = big | st.integers(-1000, 1000)
count = st.integers(0, 2**40) | st.integers(0, 5)
number = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1, 1)
maybe_whole = st.none() | whole
maybe_number = st.none() | number
side = st.sampled_from(("BUY", "SELL", "", "?"))
key = st.sampled_from(("a:X", "b:Y", "\u202e:Z"))

instruments = st.lists(
    st.builds(
        InstrumentView,
        key=key,
        symbol=text,
        venue=text,
        base=text,
        quote=text,
        price_decimals=st.integers(-2, 30),
        tick_step=st.integers(1, 10**6),
        quantity_decimals=st.integers(-2, 30),
        lot_step=st.integers(1, 10**6),
    ),
    max_size=3,
).map(tuple)

prices = st.integers(-100, 2000) | whole


@st.composite
def sides(draw: st.DrawFn) -> tuple[tuple[LevelView, ...], tuple[LevelView, ...]]:
    """Levels best first on both sides; often a plain book, sometimes crossed, empty or far apart."""
    lots = st.integers(1, 2**40) | st.integers(1, 9)
    bids = sorted(draw(st.sets(prices, max_size=12)), reverse=True)
    asks = sorted(draw(st.sets(prices, max_size=12)))
    return (
        tuple(LevelView(price, draw(lots)) for price in bids),
        tuple(LevelView(price, draw(lots)) for price in asks),
    )


@st.composite
def books(draw: st.DrawFn) -> BookView:
    """A book of one of the instruments, or of none."""
    bids, asks = draw(sides())
    return BookView(
        instrument=draw(key),
        bids=bids,
        asks=asks,
        bid_ticks=draw(st.none() | prices),
        ask_ticks=draw(st.none() | prices),
        last_ticks=draw(st.none() | prices),
        last_side=draw(side),
        age_ns=draw(maybe_whole),
        state=draw(st.sampled_from(("waiting", "ok", "stale", "gap", "crossed", "one-sided", "empty"))),
        detail=draw(text),
        imbalance=draw(maybe_number),
    )


def _many(strategy: st.SearchStrategy[object], most: int = 4) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


strategy_rows = st.builds(
    StrategyView,
    name=text,
    kind=text,
    state=st.sampled_from(("RUN", "WARM", "GATED", "DRAIN", "PAUSE", "QUAR", "\x1b")),
    weight=maybe_number,
    signal=maybe_number,
    contribution=maybe_number,
    pnl_money=whole,
    lots=whole,
    since_ns=whole,
    author=text,
    reason=text,
    weights_x1000=st.lists(st.integers(-5, 2000), max_size=70).map(tuple),
    realised_money=whole,
    unrealised_money=whole,
    fees_money=whole,
    group=text,
)
position_rows = st.builds(
    PositionView,
    instrument=key,
    lots=whole,
    average_ticks_x100=maybe_whole,
    mark_ticks=maybe_whole,
    unrealised_money=whole,
    realised_money=whole,
    fees_money=whole,
    notional_money=whole,
    worst_lots=count,
    limit_lots=count,
)
order_rows = st.builds(
    OrderView,
    id=text,
    instrument=key,
    owner=text,
    side=side,
    price_ticks=prices,
    lots=count,
    leaves_lots=count,
    status=st.sampled_from(("INTENDED", "SENT", "UNKNOWN", "LIVE", "\x9b")),
    is_cancelling=st.booleans(),
    created_ns=whole,
    note=text,
    filled_value=whole,
    cause_seq=count,
    purpose=text,
    ahead_lots=st.none() | count,
    amend_lots=st.none() | count,
    amend_ticks=st.none() | prices,
)
fill_rows = st.builds(
    FillView,
    ts_ns=whole,
    instrument=key,
    side=side,
    price_ticks=prices,
    lots=count,
    fee_money=whole,
    owner=text,
    order_id=text,
    is_maker=st.none() | st.booleans(),
)
alert_rows = st.builds(
    AlertView,
    id=text,
    severity=st.sampled_from(("info", "warning", "critical")),
    text=text,
    since_ns=whole,
    count=count,
    is_acknowledged=st.booleans(),
    cleared_ns=maybe_whole,
    kind=text,
    muted_until_ns=maybe_whole,
)
feed_rows = st.builds(FeedView, name=text, state=text, age_ns=maybe_whole, gaps=count, detail=text)
limit_rows = st.builds(
    LimitView,
    check=text,
    code=text,
    scope=text | key,
    used=whole,
    limit=whole,
    unit=st.sampled_from(("lots", "money", "bps", "\x1b")),
    may_override=st.booleans(),
)
override_rows = st.builds(
    OverrideView,
    id=text,
    check=text,
    scope=text,
    extra=whole,
    until_ns=whole,
    budget_left=whole,
    author=text,
    reason=text,
)
health = st.builds(
    HealthView,
    events_per_s=maybe_number,
    latency_p50_us=maybe_number,
    latency_p99_us=maybe_number,
    journal=text,
    journal_commit_ms=maybe_number,
    queue=count,
)

small = st.integers(0, 10**6) | st.integers(0, 40)
charts = st.builds(
    ChartView,
    scale_s=st.sampled_from((1, 5, 15, 60, 300, 0, -7)),
    mid_half_ticks=maybe_whole,
    base_half_ticks=whole,
    candles=_many(
        st.builds(
            CandleView,
            ago=st.integers(-3, 400),
            open=small,
            high=small,
            low=small,
            close=small,
            is_after_gap=st.booleans(),
        ),
        12,
    ),
    turns=_many(st.builds(TurnView, ts_ns=whole, sign=st.sampled_from((1, -1)))),
    fills=_many(st.builds(MarkView, ts_ns=whole, sign=st.sampled_from((1, -1)), price_ticks=prices)),
)

triangles = st.integers(0, 5).flatmap(
    lambda n: st.tuples(*[st.lists(maybe_number, min_size=i, max_size=i).map(tuple) for i in range(n)])
)
snapshots: st.SearchStrategy[Snapshot] = st.builds(
    Snapshot,
    seq=count,
    now_ns=whole,
    run=text,
    source=text,
    badge=st.sampled_from(("PAPER", "SIM", "REPLAY", "LIVE")),
    trading_state=st.sampled_from(("ACTIVE", "REDUCING", "HALTED", "\x1b[2J")),
    trading_reason=text,
    quote=text,
    money_digits=st.integers(-1, 30),
    equity_money=whole,
    pnl_money=whole,
    realised_money=whole,
    unrealised_money=whole,
    fees_money=whole,
    drawdown_money=whole,
    max_drawdown_money=whole,
    shown=key,
    instruments=instruments,
    markets=_many(
        st.builds(
            MarketView,
            instrument=key,
            bid_ticks=maybe_whole,
            ask_ticks=maybe_whole,
            last_ticks=maybe_whole,
            state=text,
            age_ns=maybe_whole,
        )
    ),
    book=books(),
    trades=_many(st.builds(TradeView, ts_ns=whole, price_ticks=whole, lots=count, side=side, is_ours=st.booleans()), 6),
    positions=_many(position_rows),
    strategies=_many(strategy_rows),
    orders=_many(order_rows, 6),
    fills=_many(fill_rows),
    refusals=_many(st.builds(RefusalView, check=text, count=count, last_text=text)),
    alerts=_many(alert_rows),
    feeds=_many(feed_rows),
    limits=_many(limit_rows),
    overrides=_many(override_rows),
    equity=st.lists(st.builds(EquityPoint, ts_ns=whole, equity_money=whole), max_size=40).map(tuple),
    results=st.just(()),
    health=health,
    ended=text,
    chart=st.none() | charts,
    regime=st.none() | st.builds(RegimeView, name=text, ratio=maybe_number),
    correlations=triangles,
)
