"""Moving average convergence divergence: two exponential means of a price, and a third one of their difference."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.parameters import Bounds


class Macd(Struct, frozen=True, gc=False):
    """In the price's unit: the difference of the fast and the slow mean, its own mean, and what it is above that."""

    line: float
    signal: float
    histogram: float


class Means(Struct, frozen=True, gc=False):
    """The three exponential means, and the inputs seen, up to the warm-up."""

    fast: float
    slow: float
    signal: float
    seen: float


def _warm_up(fast_span: int, slow_span: int, signal_span: int) -> float:
    return slow_span + signal_span - 1


@feature(warm_up=_warm_up, symmetries=("odd", "time_free", "flat"))
def macd(
    fast_span: Annotated[int, Bounds(1, 1e6, "inputs", "of the fast mean")] = 12,
    slow_span: Annotated[int, Bounds(2, 1e6, "inputs", "of the slow mean")] = 26,
    signal_span: Annotated[int, Bounds(1, 1e6, "inputs", "of the mean of the line")] = 9,
) -> Machine[Means, float, Macd | None]:
    """Fast less slow exponential mean of a price, and the mean of that.

        line = EMA_fast - EMA_slow,   signal = EMA of the line,   histogram = line - signal
        EMA_t = EMA_{t-1} + 2 / (span + 1) (x_t - EMA_{t-1}),   beginning at its first input

    In: a price, or any level. Warm-up: `slow_span` + `signal_span` - 1 inputs. Laws: linear; 0 on a constant; blind to
    an offset. ValueError: a span below 1, or a fast one that is not below the slow one.
    Source: Appel, *The moving average convergence-divergence trading method* (1979).
    """
    if not 1 <= fast_span < slow_span:
        raise ValueError(f"fast_span must be at least 1 input and below slow_span, got {fast_span!r}, {slow_span!r}")
    if signal_span < 1:
        raise ValueError(f"signal_span must be at least 1 input, got {signal_span!r}")
    to_fast, to_slow, to_signal = (2.0 / (span + 1.0) for span in (fast_span, slow_span, signal_span))
    warm = float(_warm_up(fast_span, slow_span, signal_span))

    def step(s: Means, x: float) -> tuple[Means, Macd | None]:
        fast = s.fast + to_fast * (x - s.fast) if s.seen > 0.0 else x
        slow = s.slow + to_slow * (x - s.slow) if s.seen > 0.0 else x
        line = fast - slow
        signal = s.signal + to_signal * (line - s.signal)
        seen = s.seen if s.seen >= warm else s.seen + 1.0
        return Means(fast, slow, signal, seen), (Macd(line, signal, line - signal) if seen >= warm else None)

    return atom(Means(0.0, 0.0, 0.0, 0.0), step)
