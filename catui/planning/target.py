"""From the target to orders: every strategy's wanted lots, less what it holds, netted into one order an instrument."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from catui.core.machine import Machine, atom, named
from catui.domain.events import Kill, ReplaceOrder, Tick, TradingState
from catui.domain.legs import scale_legs
from catui.domain.moment import Control, Market, Moment, StrategyState
from catui.domain.orders import Intent, Leg, Order, Side, TimeInForce
from catui.domain.reports import Account, Plan, Reports
from catui.domain.settings import Desk, under
from catui.domain.signals import Target
from catui.planning.commands import Asked, asked
from catui.planning.flatten import Flattening, flatten
from catui.planning.replacing import Replacing, begun, succeed
from catui.planning.terms import Terms, far_ticks, near_ticks, slice_lots
from catui.planning.working import STOPPED, is_of_ensemble, unwanted

Targets = tuple[tuple[str, Target], ...]
Wire = tuple[tuple[Moment, Targets], Reports]
PlanWire = tuple[tuple[Moment, Plan], Reports]

NOTHING = Plan()


class PlanningState(Struct, frozen=True):
    """The trading state last seen, when the ensemble last wanted an order of an instrument, what is to be flat, and the
    orders on their way to other terms, by id.
    """

    trading_state: TradingState = TradingState.ACTIVE
    planned_ns: dict[str, int] = field(default_factory=dict)
    flattening: dict[str, Flattening] = field(default_factory=dict)
    replacing: dict[str, Replacing] = field(default_factory=dict)


def planning(desk: Desk) -> Machine[Any, Wire, PlanWire]:
    """Targets and commands to a plan: intents, and the orders to cancel.

        full_lots  = position_money // (mark_ticks * unit_money)
        wanted_i   = round_half_even(part_i * full_lots)
        leg_i      = wanted_i - held_i,  net = sum of the legs

    The ensemble has one order an instrument at a time. It wants one if |net| >= min_change * full_lots and the venue's
    minima are met, and then at most every 250 ms. A stopped strategy takes no part: what it holds stays. A draining one
    only reduces, to flat at most, whatever `min_change` says. Its orders end with their time to live, with a target on
    the other side, and with the stop of a strategy in them. ValueError: see `Terms.of`.
    Law: the legs of an intent sum to its signed lots exactly; netting between strategies is inside them.
    """
    terms_of, instruments = under(desk, Terms.of), tuple(desk.by_key)

    def step(state: PlanningState, wire: Wire) -> tuple[PlanningState, PlanWire]:
        (moment, targets), reports = wire
        control, command = moment.control, moment.command
        is_turn = control.trading_state is not state.trading_state
        is_watching = bool(reports.orders.working) and (bool(targets) or type(moment.event) is Tick)
        if not (targets or command is not None or is_turn or state.flattening or state.replacing or is_watching):
            return state, ((moment, NOTHING), reports)
        terms = terms_of(control.limits)
        wish = asked(command.action, reports, instruments, control.seq) if command is not None else Asked()
        cancels, intents = wish.cancels, wish.intents
        flattening, replacing, planned_ns = state.flattening, state.replacing, state.planned_ns
        lapsed: tuple[str, ...] = ()
        if replacing:
            replacing, successors, lapsed = succeed(replacing, moment, reports)
            intents += successors
        if wish.amends and command is not None and isinstance(command.action, ReplaceOrder):
            replacing = {**replacing, **begun(command.action, wish.amends, moment.now_ns)}
        if wish.flatten:
            flattening = {**flattening, **dict.fromkeys(wish.flatten, Flattening(moment.now_ns))}
        if command is not None and isinstance(command.action, Kill):
            flattening = {}
        if is_turn or is_watching:
            cancels += unwanted(reports, control, moment.now_ns, terms.ttl_ns)
        if flattening:
            flattening, closing = flatten(terms, flattening, moment, reports)
            intents += closing
        if control.trading_state is not TradingState.HALTED:
            for key, target in targets:
                if key in flattening:
                    continue
                is_pausing = moment.now_ns - planned_ns.get(key, -terms.pause_ns) < terms.pause_ns
                if is_pausing and not reports.orders.working:
                    continue
                wanted, turned = _aim(terms, moment.markets[key], target, moment, reports)
                cancels += turned
                if wanted is not None and not is_pausing:
                    intents += (wanted,)
                    planned_ns = {**planned_ns, key: moment.now_ns}
        is_same = flattening is state.flattening and replacing is state.replacing and planned_ns is state.planned_ns
        if is_turn or not is_same:
            state = PlanningState(control.trading_state, planned_ns, flattening, replacing)
        is_idle = not (intents or cancels or wish.amends or lapsed)
        plan = NOTHING if is_idle else Plan(intents, tuple(dict.fromkeys(cancels)), wish.amends, lapsed)
        return state, ((moment, plan), reports)

    return named("planning", atom(PlanningState(), step))


def _aim(
    terms: Terms, market: Market, target: Target, moment: Moment, reports: Reports
) -> tuple[Intent | None, tuple[str, ...]]:
    """The ensemble's next order of one instrument, and its orders there that point the wrong way."""
    key, mark_ticks = market.instrument, market.mark_ticks
    if mark_ticks is None or mark_ticks <= 0:
        return None, ()
    working = reports.orders.working
    at_work = [o for o in working.values() if o.intent.instrument == key and _is_in_the_way(o)] if working else []
    full_lots = terms.position_money // (mark_ticks * terms.unit_money[key])
    accounts = reports.positions.accounts.get(key, {})
    wanted, is_draining = deltas(terms.strategies, target.parts, full_lots, accounts, moment.control)
    net = 0
    for _, lots in wanted:
        net += lots
    if at_work:
        wrong = (o.id for o in at_work if is_of_ensemble(o) and not o.wish_cancel and net * o.intent.side.sign <= 0)
        return None, tuple(wrong)
    if net == 0 or (abs(net) < terms.min_change * full_lots and not is_draining):
        return None, ()
    legs = tuple([Leg(name, lots) for name, lots in wanted])
    return _intent(terms, market, legs, net, moment.control.seq), ()


