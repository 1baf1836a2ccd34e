"""The operator's standing orders: every action of the union, its answer, and the laws of the trading state."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catui.control import control, limit_of
from catui.control.limits import scopes_of
from catui.core.machine import Machine
from catui.domain.events import (
    AckAlert,
    Action,
    CancelAll,
    CancelOrder,
    Command,
    DrainStrategy,
    EndOverride,
    Event,
    Flatten,
    Kill,
    MuteAlert,
    Note,
    OverrideLimit,
    PauseAll,
    PauseStrategy,
    Quarantine,
    ReloadConfig,
    ReplaceOrder,
    ResumeAll,
    ResumeStrategy,
    SetTradingState,
    SetWeight,
    SubmitOrder,
    Tick,
    TradingState,
)
from catui.domain.instrument import Instrument
from catui.domain.limits import OVERRIDABLE
from catui.domain.moment import Control, Controlled, StrategyState
from catui.domain.orders import Intent, Leg, Order, OrderType, Side, Status, TimeInForce
from catui.domain.reports import Account, Alert, OrderTable, Override, Positions, Reports, RiskState, Usage
from catui.domain.settings import Desk, RiskSettings, StrategySettings
from catui.runtime.statecodec import decode, encode

A, B = "paper:AAA", "paper:BBB"
MONEY = 10**8
NAMES = ("up", "down")
ACTIVE, REDUCING, HALTED = TradingState
RUN, DRAIN, PAUSE, QUARANTINE = StrategyState
RISK = RiskSettings(
    max_order_quote="5000",
    max_position_quote="20000",
    max_strategy_position_quote="8000",
    max_gross_quote="100000",
    max_open_orders=50,
    max_open_orders_instrument=20,
    max_override_ttl_s=600,
    max_override_factor=1.5,
)
DESK = Desk(
    7,
    tuple(Instrument("paper", name, name, "USD", "1", "1") for name in ("AAA", "BBB")),
    tuple(StrategySettings(name, "momentum") for name in NAMES),
    risk=RISK,
)
INTENT = Intent(A, Side.BUY, 10, 100, (Leg("up", 10),), "ensemble", 1)
ORDER = Order("o-1", INTENT, 10, Status.LIVE, 0, 0, 0, 1)
TICKET = Order("t-1", replace(INTENT, owner="manual", purpose="ticket"), 10, Status.LIVE, 0, 0, 0, 1, cum_lots=4)
TOLD = Reports(
    orders=OrderTable(working={"o-1": ORDER, "t-1": TICKET}),
    risk=RiskState(overrides=(Override("v-1", "P17", A, 1, 10**18, 1, "ann", "for the test"),)),
    alerts={
        "stale_feed paper": Alert("stale_feed paper", "stale_feed", "paper", "warning", "silent", 0),
        "reject_burst desk": Alert("reject_burst desk", "reject_burst", "desk", "critical", "5 in a row", 0),
    },
)
LOOSER, TIGHTER = (replace(DESK.settings, risk=replace(RISK, max_open_orders=most)) for most in (60, 40))
WIDER = OverrideLimit("P17", A, 1_000 * MONEY, 600, 1)


class Session:
    """The control stage with its state."""

    def __init__(self, told: Reports = TOLD) -> None:
        self.machine: Machine[Any, Any, Any] = control(DESK)
        self.state: Any = self.machine.init
        self.told = told
        self.now_ns = 0

    def step(self, event: Event) -> Controlled:
        self.state, (controlled, same) = self.machine.step(self.state, (event, self.told))
        assert same is self.told
        assert isinstance(controlled, Controlled)
        assert controlled.event is event
        return controlled

    def say(
        self,
        action: Action,
        reason: str = "",
        author: str = "ann",
        seen_seq: int | None = None,
        expected: int | None = None,
    ) -> Controlled:
        self.now_ns += 1
        return self.step(Command(f"c-{self.now_ns}", author, self.now_ns, action, reason, seen_seq, expected))

    def accepted(self, action: Action, reason: str = "") -> str:
        controlled = self.say(action, reason)
        [result] = controlled.results
        assert result.ok, result
        assert controlled.command is controlled.event
        assert result.id == controlled.command.id
        return result.text

    def refused(self, action: Action, reason: str = "") -> str:
        before = self.control
        controlled = self.say(action, reason)
        [result] = controlled.results
        assert not result.ok, result
        assert controlled.command is None
        assert replace(self.control, seq=before.seq) == before
        return result.text

    @property
    def control(self) -> Control:
        return self.step(Tick(self.now_ns)).control

    @property
    def stands(self) -> tuple[StrategyState, ...]:
        return tuple(self.control.strategies[name].state for name in NAMES)


# The trading state


def test_a_desk_begins_active_with_every_strategy_running() -> None:
    first = Session().step(Tick(1)).control
    assert (first.trading_state, first.trading_reason, first.seq) == (ACTIVE, "", 1)
    assert [s.state for s in first.strategies.values()] == [RUN, RUN]
    assert tuple(first.strategies) == NAMES


@pytest.mark.parametrize("before", list(TradingState))
@pytest.mark.parametrize("wanted", list(TradingState))
def test_the_trading_state_tightens_at_once_and_loosens_with_a_reason_only(
    before: TradingState, wanted: TradingState
) -> None:
    session = Session()
    session.accepted(SetTradingState(before))
    if wanted.rank < before.rank:
        assert "needs a reason" in session.refused(SetTradingState(wanted))
        assert "needs a reason" in session.refused(SetTradingState(wanted), "  ")
        session.accepted(SetTradingState(wanted), "checked by hand")
        assert session.control.trading_reason == "ann: checked by hand"
    else:
        session.accepted(SetTradingState(wanted))
    assert session.control.trading_state is wanted


def test_kill_halts_without_a_word_and_from_any_picture() -> None:
    session = Session()
    controlled = session.say(Kill(), seen_seq=10**9)
    assert controlled.control.trading_state is HALTED
    assert controlled.command is not None
    assert controlled.results[0].ok


@pytest.mark.parametrize("before", list(TradingState))
@pytest.mark.parametrize("demand", list(TradingState))
def test_a_monitor_tightens_and_never_loosens(before: TradingState, demand: TradingState) -> None:
    session = Session()
    session.accepted(SetTradingState(before))
    stood = session.control
    session.told = replace(TOLD, tighten=(demand, "R01: loss"))
    after = session.control
    assert after.trading_state is max(before, demand, key=lambda s: s.rank)
    assert after.trading_reason == ("R01: loss" if demand.rank > before.rank else stood.trading_reason)


def test_the_first_reason_of_a_state_stays() -> None:
    session = Session()
    session.told = replace(TOLD, tighten=(HALTED, "R02: the ledgers differ"))
    session.step(Tick(1))
    session.told = replace(TOLD, tighten=(HALTED, "R01: loss"))
    assert session.control.trading_reason == "R02: the ledgers differ"


# Strategies


@pytest.mark.parametrize("action", [PauseStrategy, ResumeStrategy, DrainStrategy])
def test_a_strategy_that_the_desk_does_not_have_is_refused(action: Any) -> None:
    assert Session().refused(action("sideways"), "a reason") == "no strategy sideways"


def test_pause_and_resume_of_one_leave_the_other() -> None:
    session = Session()
    session.accepted(PauseStrategy("up"), "too wild")
    assert session.stands == (PAUSE, RUN)
    standing = session.control.strategies["up"]
    assert (standing.author, standing.reason, standing.since_ns) == ("ann", "too wild", 1)
    session.accepted(ResumeStrategy("up"))
    assert session.stands == (RUN, RUN)


def test_pause_all_and_resume_all_speak_of_what_a_person_paused() -> None:
    session = Session()
    session.accepted(Quarantine("down", "ZeroDivisionError"))
    assert session.accepted(PauseAll()) == "1 strategy paused"
    assert session.stands == (PAUSE, QUARANTINE)
    assert session.accepted(ResumeAll()) == "1 strategy resumed"
    assert session.stands == (RUN, QUARANTINE)


def test_pause_all_stops_draining_ones_too() -> None:
    session = Session(replace(TOLD, positions=Positions({A: {"up": Account(5)}})))
    session.accepted(DrainStrategy("up"))
    assert session.stands == (DRAIN, RUN)
    assert session.accepted(PauseAll()) == "2 strategies paused"
    assert session.stands == (PAUSE, PAUSE)


def test_only_a_resume_with_a_reason_leads_out_of_quarantine() -> None:
    session = Session()
    session.accepted(Quarantine("up", "ZeroDivisionError: by hand"))
    assert session.control.strategies["up"].reason == "ZeroDivisionError: by hand"
    assert "quarantined" in session.refused(PauseStrategy("up"))
    assert "not running" in session.refused(DrainStrategy("up"))
    session.accepted(PauseAll())
    session.accepted(ResumeAll())
    assert "give a reason" in session.refused(ResumeStrategy("up"), " ")
    assert session.stands == (QUARANTINE, RUN)
    session.accepted(ResumeStrategy("up"), "mended and looked at")
    assert session.stands == (RUN, RUN)


def test_only_a_running_strategy_can_drain() -> None:
    session = Session(replace(TOLD, positions=Positions({A: {"up": Account(5)}})))
    session.accepted(DrainStrategy("up"))
    assert "not running" in session.refused(DrainStrategy("up"))
    session.accepted(PauseStrategy("up"))
    assert "not running" in session.refused(DrainStrategy("up"))


def test_a_draining_strategy_is_paused_once_it_holds_nothing_anywhere() -> None:
    def holding(**lots: int) -> Reports:
        return replace(TOLD, positions=Positions({A: {"up": Account(lots["a"])}, B: {"up": Account(lots["b"])}}))

    session = Session(holding(a=5, b=-1))
    session.accepted(DrainStrategy("up"))
    assert session.stands == (DRAIN, RUN)
    session.told = holding(a=0, b=-1)
    assert session.stands == (DRAIN, RUN)
    session.told = holding(a=0, b=0)
    session.now_ns = 77
    assert session.stands == (PAUSE, RUN)
    assert session.control.strategies["up"].since_ns == 77


def test_what_others_hold_does_not_keep_a_strategy_draining() -> None:
    session = Session(replace(TOLD, positions=Positions({A: {"down": Account(5), "manual": Account(-5)}})))
    session.accepted(DrainStrategy("up"))
    assert session.stands == (PAUSE, RUN)


@pytest.mark.parametrize(
    ("weight", "is_allowed"),
    [(0.0, True), (1.0, True), (0.25, True), (-0.001, False), (1.001, False), (float("nan"), False)],
)
def test_a_weight_is_a_share(weight: float, is_allowed: bool) -> None:
    session = Session()
    (session.accepted if is_allowed else session.refused)(SetWeight("up", weight))
    assert session.refused(SetWeight("sideways", 0.5)) == "no strategy sideways"


# Orders, alerts, notes


@pytest.mark.parametrize(
    ("action", "is_allowed"),
    [
        (CancelOrder("o-1"), True),
        (CancelOrder("o-2"), False),
        (CancelAll(), True),
        (CancelAll(A), True),
        (CancelAll("paper:CCC"), False),
        (Flatten(), True),
        (Flatten(B), True),
        (Flatten("paper:CCC"), False),
        (SubmitOrder(A, Side.BUY, 1, 1), True),
        (SubmitOrder(A, Side.BUY, 0, 1), False),
        (SubmitOrder(A, Side.SELL, 1, 0), False),
        (SubmitOrder(A, Side.SELL, -1, 1), False),
        (SubmitOrder("paper:CCC", Side.BUY, 1, 1), False),
        (SubmitOrder(A, Side.BUY, 1, 1, OrderType.LIMIT, TimeInForce.IOC), True),
        (SubmitOrder(A, Side.BUY, 1, 1, OrderType.LIMIT_MAKER), True),
        (SubmitOrder(A, Side.BUY, 1, 1, OrderType.LIMIT_MAKER, TimeInForce.IOC), False),
        (ReplaceOrder("t-1", 12, 100), True),
        (ReplaceOrder("t-1", 10, 99), True),
        (ReplaceOrder("t-1", 5, 100), True),
        (ReplaceOrder("t-1", 4, 100), False),  # that much has filled
        (ReplaceOrder("t-1", 10, 100), False),  # what it is already
        (ReplaceOrder("t-1", 10, 0), False),
        (ReplaceOrder("o-1", 5, 100), False),  # of the strategies
        (ReplaceOrder("o-9", 5, 100), False),
        (EndOverride("v-1"), True),
        (EndOverride("v-2"), False),
        (AckAlert(), True),
        (AckAlert("stale_feed paper"), True),
        (AckAlert("stale_feed moon"), False),
        (MuteAlert("stale_feed"), True),
        (MuteAlert("stale_feed", 0), True),
        (MuteAlert("stale_feed", 14_401), False),
        (MuteAlert("stale_feed", -1), False),
        (MuteAlert("moon"), False),
        (MuteAlert("reject_burst"), False),  # it is critical
        (Note("lunch"), True),
    ],
)
def test_a_command_must_speak_of_what_is_there(action: Action, is_allowed: bool) -> None:
    session = Session()
    assert (session.accepted if is_allowed else session.refused)(action)


# Overrides


@pytest.mark.parametrize("check", sorted(OVERRIDABLE))
def test_an_override_may_go_to_the_factor_and_no_further_in_every_scope_of_its_check(check: str) -> None:
    for scope in scopes_of(DESK, check):
        limit = limit_of(DESK, check, scope)
        assert limit is not None
        wanted = OverrideLimit(check, scope, limit * 3 // 2 - limit, 600, 1)
        Session().accepted(wanted, "a good reason")
        assert "at most" in Session().refused(replace(wanted, extra=wanted.extra + 1), "a good reason")


def test_where_a_scope_widens_two_limits_the_smaller_bounds_it() -> None:
    assert limit_of(DESK, "P18", A) == limit_of(DESK, "P18") == limit_of(DESK, "P18", "up") == 8_000 * MONEY
    assert (limit_of(DESK, "P25"), limit_of(DESK, "P25", B)) == (20, 20)
    wide = replace(DESK, risk=replace(RISK, max_strategy_position_quote="30000", max_open_orders=5))
    assert limit_of(wide, "P18", A) == limit_of(wide, "P18") == 20_000 * MONEY
    assert limit_of(wide, "P18", "up") == 30_000 * MONEY
    assert (limit_of(wide, "P25"), limit_of(wide, "P25", B)) == (5, 20)


@pytest.mark.parametrize(("check", "scope"), [("P19", A), ("P28", B), ("P29", "up"), ("P17", "up"), ("P18", "manual")])
def test_a_limit_has_no_other_scope_than_its_own(check: str, scope: str) -> None:
    assert limit_of(DESK, check, scope) is None
    assert "has no scope" in Session().refused(OverrideLimit(check, scope, 1, 60, 1), "a good reason")


@pytest.mark.parametrize("check", ["P01", "P02", "P04", "P08", "P11", "P27", "P32", "nonsense"])
def test_what_cannot_be_overridden_is_named(check: str) -> None:
    assert limit_of(DESK, check) is None
    assert "cannot be overridden" in Session().refused(OverrideLimit(check, "desk", 1, 60, 1), "a good reason")


@pytest.mark.parametrize(
    ("changes", "reason", "fault"),
    [
        ({}, "reason 8", None),
        ({}, "reason7", "8 characters"),
        ({}, "   hm       ", "8 characters"),
        ({"ttl_s": 1}, "a good reason", None),
        ({"ttl_s": 0}, "a good reason", "lasts 1 to 600 s"),
        ({"ttl_s": 601}, "a good reason", "lasts 1 to 600 s"),
        ({"extra": 1}, "a good reason", None),
        ({"extra": 0}, "a good reason", "at least 1"),
        ({"budget": 1}, "a good reason", None),
        ({"budget": 0}, "a good reason", "budget"),
    ],
)
def test_every_term_of_an_override_has_its_bounds(changes: dict[str, int], reason: str, fault: str | None) -> None:
    wanted = replace(WIDER, **changes)
    if fault is None:
        assert Session().accepted(wanted, reason)
    else:
        assert fault in Session().refused(wanted, reason)


def test_no_override_begins_while_halted() -> None:
    session = Session()
    session.accepted(Kill())
    assert session.refused(WIDER, "a good reason") == "no override while HALTED"


# The picture it was decided on

RAISING: tuple[Action, ...] = (
    ResumeStrategy("up"),
    ResumeAll(),
    SubmitOrder(A, Side.BUY, 1, 1),
    ReplaceOrder("t-1", 11, 100),
    ReplaceOrder("t-1", 9, 101),
    WIDER,
    SetWeight("up", 0.5),
    SetTradingState(ACTIVE),
    ReloadConfig("hash", LOOSER),
)
LOWERING: tuple[Action, ...] = (
    PauseStrategy("up"),
    PauseAll(),
    CancelAll(),
    CancelOrder("t-1"),
    Flatten(),
    Kill(),
    SetTradingState(HALTED),
    SubmitOrder(A, Side.SELL, 1, 1, reduce_only=True),
    ReplaceOrder("t-1", 9, 99),
    ReloadConfig("hash", TIGHTER),
)


@pytest.mark.parametrize("action", [*RAISING, *LOWERING], ids=lambda a: type(a).__name__)
def test_what_raises_must_be_decided_on_a_picture_of_this_run_and_what_lowers_need_not(action: Action) -> None:
    for seen_seq, is_of_this_run in ((2, True), (1, True), (3, False)):
        session = Session()
        session.accepted(SetTradingState(REDUCING))
        controlled = session.say(action, "a good reason", seen_seq=seen_seq)  # it is the event of seq 2
        assert controlled.control.seq == 2
        assert controlled.results[0].ok is (is_of_this_run or action in LOWERING)


@pytest.mark.parametrize("action", [*RAISING, *LOWERING], ids=lambda a: type(a).__name__)
def test_what_raises_must_be_decided_on_a_picture_of_the_last_seconds(action: Action) -> None:
    for age_s, is_fresh in ((5, True), (7, False), (60, False)):  # the ring of pictures is fine to a second
        session = Session()
        session.accepted(SetTradingState(REDUCING))  # the event of seq 1
        for second in range(age_s + 1):
            session.now_ns = 10**9 * (second + 1) - 1
            session.step(Tick(session.now_ns))
        controlled = session.say(action, "a good reason", seen_seq=1)
        assert controlled.results[0].ok is (is_fresh or action in LOWERING), controlled.results
        assert session.say(Note("lunch"), seen_seq=1).results[0].ok


EXPECTING: dict[str, tuple[Action, int]] = {
    "the lots left of an order": (ReplaceOrder("t-1", 12, 100), 6),
    "the position": (SubmitOrder(A, Side.BUY, 1, 1), -5),
    "no position": (SubmitOrder(B, Side.BUY, 1, 1), 0),
    "the limit": (WIDER, 5_000 * MONEY),
}


@pytest.mark.parametrize("name", EXPECTING)
def test_a_number_that_is_no_longer_so_refuses_what_raises(name: str) -> None:
    action, so = EXPECTING[name]
    told = replace(
        TOLD,
        positions=Positions(desk={A: Account(-5)}),
        risk=replace(TOLD.risk, usage=(Usage("P17", "MAX_ORDER_QTY", A, 0, 5_000 * MONEY, "money"),)),
    )
    for expected, ok in ((None, True), (so, True), (so + 1, False)):
        [result] = Session(told).say(action, "a good reason", expected=expected).results
        assert result.ok is ok, result
        assert ok or "when it was decided" in result.text


def test_a_number_that_is_no_longer_so_does_not_hold_up_what_lowers() -> None:
    for action in (ReplaceOrder("t-1", 9, 100), SubmitOrder(A, Side.SELL, 1, 1, reduce_only=True)):
        assert Session().say(action, expected=77).results[0].ok


def test_an_order_that_is_being_cancelled_is_not_amended() -> None:
    going = replace(TICKET, wish_cancel=True)
    session = Session(replace(TOLD, orders=OrderTable(working={"t-1": going})))
    assert session.refused(ReplaceOrder("t-1", 5, 100)) == "that order is being cancelled"


# Laws over arbitrary days

names = st.sampled_from((*NAMES, "sideways"))
instruments = st.sampled_from((A, "paper:CCC"))
actions: st.SearchStrategy[Action] = st.one_of(
    st.builds(SetTradingState, st.sampled_from(TradingState)),
    st.just(Kill()),
    st.builds(PauseStrategy, names),
    st.builds(ResumeStrategy, names),
    st.builds(DrainStrategy, names),
    st.just(PauseAll()),
    st.just(ResumeAll()),
    st.builds(SetWeight, names, st.floats(-1, 2)),
    st.builds(CancelOrder, st.sampled_from(("o-1", "o-2"))),
    st.builds(CancelAll, st.none() | instruments),
    st.builds(Flatten, st.none() | instruments),
    st.builds(SubmitOrder, instruments, st.sampled_from(Side), st.integers(-1, 2), st.integers(-1, 2)),
    st.builds(ReplaceOrder, st.sampled_from(("o-1", "t-1")), st.integers(3, 12), st.integers(0, 101)),
    st.builds(
        OverrideLimit,
        st.sampled_from(("P01", "P17")),
        st.sampled_from(("desk", "moon")),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    st.builds(EndOverride, st.sampled_from(("v-1", "v-2"))),
    st.builds(AckAlert, st.none() | st.just("moon")),
    st.builds(MuteAlert, st.sampled_from(("stale_feed", "moon")), st.integers(-1, 2)),
    st.builds(ReloadConfig, st.just("hash"), st.sampled_from((DESK.settings, LOOSER, TIGHTER))),
    st.builds(Quarantine, names, st.just("by hand")),
    st.builds(Note, st.just("lunch")),
)
reasons = st.sampled_from(("", " ", "a good reason"))
said = st.builds(Command, st.uuids().map(str), st.just("ann"), st.integers(0, 9), actions, reasons, st.none())
demands = st.none() | st.tuples(st.sampled_from(TradingState), st.just("R01"))
days = st.lists(st.tuples(said | st.builds(Tick, st.integers(0, 9)), demands), max_size=30)


def test_the_days_of_these_laws_have_every_action() -> None:
    assert {type(a) for a in _examples()} == set(get_args(Action))


def _examples() -> list[Action]:
    return [
        *RAISING,
        *LOWERING,
        DrainStrategy("up"),
        CancelOrder("o-1"),
        EndOverride("v-1"),
        AckAlert(),
        MuteAlert("stale_feed"),
        Quarantine("up", "by hand"),
        Note("lunch"),
    ]


@given(days)
def test_the_laws_of_control(day: list[tuple[Event, tuple[TradingState, str] | None]]) -> None:
    session = Session(replace(TOLD, positions=Positions({A: {"down": Account(5)}})))
    before = session.control
    for event, demand in day:
        session.told = replace(session.told, tighten=demand)
        controlled = session.step(event)
        after = controlled.control
        assert after.seq == before.seq + 1
        assert tuple(after.strategies) == NAMES
        action = event.action if isinstance(event, Command) else None
        if isinstance(event, Command):
            [result] = controlled.results
            assert result.id == event.id
            assert result.text
            assert controlled.command is (event if result.ok else None)
        else:
            assert (controlled.results, controlled.command) == ((), None)
        if after.trading_state.rank < before.trading_state.rank:
            assert isinstance(action, SetTradingState)
            assert isinstance(event, Command)
            assert event.reason.strip()
        for name in NAMES:
            if before.strategies[name].state is QUARANTINE and after.strategies[name].state is not QUARANTINE:
                assert action == ResumeStrategy(name)
        before = after


@given(days, st.integers(0, 30))
def test_control_goes_on_from_the_bytes_of_its_state(
    day: list[tuple[Event, tuple[TradingState, str] | None]], cut: int
) -> None:
    whole, parts = Session(), Session()
    for place, (event, _) in enumerate(day):
        if place == cut:
            parts.state = decode(encode(parts.state))
        assert parts.step(event) == whole.step(event)
