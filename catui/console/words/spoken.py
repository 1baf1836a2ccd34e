"""Commands in words: what the footer says was sent, what a dialog asks, which words must be typed."""

from typing import assert_never

from catui.console.panes.limits import amount, unit
from catui.console.render.number import instruments, price, quantity
from catui.console.render.text import Cell, shown
from catui.domain import events
from catui.domain.events import TradingState
from catui.domain.orders import OrderType, TimeInForce
from catui.snapshot import LimitView, OrderView, Snapshot


def limit_of(snapshot: Snapshot, check: str, scope: str) -> LimitView | None:
    """The limit by check and scope, as it is now."""
    return next((each for each in snapshot.limits if (each.check, each.scope) == (check, scope)), None)


def at_work(count: int) -> str:
    """How many orders work.

    >>> at_work(0), at_work(1), at_work(2)
    ('no order works', '1 order works', '2 orders work')
    """
    return f"{count} orders work" if count > 1 else "1 order works" if count else "no order works"


def duration(seconds: int) -> str:
    """Seconds as people write them.

    >>> duration(900), duration(3661), duration(45)
    ('15m', '1h1m1s', '45s')
    """
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def spoken(command: events.Action, snapshot: Snapshot) -> Cell:
    """One line, verb first, safe to draw."""
    match command:
        case events.SetTradingState(state=state):
            text = {TradingState.ACTIVE: "trade again", TradingState.REDUCING: "only reduce"}.get(state, "halt")
        case events.Kill():
            text = "kill: halt and cancel every order"
        case events.PauseStrategy(strategy=name):
            text = f"pause {name}"
        case events.ResumeStrategy(strategy=name):
            text = f"resume {name}"
        case events.DrainStrategy(strategy=name):
            text = f"drain {name}"
        case events.PauseAll():
            text = "pause every strategy"
        case events.ResumeAll():
            text = "resume the strategies that a person paused"
        case events.SetWeight(strategy=name, weight=weight):
            text = f"set the weight of {name} to {weight:.2f}"
        case events.CancelOrder(order_id=id):
            order = next((each for each in snapshot.orders if each.id == id), None)
            text = f"cancel {_terms(order, snapshot)}" if order else f"cancel order {id}"
        case events.CancelAll(instrument=instrument):
            text = f"cancel every order{f' of {instrument}' if instrument else ''}"
        case events.Flatten(instrument=instrument):
            text = f"close {instrument}" if instrument else "close every position"
        case events.SubmitOrder():
            text = _submit(command, snapshot)
        case events.ReplaceOrder(order_id=id, lots=lots, limit_ticks=ticks):
            order = next((each for each in snapshot.orders if each.id == id), None)
            known = instruments(snapshot).get(order.instrument) if order else None
            then = f"{quantity(lots, known)} at {price(ticks, known)}"
            text = f"amend {_terms(order, snapshot)} -> {then}" if order else f"amend order {id} to {then}"
        case events.OverrideLimit():
            text = _override(command, snapshot)
        case events.EndOverride(override_id=id):
            text = f"end override {id}"
        case events.AckAlert(alert_id=alert):
            text = f"acknowledge {alert}" if alert else "acknowledge all alerts"
        case events.MuteAlert(kind=kind, ttl_s=ttl_s):
            text = f"mute {kind} for {duration(ttl_s)}" if ttl_s else f"hear {kind} again"
        case events.ReloadConfig(hash=hash):
            text = f"take over the configuration {hash[:8]}"
        case events.Quarantine(strategy=name):
            text = f"quarantine {name}"
        case events.Note(text=note):
            text = f"note {note}"
        case _:
            assert_never(command)
    return shown(text, 100)


def typed_words(command: events.Action, snapshot: Snapshot) -> str:
    """What a person must type to show that they mean it: the new state, or the limit and its new value."""
    match command:
        case events.SetTradingState(state=state):
            return state.value
        case events.OverrideLimit(check=check, scope=scope):
            limit = limit_of(snapshot, check, scope)
            value = "" if limit is None else f" {amount(limit.limit + command.extra, limit, snapshot)}"
            return f"{check} {scope.rpartition(':')[2]}{value}".replace(",", "")
        case events.ResumeAll():
            return "RESUME"
        case events.SubmitOrder(side=side, instrument=instrument):
            return f"{side.value} {instrument.rpartition(':')[2]}"
        case events.ResumeStrategy(strategy=name):
            return name
        case _:
            return "YES"


def _submit(order: events.SubmitOrder, snapshot: Snapshot) -> str:
    known = instruments(snapshot).get(order.instrument)
    kind = (
        " IOC" if order.tif is TimeInForce.IOC else " that rests" if order.order_type is OrderType.LIMIT_MAKER else ""
    )
    closing = ", reduce-only" if order.reduce_only else ""
    amounts = f"{quantity(order.lots, known)} at {price(order.limit_ticks, known)}"
    return f"{order.side.value} {amounts} {order.instrument}{kind}{closing}"


def _terms(order: OrderView, snapshot: Snapshot) -> str:
    known = instruments(snapshot).get(order.instrument)
    return f"{order.side} {order.instrument} {quantity(order.lots, known)} at {price(order.price_ticks, known)}"


def _override(command: events.OverrideLimit, snapshot: Snapshot) -> str:
    limit = limit_of(snapshot, command.check, command.scope)
    extra = f"{amount(command.extra, limit, snapshot)} {unit(limit, snapshot)}" if limit else f"{command.extra}"
    return f"override {command.check} {command.scope} by {extra} for {duration(command.ttl_s)}"
