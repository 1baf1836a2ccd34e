"""Limits taken over while the desk runs: from then on it is the desk that was started with them, and replays so."""

from desk_world import DESK, Happening, Watch, days
from hypothesis import given, settings
from msgspec.structs import replace

from catui.domain import events as ev
from catui.domain.events import Command
from catui.domain.settings import RiskSettings
from catui.pipeline import pipeline
from catui.preview.answers import previews

SMALL: RiskSettings = replace(
    DESK.risk,
    max_order_quote="90",
    max_order_notional_quote="400",
    max_position_quote="150",
    max_gross_quote="200",
    max_open_orders=1,
    price_collar_bps=20,
    max_drawdown_bps=20,
    max_daily_loss_quote="5",
    order_burst=3,
    order_rate_per_s=1,
)


def reload(watch: Watch, risk: RiskSettings) -> Command:
    action = ev.ReloadConfig("hash", replace(DESK.settings, risk=risk))
    return Command("reload", "ann", watch.now_ns, action)


@given(days)
@settings(max_examples=20)
def test_a_reloaded_desk_decides_as_one_that_was_started_so(day: list[Happening]) -> None:
    small = replace(DESK, risk=replace(SMALL, order_burst=DESK.risk.order_burst))
    one, other = Watch(), Watch(small)
    [result] = one.step(reload(one, small.risk)).results
    assert result.ok
    other.step(Command("note", "ann", other.now_ns, ev.Note("nothing")))
    for happening in day:
        event = one.event(happening)
        if isinstance(event, Command) and isinstance(event.action, ev.ReloadConfig):
            continue  # its bounds are those of the start
        here, there = one.step(event), other.step(event)
        assert (here.orders, here.verdicts, here.fills) == (there.orders, there.verdicts, there.fills)
        assert one.control().trading_state is other.control().trading_state
        assert [(r.ok, r.text) for r in here.results] == [(r.ok, r.text) for r in there.results]
        assert one.reports().risk == other.reports().risk


@given(days, days)
@settings(max_examples=12)
def test_a_day_with_a_reload_in_it_replays_to_the_same_state(before: list[Happening], after: list[Happening]) -> None:
    watch = Watch()
    for happening in before:
        watch.happen(happening)
    watch.step(reload(watch, SMALL))
    for happening in after:
        watch.happen(happening)
    again = Watch()
    for event in watch.events:
        again.step(event)
    assert again.state_digest() == watch.state_digest()
    assert again.control().limits == watch.control().limits is not None


def test_the_preview_of_a_reload_says_what_would_be_taken_over_and_what_not() -> None:
    watch = Watch()
    ask = previews(DESK, pipeline(DESK))
    action = ev.ReloadConfig(
        "hash",
        replace(
            DESK.settings,
            risk=replace(DESK.risk, max_order_quote="90"),
            planning=replace(DESK.planning, min_change=0.5),
        ),
    )
    answer = ask(watch.state, Command("p", "ann", watch.now_ns, action))
    assert (answer.ok, answer.text) == (
        True,
        "risk.max_order_quote 5000 -> 90; restart to take over planning.min_change",
    )
    assert [(each.path, each.before, each.after, each.fault) for each in answer.changes] == [
        ("risk.max_order_quote", "5000", "90", ""),
        ("planning.min_change", "0.05", "0.5", "restart to take it over"),
    ]
    assert watch.control().limits is None
