"""What came of a branch beside its run: equity at even times, totals since the fork, the first event that differs."""

from collections.abc import Iterator, Sequence

from catui.domain.orders import Order, Refused, Resized
from catui.domain.reports import Outputs, Reports
from catui.domain.settings import Desk
from catui.runtime.marks import TEXT_CELLS, fill_text, order_text
from catui.runtime.past.branch import Branch, Turn
from catui.runtime.past.whatif import Difference, Side
from catui.text import printable


class _Count:
    """One side, while it runs."""

    def __init__(self, reports: Reports) -> None:
        self._first = reports
        self._peak = reports.positions.equity_money
        self._drawdown = self._orders = self._fills = self._resized = 0
        self._wanted = _wanted(reports)
        self.equity: list[int] = []

    def count(self, all_outputs: Sequence[Outputs], reports: Reports) -> None:
        equity = reports.positions.equity_money
        self._peak = max(self._peak, equity)
        self._drawdown = max(self._drawdown, self._peak - equity)
        for outputs in all_outputs:
            self._orders += len(outputs.orders)
            self._fills += len(outputs.fills)
            self._resized += sum(isinstance(verdict, Resized) for verdict in outputs.verdicts)

    def cancels(self, reports: Reports) -> tuple[Order, ...]:
        """The orders that it has begun to cancel since the last look, sent or not."""
        before, self._wanted = self._wanted, _wanted(reports)
        table = reports.orders
        left = (table.working.get(id) or table.ended.get(id) for id in before - self._wanted)
        return tuple(order for order in left if order is not None and order.wish_cancel)

    def side(self, reports: Reports) -> Side:
        first, last = self._first, reports
        refused = {
            check: count - first.risk.refusals.get(check, 0)
            for check, count in last.risk.refusals.items()
            if count > first.risk.refusals.get(check, 0)
        }
        return Side(
            equity_money=tuple(self.equity),
            pnl_money=last.positions.equity_money - first.positions.equity_money,
            drawdown_money=self._drawdown,
            orders=self._orders,
            fills=self._fills,
            fees_money=last.positions.fees_money - first.positions.fees_money,
            resized=self._resized,
            refusals=refused,
        )


class Comparison:
    """Counts the turns of a branch; `points` times are looked at from `from_ns` to `until_ns`."""

    def __init__(self, branch: Branch, before: Reports, from_ns: int, until_ns: int, points: int) -> None:
        self.difference: Difference | None = None
        self._branch = branch
        self._run, self._other, self._control = _Count(before), _Count(before), _Count(before)
        self._from_ns = from_ns
        last = max(points - 1, 1)
        self._times = [from_ns + (until_ns - from_ns) * place // last for place in range(last + 1)]
        self.take(branch.fork)

    def take(self, turn: Turn) -> None:
        """Count a turn that was made just now."""
        self._run.count(turn.run, self._branch.run_reports)
        self._other.count(turn.branch, self._branch.branch_reports)
        self._control.count(turn.control, self._branch.control_reports)
        if self.difference is None:
            self.difference = self._difference(turn)

    def pass_times(self, ts_ns: int) -> None:
        """Before an event of this time: both are, until then, as the last one left them."""
        while len(self._run.equity) < len(self._times) and self._times[len(self._run.equity)] < ts_ns:
            self._look()

    def sides(self) -> tuple[Side, Side, Side | None]:
        """The run, the branch, and the control where there is one, at the end."""
        while len(self._run.equity) < len(self._times):
            self._look()
        branch = self._branch
        control = None if branch.control is None else self._control.side(branch.control_reports)
        return self._run.side(branch.run_reports), self._other.side(branch.branch_reports), control

    def _look(self) -> None:
        self._run.equity.append(self._branch.run_reports.positions.equity_money)
        self._other.equity.append(self._branch.branch_reports.positions.equity_money)
        self._control.equity.append(self._branch.control_reports.positions.equity_money)

    def _difference(self, turn: Turn) -> Difference | None:
        desk = self._branch.desk
        run = list(_done(desk, turn.run, self._run.cancels(self._branch.run_reports)))
        branch = list(_done(desk, turn.branch, self._other.cancels(self._branch.branch_reports)))
        if run == branch:
            return None
        ts_ns = self._from_ns if turn.event is None else turn.event.ts_receive_ns
        return Difference(turn.seq, ts_ns, _words(run), _words(branch))


def _wanted(reports: Reports) -> set[str]:
    """The orders that work and are not to be cancelled."""
    return {id for id, order in reports.orders.working.items() if not order.wish_cancel}


def _words(done: list[str]) -> str:
    return printable("; ".join(done), TEXT_CELLS)


def _done(desk: Desk, all_outputs: Sequence[Outputs], cancelled: Sequence[Order]) -> Iterator[str]:
    """What a side did, in words that are equal where the deeds are."""
    by_key = desk.by_key
    for order in cancelled:
        yield f"cancel {order_text(by_key[order.intent.instrument], order)} by {order.intent.owner}"
    for outputs in all_outputs:
        for order in outputs.orders:
            yield f"{order_text(by_key[order.intent.instrument], order)} by {order.intent.owner}"
        for fill in outputs.fills:
            yield f"filled {fill_text(by_key[fill.instrument], fill)}"
        for verdict in outputs.verdicts:
            if isinstance(verdict, Refused):
                wanted, checks = verdict.intent, ", ".join(f"{each.check} {each.code}" for each in verdict.reasons)
                instrument = by_key[wanted.instrument]
                quantity = instrument.quantity_text(wanted.lots)
                yield f"refused {wanted.side.value} {quantity} {instrument.symbol} by {wanted.owner}: {checks}"
