"""A quantile of the histogram is never below the true one, and at most a sixteenth above."""

from hypothesis import given
from hypothesis import strategies as st

from catui.runtime.telemetry import Latency


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=200), st.sampled_from([0.01, 0.5, 0.9, 0.99, 1.0]))
def test_quantiles_are_right_to_a_sixteenth(durations: list[int], share: float) -> None:
    latency = Latency()
    for duration in durations:
        latency.add(duration)
    ordered = sorted(durations)
    rank = next(n for n in range(1, len(ordered) + 1) if n >= share * len(ordered))
    true = ordered[rank - 1]
    told = latency.quantile_us(share)
    assert told is not None
    assert true / 1000 <= told <= true / 1000 * (1 + 1 / 16) + 0.001


def test_nothing_measured_is_not_zero() -> None:
    assert Latency().quantile_us(0.5) is None
