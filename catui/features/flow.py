"""Trade flow: who has been the aggressor lately."""

from math import exp, log
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Observation


class TradeFlowState(Struct, frozen=True, gc=False):
    """Decayed signed and absolute volume, and the time to which they are decayed."""

    signed: float
    absolute: float
    time_s: float


@feature(symmetries=("odd", "scale_free", "bounded"), waits_for="a first trade")
def trade_flow(
    half_life_s: Annotated[float, Bounds(1e-3, 86_400, "s", "of the aggressors' volume")] = 5.0,
) -> Machine[TradeFlowState, Observation, float | None]:
    """Signed share of the aggressors' volume, by age.

        k = exp(-ln(2) dt / half_life_s)
        S_t = k S_{t-1} + q_t,   V_t = k V_{t-1} + |q_t|,   out: S_t / V_t

    with q the trade's size, positive where the buyer was the aggressor, 0 for a quote. In [-1, 1].
    Warm-up: the first trade. Laws: odd in q; a time that steps back counts as no time.
    ValueError: half_life_s not above 0.
    Source: Chordia, Roll, Subrahmanyam, *Order imbalance, liquidity, and market returns* (2002), for the imbalance.
    """
    above_zero("half_life_s", half_life_s, "s")
    rate = log(2.0) / half_life_s

    def step(s: TradeFlowState, x: Observation) -> tuple[TradeFlowState, float | None]:
        elapsed = x.time_s - s.time_s if x.time_s > s.time_s else 0.0
        keep = exp(-rate * elapsed)
        size = x.trade_size
        signed = keep * s.signed + size
        absolute = keep * s.absolute + (size if size >= 0.0 else -size)
        share = signed / absolute if absolute > 0.0 else 0.0
        bounded = 1.0 if share > 1.0 else (-1.0 if share < -1.0 else share)
        seen_any = absolute > 0.0
        return TradeFlowState(signed, absolute, x.time_s), (bounded if seen_any else None)

    return atom(TradeFlowState(0.0, 0.0, 0.0), step)


class Balance(Struct, frozen=True, gc=False):
    """Decayed signed and absolute volume."""

    signed: float
    absolute: float


@feature(symmetries=("odd", "scale_free", "time_free", "bounded"))
def trade_imbalance(
    half_life_trades: Annotated[float, Bounds(0.1, 1e7, "trades", "of the volume")] = 50.0,
) -> Machine[Balance, float, float]:
    """Signed share of the aggressors' volume, by trades: `trade_flow` without a clock.

        S_t = keep S_{t-1} + q_t,   V_t = keep V_{t-1} + |q_t|,   keep = 0.5 ** (1 / half_life_trades),   out: S_t / V_t

    In: a trade's size, positive where the buyer was the aggressor. In [-1, 1]; 0 before any volume. Warm-up: none.
    Laws: odd; blind to the scale of sizes; 1 while all buy. ValueError: half_life_trades not above 0.
    Source: Chordia, Roll, Subrahmanyam, *Order imbalance, liquidity, and market returns* (2002), for the imbalance.
    """
    above_zero("half_life_trades", half_life_trades, "trades")
    keep = 0.5 ** (1.0 / half_life_trades)

    def step(s: Balance, size: float) -> tuple[Balance, float]:
        signed = keep * s.signed + size
        absolute = keep * s.absolute + abs(size)
        share = signed / absolute if absolute > 0.0 else 0.0
        bounded = 1.0 if share > 1.0 else (-1.0 if share < -1.0 else share)
        return Balance(signed, absolute), bounded

    return atom(Balance(0.0, 0.0), step)
