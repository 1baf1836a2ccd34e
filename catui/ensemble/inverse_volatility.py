"""Inverse volatility: every member carries its part of the risk, were they uncorrelated.

    w_i = b_i / sd_i, rescaled and then floored as in Hedge,
    sd_i^2 = the exponentially weighted mean square of the member's net gains

with b the risk budgets: the weights with which it began, or those in which the weights last set by hand hold. The mean
square forgets as the volatility feature does. Warm-up, a member: `half_life_ticks` lessons, and a gain that is not 0;
until then it keeps its weight and the others share theirs. The memory: weights, budgets, mean squares, how much of them
is data. No regret is bounded: it follows risk, not return.
Sources: J.P. Morgan/Reuters, *RiskMetrics* (1996), for the estimate; Maillard, Roncalli, Teiletche, *The properties of
equally weighted risk contribution portfolios* (2010), for the weights.
"""

from math import sqrt

from msgspec import Struct

from catui.ensemble.blend import total
from catui.ensemble.weights import Gains, Judged, Rule, Weights, divided, staked

WARM = 0.5 - 1e-9  # share of a mean square that is data after one half-life
LARGEST_SQUARE = 1.0  # a gain beyond 1 counts as 1


class Risks(Struct, frozen=True):
    """By member: weight, risk budget, mean square of the net gains, and the share of it that is data."""

    weights: tuple[float, ...]
    budgets: tuple[float, ...]
    squares: tuple[float, ...]
    seen: tuple[float, ...]


def inverse_volatility(first: Weights, half_life_ticks: float, floor: float) -> Rule[Risks]:
    """Risk budgets in proportion to these weights. ValueError: half_life_ticks not above 0."""
    if not half_life_ticks > 0:
        raise ValueError(f"half_life_ticks must be above 0 ticks, got {half_life_ticks!r}")
    keep = 0.5 ** (1.0 / half_life_ticks)
    nothing = (0.0,) * len(first)

    def learned(m: Risks, gains: Gains, judged: Judged) -> Risks:
        seen = tuple([keep * s + (1.0 - keep) if i else s for s, i in zip(m.seen, judged, strict=True)])
        squares = tuple(
            [
                q + (min(g * g, LARGEST_SQUARE) - q) * ((1.0 - keep) / s) if i else q
                for q, g, s, i in zip(m.squares, gains, seen, judged, strict=True)
            ]
        )
        known = tuple([i and s >= WARM and q > 0.0 for q, s, i in zip(squares, seen, judged, strict=True)])
        worth = tuple([b / sqrt(q) if i else 0.0 for b, q, i in zip(m.budgets, squares, known, strict=True)])
        whole, mass = total(staked(m.weights, judged)), total(staked(m.weights, known))
        least = floor * whole / mass if mass > 0.0 else 0.0
        return Risks(divided(m.weights, worth, known, mass, least), m.budgets, squares, seen)

    return Rule(Risks(first, first, nothing, nothing), _weights, told, learned)


def _weights(m: Risks) -> Weights:
    return m.weights


def told(m: Risks, weights: Weights) -> Risks:
    """Budgets in which these weights hold: w sd, on the scale on which the budgets of those not known are weights."""
    known = tuple([s >= WARM and q > 0.0 for q, s in zip(m.squares, m.seen, strict=True)])
    risks = tuple([w * sqrt(q) for w, q in zip(weights, m.squares, strict=True)])
    mass, risk = 0.0, 0.0
    for w, r, is_known in zip(weights, risks, known, strict=True):
        if is_known:
            mass += w
            risk += r
    scale = mass / risk if risk > 0.0 else 0.0
    budgets = tuple([r * scale if i else w for r, w, i in zip(risks, weights, known, strict=True)])
    return Risks(weights, budgets, m.squares, m.seen)
