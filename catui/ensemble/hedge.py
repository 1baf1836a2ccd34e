"""Hedge: multiplicative weights.

Among the members that are judged, with p their shares of the weight, g their gains and n their number,

    p_i' = p_i exp(rate g_i) / sum_j p_j exp(rate g_j)
    p_i" = (1 - n floor) p_i' + floor

The memory is the weights. Regret over T lessons of gains in [0, 1] against the best of N members, without a floor and
from equal weights: at most ln N / rate + rate T / 8, whatever the gains are. No warm-up.
Sources: Freund, Schapire, *A decision-theoretic generalization of on-line learning* (1997); Cesa-Bianchi, Lugosi,
*Prediction, learning, and games* (2006), theorem 2.2, for the constants; Herbster, Warmuth, *Tracking the best expert*
(1998), for the floor.
"""

from math import exp

from catui.ensemble.blend import total
from catui.ensemble.weights import Gains, Judged, Rule, Weights, divided, of_weights, staked


def multiplicative(first: Weights, rate: float, floor: float) -> Rule[Weights]:
    """Hedge from these weights on."""

    def learned(weights: Weights, gains: Gains, judged: Judged) -> Weights:
        return raised(weights, gains, judged, rate, floor)

    return of_weights(first, learned)


def raised(weights: Weights, gains: Gains, judged: Judged, rate: float, floor: float) -> Weights:
    """The weights after one lesson; a rate of 0 learns nothing.

    Gains are taken relative to the best one, so that no exponential overflows.
    """
    if not rate > 0.0:
        return weights
    stakes, best = staked(weights, judged), max(gains)
    factors = tuple([w * exp(rate * (g - best)) for w, g in zip(stakes, gains, strict=True)])
    return divided(weights, factors, judged, total(stakes), floor)