def _is_in_the_way(order: Order) -> bool:
    """An order of the ensemble or a flattening; the operator's own tickets do not hold the strategies up."""
    return is_of_ensemble(order) or order.intent.purpose == "flatten"


def deltas(
    strategies: Iterable[str],
    parts: Iterable[float],
    full_lots: int,
    accounts: dict[str, Account],
    control: Control,
) -> tuple[list[tuple[str, int]], bool]:
    """Each strategy's wanted lots less its held ones, zeros left out; and whether a draining one has to reduce."""
    found = []
    is_draining = False
    for name, part in zip(strategies, parts, strict=True):
        standing = control.strategies.get(name)
        state = StrategyState.RUN if standing is None else standing.state
        if state in STOPPED:
            continue
        account = accounts.get(name)
        held = 0 if account is None else account.lots
        wanted = round(part * full_lots)  # halves to even
        if state is StrategyState.DRAIN:
            wanted = max(0, min(wanted, held)) if held > 0 else min(0, max(wanted, held))
            is_draining = is_draining or wanted != held
        if wanted != held:
            found.append((name, wanted - held))
    return found, is_draining


def _intent(terms: Terms, market: Market, legs: tuple[Leg, ...], net: int, seq: int) -> Intent | None:
    """The order that moves the net, or a slice of it; None without a price or below the venue's minima."""
    key = market.instrument
    side = Side.of(net)
    limit_ticks = near_ticks(market, side) if terms.is_joining else far_ticks(market, side, terms.collar_bps)
    if limit_ticks is None or limit_ticks <= 0:
        return None
    lots = slice_lots(terms, market, abs(net), limit_ticks)
    notional = lots * limit_ticks * terms.unit_money[key]
    if lots < max(1, terms.instruments[key].min_lots) or notional < terms.min_notional_money[key]:
        return None
    return Intent(
        instrument=key,
        side=side,
        lots=lots,
        limit_ticks=limit_ticks,
        legs=tuple(leg for leg in scale_legs(legs, abs(net), lots) if leg.lots),
        owner="ensemble",
        cause_seq=seq,
        tif=TimeInForce.GTC if terms.is_joining else TimeInForce.IOC,
        purpose="target",
    )
