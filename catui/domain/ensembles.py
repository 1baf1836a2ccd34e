"""The ensemble's settings: how signals are blended, by which weights, and where these learn."""

from typing import Annotated, Literal

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
