"""Regimes: which strategies take part in which state of the market, told from an instrument's own returns.

Two measures, each 1 of a random walk of steady volatility:

    variance_ratio     m_t = m_{t-1} + a (r_t - m_{t-1}),   ratio = E[m^2] (2 - a) / a / E[r^2]
                       = 1 + 2 sum_k (1 - a)^k rho_k, the sum of the autocorrelations with exponential weights:
                       above 1 moves go on (`trend`), below 1 they go back (`range`)
    volatility_ratio   ratio = sqrt(E_fast[r^2] / E[r^2]):
                       above 1 it is wilder than it was (`turbulent`), else `calm`

a and E_fast forget with `half_life_ticks`, E with `memory_half_lives` times that. The regime is the upper one from a
ratio above `enter` on, until it falls below `enter` (1 - `hysteresis`): between the two it stays what it was, and does
not chatter. Warm-up: E's half-life. Until then, and in the other regime, a strategy that is bound to one takes no part:
it is treated as a paused one, and has its weight again when its regime comes back.
Sources: Lo, MacKinlay, *Stock market prices do not follow random walks* (1988), and Cochrane, *How big is the random
walk in GNP?* (1988), for the variance ratio as a weighted sum of autocorrelations; Schmitt, *A thermionic trigger*
(1938), for the two thresholds.
"""

from math import sqrt
from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom, identity, lift, named, optional
from catui.domain.ensembles import RegimeSettings
from catui.domain.settings import Desk
from catui.domain.signals import Roster, Signals

Signalled = tuple[Signals | None, Roster]


class Regime(Struct, frozen=True):
    """The last ratio, and whether the regime is the upper one; None: not yet."""

    ratio: float | None = None
    is_upper: bool | None = None


class Persistence(Struct, frozen=True, gc=False):
    """The smoothed return, the mean squares of it and of the return, and the quotes seen."""

    mean: float
    of_mean: float
    of_return: float
    quotes: float


class Spreads(Struct, frozen=True, gc=False):
    """Two mean squares of the return with the share of each that is data, and the quotes seen."""

    fast: float
    fast_seen: float
    slow: float
    slow_seen: float
    quotes: float


def gate(desk: Desk) -> Machine[Any, Signalled, Signalled]:
    """Who takes part, less those whose regime it is not; signals pass untouched.

    Laws: nobody is added; without a quote the regime stays; what it says of an instrument depends on its returns only.
    """
    settings = desk.regime
    wanted = [settings.members.get(name) for name in desk.strategy_names]
    bound = tuple([None if name is None else name == settings.names[1] for name in wanted])  # whether to the upper one

    def gated(pair: tuple[Signalled, Regime | None]) -> Signalled:
        (signals, roster), now = pair
        is_upper = now is not None and now.is_upper is not None and now.is_upper
        is_lower = now is not None and now.is_upper is not None and not now.is_upper
        runs = tuple(
            [
                runs if to_upper is None else runs and (is_upper if to_upper else is_lower)
                for runs, to_upper in zip(roster.runs, bound, strict=True)
            ]
        )
        return signals, Roster(runs, roster.drains, roster.member, roster.weight)

    regime = named("regime", hysteresis(settings.enter, settings.leave))
    return (identity & (lift(_change) >> optional(measured(settings) >> regime))).map(gated)


def _change(heard: Signalled) -> float | None:
    return None if heard[0] is None else heard[0].features.log_return


def measured(settings: RegimeSettings) -> Machine[Any, float, float | None]:
    """The ratio of the desk's measure, of log returns. ValueError: half-lives that are none."""
    measure = persistence if settings.measure == "variance_ratio" else turbulence
    return measure(settings.half_life_ticks, settings.slow_half_life_ticks)


def persistence(fast_half_life_ticks: float, slow_half_life_ticks: float) -> Machine[Persistence, float, float | None]:
    """The variance ratio with exponential weights; 1 where nothing ever moved.

    Warm-up: `slow_half_life_ticks` returns. Laws: even in the returns, blind to their scale.
    ValueError: half-lives that are not 0 < fast < slow.
    """
    move, forget = _moves(fast_half_life_ticks, slow_half_life_ticks)
    scale = (2.0 - move) / move

    def step(s: Persistence, change: float) -> tuple[Persistence, float | None]:
        mean = s.mean + move * (change - s.mean)
        of_mean = s.of_mean + forget * (mean * mean * scale - s.of_mean)
        of_return = s.of_return + forget * (change * change - s.of_return)
        quotes = s.quotes + 1.0
        ratio = of_mean / of_return if of_return > 0.0 else 1.0
        return Persistence(mean, of_mean, of_return, quotes), (ratio if quotes >= slow_half_life_ticks else None)

    return atom(Persistence(0.0, 0.0, 0.0, 0.0), step)


def turbulence(fast_half_life_ticks: float, slow_half_life_ticks: float) -> Machine[Spreads, float, float | None]:
    """Volatility lately over volatility; 1 where nothing ever moved.

    Warm-up: `slow_half_life_ticks` returns. Laws: even in the returns, blind to their scale.
    ValueError: half-lives that are not 0 < fast < slow.
    """
    move, forget = _moves(fast_half_life_ticks, slow_half_life_ticks)

    def step(s: Spreads, change: float) -> tuple[Spreads, float | None]:
        square = change * change
        fast_seen = s.fast_seen + move * (1.0 - s.fast_seen)
        slow_seen = s.slow_seen + forget * (1.0 - s.slow_seen)
        fast = s.fast + move * (square - s.fast)
        slow = s.slow + forget * (square - s.slow)
        quotes = s.quotes + 1.0
        ratio = sqrt(fast / fast_seen / (slow / slow_seen)) if slow > 0.0 else 1.0
        state = Spreads(fast, fast_seen, slow, slow_seen, quotes)
        return state, (ratio if quotes >= slow_half_life_ticks else None)

    return atom(Spreads(0.0, 0.0, 0.0, 0.0, 0.0), step)


def _moves(fast_half_life_ticks: float, slow_half_life_ticks: float) -> tuple[float, float]:
    if not 0 < fast_half_life_ticks < slow_half_life_ticks:
        raise ValueError(
            f"fast_half_life_ticks must be above 0 and below slow_half_life_ticks ({slow_half_life_ticks:g} ticks), "
            f"got {fast_half_life_ticks:g}"
        )
    return 1.0 - 0.5 ** (1.0 / fast_half_life_ticks), 1.0 - 0.5 ** (1.0 / slow_half_life_ticks)


def hysteresis(enter: float, leave: float) -> Machine[Regime, float | None, Regime]:
    """Upper from a ratio above `enter` on, until one below `leave`; before the first ratio neither. The state is told.

    ValueError: leave above enter.
    """
    if not leave <= enter:
        raise ValueError(f"leave must be at most enter ({enter:g}), got {leave:g}")

    def step(s: Regime, ratio: float | None) -> tuple[Regime, Regime]:
        was_upper = s.is_upper is not None and s.is_upper
        now = s if ratio is None else Regime(ratio, ratio >= leave if was_upper else ratio > enter)
        return now, now

    return atom(Regime(), step)


def name_of(settings: RegimeSettings, now: Regime) -> str:
    """What the regime is called; empty while it is unknown."""
    return "" if now.is_upper is None else settings.names[now.is_upper]
