"""A desk on two instruments with round numbers, for the tests of risk: one tick times one lot is one dollar.

`paper:AAA` has its mid at 100, `paper:BBB` at 10. Every limit is far away, unless a test brings it near.
"""

from typing import Any, TypeVar

from hypothesis import strategies as st
from msgspec.structs import replace

from catui.core.machine import Machine
from catui.domain.events import Action, Command, Event, Tick, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Market, Moment, Standing, StrategyState
from catui.domain.orders import Intent, Leg, Order, Reason, Refused, Side, Status, Verdict
from catui.domain.reports import Account, Amend, Judged, OrderTable, Performance, Plan, Positions, Reports
from catui.domain.settings import Desk, RiskSettings, StrategySettings
from catui.risk import risk
from catui.risk.caps import caps
from catui.risk.context import context_of
from catui.risk.gate import judge
from catui.risk.limits import Context
from catui.risk.predicates import predicates

A, B = "paper:AAA", "paper:BBB"
AAA = Instrument("paper", "AAA", "AAA", "USD", "1", "1", min_notional="300", min_lots=2)
BBB = Instrument("paper", "BBB", "BBB", "USD", "1", "1")
MONEY = 10**8  # of one dollar
MS = 1_000_000
S = 1_000_000_000
NOW = 1_000 * S
WARM = 50
FAR = RiskSettings(
    max_order_notional_quote="1000000",
    max_order_quote="1000000",
    max_position_quote="1000000",
    max_strategy_position_quote="1000000",
    max_gross_quote="1000000",
    max_daily_loss_quote="1000000",
    max_open_orders=1000,
    max_open_orders_instrument=1000,
)
NAMES = ("up", "down")
T = TypeVar("T")


def desk(**limits: Any) -> Desk:
    strategies = tuple(StrategySettings(name, "momentum") for name in NAMES)
    return Desk(7, (AAA, BBB), strategies, risk=replace(FAR, **limits))


def market(key: str = A, **changes: Any) -> Market:
    """A valid book, one tick round the mid, heard of just now."""
    mid = 100 if key == A else 10
    known: dict[str, Any] = {"bid_ticks": mid - 1, "ask_ticks": mid + 1, "last_ticks": mid, "quote_ns": NOW}
    return Market(key, **(known | {"is_valid": True, "why_invalid": "", "ticks": WARM} | changes))


MARKETS = {A: market(A), B: market(B)}


def intent(side: Side = Side.BUY, lots: int = 10, price: int = 100, key: str = A, **changes: Any) -> Intent:
    """The operator's order; `legs` for whose it is else."""
    known: dict[str, Any] = {"legs": (Leg("manual", side.sign * lots),), "owner": "manual", "cause_seq": 1}
    return Intent(key, side, lots, price, **(known | changes))


def of_strategies(lots: int = 10, price: int = 100, key: str = A, **legs: int) -> Intent:
    """The ensemble's order, with signed legs by strategy; `lots` is what they sum to."""
    signed = sum(legs.values())
    assert abs(signed) == lots
    shares = tuple(Leg(name, share) for name, share in legs.items())
    return intent(Side.of(signed), lots, price, key, legs=shares, owner="ensemble")


def order(of: Intent, id: str = "o-1", cum_lots: int = 0) -> Order:
    return Order(id, of, of.lots, Status.LIVE, NOW, NOW, 0, 1, cum_lots=cum_lots)


def reports(
    held: dict[str, dict[str, int]] | None = None, orders: tuple[Intent, ...] = (), **performance: int
) -> Reports:
    """What is held by instrument and owner, and what works."""
    accounts = {key: {name: Account(lots) for name, lots in of.items()} for key, of in (held or {}).items()}
    table = {f"o-{n}": order(of, f"o-{n}") for n, of in enumerate(orders)}
    positions = Positions(accounts, performance=Performance(**performance))
    return Reports(positions=positions, orders=OrderTable(working=table))


def moment(
    action: Action | None = None,
    now_ns: int = NOW,
    state: TradingState = TradingState.ACTIVE,
    strategies: dict[str, StrategyState] | None = None,
    markets: dict[str, Market] | None = None,
    command_id: str = "c-1",
) -> Moment:
    command = None if action is None else Command(command_id, "ann", now_ns, action, "a good reason")
    event: Event = command or Tick(now_ns)
    standings = {name: Standing((strategies or {}).get(name, StrategyState.RUN)) for name in NAMES}
    control = Control(state, "", standings, seq=1)
    return Moment(event, now_ns, control, command, (), MARKETS if markets is None else markets, None)


def context(
    held: dict[str, dict[str, int]] | None = None,
    orders: tuple[Intent, ...] = (),
    state: TradingState = TradingState.ACTIVE,
    **changes: Any,
) -> Context:
    """All well, nothing held, nothing at work, but for what is said."""
    return replace(context_of(moment(state=state), reports(held, orders)), **changes)


def weighed(of: Desk, known: Context, wanted: Intent) -> Verdict:
    """Stages 1 and 2 of the gate."""
    return judge(caps(of), predicates(of))(known, wanted)


def lots_of(verdict: Verdict) -> int:
    return 0 if isinstance(verdict, Refused) else verdict.lots


