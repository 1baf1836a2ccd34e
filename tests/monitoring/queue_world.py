"""Resting orders and the market they stand in, event by event, as the queue estimate sees them."""

from collections.abc import Callable
from typing import Any

from monitoring_world import desk, scene
from msgspec.structs import replace

from catui.domain.events import BookDelta, BookSnapshot, Event, Gap, Level, Report, Tick, Trade
from catui.domain.moment import Market
from catui.domain.orders import Cause, Execution, Fill, Intent, Leg, Order, Side, Status
from catui.domain.reports import Handled, OrderTable, Reports, RiskState
from catui.market.stage import FOLDS
from catui.monitoring.queues import Queues, queues

KEY = "paper:AAA"
MS = 1_000_000
BID, ASK = Side.BUY, Side.SELL


class Floor:
    """One market, our orders in it, and what the machine says of each. A step is a millisecond, by every clock."""

    def __init__(self, mode: str = "venue") -> None:
        settings = desk()
        self.machine = queues(replace(settings, execution=replace(settings.execution, mode=mode)))
        self.held: Queues = self.machine.init
        self.market = Market(KEY)
        self.table = OrderTable()
        self.now_ns = 1_700_000_000_000_000_000
        self.book_id = 0

    def step(self, event: Event, table: OrderTable | None = None, fills: tuple[Fill, ...] = ()) -> None:
        """One event, and the table behind it."""
        known, self.table = self.table, self.table if table is None else table
        fold: Callable[[Market, Any], Market] | None = FOLDS.get(type(event))
        if fold is not None:
            self.market = fold(self.market, event)
        seen = scene(
            event,
            now_ns=self.now_ns,
            markets=(self.market,),
            handled=Handled((), (), fills, (), self.table, RiskState()),
            reports=Reports(orders=known),
            changed=None if fold is None else KEY,
        )
        self.held, passed = self.machine.step(self.held, seen)
        assert passed is seen

    def later(self) -> int:
        self.now_ns += MS
        return self.now_ns

    def snapshot(self, bids: tuple[Level, ...], asks: tuple[Level, ...]) -> None:
        self.book_id += 1
        self.step(BookSnapshot(KEY, self.later(), self.now_ns, self.book_id, bids, asks))

    def delta(self, *bids: Level, asks: tuple[Level, ...] = ()) -> None:
        self.book_id += 1
        self.step(BookDelta(KEY, self.later(), self.now_ns, self.book_id, bids, asks))

    def trade(self, price: int, lots: int, taker: Side = ASK, at_ns: int | None = None) -> None:
        now_ns = self.later()
        self.step(Trade(KEY, now_ns, now_ns if at_ns is None else at_ns, now_ns, price, lots, taker))

    def gap(self) -> None:
        self.step(Gap(KEY, self.later(), "lost", 1, 3))

    def tick(self) -> None:
        self.step(Tick(self.later()))

    def accepted(self, name: str, price: int, lots: int = 5, side: Side = BID) -> None:
        """An order of ours rests from now on, and the venue says so."""
        now_ns = self.later()
        intent = Intent(KEY, side, lots, price, (Leg("up", side.sign * lots),), "ensemble", 7)
        order = Order(name, intent, lots, Status.LIVE, now_ns, now_ns, now_ns, 7)
        working = {**self.table.working, name: order}
        self.step(Report(name, now_ns, now_ns, Cause.ACCEPTED, "stream"), replace(self.table, working=working))

    def filled(self, name: str, lots: int) -> None:
        """So many lots of a resting order traded; one that is filled whole has ended."""
        now_ns, order = self.later(), self.table.working[name]
        told = Execution(f"{name}-{now_ns}", order.intent.limit_ticks, lots, 0, 0, "USD", is_maker=True)
        fill = Fill(name, KEY, order.intent.side, told, order.intent.legs, 0, now_ns, 7)
        after = replace(order, cum_lots=order.cum_lots + lots)
        working = {**self.table.working, name: after}
        if not after.leaves_lots:
            del working[name]
        table = replace(self.table, working=working)
        self.step(Report(name, now_ns, now_ns, Cause.FILL, "stream", execution=told), table, (fill,))

    def ended(self, name: str) -> None:
        working = {id: order for id, order in self.table.working.items() if id != name}
        now_ns = self.later()
        self.step(Report(name, now_ns, now_ns, Cause.CANCELLED, "stream"), replace(self.table, working=working))

    def ahead(self, name: str) -> int | None:
        return self.held.places[name].ahead_lots
