"""From what was pointed at to where it came from."""

from collections.abc import Generator
from typing import Any, assert_never

from catui.core.inspection import leaves_at
from catui.core.machine import Machine
from catui.core.places import places
from catui.domain.events import Command, Event, Flatten, Report
from catui.domain.orders import Approved, Fill, Intent, Order, Refused, Resized, Verdict
from catui.domain.reports import Alert, Outputs, Reports
from catui.domain.settings import Desk
from catui.monitoring.stage import samplers, together, watchers
from catui.planning.target import PlanningState
from catui.why.decision import (
    Scene,
    World,
    asked_intent,
    command_node,
    ensemble_node,
    fields,
    target_intent,
    verdict_node,
)
from catui.why.node import Node, Subject, missing
from catui.why.steps import Ask, At, First, Since, Story, Transition
from catui.why.stimulus import report, stimulus
from catui.why.wording import Wording

LAST_FILLS = 3  # of a position


def account(desk: Desk, machine: Machine[Any, Event, Outputs], subject: Subject, seq: int) -> Story:
    """Where something that stood on the screen after event `seq` came from.

    Law: every number in it is one of a state or an output of the step whose `seq` stands beside it.
    """
    world = World(desk, machine, Wording(desk))
    here = yield At(seq)
    if here is None:
        return missing(f"event {seq:,}")
    scene = Scene.of(world, here)
    match subject.kind:
        case "order":
            return (yield from _order(scene, subject.id))
        case "fill":
            return (yield from _known_fill(scene, subject.id))
        case "refusal":
            return (yield from _refusal(scene, subject.id))
        case "alert":
            return (yield from _alert(scene, subject.id))
        case "position":
            return (yield from _position(scene, subject.id))
        case "target":
            return (yield from _target(scene, subject.id))
        case _:
            assert_never(subject.kind)


def _order(here: Scene, id: str) -> Story:
    """An order: its approval, the intent, and who or what took it back."""
    order = _known(here.after.reports, id)
    if order is None:
        return missing(f"order {id}: not among those of event {here.step.seq:,}")
    world, key = here.world, order.intent.instrument
    step = yield At(order.seq)
    chain: tuple[Node, ...] = (missing("the step that approved it"),)
    if step is not None:
        chain = yield from _chain(world, step, order)
    if order.wish_cancel:
        chain = (*chain, (yield from _taken_back(here, order)))
    done = world.say.quantity(key, order.cum_lots)
    text = f"{_terms(world.say, order)}  {order.status.value}, filled {done}"
    return Node(text, order.seq, "desk/orders", (("lots", order.lots), ("cum_lots", order.cum_lots)), chain)


def _terms(say: Wording, order: Order) -> str:
    intent = order.intent
    terms = f"{say.quantity(intent.instrument, order.lots)} {say.symbol(intent.instrument)}"
    price = say.price(intent.instrument, intent.limit_ticks)
    return f"order {order.id[-12:-8]} {intent.side.value} {terms} {price} {intent.type.value} {intent.tif.value}"


def _known(reports: Reports, id: str) -> Order | None:
    return reports.orders.working.get(id) or reports.orders.ended.get(id)


def _chain(world: World, step: Transition, order: Order) -> Generator[Ask, Transition | None, tuple[Node, Node]]:
    """The verdict and the intent of an order, from the step that approved it."""
    scene = Scene.of(world, step)
    verdict = next((v for v in step.outputs.verdicts if _is_of(v, order)), None)
    said = missing("the verdict") if verdict is None else verdict_node(scene, verdict)
    return said, (yield from _intent(scene, order.intent))


def _is_of(verdict: Verdict, order: Order) -> bool:
    return isinstance(verdict, Approved | Resized) and verdict.intent == order.intent and verdict.lots == order.lots


def _intent(scene: Scene, intent: Intent) -> Story:
    """Who wanted it: the ensemble, a ticket, or a position that was to be closed."""
    say = scene.world.say
    match intent.purpose:
        case "target":
            return target_intent(scene, intent)
        case "ticket":
            return asked_intent(scene, intent, command_node(say, scene.step))
        case "flatten":
            return asked_intent(scene, intent, (yield from _flattening(scene, intent.instrument)))
        case _:
            return asked_intent(scene, intent, missing("who wanted it"))