def checks_of(verdict: Verdict) -> list[str]:
    return [reason.check for reason in verdict.reasons]


def only_reason(verdict: Verdict) -> Reason:
    assert len(verdict.reasons) == 1, verdict
    return verdict.reasons[0]


class Session:
    """The risk stage with its state."""

    def __init__(self, of: Desk | None = None) -> None:
        self.machine: Machine[Any, Any, Any] = risk(of or desk())
        self.state: Any = self.machine.init
        self.now_ns = NOW

    def at(
        self, action: Action | None = None, state: TradingState = TradingState.ACTIVE, command_id: str = "c-1"
    ) -> Moment:
        """This moment, with quotes just heard."""
        fresh = {key: replace(each, quote_ns=self.now_ns) for key, each in MARKETS.items()}
        return moment(action, self.now_ns, state, markets=fresh, command_id=command_id)

    def step(
        self,
        *intents: Intent,
        cancels: tuple[str, ...] = (),
        amends: tuple[Amend, ...] = (),
        action: Action | None = None,
        told: Reports | None = None,
        state: TradingState = TradingState.ACTIVE,
        later_ns: int = 0,
        command_id: str = "c-1",
    ) -> Judged:
        self.now_ns += later_ns
        at = self.at(action, state, command_id)
        wire = ((at, Plan(intents, cancels, amends)), told or reports())
        self.state, ((passed, judged), same) = self.machine.step(self.state, wire)
        assert passed is at
        assert same is wire[1]
        assert isinstance(judged, Judged)
        return judged


def mostly(usual: T, unusual: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """The usual value seven times of eight: a gate that refuses everything obeys every law."""
    return st.integers(0, 7).flatmap(lambda die: unusual if die == 5 else st.just(usual))


sides = st.sampled_from(Side)
holdings = st.dictionaries(
    st.sampled_from((A, B)), st.dictionaries(st.sampled_from((*NAMES, "manual")), st.integers(-80, 80)), max_size=2
)
books: st.SearchStrategy[dict[str, Any]] = mostly(
    {},
    st.sampled_from(
        (
            {"is_valid": False, "why_invalid": "gap"},
            {"quote_ns": None},
            {"quote_ns": NOW - 5 * S},
            {"bid_ticks": None, "last_ticks": None},
            {"bid_ticks": None},
            {"ticks": 0},
        )
    ),
)


@st.composite
def intents(draw: st.DrawFn, side: Side | None = None) -> Intent:
    """Anything that planning could want, and some that it should not: far off, too large, of stopped strategies."""
    key, side = draw(st.sampled_from((A, B))), side or draw(sides)
    price = (100 if key == A else 10) + draw(mostly(0, st.integers(-4, 4)))
    is_reduce_only = draw(mostly(False, st.just(True)))
    if draw(st.booleans()):
        return intent(side, draw(st.integers(3, 120)), price, key, reduce_only=is_reduce_only)
    own, other = draw(st.integers(3, 60)), draw(st.integers(-30, 60))
    lots = own + other
    if lots <= 0:
        return intent(side, own, price, key, legs=(Leg("up", side.sign * own),), owner="up")
    legs = (Leg("up", side.sign * own), Leg("down", side.sign * other))
    return intent(side, lots, price, key, legs=legs, owner="ensemble", reduce_only=is_reduce_only)


@st.composite
def contexts(draw: st.DrawFn, state: TradingState | None = None) -> Context:
    """A context that is mostly whole, and may have anything broken: a market missing, invalid, stale, cold, a loss."""
    markets = {key: market(key, **draw(books)) for key in (A, B) if draw(mostly(True, st.just(False)))}
    resting = draw(mostly((), st.lists(st.one_of(*(intents(side) for side in Side)), max_size=4).map(tuple)))
    known = context(
        draw(holdings),
        resting,
        state or draw(mostly(TradingState.ACTIVE, st.sampled_from(TradingState))),
        markets=markets,
        drawdown_money=draw(mostly(0, st.just(12_000) | st.integers(0, 12_000))) * MONEY,
        day_money=draw(mostly(0, st.integers(-3_000, 1_000))) * MONEY,
    )
    states = {name: Standing(draw(mostly(StrategyState.RUN, st.sampled_from(StrategyState)))) for name in NAMES}
    return replace(known, strategies=states)


def amounts(most: int) -> st.SearchStrategy[str]:
    return mostly(str(most), st.integers(0, most).map(str))


limits = st.fixed_dictionaries(
    {
        "max_order_notional_quote": amounts(12_000),
        "max_order_quote": amounts(5_000),
        "max_position_quote": amounts(9_000),
        "max_strategy_position_quote": amounts(8_000),
        "max_gross_quote": amounts(12_000),
        "max_daily_loss_quote": amounts(4_000),
        "max_open_orders": mostly(9, st.integers(0, 6)),
        "max_open_orders_instrument": mostly(9, st.integers(0, 5)),
        "stale_ms": mostly(2_000, st.integers(1, 10_000)),
        "price_collar_bps": mostly(500, st.integers(1, 5_000)),
        "max_drawdown_bps": mostly(1_000, st.integers(1, 1_500)),
    }
)
