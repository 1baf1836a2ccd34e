"""Baselines: what any strategy has to beat."""

from catui.core.machine import Machine, lift
from catui.domain.signals import Features


def hold(exposure: float) -> Machine[None, Features, float | None]:
    """Always the same signal: 1 buys and holds, 0 stays flat. ValueError: exposure outside of [-1, 1]."""
    if not -1 <= exposure <= 1:
        raise ValueError(f"exposure must be -1 to 1, got {exposure!r}")

    def constant(_: Features) -> float | None:
        return exposure

    return lift(constant)
