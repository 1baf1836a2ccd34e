"""The ensemble's settings: how signals are blended, by which weights, and where these learn."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct, field

Bps = Annotated[float, Meta(ge=0, le=10_000)]
Method = Literal[
    "multiplicative", "fixed", "equal", "inverse_volatility", "exponentiated_gradient", "follow_the_leader"
]


class EnsembleSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Weights learn from realised, cost-adjusted returns by `method`; `fixed` keeps `weights`, `equal` has none.

    [ensemble.md](ensemble.md) says what each method does, by which formula, and what it may lose.
    """

    method: Annotated[Method, Meta(description="where the weights come from")] = "multiplicative"
    weights: Annotated[dict[str, float], Meta(description="by member: where learning begins; else equal")] = field(
        default_factory=dict
    )
    learning_rate: Annotated[float, Meta(ge=0, le=10_000, description="of the weights, per unit of return")] = 20.0
    floor: Annotated[float, Meta(ge=0, le=0.5, description="least weight of a running member, where weights learn")] = (
        0.05
    )
    cost_bps: Annotated[Bps, Meta(description="charged to a member for each unit of signal it turns over")] = 1.0
    half_life_ticks: Annotated[
        float, Meta(gt=0, le=1e6, description="inverse_volatility: of the members' variances")
    ] = 500.0
    turnover_penalty: Annotated[
        float, Meta(ge=0, le=1, description="follow_the_leader: distance from the leader at which weights stand still")
    ] = 0.02


class Fault(NamedTuple):
    """What is wrong with a setting, and what to write instead; `value` is shown where it tells something."""

    path: tuple[str, ...]
    fault: str
    mend: str
    value: float | str | None = None


def faults(settings: EnsembleSettings, members: Sequence[str], path: tuple[str, ...]) -> Iterator[Fault]:
    """What is wrong with an ensemble of these members: names that are none, weights and floors that no sum can keep."""
    of_weights = (*path, "weights")
    if settings.method == "equal" and settings.weights:
        yield Fault(of_weights, "equal takes no weights", 'leave them out, or write method = "fixed"')
    for name, weight in settings.weights.items():
        if name not in members:
            yield Fault((*of_weights, name), "no such member", nearest(name, members))
        elif not 0 <= weight <= 1:
            yield Fault((*of_weights, name), "must be 0 to 1", "write 0.5", weight)
    if settings.floor * len(members) > 1:
        fault = f"{len(members)} members share 1"
        yield Fault((*path, "floor"), fault, f"write {1 / len(members):.3g}", settings.floor)
    if settings.weights and not sum(settings.weights.values()) > 0:
        yield Fault(of_weights, "sum to 0", "give at least one a weight")


def nearest(name: str, known: Sequence[str]) -> str:
    """Which of these was meant."""
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"
