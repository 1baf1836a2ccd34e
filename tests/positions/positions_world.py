"""A desk on two instruments of different units, and the position stage driven step by step."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from catui.core.machine import Machine
from catui.domain.events import Quote, Tick, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Market, Moment
from catui.domain.orders import Execution, Fill, Leg, Side
from catui.domain.reports import Account, Executed, Handled, OrderTable, Positions, Reports, RiskState
from catui.domain.settings import Desk, StrategySettings
from catui.positions import positions
from catui.positions.ledger import booked
from catui.positions.stage import DAY_NS

AAA = Instrument("paper", "AAA", "AAA", "USD", tick_size="1", lot_size="1")
BBB = Instrument("paper", "BBB", "BBB", "USD", tick_size="0.05", lot_size="0.001")
A, B = AAA.key, BBB.key
NAMES = ("up", "down", "still")
DESK = Desk(7, (AAA, BBB), tuple(StrategySettings(name, "momentum") for name in NAMES), start_equity_quote="1000")
UNITS = DESK.unit_money  # 1 dollar is 10**8: a tick times a lot of AAA 10**8, of BBB 5 * 10**3
USD = 10**8
START = DESK.money("1000")
DAY = 19_000
NOON = DAY * DAY_NS + DAY_NS // 2
CONTROL = Control(TradingState.ACTIVE, "", {}, 1)
REPORTS = Reports()


def fill(legs: dict[str, int], price: int = 100, fee: int = 0, key: str = A, signed_lots: int | None = None) -> Fill:
    """A fill shared over `legs`; `signed_lots` where they do not sum to it."""
    signed = sum(legs.values()) if signed_lots is None else signed_lots
    execution = Execution("f-1", price, abs(signed), fee, 8, "USD", is_maker=False)
    shares = tuple(Leg(name, lots) for name, lots in legs.items())
    return Fill("o-1", key, Side.of(signed), execution, shares, fee, NOON, 1)


def executed(fills: tuple[Fill, ...]) -> Executed:
    return Executed(Handled((), (), fills, (), OrderTable(), RiskState()), (), ())


class Session:
    """The position stage with its state, and the marks of its markets."""

    def __init__(self) -> None:
        self.machine: Machine[Any, Any, Any] = positions(DESK)
        self.state: Positions = self.machine.init
        self.markets = {key: Market(key) for key in (A, B)}

    def step(self, *fills: Fill, mark: int | None = None, key: str = A, now_ns: int = NOON) -> Positions:
        """One step: with a `mark`, a quote with that mid for `key`; then the fills."""
        changed = None
        if mark is not None:
            self.markets = {**self.markets, key: Market(key, bid_ticks=mark - 1, ask_ticks=mark + 1)}
            changed = key
        event = Tick(now_ns) if mark is None else Quote(key, now_ns, None, mark - 1, 1, mark + 1, 1)
        moment = Moment(event, now_ns, CONTROL, None, (), self.markets, changed)
        done = executed(fills)
        state, ((same, told), reports) = self.machine.step(self.state, ((moment, done), REPORTS))
        assert same is moment
        assert reports is REPORTS
        assert told.executed is done
        assert told.positions is state
        assert isinstance(state, Positions)
        self.state = state
        return state


def account_of(fills: Iterable[tuple[int, int, int]], unit_money: int = 1) -> Account:
    """The account after fills of `(signed lots, price_ticks, fee_money)`."""
    account = Account()
    for lots, price, fee in fills:
        account = booked(account, lots, price, unit_money, fee)
    return account


# --- random fills ----------------------------------------------------------------------------------------------------

signed = st.integers(-9, 9).filter(bool)
prices = st.integers(1, 60)
fees = st.integers(-40, 40)
trades = st.lists(st.tuples(signed, prices, fees), max_size=30)


@st.composite
def netted_fills(draw: st.DrawFn, names: tuple[str, ...] = NAMES) -> Fill:
    """A fill with legs of any signs, zeros among them, that sum to what was filled; the fee may be a rebate."""
    owners = draw(st.permutations(names))[: draw(st.integers(1, len(names)))]
    legs = {name: draw(st.integers(-9, 9)) for name in owners}
    if sum(legs.values()) == 0:
        legs[owners[0]] += draw(st.sampled_from([-1, 1]))
    return fill(legs, draw(prices), draw(fees), draw(st.sampled_from([A, B])))


Step = tuple[tuple[Fill, ...], int | None, str, int]
marks = st.one_of(st.none(), st.integers(2, 60))
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.lists(netted_fills(), max_size=2).map(tuple),
        marks,
        st.sampled_from([A, B]),
        st.sampled_from([0, 0, DAY_NS // 3]),
    ),
    max_size=15,
)


def walked(session: Session, some: Iterable[Step]) -> Iterable[Positions]:
    """The ledger after every step; time passes by what each step says."""
    now_ns = NOON
    for fills, mark, key, passed_ns in some:
        now_ns += passed_ns
        yield session.step(*fills, mark=mark, key=key, now_ns=now_ns)
