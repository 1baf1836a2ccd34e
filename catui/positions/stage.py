"""The position stage: two ledgers of the same fills, by strategy and for the desk alone, at the marks."""

from typing import Any

from msgspec import Struct, field

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


class LedgerState(Struct, frozen=True):
    """The positions as published, and by instrument and owner the sums that make a new mark cheap."""

    positions: Positions
    worth: ByOwner = field(default_factory=dict)
    unrealised: ByOwner = field(default_factory=dict)


def positions(desk: Desk) -> Machine[Any, Wire, BookedWire]:
    """Fills to the ledger; marks to results, for each strategy and the desk.

    A fill is booked to the strategies by its legs, its fee by their size, and once more to the desk as a whole.
    Laws: realised - fees + unrealised == equity - start, exactly; the strategies' results sum to the desk's;
    `residual_money`, the difference of the two ledgers, is 0.
    """
    units, start = desk.unit_money, desk.money(desk.start_equity_quote)
    nothing = {name: Performance() for name in desk.strategy_names}
    first = LedgerState(Positions(equity_money=start, by_strategy=nothing))

    def step(state: LedgerState, wire: Wire) -> tuple[LedgerState, BookedWire]:
        (moment, executed), reports = wire
        fills = executed.handled.fills
        key = moment.changed
        is_held = key is not None and key in state.positions.desk and _is_open(state.positions, key)
        day = moment.now_ns // DAY_NS
        if fills or is_held or day != state.positions.performance.day:
            ledger = state.positions
            for fill in fills:
                ledger = _with_fill(ledger, fill, units[fill.instrument])
            changed = {fill.instrument for fill in fills} | ({key} if is_held and key is not None else set())
            state = _marked(state, ledger, tuple(k for k in ledger.desk if k in changed), moment, units, start)
        return state, ((moment, Booked(executed, state.positions)), reports)

    return named("positions", atom(first, step))


def _is_open(ledger: Positions, key: str) -> bool:
    return any(account.lots for account in ledger.accounts[key].values())


def _with_fill(ledger: Positions, fill: Fill, unit_money: int) -> Positions:
    """Both ledgers after one fill; results and totals are `_marked`'s."""
    key, told = fill.instrument, fill.execution
    owners = dict(ledger.accounts.get(key, {}))
    fees = shared(fill.fee_money, (abs(leg.lots) for leg in fill.legs)) if fill.legs else ()
    for leg, fee in zip(fill.legs, fees, strict=True):
        if leg.lots:
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


def _marked(
    state: LedgerState, ledger: Positions, changed: tuple[str, ...], moment: Moment, units: dict[str, int], start: int
) -> LedgerState:
    """The ledger at the newest marks of the instruments that changed, with all totals."""
    marks = ledger.marks
    worth, unrealised = dict(state.worth), dict(state.unrealised)
    for key in changed:
        mark = moment.markets[key].mark_ticks
        mark = marks[key] if mark is None else mark
        marks = {**marks, key: mark}
        for owner, account in ledger.accounts[key].items():
            worth[key, owner] = worth_money(account, mark, units[key])
            unrealised[key, owner] = unrealised_money(account, mark, units[key])
    by_owner = push(worth, lambda pair: pair[1])
    total = sum(by_owner.values())
    day = moment.now_ns // DAY_NS
    accounts = [account for owners in ledger.accounts.values() for account in owners.values()]
    at_desk = sum(worth_money(account, marks[key], units[key]) for key, account in ledger.desk.items())
    names = dict.fromkeys((*ledger.by_strategy, *by_owner))
    published = Positions(
        accounts=ledger.accounts,
        desk=ledger.desk,
        marks=marks,
        equity_money=start + total,
        realised_money=sum(account.realised_money for account in accounts),
        unrealised_money=sum(unrealised.values()),
        fees_money=sum(account.fees_money for account in accounts),
        performance=_performed(ledger.performance, total, day),
        by_strategy={
            name: _performed(ledger.by_strategy.get(name, Performance()), by_owner.get(name, 0), day) for name in names
        },
        residual_money=abs(total - at_desk) + _lots_residual(ledger),
    )
    return LedgerState(published, worth, unrealised)


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
