"""Follow the regularised leader: projected gradient ascent, and a penalty on turning the weights over.

The leader q is a point of the simplex of those judged, each coordinate at least `floor`; the weights p follow it:

    q' = projection of q + rate g on that simplex     = argmax_x  rate g . x - |x - q|^2 / 2
    p' = p where it is no further from q' than the penalty, else
         p + (1 - penalty / |q' - p|) (q' - p)          = argmin_x  |x - q'|^2 / 2 + penalty |x - p|

The first line is online mirror descent with the Euclidean mirror map, which is FTRL with proximal quadratic
regularisers; the second is the proximal step of the penalty: weights that stand near the leader stand still. Where a
weight is below the floor, the floor goes first: p' = q'. The memory is both. Regret over T lessons of gains in [0, 1]
against the best of N members, without a floor and from equal weights: at most
(1 - 1/N) / (2 rate) + rate T N / 8 + penalty T sqrt(N) / 2. No warm-up.
Sources: Zinkevich, *Online convex programming and generalized infinitesimal gradient ascent* (2003); McMahan,
*Follow-the-regularized-leader and mirror descent* (2011), for the equivalence; Duchi, Shalev-Shwartz, Singer, Chandra,
*Efficient projections onto the l1-ball for learning in high dimensions* (2008), and Michelot, *A finite algorithm for
finding the projection of a point onto the canonical simplex of R^n* (1986); Parikh, Boyd, *Proximal algorithms* (2014),
section 6.5, for the second step.
"""

from math import inf, sqrt

from msgspec import Struct

from catui.ensemble.blend import shares, total
from catui.ensemble.weights import Gains, Judged, Rule, Weights, number, staked

FARTHEST = -2.0  # a step that takes any point of a unit simplex to 0
ROUNDING = 1e-9  # a weight that is less than this share below the floor is at it


class Followed(Struct, frozen=True):
    """The leader, and the weights that follow it."""

    leader: tuple[float, ...]
    weights: tuple[float, ...]


def follow_the_leader(first: Weights, rate: float, penalty: float, floor: float) -> Rule[Followed]:
    """The leader and the weights begin at `first`; a rate of 0 learns nothing."""

    def learned(m: Followed, gains: Gains, judged: Judged) -> Followed:
        count, best = number(judged), max(gains)
        if count < 2.0 or not rate > 0.0:
            return m
        least = min(floor, 1.0 / count)
        moved = tuple(
            [q + max(rate * (g - best), FARTHEST) - least for q, g in zip(shares(m.leader, judged), gains, strict=True)]
        )
        nearest = projected(moved, judged, 1.0 - count * least)
        leader = tuple([q + least if i else 0.0 for q, i in zip(nearest, judged, strict=True)])
        weights = followed(shares(m.weights, judged), leader, judged, penalty, least)
        return Followed(_in_place(m.leader, leader, judged), _in_place(m.weights, weights, judged))

    return Rule(Followed(first, first), _weights, told, learned)


def _weights(m: Followed) -> Weights:
    return m.weights


def told(m: Followed, weights: Weights) -> Followed:
    """Both, where a hand has set the weights."""
    return Followed(weights, weights)


def projected(values: Weights, judged: Judged, mass: float) -> Weights:
    """The point of {x >= 0, sum x = mass} nearest to the values of those judged: max(v - theta, 0); 0 for the others.

    theta is the mean of the values above it, less their part of the mass: found by leaving out what is below, again and
    again, which ends after as many passes as there are values.

    >>> projected((0.9, 0.6, -0.2), (True, True, True), 1.0)
    (0.65, 0.35, 0.0)
    """
    theta = _threshold(values, judged, mass, -inf)
    if any(i and v < theta for v, i in zip(values, judged, strict=True)):
        for _ in values:
            theta = _threshold(values, judged, mass, theta)
    return tuple([max(v - theta, 0.0) if i else 0.0 for v, i in zip(values, judged, strict=True)])


def _threshold(values: Weights, judged: Judged, mass: float, below: float) -> float:
    above, count = 0.0, 0.0
    for v, takes_part in zip(values, judged, strict=True):
        is_above = takes_part and v > below
        above += v if is_above else 0.0
        count += 1.0 if is_above else 0.0
    return (above - mass) / count if count > 0.0 else below


def followed(weights: Weights, leader: Weights, judged: Judged, penalty: float, least: float) -> Weights:
    """The weights after a step to the leader: straight, to within the penalty; all the way where one is below `least`.

    >>> followed((0.5, 0.5), (0.8, 0.2), (True, True), 0.5, 0.0)
    (0.5, 0.5)
    >>> followed((0.5, 0.5), (0.8, 0.2), (True, True), 0.0, 0.0)
    (0.8, 0.2)
    """
    distance = sqrt(total([(q - w) * (q - w) for w, q in zip(weights, leader, strict=True)]))
    is_low = any(i and w < least * (1.0 - ROUNDING) for w, i in zip(weights, judged, strict=True))
    step = 1.0 if is_low else (1.0 - penalty / distance if distance > penalty else 0.0)
    return tuple([w + step * (q - w) for w, q in zip(weights, leader, strict=True)])


def _in_place(weights: Weights, shared: Weights, judged: Judged) -> Weights:
    """The shares of those judged as parts of what their weights were; the others' weights as they are."""
    mass = total(staked(weights, judged))
    return tuple([mass * s if i else w for w, s, i in zip(weights, shared, judged, strict=True)])
