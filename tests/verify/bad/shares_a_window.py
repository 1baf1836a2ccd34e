"""Keeps its window in an attribute of a class, because tuples are slow, and only its place in the state."""

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features

LENGTH = 4


class Window:
    imbalances = [0.0] * LENGTH


@strategy(warm_up=lambda: LENGTH)
def shares_a_window() -> Machine[int, Features, float | None]:
    """With the mean imbalance of the last quotes."""

    def step(quotes: int, x: Features) -> tuple[int, float | None]:
        Window.imbalances[quotes % LENGTH] = x.imbalance  # fault
        mean = sum(Window.imbalances) / LENGTH
        return quotes + 1, (mean if quotes + 1 >= LENGTH else None)

    return atom(0, step)
