"""The ensemble's settings: how signals are blended, by which weights, and where these learn."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct, field

Bps = Annotated[float, Meta(ge=0, le=10_000)]
Method = Literal[
    "multiplicative", "fixed", "equal", "inverse_volatility", "exponentiated_gradient", "follow_the_leader"
]


class BlendSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Weights learn from realised, cost-adjusted returns by `method`; `fixed` keeps `weights`, `equal` takes none."""

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


class EnsembleSettings(BlendSettings, frozen=True, forbid_unknown_fields=True):
    """How signals are blended: of the strategies, and of the groups of `[ensembles.NAME]`, each as one member.

    [ensemble.md](ensemble.md) says what each method does, by which formula, and what it may lose.
    """

    correlation_half_life_s: Annotated[
        float, Meta(gt=0, le=86_400, description="of the members' correlations, which are told and not used")
    ] = 120.0


class GroupSettings(BlendSettings, frozen=True, forbid_unknown_fields=True):
    """A group of strategies that is blended first, by a method and numbers of its own."""

    members: Annotated[tuple[str, ...], Meta(description="the strategies in it, each in one group at most")] = ()


Measure = Literal["none", "variance_ratio", "volatility_ratio"]
REGIMES: dict[Measure, tuple[str, str]] = {
    "none": ("", ""),
    "variance_ratio": ("range", "trend"),
    "volatility_ratio": ("calm", "turbulent"),
}


class RegimeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Which strategies take part in which state of an instrument's market; without a measure all do, always."""

    measure: Annotated[Measure, Meta(description="what tells the regimes apart")] = "none"
    half_life_ticks: Annotated[
        float, Meta(gt=0, le=1e6, description="of the smoothed return, or of the volatility lately")
    ] = 20.0
    memory_half_lives: Annotated[float, Meta(ge=2, le=10_000, description="half-life of its measure, in those")] = 25.0
    enter: Annotated[float, Meta(gt=0, le=100, description="ratio above which it is trend, or turbulent")] = 1.5
    hysteresis: Annotated[float, Meta(ge=0, le=0.99, description="part of enter by which it must fall to leave")] = 0.25
    members: Annotated[
        dict[str, str], Meta(description="by strategy: the one regime in which it takes part; else in both")
    ] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, str]:
        """What the lower and the upper regime are called."""
        return REGIMES[self.measure]

    @property
    def slow_half_life_ticks(self) -> float:
        """Of the mean squares whose ratio is taken."""
        return self.half_life_ticks * self.memory_half_lives

    @property
    def leave(self) -> float:
        """The ratio below which the upper regime ends."""
        return self.enter * (1.0 - self.hysteresis)


class Fault(NamedTuple):
    """What is wrong with a setting, and what to write instead; `value` is shown where it tells something."""

    path: tuple[str, ...]
    fault: str
    mend: str
    value: float | str | None = None


def faults(
    ensemble: EnsembleSettings,
    groups: Mapping[str, GroupSettings],
    regime: RegimeSettings,
    strategies: Sequence[str],
) -> Iterator[Fault]:
    """Everything that is wrong with the ensemble of these strategies."""
    yield from group_faults(groups, strategies)
    grouped = {member: name for name, group in groups.items() for member in group.members}
    yield from _blend_faults(ensemble, slots(groups, strategies), ("ensemble",), grouped)
    for name, group in groups.items():
        if group.members:
            yield from _blend_faults(group, group.members, ("ensembles", name), {})
    yield from regime_faults(regime, strategies)


def slots(groups: Mapping[str, GroupSettings], strategies: Sequence[str]) -> tuple[str, ...]:
    """The members of the ensemble: the strategies that are in no group, then the groups."""
    grouped = {member for group in groups.values() for member in group.members}
    return (*[name for name in strategies if name not in grouped], *groups)


def group_faults(groups: Mapping[str, GroupSettings], strategies: Sequence[str]) -> Iterator[Fault]:
    """Groups that are empty or called like a strategy, members that are none or are in two places."""
    taken: dict[str, str] = {}
    for name, group in groups.items():
        path = ("ensembles", name)
        if name in strategies:
            yield Fault(path, "a strategy has that name", "call the group something else")
        if not group.members:
            yield Fault((*path, "members"), "an empty group", f'write members = ["{strategies[0]}"], or delete it')
        for member in group.members:
            if member not in strategies:
                yield Fault((*path, "members"), f"no strategy {member}", nearest(member, strategies))
            elif member in taken:
                yield Fault((*path, "members"), f"{member} is in {taken[member]} already", "leave it out of one")
            else:
                taken[member] = f"ensembles.{name}"


def regime_faults(settings: RegimeSettings, strategies: Sequence[str]) -> Iterator[Fault]:
    """Strategies and regimes that are none."""
    if settings.members and settings.measure == "none":
        yield Fault(
            ("regime", "members"), "nothing tells regimes apart", 'write measure = "variance_ratio" in [regime]'
        )
    for name, regime in settings.members.items():
        path = ("regime", "members", name)
        if name not in strategies:
            yield Fault(path, "no such strategy", nearest(name, strategies))
        elif settings.measure != "none" and regime not in settings.names:
            yield Fault(path, f"{settings.measure} knows no such regime", nearest(regime, settings.names), regime)


def _blend_faults(
    settings: BlendSettings, members: Sequence[str], path: tuple[str, ...], grouped: Mapping[str, str]
) -> Iterator[Fault]:
    """Weights of members that are none, weights and floors that no sum can keep."""
    of_weights = (*path, "weights")
    if settings.method == "equal" and settings.weights:
        yield Fault(of_weights, "equal takes no weights", 'leave them out, or write method = "fixed"')
    for name, weight in settings.weights.items():
        if name in grouped:
            mend = f"write it in [ensembles.{grouped[name]}.weights]"
            yield Fault((*of_weights, name), f"is in the group {grouped[name]}", mend)
        elif name not in members:
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
