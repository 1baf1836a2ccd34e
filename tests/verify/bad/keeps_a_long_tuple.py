"""Keeps all the returns that it has seen since the start: right, and slower every quote."""

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features

Returns = tuple[float, ...]


@strategy(symmetries=("scale_free", "time_free", "flat"))
def keeps_a_long_tuple() -> Machine[Returns, Features, float | None]:
    """With the median of all returns."""

    def step(seen: Returns, x: Features) -> tuple[Returns, float | None]:
        returns = (*seen, x.log_return)
        return returns, sorted(returns)[len(returns) // 2]  # fault

    return atom((), step)
