"""Ensembles of ensembles: groups are blended first, then the groups with the strategies that are in none.

A group speaks with one signal, the blend of its members, and learns from their returns; the ensemble above learns from
the groups' returns, the turning over of their signals charged as a strategy's. Told is what holds of the strategies:

    weight of a strategy = weight of its group in the ensemble x its weight in the group

A weight that is set by hand is that product: the strategy's group and its place in it are set so that all others keep
their ratios. Law: with fixed weights it is the flat ensemble of the products.
"""

from typing import Any, NamedTuple

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.ensembles import slots
from catui.domain.settings import Desk
from catui.domain.signals import Roster, Signals, Target
from catui.ensemble.blend import blend, only_less, shares
from catui.ensemble.methods import rule_of
from catui.ensemble.weights import Rule, Spoken, Weights, taught, with_weight

Signalled = tuple[Signals | None, Roster]


class Blender(Struct, frozen=True):
    """One ensemble: what its rule remembers, and the signals that the next return will judge."""

    memory: Any
    held: tuple[float | None, ...]


class Nested(Struct, frozen=True):
    """The ensemble above, the groups in their order, and every strategy's last part."""

    top: Blender
    groups: tuple[Blender, ...]
    parts: tuple[float, ...]


class Place(NamedTuple):
    """Where a strategy stands: its slot in the ensemble; its group and its place there, -1 where it is in none."""

    slot: int
    group: int
    member: int


class Tree(NamedTuple):
    """The rules, of the ensemble and of the groups; each group's strategies, those in none, and where each stands."""

    above: Rule[Any]
    rules: tuple[Rule[Any], ...]
    members: tuple[tuple[int, ...], ...]
    alone: tuple[int, ...]
    places: tuple[Place, ...]


class Blended(Struct, frozen=True):
    """What became of one ensemble in a step: its state, the weights it used, and its signal."""

    after: Blender
    used: tuple[float, ...]
    signal: float | None


def nested(desk: Desk) -> Machine[Nested, Signalled, Target | None]:
    """One instrument's groups and ensemble. Output: None where there are no signals, a target for them."""
    tree = tree_of(desk)
    cost_bps, costs_bps = desk.ensemble.cost_bps, tuple([group.cost_bps for group in desk.ensembles.values()])

    def step(s: Nested, heard: Signalled) -> tuple[Nested, Target | None]:
        signals, roster = heard
        if roster.member >= 0:
            s = by_hand(tree, s, with_weight(weights_of(tree, s), roster.member, roster.weight))
        if signals is None:
            return s, None
        taking = tuple([x if runs else None for x, runs in zip(signals.values, roster.runs, strict=True)])
        change = signals.features.log_return
        groups = tuple(
            [
                blended(rule, one, tuple([taking[i] for i in mine]), change, cost)
                for rule, one, mine, cost in zip(tree.rules, s.groups, tree.members, costs_bps, strict=True)
            ]
        )
        voices = (*[taking[i] for i in tree.alone], *[group.signal for group in groups])
        whole = blended(tree.above, s.top, voices, change, cost_bps)
        used = products(tree, whole.used, tuple([group.used for group in groups]))
        parts, exposure = blend(used, taking)
        if any(roster.drains):
            parts, exposure = only_less(parts, s.parts, roster.drains)
        after = Nested(whole.after, tuple([group.after for group in groups]), parts)
        return after, Target(signals.features, signals.values, used, parts, exposure)

    return atom(first_of(tree), step)


def blended(rule: Rule[Any], s: Blender, taking: Spoken, log_return: float, cost_bps: float) -> Blended:
    """One ensemble's step. It has no signal where none of its members has."""
    memory = taught(rule, s.memory, s.held, taking, log_return, cost_bps)
    is_in = tuple([x is not None for x in taking])
    used = shares(rule.weights(memory), is_in)
    _, exposure = blend(used, taking)
    return Blended(Blender(memory, taking), used, exposure if any(is_in) else None)


def products(tree: Tree, above: Weights, within: tuple[Weights, ...]) -> Weights:
    """Every strategy's weight: its group's times its own in it."""
    return tuple(
        [above[at.slot] * within[at.group][at.member] if at.group >= 0 else above[at.slot] for at in tree.places]
    )


def weights_of(tree: Tree, s: Nested) -> Weights:
    """The weights that hold, whoever takes part."""
    within = tuple([rule.weights(one.memory) for rule, one in zip(tree.rules, s.groups, strict=True)])
    return products(tree, tree.above.weights(s.top.memory), within)


def by_hand(tree: Tree, s: Nested, weights: Weights) -> Nested:
    """The state in which these weights hold; where a group has nothing, its members keep their weights in it."""
    sums = tuple([added(weights, mine) for mine in tree.members])
    top = Blender(tree.above.told(s.top.memory, (*[weights[i] for i in tree.alone], *sums)), s.top.held)
    groups = tuple(
        [
            Blender(rule.told(one.memory, tuple([weights[i] / whole for i in mine])), one.held) if whole > 0.0 else one
            for rule, one, mine, whole in zip(tree.rules, s.groups, tree.members, sums, strict=True)
        ]
    )
    return Nested(top, groups, s.parts)


def added(weights: Weights, members: tuple[int, ...]) -> float:
    """The weight of these together."""
    found = 0.0
    for i in members:
        found += weights[i]
    return found


def tree_of(desk: Desk) -> Tree:
    """The desk's groups, and what stands beside them. ValueError: see the rules."""
    names = desk.strategy_names
    voices = slots(desk.ensembles, names)
    stands = {name: Place(slot, -1, -1) for slot, name in enumerate(voices)}
    for number, (group, settings) in enumerate(desk.ensembles.items()):
        slot = voices.index(group)
        stands.update({name: Place(slot, number, member) for member, name in enumerate(settings.members)})
    return Tree(
        above=rule_of(desk.ensemble, voices),
        rules=tuple([rule_of(group, group.members) for group in desk.ensembles.values()]),
        members=tuple([tuple([names.index(one) for one in group.members]) for group in desk.ensembles.values()]),
        alone=tuple([i for i, name in enumerate(names) if name in voices]),
        places=tuple([stands[name] for name in names]),
    )


def first_of(tree: Tree) -> Nested:
    """Where all begin."""
    groups = [Blender(rule.first, (None,) * len(mine)) for rule, mine in zip(tree.rules, tree.members, strict=True)]
    slots_taken = len(tree.alone) + len(groups)
    return Nested(Blender(tree.above.first, (None,) * slots_taken), tuple(groups), (0.0,) * len(tree.places))
