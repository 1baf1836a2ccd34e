"""Every detector raises at its limit, holds within its hysteresis, and clears below: by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitoring_world import (
    IDLE,
    INTENT,
    MONEY,
    MS,
    NOW,
    A,
    B,
    S,
    anomaly,
    command,
    desk,
    level_of,
    levels,
    lost,
    market,
    quote,
    scene,
    trade,
)
from msgspec.structs import replace

from catui.core.machine import run, scan
from catui.domain.events import Note, Quote, ReplaceOrder
from catui.domain.moment import Market, Standing, StrategyState
from catui.domain.orders import Order, Reason, Refused, Status
from catui.domain.reports import OrderTable, Override, Positions, RiskState, Usage
from catui.monitoring import anomalies
from catui.monitoring.robust import MIN_SAMPLES
from catui.monitoring.scene import Scene


def of(**changes: Any) -> Scene:
    return scene(markets=[market(**changes)])


# The feed and the book


@pytest.mark.parametrize(
    ("why", "gaps", "level"),
    [
        ("no book yet", 0, "-"),
        ("", 0, "-"),
        ("gap: sequence", 1, "on"),
        ("feed paper is down", 1, "on"),
        ("", 1, "off"),
        ("crossed: bid 101 at or above ask 99 ticks", 1, "off"),
    ],
)
def test_a_gap_is_on_until_the_next_whole_book(why: str, gaps: int, level: str) -> None:
    assert levels(anomalies.feed_gap(), [of(why_invalid=why, gaps=gaps)], A) == [level]


@pytest.mark.parametrize(
    ("age_ms", "level"), [(0, "off"), (1500, "off"), (1501, "hold"), (3000, "hold"), (3001, "on"), (90_000, "on")]
)
def test_a_feed_is_stale_above_its_limit_and_fresh_at_half_of_it(age_ms: int, level: str) -> None:
    detector = anomalies.stale_feed(desk(stale_ms=3000))
    assert levels(detector, [of(quote_ns=NOW - age_ms * MS)], A) == [level]


def test_a_feed_that_never_told_anything_is_not_stale() -> None:
    assert levels(anomalies.stale_feed(desk()), [of(quote_ns=None)], A) == ["-"]


@pytest.mark.parametrize(
    ("why", "book_id", "level"),
    [
        ("", 1, "off"),
        ("crossed: bid 101 at or above ask 99 ticks", 1, "on"),
        ("one-sided: no bids", 1, "on"),
        ("empty: no bids and no asks", 1, "on"),
        ("crossed: the quote", None, "on"),  # where no book was ever told, the quote is what there is
        ("", None, "off"),
        ("gap: sequence", None, "-"),  # nothing is known of it
        ("feed paper is down", None, "-"),
    ],
)
def test_a_crossed_or_one_sided_book_is_on_and_a_sound_one_off(why: str, book_id: int | None, level: str) -> None:
    assert levels(anomalies.crossed_book(), [of(why_invalid=why, book_id=book_id)], A) == [level]


def test_an_instrument_of_which_nothing_was_told_is_not_crossed() -> None:
    assert levels(anomalies.crossed_book(), [scene(markets=[Market(A)])], A) == ["-"]


def test_each_instrument_is_its_own_scope() -> None:
    seen = scene(markets=[market(A, why_invalid="one-sided: no asks"), market(B)])
    (found,) = run(anomalies.crossed_book(), [seen])
    assert (level_of(found, A), level_of(found, B)) == ("on", "off")


# Outliers


def wide(ticks: int) -> Scene:
    """A spread of `ticks` around 10,000: as many bps."""
    return of(bid_ticks=10_000 - ticks // 2, ask_ticks=10_000 + ticks // 2)


@pytest.mark.parametrize(("ticks", "level"), [(100, "off"), (120, "off"), (122, "hold"), (140, "hold"), (142, "on")])
def test_a_spread_is_an_outlier_above_its_limit_and_none_at_half_of_it(ticks: int, level: str) -> None:
    # The window's median is 100 bps with no deviation, which counts as a twentieth: 8 of them are 40 bps.
    detector = anomalies.spread_outlier(desk(outlier_mads=8.0))
    told = levels(detector, [*[wide(100)] * MIN_SAMPLES, wide(ticks)], A)
    assert told == ["-"] * MIN_SAMPLES + [level]


def test_a_wide_spread_that_stays_becomes_the_usual_one() -> None:
    detector = anomalies.spread_outlier(desk(outlier_mads=8.0, outlier_window=40))
    told = levels(detector, [wide(100)] * 40 + [wide(300)] * 40, A)
    assert told[40] == "on"
    assert told[-1] == "off"


@pytest.mark.parametrize("length", [16, 40])
def test_a_window_keeps_what_was_wanted_and_never_too_few_to_judge_by(length: int) -> None:
    detector = anomalies.spread_outlier(desk(outlier_window=length))
    windows, found = scan(detector, [wide(100)] * 60 + [wide(400)])
    assert len(windows[A].values) == max(length, MIN_SAMPLES)
    assert level_of(found[-1], A) == "on"


def test_a_market_with_one_side_has_no_spread_to_sample() -> None:
    windows, found = scan(anomalies.spread_outlier(desk()), [of(ask_ticks=None)] * 3)
    assert (windows, found) == ({}, [(), (), ()])


def mid(ticks: int) -> Scene:
    return of(bid_ticks=ticks - 1, ask_ticks=ticks + 1)


def test_a_jump_is_an_outlier_among_small_returns_and_the_next_small_return_clears_it() -> None:
    detector = anomalies.volatility_outlier(desk(outlier_mads=8.0))
    calm = [mid(100_000 + 10 * (n % 2)) for n in range(MIN_SAMPLES + 1)]  # one bp, to and fro
    told = levels(detector, [*calm, mid(101_000), mid(101_010)], A)
    assert told == ["-"] * (MIN_SAMPLES + 1) + ["on", "off"]


def test_a_fall_is_as_much_of_an_outlier_as_a_rise() -> None:
    detector = anomalies.volatility_outlier(desk())
    calm = [mid(100_000 + 10 * (n % 2)) for n in range(MIN_SAMPLES + 1)]
    assert levels(detector, [*calm, mid(99_000)], A)[-1] == "on"


def test_the_first_sample_of_an_instrument_is_no_return() -> None:
    (windows, before), _ = scan(anomalies.volatility_outlier(desk()), [mid(100_000)])
    assert windows == {}
    assert before == {A: 200_000}


def test_a_return_spans_the_samples_in_which_a_side_was_missing() -> None:
    (windows, before), _ = scan(anomalies.volatility_outlier(desk()), [mid(100_000), of(ask_ticks=None), mid(101_000)])
    assert before == {A: 202_000}
    assert windows[A].values == (pytest.approx(99.50, abs=0.01),)  # 10,000 * ln 1.01


@given(st.lists(st.integers(1, 10_000), max_size=60), st.lists(st.integers(1, 10_000), max_size=60))
def test_an_outlier_of_one_instrument_is_judged_by_its_own_samples(ours: list[int], theirs: list[int]) -> None:
    def both(one: int, other: int) -> Scene:
        return scene(markets=[market(A, ask_ticks=one + 99), market(B, ask_ticks=other + 9)])

    steps = list(zip(ours, theirs, strict=False))
    alone = levels(anomalies.spread_outlier(desk()), [of(ask_ticks=one + 99) for one, _ in steps], A)
    assert levels(anomalies.spread_outlier(desk()), [both(*pair) for pair in steps], A) == alone


def late(delay_ms: float) -> Scene:
    event = Quote(A, NOW, NOW - int(delay_ms * MS), 99, 1, 101, 1)
    return scene(event, changed=A)


@pytest.mark.parametrize("clocks_ms", [0, -1200, 5000])
@pytest.mark.parametrize(("more_ms", "level"), [(-30, "off"), (25, "off"), (26, "hold"), (50, "hold"), (51, "on")])
def test_latency_is_what_comes_on_top_of_the_usual_whatever_the_clocks_differ_by(
    clocks_ms: int, more_ms: int, level: str
) -> None:
    detector = anomalies.venue_latency(desk(latency_ms=50.0))
    told = levels(detector, [late(clocks_ms)] * MIN_SAMPLES + [late(clocks_ms + more_ms)], A)
    assert told == ["-"] * MIN_SAMPLES + [level]


def test_an_event_without_a_venues_clock_has_no_latency() -> None:
    assert scan(anomalies.venue_latency(desk()), [scene(quote(), changed=A), scene()]) == ({}, [(), ()])


# The desk


@pytest.mark.parametrize(("row", "level"), [(0, "off"), (1, "hold"), (4, "hold"), (5, "on"), (9, "on")])
def test_rejections_in_a_row_hold_until_one_order_is_accepted(row: int, level: str) -> None:
    seen = scene(handled=replace(IDLE, orders=OrderTable(rejects_in_row=row)))
    assert levels(anomalies.reject_burst(desk(rejects_in_row=5)), [seen], "desk") == [level]


@pytest.mark.parametrize(("dollars", "level"), [(0, "off"), (249, "off"), (250, "hold"), (499, "hold"), (500, "on")])
def test_a_result_that_fell_within_the_window(dollars: int, level: str) -> None:
    detector = anomalies.pnl_drop(desk(pnl_drop_quote="500", pnl_drop_window_s=60))
    seen = [scene(positions=lost(0)), scene(now_ns=NOW + 60 * S, positions=lost(dollars * MONEY))]
    assert levels(detector, seen, "desk") == ["off", level]


def test_a_loss_that_is_older_than_the_window_is_no_drop() -> None:
    detector = anomalies.pnl_drop(desk(pnl_drop_quote="500", pnl_drop_window_s=60))
    fallen = lost(500 * MONEY)
    seen = [scene(), scene(now_ns=NOW + S, positions=fallen), scene(now_ns=NOW + 60 * S + 1, positions=fallen)]
    assert levels(detector, seen, "desk") == ["off", "on", "off"]


def test_the_window_of_results_stays_small() -> None:
    detector = anomalies.pnl_drop(desk(pnl_drop_window_s=60))
    ring, _ = scan(detector, [scene(now_ns=NOW + n * 250 * MS) for n in range(1001)])
    assert len(ring) == 61


def used(used: int, limit: int) -> Scene:
    usage = (Usage("P19", "GROSS_EXPOSURE", "desk", used, limit, "money"),)
    return scene(handled=replace(IDLE, risk=RiskState(usage=usage)))


@pytest.mark.parametrize(
    ("share", "percent", "level"),
    [
        (0.9, 79, "off"),
        (0.9, 80, "hold"),
        (0.9, 89, "hold"),
        (0.9, 90, "on"),
        (0.9, 130, "on"),
        (0.1, 4, "off"),  # where a tenth below is below nothing, half of it clears
        (0.1, 5, "hold"),
        (0.1, 10, "on"),
    ],
)
def test_a_limit_is_nearly_used_at_its_share_and_clears_a_tenth_below(share: float, percent: int, level: str) -> None:
    assert levels(anomalies.limit_used(desk(limit_used=share)), [used(percent, 100)], "P19 desk") == [level]


@given(st.floats(0.01, 1.0))
def test_an_unused_limit_always_clears(share: float) -> None:
    assert levels(anomalies.limit_used(desk(limit_used=share)), [used(0, 100)], "P19 desk") == ["off"]


def test_where_nothing_is_allowed_anything_uses_all_of_it() -> None:
    assert levels(anomalies.limit_used(desk()), [used(0, 0), used(1, 0)], "P19 desk") == ["off", "on"]


@pytest.mark.parametrize("state", list(StrategyState))
def test_only_a_quarantined_strategy_is_told_of(state: StrategyState) -> None:
    seen = scene(strategies={"up": Standing(state, reason="ZeroDivisionError"), "down": Standing()})
    (found,) = run(anomalies.quarantined(), [seen])
    assert level_of(found, "up") == ("on" if state is StrategyState.QUARANTINE else "off")
    assert level_of(found, "down") == "off"


@pytest.mark.parametrize(("residual", "level"), [(0, "off"), (1, "on"), (-1, "on")])
def test_ledgers_that_differ_by_one_unit_are_told_of(residual: int, level: str) -> None:
    seen = scene(positions=Positions(residual_money=residual))
    assert levels(anomalies.integrity(), [seen], "desk") == [level]


@pytest.mark.parametrize(("is_integrity", "severity"), [(True, "critical"), (False, "warning")])
def test_every_anomaly_is_told_of_by_its_kind(is_integrity: bool, severity: str) -> None:
    seen = scene(handled=replace(IDLE, anomalies=(anomaly("overfill", is_integrity=is_integrity),)))
    (found,) = run(anomalies.integrity(), [seen])
    assert [(f.scope, f.severity, f.level) for f in found if f.kind == "anomaly"] == [("overfill", severity, "on")]


def test_a_trade_keeps_no_feed_fresh() -> None:
    detector = anomalies.stale_feed(desk(stale_ms=3000))
    seen = scene(trade(NOW), markets=[market(quote_ns=NOW - 4 * S, last_trade_ns=NOW)], changed=A)
    assert levels(detector, [seen], A) == ["on"]


def test_a_note_is_an_alert_only_where_it_asks_for_eyes() -> None:
    def seen(note: Note) -> Scene:
        return scene(command(note))

    [told, quiet] = run(anomalies.noted(), [seen(Note("slower than it could be", is_alert=True)), seen(Note("lunch"))])
    assert [(f.kind, f.scope, f.level, f.text) for f in told] == [("note", "c1", "on", "slower than it could be")]
    assert quiet == ()


# Overrides and amends

ORDER = Order("o-1", INTENT, 10, Status.LIVE, 0, 0, 0, 1)


def overridden(left_s: int, *scopes: str) -> Scene:
    overrides = tuple(Override(f"o-{n}", "P18", at, 1, NOW + left_s * S, 1, "ann", "x") for n, at in enumerate(scopes))
    return scene(handled=replace(IDLE, risk=RiskState(overrides=overrides)))


def test_an_override_is_told_of_in_its_last_minute_and_is_over_when_it_is_gone() -> None:
    seen = [overridden(61, A), overridden(60, A), overridden(1, A), overridden(0), overridden(0)]
    assert levels(anomalies.override_ends(), seen, f"P18 {A}") == ["-", "on", "on", "off", "-"]


def test_each_override_is_told_of_by_itself() -> None:
    seen = [overridden(60, A, B), overridden(60, B), overridden(60)]
    assert levels(anomalies.override_ends(), seen, f"P18 {A}") == ["on", "off", "-"]
    assert levels(anomalies.override_ends(), seen, f"P18 {B}") == ["on", "on", "off"]


@pytest.mark.parametrize(("working", "fate"), [({"o-1": ORDER}, "it may still fill"), ({}, "it has ended")])
def test_an_amend_that_lapses_is_told_of_with_what_became_of_its_order(working: dict[str, Order], fate: str) -> None:
    handled = replace(IDLE, orders=OrderTable(working=working), lapsed=("o-1",))
    seen = [scene(handled=handled), scene(command(ReplaceOrder("o-2", 1, 1)), handled=handled), scene()]
    assert levels(anomalies.amended(), seen, "amend o-1") == ["on", "on", "-"]
    [finding] = run(anomalies.amended(), seen[:1])[0]
    assert (finding.kind, finding.severity) == ("note", "warning")
    assert finding.text == f"amend lapsed: the cancel was not confirmed in time; {fate}, and nothing comes after it"


def test_an_amend_that_is_refused_after_its_cancel_is_told_of_and_one_before_it_is_not() -> None:
    wanted = replace(INTENT, owner="manual", purpose="amend")
    handled = replace(IDLE, verdicts=(Refused(wanted, (Reason("P12", "PRICE_COLLAR", 2, 1, "bps", "too far"),)),))
    later, at_once = scene(handled=handled), scene(command(ReplaceOrder("o", 1, 1)), handled=handled)
    assert levels(anomalies.amended(), [later, at_once], f"amend 7 {A}") == ["on", "-"]
    [finding] = run(anomalies.amended(), [later])[0]
    assert (finding.kind, finding.text) == ("note", "cancelled to be amended, and then refused: too far")
    other = replace(IDLE, verdicts=(Refused(replace(wanted, purpose="ticket"), ()),))
    assert run(anomalies.amended(), [scene(handled=other)]) == [()]
