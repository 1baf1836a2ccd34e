"""The latent value of a symbol: a trending level with jumps, and a mean-reverting deviation from it.

    dv = -v / 15 s dt + s_v dW        trend, bps a second; stationary deviation 0.25 bps/s
    da = v dt - a / 1 h dt + s dW + J  level, bps from the start; J: about one jump in 45 s, deviation 4 bps
    dr = -r / 8 s dt + s_r dW         deviation, bps; stationary deviation 1.5 bps
    value = start * exp((a + r) / 10_000)

A regime (calm, normal, burst) multiplies the noise and the pace of all traders. Nobody trades on it directly: quotes
follow it, and the share of buyers leans towards it. The constants make a script that looks alive; they are no estimate.
"""

import math
from random import Random
from typing import NamedTuple

TREND_S = 15.0
LEVEL_S = 3600.0
REVERT_S = 8.0
TREND_NOISE = 0.25 * math.sqrt(2 / TREND_S)
LEVEL_NOISE = 0.5
REVERT_NOISE = 1.5 * math.sqrt(2 / REVERT_S)
JUMP_EVERY_S = 45.0
JUMP_BPS = 4.0


class Regime(NamedTuple):
    """`noise` multiplies the moves, `pace` the rates of the traders; it lasts `mean_s` on average."""

    name: str
    noise: float
    pace: float
    mean_s: float


REGIMES = (Regime("calm", 0.5, 0.7, 20.0), Regime("normal", 1.0, 1.0, 30.0), Regime("burst", 2.2, 2.0, 6.0))
NEXT = (1, 1, 0, 2)  # a regime's successor, drawn with equal chances


class FairValue:
    """The value in ticks at a moment, advanced by small steps of simulated time."""

    def __init__(self, random: Random, start_ticks: int, volatility: float, start_ns: int) -> None:
        self._random = random
        self._start_ticks = start_ticks
        self._volatility = volatility
        self._now_ns = start_ns
        self._regime_end_ns = start_ns
        self._trend = self._level = self._deviation = 0.0
        self.regime = REGIMES[1]
        self.ticks = float(start_ticks)

    def at(self, now_ns: int) -> float:
        """The value in ticks at `now_ns`, which never goes back."""
        dt = (now_ns - self._now_ns) / 1e9
        if dt <= 0.0:
            return self.ticks
        self._now_ns = now_ns
        random = self._random
        if now_ns >= self._regime_end_ns:
            self.regime = REGIMES[random.choice(NEXT)]
            self._regime_end_ns = now_ns + int(random.expovariate(1.0 / self.regime.mean_s) * 1e9)
        noise = math.sqrt(dt) * self.regime.noise * self._volatility
        self._trend += -self._trend * dt / TREND_S + TREND_NOISE * noise * random.gauss(0.0, 1.0)
        self._level += self._trend * dt - self._level * dt / LEVEL_S + LEVEL_NOISE * noise * random.gauss(0.0, 1.0)
        self._deviation += -self._deviation * dt / REVERT_S + REVERT_NOISE * noise * random.gauss(0.0, 1.0)
        if random.random() < dt / JUMP_EVERY_S:
            self._level += JUMP_BPS * self._volatility * random.gauss(0.0, 1.0)
        self.ticks = self._start_ticks * math.exp((self._level + self._deviation) * 1e-4)
        return self.ticks
