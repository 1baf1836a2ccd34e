"""What the venues say: instruments, books, prints, charts, feeds."""

from collections.abc import Iterable

from catui.domain.events import FeedState, Trade
from catui.domain.instrument import Instrument
from catui.domain.moment import Market
from catui.domain.settings import Desk
from catui.market import MarketState
from catui.monitoring import SCALES_S, Metrics, Series, recent
from catui.snapshot.parts import Parts
from catui.snapshot.values import (
    BookState,
    BookView,
    CandleView,
    ChartView,
    FeedView,
    InstrumentView,
    LevelView,
    MarketView,
    MarkView,
    TradeView,
    TurnView,
    View,
)


def instrument(i: Instrument) -> InstrumentView:
    """The grids on which its numbers are written."""
    prices, lots = i.price_grid, i.quantity_grid
    return InstrumentView(i.key, i.symbol, i.venue, i.base, i.quote, prices.scale, prices.step, lots.scale, lots.step)


def _age(then_ns: int | None, now_ns: int) -> int | None:
    return None if then_ns is None else max(0, now_ns - then_ns)


FAULTS: tuple[BookState, ...] = ("crossed", "one-sided", "empty")  # as the market stage begins its words for them


def _state(desk: Desk, market: Market, now_ns: int) -> BookState:
    age_ns = _age(market.quote_ns, now_ns)
    if age_ns is None:
        return "waiting"
    if not market.is_valid:
        return next((fault for fault in FAULTS if market.why_invalid.startswith(fault)), "gap")
    return "stale" if age_ns > desk.risk.stale_ms * 1_000_000 else "ok"


def market_line(desk: Desk, market: Market, now_ns: int) -> MarketView:
    """One line of it: touch, last price, state."""
    state, age_ns = _state(desk, market, now_ns), _age(market.quote_ns, now_ns)
    return MarketView(market.instrument, market.bid_ticks, market.ask_ticks, market.last_ticks, state, age_ns)


def book(desk: Desk, market: Market, depth: int, now_ns: int) -> BookView:
    """Its book, `depth` levels a side."""
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


def trades(metrics: Metrics, key: str, count: int) -> tuple[TradeView, ...]:
    """Public prints and our own fills of the shown instrument, newest first."""
    prints: Iterable[Trade] = metrics.trades.get(key, ())
    public = [TradeView(t.ts_receive_ns, t.price_ticks, t.lots, t.taker.value, False) for t in prints]
    ours = [
        TradeView(f.ts_receive_ns, f.execution.price_ticks, f.execution.lots, f.side.value, True)
        for f in metrics.fills
        if f.instrument == key
    ]
    return tuple(sorted(public + ours, key=lambda t: -t.ts_ns)[:count])


MARKS = 100  # fills on a chart, at most


def chart(parts: Parts, key: str, look: View, now_ns: int) -> ChartView:
    """Candles, turns of the target and fills of ours, as far back as the view asks."""
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


def feeds(desk: Desk, market: MarketState, now_ns: int) -> tuple[FeedView, ...]:
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
