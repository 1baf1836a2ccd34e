"""One good-looking desk, the same every time: for pictures, benchmarks and tests that need a plain day."""

from msgspec.structs import replace

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
    Snapshot,
    StrategyView,
    TradeView,
    TurnView,
)

SECOND = 1_000_000_000
NOW_NS = 1_767_967_387_120_000_000  # 2026-01-09 14:03:07.120 UTC
MONEY_DIGITS = 4

BTC = InstrumentView("binance:BTCUSDT", "BTCUSDT", "binance", "BTC", "USDT", 2, 10, 3, 1)
ETH = InstrumentView("binance:ETHUSDT", "ETHUSDT", "binance", "ETH", "USDT", 2, 1, 4, 10)
SOL = InstrumentView("kraken:SOLUSD", "SOLUSD", "kraken", "SOL", "USD", 2, 1, 2, 1)


def levels(first_ticks: int, step: int, count: int, seed: int) -> tuple[LevelView, ...]:
    """A side of a book with quantities that look like a market's."""
    lots = [(seed * (n + 3) * 7919 + n * n * 131) % 4200 + 60 + 90 * n for n in range(count)]
    return tuple(LevelView(first_ticks + step * (n + n // 4), lot) for n, lot in enumerate(lots))


def usd(amount: float) -> int:
    """Dollars as the desk's money."""
    return round(amount * 10_000)


def equity_points() -> tuple[EquityPoint, ...]:
    """A day that dips, recovers and ends up."""
    points, value = [], 100_000.0
    for n in range(360):
        drift = 6.0 if n < 90 else -5.5 if n < 150 else 7.5 if n < 300 else 1.0
        value += drift + ((n * 7919) % 97 - 48) * 0.9
        points.append(EquityPoint(NOW_NS - (360 - n) * 20 * SECOND, usd(value)))
    return tuple(points)


def trades() -> tuple[TradeView, ...]:
    """A tape; every eleventh print is ours."""
    tape = []
    for n in range(40):
        is_buy = (n * 13) % 7 > 2
        lots = (n * 7919) % 900 + 1
        tape.append(
            TradeView(NOW_NS - n * 370_000_000, 601_235 + is_buy * 5, lots, "BUY" if is_buy else "SELL", n % 11 == 3)
        )
    return tuple(tape)


def orders() -> tuple[OrderView, ...]:
    """Four orders: two resting, one just sent, one nobody has answered for."""
    return (
        OrderView(
            "c7-000131",
            BTC.key,
            "quoting",
            "BUY",
            601_225,
            200,
            200,
            "LIVE",
            False,
            NOW_NS - 21 * SECOND // 10,
            "",
            ahead_lots=6_001,
        ),
        OrderView(
            "c7-000132",
            BTC.key,
            "quoting",
            "SELL",
            601_255,
            200,
            150,
            "LIVE",
            True,
            NOW_NS - SECOND,
            "replan",
            50 * 601_255,
            1_204_498,
            "target",
        ),
        OrderView("c7-000133", BTC.key, "momentum", "BUY", 601_225, 100, 100, "SENT", False, NOW_NS - SECOND // 4, ""),
        OrderView(
            "c7-000119",
            ETH.key,
            "operator",
            "SELL",
            301_500,
            310,
            310,
            "UNKNOWN",
            False,
            NOW_NS - 94 * SECOND,
            "no answer",
        ),
    )


def history(first: int, last: int) -> tuple[int, ...]:
    """A weight that went from one value to another, in thousandths."""
    return tuple(first + (last - first) * n // 39 + (n * 7919) % 31 - 15 for n in range(40))


def strategy(
    name: str,
    signal: tuple[float, float | None, float | None],
    money: tuple[float, float, float],
    lots: int,
    first_weight: int,
) -> StrategyView:
    """One that runs: its weight, signal and contribution; its realised and unrealised result and its fees."""
    weight, said, contribution = signal
    realised, unrealised, fees = (usd(each) for each in money)
    return StrategyView(
        name=name,
        kind="mean_reversion" if name == "reversion" else name,
        state="RUN",
        weight=weight,
        signal=said,
        contribution=contribution,
        pnl_money=realised + unrealised - fees,
        lots=lots,
        since_ns=NOW_NS - 2 * 3600 * SECOND,
        author="",
        reason="",
        weights_x1000=history(first_weight, int(1000 * weight)),
        realised_money=realised,
        unrealised_money=unrealised,
        fees_money=fees,
    )


def strategies() -> tuple[StrategyView, ...]:
    """Four strategies, one paused by a person; realised, unrealised and fees sum to the totals."""
    imbalance = strategy("imbalance", (0.0, None, None), (4.60, 0.0, 0.40), 0, 250)
    return (
        strategy("momentum", (0.62, 0.71, 0.440), (802.40, 45.10, 7.40), 260, 250),
        strategy("reversion", (0.21, -0.33, -0.069), (128.10, -5.83, 2.27), -40, 250),
        replace(imbalance, state="PAUSE", since_ns=NOW_NS - 125 * SECOND, author="ann", reason="news"),
        strategy("quoting", (0.17, 0.12, 0.020), (242.24, 0.0, 2.03), 200, 250),
    )


def positions() -> tuple[PositionView, ...]:
    """Long one, short another."""
    return (
        PositionView(BTC.key, 420, 60_001_640, 601_237, usd(51.30), usd(1_007.3), usd(9.1), usd(25_251.95), 620, 1_000),
        PositionView(ETH.key, -310, 30_104_000, 301_428, usd(-12.03), usd(170.04), usd(3.0), usd(-9_344.27), 620, 800),
    )


def limits() -> tuple[LimitView, ...]:
    """Limits near, far, overridden and fixed."""
    return (
        LimitView("P18", "MAX_POSITION", BTC.key, 620, 1_100, "lots", True),
        LimitView("P18", "MAX_POSITION", ETH.key, 620, 800, "lots", True),
        LimitView("P19", "MAX_GROSS", "desk", usd(34_596.22), usd(100_000), "money", True),
        LimitView("P25", "MAX_OPEN_ORDERS", "desk", 4, 50, "orders", True),
        LimitView("P28", "MAX_DRAWDOWN", "desk", 9, 1_000, "bps", False),
        LimitView("P29", "MAX_DAILY_LOSS", "desk", 0, usd(2_500), "money", False),
    )


def alerts() -> tuple[AlertView, ...]:
    """One open, one seen, one over; the last one's kind is muted."""
    stale, unknown, paused = (
        "kraken SOLUSD stale for 3.2 s",
        "order c7-000119 unknown for 94 s",
        "imbalance paused by ann",
    )
    seconds = [NOW_NS - n * SECOND for n in (3, 90, 125)]
    over, until = NOW_NS - 60 * SECOND, NOW_NS + 700 * SECOND
    return (
        AlertView("stale_feed kraken:SOLUSD", "warning", stale, seconds[0], 1, False, None, "stale_feed"),
        AlertView("unknown_order c7-000119", "critical", unknown, seconds[1], 3, True, None, "unknown_order"),
        AlertView("paused imbalance", "info", paused, seconds[2], 1, True, over, "paused", until),
    )


def chart() -> ChartView:
    """Two hours of minutes: a walk with a gap in it, two turns of the target, three fills."""
    candles, close = [], 5_200
    for n in range(120, -1, -1):
        if not 44 <= n < 50:  # the feed was lost
            begin, step = close, ((n * 7919) % 97 - 48) + (18 if n > 70 else -9)
            close = begin + step
            high, low = max(begin, close) + (n * 31) % 23, min(begin, close) - (n * 17) % 19
            candles.append(CandleView(n, begin, high, low, close, n == 43))
    base = 2 * 601_237 + 1 - candles[-1].close
    minute = 60 * SECOND
    return ChartView(
        60,
        2 * 601_237 + 1,
        base,
        tuple(candles),
        (TurnView(NOW_NS - 100 * minute, 1), TurnView(NOW_NS - 30 * minute, -1)),
        (
            MarkView(NOW_NS - 98 * minute, 1, (base + 5_400) // 2),
            MarkView(NOW_NS - 28 * minute, -1, (base + 5_900) // 2),
            MarkView(NOW_NS - 3 * minute, 1, (base + candles[-4].close) // 2),
        ),
    )


def sample_snapshot() -> Snapshot:
    """The desk of a plain day at 14:03:07 UTC."""
    book = BookView(
        BTC.key,
        bids=levels(601_235, -5, 40, 11),
        asks=levels(601_240, 5, 40, 17),
        bid_ticks=601_235,
        ask_ticks=601_240,
        last_ticks=601_235,
        last_side="BUY",
        age_ns=200_000_000,
        state="ok",
        imbalance=0.31,
    )
    return Snapshot(
        seq=1_204_551,
        now_ns=NOW_NS,
        run="2026-01-09T12-00-00",
        source="binance, kraken",
        badge="PAPER",
        trading_state="ACTIVE",
        trading_reason="",
        quote="USDT",
        money_digits=MONEY_DIGITS,
        equity_money=usd(101_204.51),
        pnl_money=usd(1_204.51),
        realised_money=usd(1_177.34),
        unrealised_money=usd(39.27),
        fees_money=usd(12.10),
        drawdown_money=usd(88.10),
        max_drawdown_money=usd(210.40),
        shown=BTC.key,
        instruments=(BTC, ETH, SOL),
        markets=(
            MarketView(BTC.key, 601_235, 601_240, 601_235, "ok", 200_000_000),
            MarketView(ETH.key, 301_427, 301_429, 301_428, "ok", 400_000_000),
            MarketView(SOL.key, 14_212, 14_215, 14_212, "stale", 3_200_000_000),
        ),
        book=book,
        trades=trades(),
        positions=positions(),
        strategies=strategies(),
        orders=orders(),
        fills=(
            FillView(NOW_NS - 41 * SECOND, BTC.key, "BUY", 601_230, 200, usd(1.2), "quoting", "c7-000127"),
            FillView(NOW_NS - 67 * SECOND, ETH.key, "SELL", 301_440, 150, usd(0.45), "momentum", "c7-000121"),
            FillView(NOW_NS - 95 * SECOND, BTC.key, "SELL", 601_250, 100, usd(0.6), "quoting", "c7-000118"),
        ),
        refusals=(
            RefusalView("P18 MAX_POSITION", 12, "want +0.479, 0.180 free of 1.000"),
            RefusalView("P12 PRICE_COLLAR", 2, "312 bps from the mid, limit 200"),
        ),
        alerts=alerts(),
        feeds=(
            FeedView("binance", "LIVE", 12_000_000, 0, "2 streams"),
            FeedView("kraken", "SYNCING", 3_200_000_000, 2, "snapshot asked"),
        ),
        limits=limits(),
        overrides=(OverrideView("o1", "P18", BTC.key, 100, NOW_NS + 192 * SECOND, 60, "ann", "roll into the close"),),
        equity=equity_points(),
        results=(),
        health=HealthView(
            88.0,
            210.0,
            1_400.0,
            "ok",
            1.8,
            0,
            sent_p50_us=320.0,
            sent_p99_us=900.0,
            sent_max_us=1_200.0,
            clock_us=800.0,
        ),
        chart=chart(),
    )


def halted_snapshot() -> Snapshot:
    """The same desk with real money, halted."""
    return replace(
        sample_snapshot(), badge="LIVE", trading_state="HALTED", trading_reason="daily loss 2,510.20 of 2,500.00"
    )


def starting_snapshot() -> Snapshot:
    """Before anything came: nothing held, nothing known, waiting for the first book."""
    full = sample_snapshot()
    return replace(
        full,
        seq=0,
        equity_money=usd(100_000),
        pnl_money=0,
        realised_money=0,
        unrealised_money=0,
        fees_money=0,
        drawdown_money=0,
        max_drawdown_money=0,
        markets=(),
        book=BookView(BTC.key, detail="binance: handshake 0.4 s"),
        trades=(),
        positions=(),
        orders=(),
        fills=(),
        refusals=(),
        alerts=(),
        overrides=(),
        equity=(),
        chart=None,
        feeds=(FeedView("binance", "CONNECTING", None, 0, "handshake"),),
        health=HealthView(),
    )