def _flattening(scene: Scene, key: str) -> Story:
    """The command that closes an instrument's position, which may have waited for its orders to end."""
    state = _state(scene, "desk/planning")
    begun = state.flattening.get(key) if isinstance(state, PlanningState) else None
    if begun is None:
        return missing("the command")
    step = yield Since(begun.since_ns, lambda step: _is_flatten(step, key))
    return missing("the command") if step is None else command_node(scene.world.say, step)


def _is_flatten(step: Transition, key: str) -> bool:
    event = step.event
    return isinstance(event, Command) and isinstance(event.action, Flatten) and event.action.instrument in (None, key)


def _taken_back(here: Scene, order: Order) -> Story:
    """What asked for the cancel of an order."""
    world = here.world

    def is_wished(state: Any) -> bool:
        found = _known(world.parts(state).reports, order.id)
        return found is None or found.wish_cancel

    step = yield First(order.seq, here.step.seq, is_wished)
    if step is None:
        return missing("what took it back")
    cause = stimulus(world.say, step.seq, step.event)
    return Node("taken back", step.seq, "desk/planning", (), (cause,))


def _known_fill(here: Scene, id: str) -> Story:
    for fill in here.after.metrics.fills:
        if fill_id(fill) == id:
            return (yield from _fill(here, fill))
    return missing(f"fill {id}: not among the last ones of event {here.step.seq:,}")


def fill_id(fill: Fill) -> str:
    """The id by which a fill is asked about."""
    return f"{fill.order_id} {fill.ts_receive_ns} {fill.execution.price_ticks} {fill.execution.lots}"


def _fill(here: Scene, fill: Fill) -> Story:
    """A fill: the report that told it, the event that the paper venue matched it on, and its order."""
    say, key, told = here.world.say, fill.instrument, fill.execution
    text = f"fill {fill.side.value} {say.quantity(key, told.lots)} {say.symbol(key)} {say.price(key, told.price_ticks)}"
    text += f"  fee {say.money(fill.fee_money)}  {'maker' if told.is_maker else 'taker'}"
    values = ("price_ticks", told.price_ticks), ("lots", told.lots), ("fee_money", fill.fee_money)
    step = yield At(fill.cause_seq)
    cause = missing("the report of it") if step is None else (yield from _report(here.world, step, fill))
    order = yield from _order(here, fill.order_id)
    return Node(text, fill.cause_seq, "desk/positions", values, (cause, order))


def _report(world: World, step: Transition, fill: Fill) -> Story:
    say, key = world.say, fill.instrument
    if isinstance(step.event, Report) and _tells(step.event, fill):
        return report(say, key, step.seq, step.event)
    matched = next((told for told in world.parts(step.before).reports.executions if _tells(told, fill)), None)
    if matched is None:
        return missing("the report of it")
    told = report(say, key, step.seq, matched)
    before = yield At(step.seq - 1)
    cause = missing("the event it was matched on") if before is None else stimulus(say, before.seq, before.event)
    return Node(told.text, told.seq, told.place, told.values, (cause,))


def _tells(told: Report, fill: Fill) -> bool:
    return told.order_id == fill.order_id and told.execution == fill.execution


def _refusal(here: Scene, check: str) -> Story:
    """The last order that a check refused."""
    world = here.world
    count, _ = here.after.metrics.refused.get(check, (0, ""))
    if not count:
        return missing(f"{check} has refused nothing up to event {here.step.seq:,}")

    def is_counted(state: Any) -> bool:
        return world.parts(state).metrics.refused.get(check, (0, ""))[0] >= count

    step = yield First(0, here.step.seq, is_counted)
    refused = [] if step is None else [verdict for verdict in step.outputs.verdicts if _is_refused_by(verdict, check)]
    if step is None or not refused:
        return missing("the step that refused it")
    scene, verdict = Scene.of(world, step), refused[-1]
    intent, say = verdict.intent, world.say
    text = f"refused {intent.side.value} {say.quantity(intent.instrument, intent.lots)} {say.symbol(intent.instrument)}"
    text += f" {say.price(intent.instrument, intent.limit_ticks)}"
    chain = verdict_node(scene, verdict), (yield from _intent(scene, intent))
    return Node(text, step.seq, "desk/risk", (("lots", intent.lots), ("count", count)), chain)


