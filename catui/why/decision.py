"""One decision, told backwards: the verdict, the intent, and the target behind it with all that it was made of."""

from collections.abc import Iterator
from typing import Any, NamedTuple, assert_never

from msgspec.structs import asdict

from catui.core.inspection import leaves_at
from catui.core.leaves import Leaf
from catui.core.machine import Machine
from catui.domain.events import Command, Event
from catui.domain.moment import StrategyState
from catui.domain.orders import Approved, Intent, Reason, Refused, Resized, Verdict
from catui.domain.reports import Outputs, Override, Reports
from catui.domain.settings import Desk
from catui.domain.signals import Target
from catui.ensemble import Regime, name_of
from catui.planning.target import deltas
from catui.planning.terms import Terms
from catui.planning.working import STOPPED
from catui.snapshot.parts import Parts, parts_of
from catui.why.node import Node, missing
from catui.why.steps import Transition
from catui.why.stimulus import stimulus
from catui.why.wording import Wording, left_text, number, ratio

OF_POSITION = ("P18", "P19")  # checks of what the position could become
FIELDS = 12  # of one state: the rest is in the wiring


class World(NamedTuple):
    """The desk whose run it is."""

    desk: Desk
    machine: Machine[Any, Event, Outputs]
    say: Wording

    def parts(self, state: Any) -> Parts:
        """The parts of a state that a console is shown."""
        return parts_of(self.machine, state)


class Scene(NamedTuple):
    """A step with its parts in reach. `before` are the reports that it could know of."""

    world: World
    step: Transition
    before: Reports
    after: Parts

    @staticmethod
    def of(world: World, step: Transition) -> "Scene":
        """The scene of a step."""
        return Scene(world, step, world.parts(step.before).reports, world.parts(step.after))


def verdict_node(scene: Scene, verdict: Verdict) -> Node:
    """What the gate said, each reason with what was measured and its limit; of an approval the limits and their use."""
    say, intent, step = scene.world.say, verdict.intent, scene.step
    wanted = say.quantity(intent.instrument, intent.lots)
    values = ("wanted_lots", intent.lots), ("lots", 0 if isinstance(verdict, Refused) else verdict.lots)
    codes = "  ".join(dict.fromkeys(f"{reason.check} {reason.code}" for reason in verdict.reasons))
    match verdict:
        case Approved():
            text = f"verdict APPROVED {wanted}"
        case Resized():
            text = f"verdict RESIZED {wanted} -> {say.quantity(intent.instrument, verdict.lots)}  {codes}"
        case Refused():
            text = f"verdict REFUSED {wanted}  {codes}"
        case _:
            assert_never(verdict)
    below = [_reason(scene, intent, reason) for reason in verdict.reasons] or _margins(scene, intent)
    return Node(text, step.seq, "desk/risk", values, tuple(below))


def _reason(scene: Scene, intent: Intent, reason: Reason) -> Node:
    """What a check measured, and what its limit was made of."""
    say, key = scene.world.say, intent.instrument
    owners = {key, *(leg.strategy for leg in intent.legs), "desk"}
    extras = [o for o in scene.after.reports.risk.overrides if o.check == reason.check and o.scope in owners]
    below = []
    if extras:
        configured = reason.limit - sum(o.extra for o in extras)
        parts = " + ".join(_override(scene, override, reason.unit) for override in extras)
        text = f"limit {say.amount(reason.limit, reason.unit)} = {say.amount(configured, reason.unit)} + {parts}"
        below.append(Node(text, values=(("limit", reason.limit), ("configured", configured))))
    if reason.check in OF_POSITION:
        held = sum(account.lots for account in scene.before.positions.accounts.get(key, {}).values())
        works = sum(
            order.leaves_lots
            for order in scene.before.orders.working.values()
            if order.intent.instrument == key and order.intent.side is intent.side
        )
        text = f"before it: position {say.signed(key, held)}, {say.quantity(key, works)} at work on this side"
        below.append(Node(text, values=(("position_lots", held), ("working_lots", works))))
    values = ("measured", reason.measured), ("limit", reason.limit), ("unit", reason.unit)
    return Node(reason.text, scene.step.seq, "desk/risk", values, tuple(below))


def _override(scene: Scene, override: Override, unit: str) -> str:
    say, left_ns = scene.world.say, override.until_ns - scene.step.event.ts_receive_ns
    return f"override {say.amount(override.extra, unit)} ({override.author}, {left_text(left_ns)})"


def _margins(scene: Scene, intent: Intent) -> list[Node]:
    """How much of every limit was used with this step's orders."""
    say = scene.world.say
    return [
        Node(
            f"{use.check} {use.code} {say.share(use.used, use.limit, use.unit)}",
            values=(("used", use.used), ("limit", use.limit)),
        )
        for use in scene.after.reports.risk.usage
        if use.scope in ("desk", intent.instrument)
    ]


