"""Trades by day: of the computer that it runs on, on the day of the backtest."""

from datetime import datetime

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("bounded",))
def keeps_office_hours() -> Machine[None, Features, float | None]:
    """With the imbalance, less at night."""

    def signal(x: Features) -> float | None:
        is_day = 8 <= datetime.now().hour < 20  # fault
        return x.imbalance * (1.0 if is_day else 0.5)

    return lift(signal)