def _is_refused_by(verdict: Verdict, check: str) -> bool:
    return isinstance(verdict, Refused) and any(reason.check == check for reason in verdict.reasons)


def _alert(here: Scene, id: str) -> Story:
    """An alert: the event that raised it, and what its detector had read."""
    alert = here.after.reports.alerts.get(id)
    if alert is None:
        return missing(f"alert {id}: not among those of event {here.step.seq:,}")
    text = f"alert {alert.severity} {alert.scope.rpartition(':')[2]} {alert.text}"
    values = ("count", alert.count), ("since_ns", alert.since_ns)
    step = yield Since(alert.since_ns, lambda step: any(_is_raised(told, alert) for told in step.outputs.alerts))
    if step is None:
        return Node(text, 0, "desk/monitoring/alerts", values, (missing("the event that raised it"),))
    scene = Scene.of(here.world, step)
    said = tuple(
        Node(f"anomaly {each.kind}: {each.text}", step.seq, "desk/orders")
        for each in step.outputs.anomalies
        if alert.kind == "anomaly"
    )
    chain = (*_reading(scene, alert), *said, stimulus(here.world.say, step.seq, step.event))
    return Node(text, step.seq, "desk/monitoring/alerts", values, chain)


def _is_raised(told: Alert, alert: Alert) -> bool:
    return told.id == alert.id and told.since_ns == alert.since_ns and told.cleared_ns is None


def _reading(scene: Scene, alert: Alert) -> tuple[Node, ...]:
    """The state of the detector that raised it, after it had."""
    watch, desk = _state(scene, "desk/monitoring/alerts"), scene.world.desk
    for detectors, held in ((samplers(desk), watch.samplers), (watchers(desk), watch.watchers)):
        if alert.kind in dict(detectors):
            machine = together(detectors)
            found = leaves_at(machine, held, alert.kind)
            own = tuple(leaf for leaf in found if alert.scope in leaf.path) or found
            place = "desk/monitoring/alerts"
            return (Node(f"reading of {alert.kind}", scene.step.seq, place, (), tuple(fields(own, scene, place))),)
    return ()


def _position(here: Scene, key: str) -> Story:
    """A position: whose it is, and its last fills with their orders."""
    say, positions = here.world.say, here.after.reports.positions
    owners = {name: account.lots for name, account in positions.accounts.get(key, {}).items()}
    lots = sum(owners.values())
    whose = tuple(
        Node(f"{name} {say.signed(key, held)}", here.step.seq, "desk/positions", (("lots", held),))
        for name, held in owners.items()
    )
    last = [fill for fill in here.after.metrics.fills if fill.instrument == key][:LAST_FILLS]
    fills = []
    for fill in last:
        fills.append((yield from _fill(here, fill)))
    text = f"position {say.signed(key, lots)} {say.symbol(key)}"
    below = (*whose, *fills) if fills else (*whose, missing("its last fills"))
    return Node(text, here.step.seq, "desk/positions", (("lots", lots),), below)


def _target(here: Scene, key: str) -> Story:
    """The target of an instrument, from the event that it was last made on."""
    world, now = here.world, here.after.targets.get(key)
    if now is None:
        return missing(f"no target of {key} up to event {here.step.seq:,}")
    made_s = now.features.time_s

    def is_made(state: Any) -> bool:
        target = world.parts(state).targets.get(key)
        return target is not None and target.features.time_s >= made_s

    step = yield First(0, here.step.seq, is_made)
    if step is None:
        return missing("the event that it was made on")
    scene = Scene.of(world, step)
    return ensemble_node(scene, key, scene.after.targets[key])


def _state(scene: Scene, path: str) -> Any:
    """The state at a named place after the step."""
    return next((p.state for p in places(scene.world.machine, scene.step.after) if p.path == path), None)
