"""Exponentiated gradient: towards the constant mix that would have grown most.

Member i multiplies wealth by x_i = exp(g_i), g_i its net log gain; the blend by p . x, p the shares of those judged:

    p_i' = p_i exp(rate x_i / (p . x)) / sum_j p_j exp(rate x_j / (p . x))
    p_i" = (1 - n floor) p_i' + floor

which is Hedge on the gradient of the blend's log wealth. Only ratios of the x count, so they are taken with
the best one at 1. The memory is the weights. Regret in log wealth over T lessons against every fixed mix u, for x in
[r, 1] with the best at 1 and without a floor: at most D(u, p_1) / rate + rate T / (8 r^2), with D the relative entropy,
which from equal weights is at most ln N. No warm-up.
Source: Helmbold, Schapire, Singer, Warmuth, *On-line portfolio selection using multiplicative updates* (1998),
theorem 4.1.
"""

from math import exp

from catui.ensemble.blend import total
from catui.ensemble.hedge import raised
from catui.ensemble.weights import Gains, Judged, Rule, Weights, of_weights, staked

LEAST_WEALTH = 1e-300  # of a blend whose gradient is still a number


def exponentiated_gradient(first: Weights, rate: float, floor: float) -> Rule[Weights]:
    """EG(rate) from these weights on."""

    def learned(weights: Weights, gains: Gains, judged: Judged) -> Weights:
        return raised(weights, gradient(weights, gains, judged), judged, rate, floor)

    return of_weights(first, learned)


def gradient(weights: Weights, gains: Gains, judged: Judged) -> Gains:
    """x_i / (p . x) for those judged, 0 for the others, and for all where the blend is worth nothing."""
    stakes, best = staked(weights, judged), max(gains)
    relatives = tuple([exp(g - best) for g in gains])
    wealth = total(tuple([w * x for w, x in zip(stakes, relatives, strict=True)]))
    if not wealth > LEAST_WEALTH:
        return tuple([0.0 for _ in relatives])
    scale = total(stakes) / wealth
    return tuple([x * scale for x in relatives])
