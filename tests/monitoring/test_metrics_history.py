"""Histories: bounded, newest first, thinned evenly, and the same object where there is nothing new."""

import itertools

from hypothesis import given
from hypothesis import strategies as st
from monitoring_world import IDLE, INTENT, MS, NOW, A, B, S, fill, lost, market, quote, refused, scene, trade
from msgspec.structs import replace

from catui.domain.orders import Approved, Reason, Resized, Verdict
from catui.domain.reports import Performance, Positions
from catui.monitoring.metrics import FILLS, HELD_BACK, HOUR_NS, POINTS, TRADES, Metrics, remembered
from catui.monitoring.scene import Scene


def after(steps: list[Scene]) -> Metrics:
    metrics = Metrics()
    for step in steps:
        metrics = remembered(metrics, step)
    return metrics


def worth(second: int) -> Scene:
    return scene(now_ns=second * S, positions=Positions(equity_money=second))


def test_the_equity_has_a_point_a_second_at_first() -> None:
    metrics = after([scene(now_ns=n * 250 * MS, positions=Positions(equity_money=n)) for n in range(9)])
    assert metrics.equity == ((0, 0), (S, 4), (2 * S, 8))


def test_when_the_curve_is_full_every_second_point_goes_and_the_interval_doubles() -> None:
    full = after([worth(n) for n in range(POINTS)])
    assert len(full.equity) == POINTS
    assert full.interval_ns == S
    thin = remembered(full, worth(POINTS))
    assert thin.equity == tuple((n * S, n) for n in range(0, POINTS + 1, 2))
    assert thin.interval_ns == 2 * S
    assert remembered(thin, worth(POINTS + 1)) is thin
    assert remembered(thin, worth(POINTS + 2)).equity[-1] == ((POINTS + 2) * S, POINTS + 2)


def test_a_long_day_keeps_its_first_point_and_even_distances() -> None:
    metrics = after([worth(n) for n in range(5000)])
    times = [ts_ns for ts_ns, _ in metrics.equity]
    assert len(times) <= POINTS
    assert times[0] == 0
    assert {late - early for early, late in itertools.pairwise(times)} == {metrics.interval_ns}
    assert metrics.interval_ns == 16 * S  # halved at 600, 1,200, 2,400 and 4,800 seconds


@given(st.lists(st.integers(1, 10**12), max_size=100))
def test_points_are_at_least_an_interval_apart_whenever_steps_come(gaps_ns: list[int]) -> None:
    now_ns, steps = NOW, []
    for gap_ns in gaps_ns:
        now_ns += gap_ns
        steps.append(scene(now_ns=now_ns))
    metrics = after(steps)
    times = [ts_ns for ts_ns, _ in metrics.equity]
    assert all(late - early >= metrics.interval_ns for early, late in itertools.pairwise(times))


def test_nothing_to_remember_gives_the_same_object() -> None:
    metrics = after([scene()])
    assert remembered(metrics, scene(quote(NOW + S - 1))) is metrics
    assert remembered(metrics, scene(trade(NOW + 1, key="paper:UNKNOWN"), markets=[market(A)])) is metrics


def test_the_deepest_drawdown_is_kept_between_points_and_after_recovery() -> None:
    def below_peak(money: int, now_ns: int) -> Scene:
        return scene(now_ns=now_ns, positions=Positions(performance=Performance(peak_money=money)))

    steps = [below_peak(money, NOW + n) for n, money in enumerate([0, 5, 9, 3, 0])]
    assert after(steps).max_drawdown_money == 9
    assert after([scene(positions=lost(0))]).max_drawdown_money == 0


def test_prints_are_newest_first_bounded_and_by_instrument() -> None:
    markets = [market(A), market(B)]
    prints = [scene(trade(NOW + n, id=n), markets=markets) for n in range(TRADES + 5)]
    metrics = after([*prints, scene(trade(NOW, B, 999), markets=markets)])
    assert [t.trade_id for t in metrics.trades[A]] == list(range(TRADES + 4, 4, -1))
    assert [t.trade_id for t in metrics.trades[B]] == [999]


def test_fills_are_newest_first_within_a_step_too_and_bounded() -> None:
    steps = [scene(handled=replace(IDLE, fills=(fill(f"{n}a"), fill(f"{n}b")))) for n in range(FILLS)]
    metrics = after(steps)
    assert len(metrics.fills) == FILLS
    assert [f.order_id for f in metrics.fills[:4]] == ["199b", "199a", "198b", "198a"]


def test_refusals_are_counted_by_check_with_the_last_text_and_are_no_orders() -> None:
    verdicts: tuple[Verdict, ...] = (refused("P18", text="first"), refused("P18", "P19", text="last"))
    metrics = after([scene(handled=replace(IDLE, verdicts=verdicts))] * 2)
    assert metrics.refused == {"P18": (4, "last"), "P19": (2, "last")}
    assert metrics.orders == 0


def test_approved_and_resized_orders_are_counted_and_refuse_nothing() -> None:
    verdicts = (Approved(INTENT, 10), Resized(INTENT, 4, refused("P17").reasons), refused("P18"))
    metrics = after([scene(handled=replace(IDLE, verdicts=verdicts))])
    assert metrics.orders == 2
    assert list(metrics.refused) == ["P18"]


# What was held back


def held(now_ns: int, verdict: Verdict) -> Scene:
    return scene(now_ns=now_ns, handled=replace(IDLE, verdicts=(verdict,)))


def test_what_was_refused_or_cut_is_kept_for_an_hour_with_its_numbers() -> None:
    cut = Resized(INTENT, 4, (Reason("P18", "MAX_POSITION", 30, 20, "money", "too much"),))
    metrics = after([held(NOW, cut), held(NOW + S, refused("P12", "P18")), held(NOW + 2 * S, Approved(INTENT, 10))])
    assert [(h.check, h.measured, h.limit, h.is_alone) for h in metrics.held_back] == [
        ("P18", 2, 1, False),
        ("P12", 2, 1, False),
        ("P18", 30, 20, True),
    ]
    assert (metrics.held_back[-1].instrument, metrics.held_back[-1].strategies) == (A, ("up",))
    late = remembered(metrics, held(NOW + HOUR_NS, refused("P16")))
    assert [h.check for h in late.held_back] == ["P16", "P18", "P12"]


def test_only_the_last_of_what_was_held_back_is_kept() -> None:
    metrics = after([held(NOW + n, refused("P12")) for n in range(HELD_BACK + 7)])
    assert [h.ts_ns - NOW for h in metrics.held_back] == [*range(HELD_BACK + 6, 6, -1)]