def target_intent(scene: Scene, intent: Intent) -> Node:
    """What the ensemble wanted: its target less what was held, and the target behind it."""
    say, key = scene.world.say, intent.instrument
    target, market = scene.after.targets.get(key), scene.after.market.markets[key]
    mark_ticks = market.mark_ticks
    if target is None or mark_ticks is None:
        return Node(_wanted(say, intent), scene.step.seq, "desk/planning", (), (missing("the target"),))
    terms = Terms.of(scene.world.desk)
    full_lots = terms.position_money // (mark_ticks * terms.unit_money[key])
    accounts = scene.before.positions.accounts.get(key, {})
    wanted, _ = deltas(terms.strategies, target.parts, full_lots, accounts, scene.after.control)
    net = sum(lots for _, lots in wanted)
    held = sum(account.lots for name, account in accounts.items() if name in running(scene))
    text = f"{_wanted(say, intent)}  target {say.signed(key, held + net)}, position {say.signed(key, held)}"
    text += f", full {say.quantity(key, full_lots)}"
    if intent.lots < abs(net):
        text += f"; a slice of {say.quantity(key, net)}"
    values = (
        ("lots", intent.lots),
        ("net_lots", net),
        ("target_lots", held + net),
        ("position_lots", held),
        ("full_lots", full_lots),
    )
    legs = ", ".join(f"{leg.strategy} {say.signed(key, leg.lots)}" for leg in intent.legs)
    below = (Node(f"for {legs}", values=tuple((leg.strategy, leg.lots) for leg in intent.legs)),)
    return Node(text, scene.step.seq, "desk/planning", values, (*below, ensemble_node(scene, key, target)))


def asked_intent(scene: Scene, intent: Intent, cause: Node) -> Node:
    """What a person wanted: an order of his own, or a position closed."""
    values = (("lots", intent.lots),)
    return Node(_wanted(scene.world.say, intent), scene.step.seq, "desk/planning", values, (cause,))


def command_node(say: Wording, step: Transition) -> Node:
    """The command of a step; `?` where it had none."""
    is_command = isinstance(step.event, Command)
    return stimulus(say, step.seq, step.event) if is_command else missing("the command")


def running(scene: Scene) -> frozenset[str]:
    """The strategies that took part in planning."""
    standing = scene.after.control.strategies
    return frozenset(name for name in scene.world.desk.strategy_names if standing[name].state not in STOPPED)


def ensemble_node(scene: Scene, key: str, target: Target) -> Node:
    """The exposure as the sum of what every strategy wanted, with what each of them knew."""
    names = scene.world.desk.strategy_names
    terms = []
    for weight, signal, part in zip(target.weights, target.signals, target.parts, strict=True):
        if weight and signal is not None:
            drained = "" if part == weight * signal else f" drained to {ratio(part)}"
            terms.append(f"{weight:.2f} x {ratio(signal)}{drained}")
    standing = scene.after.control.strategies
    aside = [f"{name} {standing[name].state.name}" for name in names if standing[name].state is not StrategyState.RUN]
    text = f"ensemble {ratio(target.exposure, 3)} = {' + '.join(terms) or '0'}"
    text += f"  ({', '.join(aside)})" if aside else ""
    values = (
        ("exposure", target.exposure),
        *((f"weight {name}", weight) for name, weight in zip(names, target.weights, strict=True)),
        *((f"part {name}", part) for name, part in zip(names, target.parts, strict=True)),
    )
    below = (*_regime(scene, key), *_strategies(scene, key, target), _features(scene, key, target))
    return Node(text, scene.step.seq, "desk/ensemble", values, below)


def _regime(scene: Scene, key: str) -> Iterator[Node]:
    settings = scene.world.desk.regime
    if settings.measure != "none":
        now = scene.after.regimes.get(key, Regime())
        text = f"regime {name_of(settings, now) or '--'}, {settings.measure} {ratio(now.ratio)}"
        yield Node(text, scene.step.seq, "desk/ensemble", (("ratio", now.ratio),))


def _strategies(scene: Scene, key: str, target: Target) -> Iterator[Node]:
    machine, state = scene.world.machine, scene.step.after
    for name, signal in zip(scene.world.desk.strategy_names, target.signals, strict=True):
        place = f"desk/strategies/{key}/{name}"
        try:
            found = leaves_at(machine, state, place)
        except KeyError:
            found = ()
        yield Node(
            f"{name} {ratio(signal)}", scene.step.seq, place, (("signal", signal),), tuple(fields(found, scene, place))
        )


def fields(found: tuple[Leaf, ...], scene: Scene, place: str) -> Iterator[Node]:
    """The fields of a state, one a line; of many the first."""
    for path, value in found[:FIELDS]:
        text = number(value) if isinstance(value, float) else "--" if value is None else str(value)
        yield Node(f"{path or 'state'} {text}", scene.step.seq, place, ((path, value),))
    if len(found) > FIELDS:
        yield Node(f"and {len(found) - FIELDS:,} more fields", scene.step.seq, place)


def _features(scene: Scene, key: str, target: Target) -> Node:
    known = asdict(target.features)
    told = "  ".join(f"{name} {number(x)}" for name, x in known.items() if x is not None and name != "time_s")
    unknown = [name for name, x in known.items() if x is None]
    text = f"features {told}" + (f"  warming up: {', '.join(unknown)}" if unknown else "")
    cause = stimulus(scene.world.say, scene.step.seq, scene.step.event)
    return Node(text, scene.step.seq, "desk/features", tuple(known.items()), (cause,))


def _wanted(say: Wording, intent: Intent) -> str:
    key = intent.instrument
    price = say.price(key, intent.limit_ticks)
    only = "  only to reduce" if intent.reduce_only else ""
    return f"intent {intent.side.value} {say.quantity(key, intent.lots)} at {price} by {intent.owner}{only}"
