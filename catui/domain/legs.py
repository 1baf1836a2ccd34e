"""Sharing a quantity over legs without losing a lot: the largest-remainder method."""

from catui.domain.orders import Leg


def scale_legs(legs: tuple[Leg, ...], of_lots: int, lots: int) -> tuple[Leg, ...]:
    """`legs`, which sum to plus or minus `of_lots`, scaled to sum to plus or minus `lots`, exactly; zeros stay.

        q_i = floor(leg_i * lots / of_lots), and one lot more for the legs with the largest remainders

    Each leg is less than one lot away from its exact share; ties go to the earlier leg. `lots` may exceed `of_lots`.
    Laws: `scale_legs(x, n, n) == x`, and the sum is exact for legs of mixed signs too.
    Source: Balinski and Young, *Fair Representation* (1982), Hamilton's method. ZeroDivisionError: of_lots 0.

    >>> [leg.lots for leg in scale_legs((Leg("a", 5), Leg("b", -2)), 3, 1)]
    [2, -1]
    """
    if lots == of_lots:
        return legs
    total = sum(leg.lots for leg in legs)
    shares = [divmod(leg.lots * lots, of_lots) for leg in legs]
    spare = (lots if total > 0 else -lots) - sum(whole for whole, _ in shares)
    ranked = sorted(range(len(legs)), key=lambda i: -shares[i][1])  # stable: ties go to the earlier leg
    lucky = frozenset(ranked[:spare])
    return tuple(Leg(leg.strategy, shares[i][0] + (1 if i in lucky else 0)) for i, leg in enumerate(legs))
