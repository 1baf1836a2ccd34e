"""The methods by name: each makes the rule by which one ensemble's weights are found."""

from typing import Any, assert_never

from catui.domain.ensembles import BlendSettings
from catui.ensemble.exponentiated_gradient import exponentiated_gradient
from catui.ensemble.follow_the_leader import follow_the_leader
from catui.ensemble.hedge import multiplicative
from catui.ensemble.inverse_volatility import inverse_volatility
from catui.ensemble.weights import Rule, first_weights, of_weights


def rule_of(settings: BlendSettings, members: tuple[str, ...]) -> Rule[Any]:
    """The rule of an ensemble of these members; it begins with their configured weights, equal ones without."""
    first = first_weights(settings, members)
    match settings.method:
        case "fixed":
            return of_weights(first)
        case "equal":
            return of_weights((1.0 / len(members),) * len(members))
        case "multiplicative":
            return multiplicative(first, settings.learning_rate, settings.floor)
        case "exponentiated_gradient":
            return exponentiated_gradient(first, settings.learning_rate, settings.floor)
        case "follow_the_leader":
            return follow_the_leader(first, settings.learning_rate, settings.turnover_penalty, settings.floor)
        case "inverse_volatility":
            return inverse_volatility(first, settings.half_life_ticks, settings.floor)
        case _:
            assert_never(settings.method)
