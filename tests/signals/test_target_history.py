"""The past of targets: a curve of weights that never grows, and the moments at which an exposure turned."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from catui.core.machine import scan
from catui.domain.signals import Features, Target
from catui.ensemble.history import POINTS, TURNS, History, history
from catui.runtime import statecodec

KEYS = ("x", "y")


def target(time_s: float, exposure: float = 0.0, weight: float = 0.5) -> Target:
    seen = Features(time_s, 100.0, 100.0, 1.0, 0.0, None, 0.0, 0.0, None, None)
    return Target(seen, (exposure, None), (weight, 1.0 - weight), (exposure, 0.0), exposure)


def after(targets: list[Target]) -> History:
    held, _ = scan(history(), [(("x", each),) for each in targets])
    return held["x"]


@given(
    st.lists(st.lists(st.tuples(st.sampled_from(KEYS), st.floats(0, 99), st.floats(-1, 1)), max_size=2), max_size=20)
)
def test_targets_pass_unchanged_whatever_they_are(steps: list[list[tuple[str, float, float]]]) -> None:
    wires = [tuple((key, target(time_s, exposure)) for key, time_s, exposure in step) for step in steps]
    held, passed = scan(history(), wires)
    assert passed == wires
    assert set(held) == {key for wire in wires for key, _ in wire}
    assert statecodec.decode(statecodec.encode(held)) == held


def test_weights_are_sampled_once_a_second() -> None:
    past = after([target(0.0, weight=0.1), target(0.9, weight=0.2), target(1.0, weight=0.3), target(9.0, weight=0.4)])
    assert [weights[0] for weights in past.weights] == [0.1, 0.3, 0.4]


def test_the_curve_of_weights_spans_the_run_in_a_bounded_number_of_points() -> None:
    for seconds in (POINTS, POINTS + 1, 1_000, 4_000):
        past = after([target(float(n), weight=n / seconds) for n in range(seconds)])
        assert POINTS // 2 <= len(past.weights) <= POINTS
        firsts = [weights[0] for weights in past.weights]
        assert firsts[0] == 0.0
        assert firsts[-1] >= 1 - 2 * past.interval_s / seconds
        steps = {round((b - a) * seconds) for a, b in itertools.pairwise(firsts)}
        assert steps == {past.interval_s}


def test_a_target_turns_when_it_is_long_or_short_enough_and_not_in_between() -> None:
    exposures = (0.1, 0.19, 0.2, 0.9, 0.0, -0.19, -0.2, -1.0, 0.1, 0.3)
    past = after([target(float(n), exposure) for n, exposure in enumerate(exposures)])
    assert past.turns == ((2.0, 1), (6.0, -1), (9.0, 1))


def test_a_turn_is_told_between_two_samples_too() -> None:
    assert after([target(0.0), target(0.25, 0.5)]).turns == ((0.25, 1),)


def test_the_last_turns_are_kept() -> None:
    past = after([target(float(n), (-1.0) ** n) for n in range(TURNS + 9)])
    assert [time_s for time_s, _ in past.turns] == [float(n) for n in range(9, TURNS + 9)]
