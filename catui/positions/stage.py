"""The position stage: two ledgers of the same fills, by strategy and for the desk alone, at the marks."""

from typing import Any

from msgspec.structs import replace

from catui.core.machine import Machine, atom, named
from catui.domain.moment import Moment
from catui.domain.orders import Fill
from catui.domain.reports import Account, Booked, Executed, Performance, Positions, Reports
from catui.domain.settings import Desk
from catui.positions.ledger import booked, unrealised_money, worth_money
from catui.positions.netting import push, shared

DAY_NS = 86_400_000_000_000
NO_ACCOUNT = Account()

Wire = tuple[tuple[Moment, Executed], Reports]
BookedWire = tuple[tuple[Moment, Booked], Reports]
ByOwner = dict[tuple[str, str], int]  # money by (instrument, strategy)


def positions(desk: Desk) -> Machine[Any, Wire, BookedWire]:
    """Fills to the ledger; marks to results, for each strategy and the desk.

    A fill is booked to the strategies by its legs, its fee by their size, and once more to the desk as a whole.
    Laws: realised - fees + unrealised == equity - start, exactly; the strategies' results sum to the desk's;
    `residual_money`, the difference of the two ledgers, is 0.
    """
    units, start = desk.unit_money, desk.money(desk.start_equity_quote)
    nothing = {name: Performance() for name in desk.strategy_names}
    first = Positions(equity_money=start, by_strategy=nothing)

    def step(state: Positions, wire: Wire) -> tuple[Positions, BookedWire]:
        (moment, executed), reports = wire
        fills = executed.handled.fills
        key, ledger = moment.changed, state
        if fills or moment.now_ns // DAY_NS != ledger.performance.day:
            for fill in fills:
                ledger = _with_fill(ledger, fill, units[fill.instrument])
            changed = dict.fromkeys(fill.instrument for fill in fills)
            if key is not None and key in ledger.marks:
                changed[key] = None  # the event may have moved the mark of another instrument than it filled
            state = _totalled(ledger, tuple(changed), moment, units, start)
        elif key is not None and key in ledger.marks:
            mark = moment.markets[key].mark_ticks
            if mark is not None and mark != ledger.marks[key]:
                state = _marked(ledger, key, mark, units[key])
        return state, ((moment, Booked(executed, state)), reports)

    return named("positions", atom(first, step))


def _with_fill(ledger: Positions, fill: Fill, unit_money: int) -> Positions:
    """Both ledgers after one fill; results and totals are `_marked`'s."""
    key, told = fill.instrument, fill.execution
    owners = dict(ledger.accounts.get(key, {}))
    legs = tuple(leg for leg in fill.legs if leg.lots)
    fees = shared(fill.fee_money, (abs(leg.lots) for leg in legs)) if legs else ()
    for leg, fee in zip(legs, fees, strict=True):
        before = owners.get(leg.strategy, NO_ACCOUNT)
        owners[leg.strategy] = booked(before, leg.lots, told.price_ticks, unit_money, fee)
    whole = booked(
        ledger.desk.get(key, NO_ACCOUNT), fill.side.sign * told.lots, told.price_ticks, unit_money, fill.fee_money
    )
    return Positions(
        accounts={**ledger.accounts, key: owners},
        desk={**ledger.desk, key: whole},
        marks={key: told.price_ticks, **ledger.marks},
        equity_money=ledger.equity_money,
        performance=ledger.performance,
        by_strategy=ledger.by_strategy,
    )


def _marked(ledger: Positions, key: str, mark: int, unit_money: int) -> Positions:
    """The ledger at a new mark of one instrument: only what it moves is counted again.

    Law: equal to `_totalled` at the same marks.
    """
    moved, day = (mark - ledger.marks[key]) * unit_money, ledger.performance.day
    gains = {owner: account.lots * moved for owner, account in ledger.accounts[key].items() if account.lots}
    total = sum(gains.values())
    marks = {**ledger.marks, key: mark}
    if not gains:
        return replace(ledger, marks=marks)
    pnl_money = ledger.performance.pnl_money + total
    by_strategy = dict(ledger.by_strategy)
    for owner, gain in gains.items():
        by_strategy[owner] = _performed(by_strategy[owner], by_strategy[owner].pnl_money + gain, day)
    return Positions(
        accounts=ledger.accounts,
        desk=ledger.desk,
        marks=marks,
        equity_money=ledger.equity_money + total,
        realised_money=ledger.realised_money,
        unrealised_money=ledger.unrealised_money + total,
        fees_money=ledger.fees_money,
        performance=_performed(ledger.performance, pnl_money, day),
        by_strategy=by_strategy,
        residual_money=ledger.residual_money + abs(total - ledger.desk[key].lots * moved),
    )


def _totalled(
    ledger: Positions, changed: tuple[str, ...], moment: Moment, units: dict[str, int], start: int
) -> Positions:
    """The ledger with every total counted from the accounts, at the newest marks of the `changed` instruments."""
    marks = ledger.marks
    for key in changed:
        mark = moment.markets[key].mark_ticks
        marks = {**marks, key: marks[key] if mark is None else mark}
    worth: ByOwner = {}
    unrealised = 0
    for key, owners in ledger.accounts.items():
        for owner, account in owners.items():
            worth[key, owner] = worth_money(account, marks[key], units[key])
            unrealised += unrealised_money(account, marks[key], units[key])
    by_owner = push(worth, lambda pair: pair[1])
    total = sum(by_owner.values())
    day = moment.now_ns // DAY_NS
    accounts = [account for owners in ledger.accounts.values() for account in owners.values()]
    at_desk = sum(worth_money(account, marks[key], units[key]) for key, account in ledger.desk.items())
    names = dict.fromkeys((*ledger.by_strategy, *by_owner))
    return Positions(
        accounts=ledger.accounts,
        desk=ledger.desk,
        marks=marks,
        equity_money=start + total,
        realised_money=sum(account.realised_money for account in accounts),
        unrealised_money=unrealised,
        fees_money=sum(account.fees_money for account in accounts),
        performance=_performed(ledger.performance, total, day),
        by_strategy={
            name: _performed(ledger.by_strategy.get(name, Performance()), by_owner.get(name, 0), day) for name in names
        },
        residual_money=abs(total - at_desk) + _lots_residual(ledger),
    )


def _lots_residual(ledger: Positions) -> int:
    """How many lots the strategies hold together that the desk does not; 0 unless a leg was lost."""
    return sum(
        abs(sum(account.lots for account in ledger.accounts[key].values()) - whole.lots)
        for key, whole in ledger.desk.items()
    )


def _performed(before: Performance, pnl_money: int, day: int) -> Performance:
    """A running result with a new value; the UTC day begins with the result that it found."""
    day_start = before.day_start_money if day == before.day else before.pnl_money
    return Performance(pnl_money, max(before.peak_money, pnl_money), day, day_start)
