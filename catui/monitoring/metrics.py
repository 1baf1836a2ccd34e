"""Histories of fixed size: the equity curve, the last prints and fills, what was refused."""

from msgspec import Struct, field

from catui.domain.events import Trade
from catui.domain.orders import Fill, Refused, Verdict
from catui.monitoring.scene import Scene

POINTS = 600
TRADES = 60
FILLS = 200
FIRST_INTERVAL_NS = 1_000_000_000

HELD_BACK = 200
HOUR_NS = 3_600_000_000_000

Point = tuple[int, int]  # ts_ns, equity_money


class HeldBack(Struct, frozen=True):
    """A check that refused or cut an order: of what, what it measured against which limit; `is_alone`: no other did."""

    ts_ns: int
    check: str
    instrument: str
    strategies: tuple[str, ...]  # with a leg in it
    measured: int
    limit: int
    is_alone: bool


class Metrics(Struct, frozen=True):
    """What a console shows of the past. Nothing here decides anything.

    The equity curve has at most 600 points: when it is full, every second one goes and the interval doubles.
    """

    equity: tuple[Point, ...] = ()
    interval_ns: int = FIRST_INTERVAL_NS
    max_drawdown_money: int = 0
    trades: dict[str, tuple[Trade, ...]] = field(default_factory=dict)  # newest first
    fills: tuple[Fill, ...] = ()  # newest first
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)  # by check: count, last text
    orders: int = 0
    held_back: tuple[HeldBack, ...] = ()  # of the last hour, newest first

    @property
    def is_full_of_held(self) -> bool:
        """Whether something of the last hour that was held back may be forgotten."""
        return len(self.held_back) >= HELD_BACK


def remembered(metrics: Metrics, scene: Scene) -> Metrics:
    """The metrics after a step; the same object where there is nothing to remember."""
    event, handled = scene.moment.event, scene.booked.executed.handled
    is_due = not metrics.equity or scene.moment.now_ns - metrics.equity[-1][0] >= metrics.interval_ns
    is_deeper = scene.booked.positions.performance.drawdown_money > metrics.max_drawdown_money
    if not (is_due or is_deeper or handled.fills or handled.verdicts or isinstance(event, Trade)):
        return metrics
    trades, fills, refused, orders = metrics.trades, metrics.fills, metrics.refused, metrics.orders
    held_back = metrics.held_back
    if isinstance(event, Trade) and event.instrument in scene.moment.markets:
        trades = {**trades, event.instrument: (event, *trades.get(event.instrument, ())[: TRADES - 1])}
    if handled.fills:
        fills = (*reversed(handled.fills), *fills)[:FILLS]
    if handled.verdicts:
        refused = _refused(refused, handled.verdicts)
        held_back = _held_back(held_back, handled.verdicts, scene.moment.now_ns)
        orders += sum(not isinstance(verdict, Refused) for verdict in handled.verdicts)
    positions = scene.booked.positions
    equity, interval_ns = _curve(metrics, scene.moment.now_ns, positions.equity_money)
    drawdown = max(metrics.max_drawdown_money, positions.performance.drawdown_money)
    after = Metrics(equity, interval_ns, drawdown, trades, fills, refused, orders, held_back)
    is_same = (
        equity is metrics.equity
        and trades is metrics.trades
        and fills is metrics.fills
        and refused is metrics.refused
        and held_back is metrics.held_back
        and (drawdown, orders) == (metrics.max_drawdown_money, metrics.orders)
    )
    return metrics if is_same else after


def _curve(metrics: Metrics, now_ns: int, equity_money: int) -> tuple[tuple[Point, ...], int]:
    points, interval_ns = metrics.equity, metrics.interval_ns
    if points and now_ns - points[-1][0] < interval_ns:
        return points, interval_ns
    points = (*points, (now_ns, equity_money))
    return (points, interval_ns) if len(points) <= POINTS else (points[::2], interval_ns * 2)


def _refused(refused: dict[str, tuple[int, str]], verdicts: tuple[Verdict, ...]) -> dict[str, tuple[int, str]]:
    after = dict(refused)
    for verdict in verdicts:
        if isinstance(verdict, Refused):
            for reason in verdict.reasons:
                after[reason.check] = (after.get(reason.check, (0, ""))[0] + 1, reason.text)
    return after


def _held_back(before: tuple[HeldBack, ...], verdicts: tuple[Verdict, ...], now_ns: int) -> tuple[HeldBack, ...]:
    """With what these verdicts held back; the last 200 of the last hour."""
    new = tuple(
        HeldBack(
            now_ns,
            reason.check,
            verdict.intent.instrument,
            tuple([leg.strategy for leg in verdict.intent.legs]),
            reason.measured,
            reason.limit,
            len({other.check for other in verdict.reasons}) == 1,
        )
        for verdict in verdicts
        for reason in verdict.reasons
    )
    return tuple([h for h in (*new[::-1], *before) if now_ns - h.ts_ns < HOUR_NS][:HELD_BACK]) if new else before
