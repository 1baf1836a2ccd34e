"""What the paper venue charges: a rate on the notional, in quote, halves away from zero."""

import math

from catui.domain.units import divide_half_up

RATE_DIGITS = 7  # a rate is an int number of 1/1000 bps, which is 1e-7


def rate_millibps(fee_bps: float) -> int:
    """The rate as an int number of 1/1000 bps; negative: a rebate. ValueError: not a finite number below 100 %.

    >>> rate_millibps(2.0), rate_millibps(-0.25)
    (2000, -250)
    """
    if not math.isfinite(fee_bps) or abs(fee_bps) >= 10_000:
        raise ValueError(f"a fee must be a rate inside (-10000, 10000) bps, got {fee_bps!r}")
    return round(fee_bps * 1000)


def fee_money(notional_money: int, millibps: int) -> int:
    """The fee on a notional, in the same unit of money.

    >>> fee_money(100_000, 5_000), fee_money(1_000, 5_000), fee_money(999, 5_000)
    (50, 1, 0)
    """
    return divide_half_up(notional_money * millibps, 10**RATE_DIGITS)
