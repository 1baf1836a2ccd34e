"""view(state) -> Snapshot: everything the console shows, one frozen value, small enough to send twelve times a second.

A snapshot is the same for a live desk, a replayed run and a moment of the past. It carries ints on their grids and the
grids beside them, no text of a venue that has not passed the gate, no secret, and no clock but `now_ns`.

values   what stands in it; this is all that a console needs
parts    where in a pipeline's state it is read off
whole    view(state), of what `markets`, `strategies` and `trading` read off
"""

from catui.snapshot.values import (
    AlertView,
    BookView,
    CandleView,
    ChartView,
    ConsoleView,
    EquityPoint,
    FeedView,
    FillView,
    HealthView,
    InstrumentView,
    LevelView,
    LimitView,
    LogView,
    MarketView,
    MarkView,
    OrderView,
    OverrideView,
    PositionView,
    RefusalView,
    RegimeView,
    ResultView,
    Snapshot,
    StrategyView,
    TradeView,
    Triangle,
    TurnView,
    View,
)

__all__ = [
    "AlertView",
    "BookView",
    "CandleView",
    "ChartView",
    "ConsoleView",
    "EquityPoint",
    "FeedView",
    "FillView",
    "HealthView",
    "InstrumentView",
    "LevelView",
    "LimitView",
    "LogView",
    "MarkView",
    "MarketView",
    "OrderView",
    "OverrideView",
    "PositionView",
    "RefusalView",
    "RegimeView",
    "ResultView",
    "Snapshot",
    "StrategyView",
    "TradeView",
    "Triangle",
    "TurnView",
    "View",
]
