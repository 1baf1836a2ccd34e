"""Correlations of what the members would have earned: who says the same as whom, whatever the words. Nothing decides.

A member's net gain over a second and more, as if it had held its signal s of the second before:

    g_i = s_i r - cost_bps 1e-4 |change of s_i|,   0 where it had or has no signal,   r the log return of the mid
    M_ij = keep M_ij + g_i g_j,                    keep = 0.5 ** (elapsed / half_life)
    rho_ij = M_ij / sqrt(M_ii M_jj)

So M is a sum of squares, rho is within [-1, 1], and a member that is paused or left out counts like one that runs.
Means are taken as 0. None until 30 samples, and for a member that has earned and lost nothing. M is kept beside the
signal path, from samples a second of market time apart: it costs that path nothing.
Source: J.P. Morgan/Reuters, *RiskMetrics* (1996), for the weights and the mean of 0.
"""

from math import log, sqrt

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.signals import Target
from catui.ensemble.weights import gain

SAMPLE_S = 1.0
WARM_SAMPLES = 30

Targets = tuple[tuple[str, Target], ...]
Triangle = tuple[tuple[float | None, ...], ...]  # row i: with the members before it


class Moments(Struct, frozen=True, gc=False):
    """One instrument: the last sample, how many there were before it, and M: its lower triangle by rows."""

    time_s: float
    mid: float
    signals: tuple[float | None, ...]
    products: tuple[float, ...]
    samples: int


def correlation(half_life_s: float, cost_bps: float) -> Machine[dict[str, Moments], Targets, Targets]:
    """Targets pass unchanged; the state is every instrument's moments. ValueError: half_life_s not above 0.

    Laws: it means what `identity` means; instruments are isolated.
    """
    if not half_life_s > 0:
        raise ValueError(f"half_life_s must be above 0 s, got {half_life_s!r}")

    def step(held: dict[str, Moments], targets: Targets) -> tuple[dict[str, Moments], Targets]:
        for key, target in targets:
            before = held.get(key)
            if before is None:
                nothing = (0.0,) * (len(target.signals) * (len(target.signals) + 1) // 2)
                x = target.features
                held = {**held, key: Moments(x.time_s, x.mid, target.signals, nothing, 0)}
            elif target.features.time_s - before.time_s >= SAMPLE_S:
                held = {**held, key: sampled(before, target, half_life_s, cost_bps)}
        return held, targets

    return atom({}, step)


def sampled(before: Moments, target: Target, half_life_s: float, cost_bps: float) -> Moments:
    """The moments with one sample more."""
    x = target.features
    change, keep = log(x.mid / before.mid), 0.5 ** ((x.time_s - before.time_s) / half_life_s)
    gains = [
        0.0 if was is None or now is None else gain(was, change, now - was, cost_bps)
        for was, now in zip(before.signals, target.signals, strict=True)
    ]
    fresh = [one * other for i, one in enumerate(gains) for other in gains[: i + 1]]
    products = tuple([keep * p + g for p, g in zip(before.products, fresh, strict=True)])
    return Moments(x.time_s, x.mid, target.signals, products, before.samples + 1)


def correlations(of: Moments) -> Triangle:
    """Each member's correlations with those before it, by row; None: not yet, or nothing to say.

    >>> correlations(Moments(0.0, 1.0, (None, None), (4.0, -3.0, 9.0), 30))
    ((), (-0.5,))
    """
    rows = [of.products[i * (i + 1) // 2 : (i + 1) * (i + 2) // 2] for i in range(len(of.signals))]
    own = [row[-1] for row in rows]
    is_warm = of.samples >= WARM_SAMPLES
    return tuple(
        [
            tuple([_bounded(p, own[i] * own[j]) if is_warm else None for j, p in enumerate(row[:-1])])
            for i, row in enumerate(rows)
        ]
    )


def _bounded(product: float, squares: float) -> float | None:
    """Within [-1, 1], which rounding could pass."""
    return min(max(product / sqrt(squares), -1.0), 1.0) if squares > 0.0 else None
