"""A configuration read again: limits are taken over within bounds, all else is named and needs a restart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catui.control import control
from catui.control.reload import changes, is_looser
from catui.domain.events import Command, OverrideLimit, ReloadConfig
from catui.domain.instrument import Instrument
from catui.domain.moment import CommandResult, Control
from catui.domain.reports import Reports
from catui.domain.settings import Desk, PlanningSettings, RiskSettings, Settings, StrategySettings, under

DESK = Desk(
    7,
    (Instrument("paper", "AAA", "AAA", "USD", "1", "1"),),
    (StrategySettings("up", "momentum", {"half_life_ticks": 20.0}), StrategySettings("down", "mean_reversion")),
    risk=RiskSettings(max_order_quote="5000", order_burst=40, duplicate_window_ms=500, max_override_factor=2.0),
)
SECOND = 1_000_000_000


def wanted(**limits: Any) -> Settings:
    """The desk's settings with other limits."""
    return replace(DESK.settings, risk=replace(DESK.risk, **limits))


class Session:
    """The control stage, told one thing after another."""

    def __init__(self) -> None:
        self.machine = control(DESK)
        self.state: Any = self.machine.init
        self.seq = 0

    def say(self, settings: Settings, seen_seq: int | None = None) -> CommandResult:
        self.seq += 1
        command = Command(f"c-{self.seq}", "ann", self.seq * SECOND, ReloadConfig("hash", settings), "", seen_seq)
        self.state, (controlled, _) = self.machine.step(self.state, (command, Reports()))
        [result] = controlled.results
        assert (controlled.command is not None) == result.ok
        assert isinstance(result, CommandResult)
        return result

    @property
    def limits(self) -> RiskSettings | None:
        assert isinstance(self.state, Control)
        return self.state.limits


def test_tighter_limits_are_taken_over_and_told() -> None:
    session = Session()
    result = session.say(wanted(max_order_quote="4000", order_burst=10))
    assert (result.ok, result.text) == (True, "risk.max_order_quote 5000 -> 4000, risk.order_burst 40 -> 10")
    assert session.limits == replace(DESK.risk, max_order_quote="4000", order_burst=10)


@pytest.mark.parametrize(
    ("name", "most", "beyond"),
    [("max_order_quote", "10000.00", "10000.01"), ("order_burst", 80, 81), ("duplicate_window_ms", 250, 249)],
)
def test_a_limit_is_loosened_up_to_the_factor_of_what_the_run_was_started_with(
    name: str, most: object, beyond: object
) -> None:
    session = Session()
    assert session.say(wanted(**{name: most})).ok
    refused = session.say(wanted(**{name: beyond}))
    assert not refused.ok
    assert f"risk.{name} {most} -> {beyond}: " in refused.text
    assert "what the run was started with; restart to take it over" in refused.text
    assert session.limits == replace(DESK.risk, **{name: most})


@pytest.mark.parametrize(
    ("name", "less", "more"), [("max_override_factor", 1.5, 3.0), ("max_override_ttl_s", 60, 20_000)]
)
def test_the_bounds_of_overrides_only_become_tighter(name: str, less: object, more: object) -> None:
    session = Session()
    assert session.say(wanted(**{name: less})).ok
    assert "may only become smaller" in session.say(wanted(**{name: more})).text


def test_a_tightened_override_bound_holds_at_once() -> None:
    session = Session()
    assert session.say(wanted(max_override_factor=1.0)).ok
    wider = OverrideLimit("P17", "desk", 1, 60, 1)
    command = Command("c", "ann", 9 * SECOND, wider, "because of a test")
    _, (controlled, _) = session.machine.step(session.state, (command, Reports()))
    assert not controlled.results[0].ok


def test_what_is_no_limit_is_named_and_needs_a_restart() -> None:
    session = Session()
    settings = replace(wanted(), planning=PlanningSettings(style="cross"), strategies=DESK.strategies[:1])
    result = session.say(settings)
    assert (result.ok, result.text) == (False, "restart to take over strategies.down, planning.style")
    assert session.limits is None
    both = session.say(replace(settings, risk=replace(DESK.risk, order_burst=10)))
    assert both.ok
    assert both.text == "risk.order_burst 40 -> 10; restart to take over strategies.down, planning.style"


def test_a_strategys_parameter_is_named_by_its_strategy() -> None:
    other = StrategySettings("up", "momentum", {"half_life_ticks": 30.0})
    [change] = changes(DESK, None, replace(DESK.settings, strategies=(other, DESK.strategies[1])))
    assert change.text == "strategies.up.parameters.half_life_ticks 20.0 -> 30.0"
    assert change.fault == "restart to take it over"


def test_nothing_changed_is_said_and_changes_nothing() -> None:
    session = Session()
    same = replace(
        DESK.settings,
        execution=replace(DESK.execution, mode="paper"),
        risk=replace(DESK.risk, max_order_quote="5000.0"),
    )
    result = session.say(same)
    assert (result.ok, result.text) == (False, "the configuration is what runs already")
    assert session.limits is None


def test_loosening_is_decided_on_a_fresh_picture_and_tightening_on_any() -> None:
    session = Session()
    for _ in range(8):
        session.say(DESK.settings)
    assert not session.say(wanted(order_burst=41), seen_seq=1).ok
    assert session.say(wanted(order_burst=39), seen_seq=1).ok
    assert session.say(wanted(order_burst=40), seen_seq=session.seq).ok


numbers = st.integers(1, 200)
risks = st.builds(
    RiskSettings,
    max_order_quote=numbers.map(str),
    order_burst=numbers,
    duplicate_window_ms=numbers,
    max_override_factor=st.sampled_from((1.0, 2.0)),
)


@given(risks, risks)
def test_looser_and_tighter_are_opposites_where_one_limit_differs(one: RiskSettings, other: RiskSettings) -> None:
    single = replace(one, order_burst=other.order_burst)
    assert is_looser(DESK, one, single) == (other.order_burst > one.order_burst)
    assert not is_looser(DESK, one, one)
    if not is_looser(DESK, one, other) and not is_looser(DESK, other, one):
        assert one == other


@given(st.lists(risks, max_size=6))
def test_no_row_of_reloads_leads_beyond_the_bounds(row: list[RiskSettings]) -> None:
    session = Session()
    for risk in row:
        result = session.say(replace(DESK.settings, risk=risk))
        limits = session.limits or DESK.risk
        assert (limits == risk) == (result.ok or risk == (session.limits or DESK.risk))
        assert float(limits.max_order_quote) <= 10_000
        assert limits.order_burst <= 80
        assert limits.duplicate_window_ms >= 250
        assert limits.max_override_factor <= 2.0


def test_what_is_made_under_limits_is_made_once_for_each() -> None:
    made: list[str] = []

    def make(desk: Desk) -> str:
        made.append(desk.risk.max_order_quote)
        return desk.risk.max_order_quote

    of = under(DESK, make)
    small = replace(DESK.risk, max_order_quote="1")
    assert [of(None), of(small), of(None), of(replace(small))] == ["5000", "1", "5000", "1"]
    assert made == ["5000", "1"]
