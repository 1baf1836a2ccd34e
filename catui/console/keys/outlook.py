"""What an armed chord would do, in one line, while its second key is waited for: to whom, how much, at what price."""

from catui.console.keys.actions import STOPPED, Action, Context, build
from catui.console.render.number import instruments, money, price, quantity
from catui.domain import events
from catui.preview import OrderPreview, PreviewView
from catui.snapshot import PositionView, Snapshot


def asked(action: Action, context: Context) -> events.Flatten | None:
    """The command of which the desk can say more than the picture shows: what closes the position pointed at."""
    command = build(action, context)
    return command if isinstance(command, events.Flatten) and command.instrument else None


def outlook(action: Action, context: Context, answer: PreviewView | None = None) -> str:
    """What the second key will do now; `answer` is the desk's to `asked`, None before it has come."""
    match action.id:
        case "flatten":
            return _closing(context, answer)
        case "flatten_all":
            return _closing_all(context.snapshot)
        case "pause_all":
            names = [each.name for each in context.snapshot.strategies if each.state not in (*STOPPED, "HAND")]
            return f"pause {len(names)}: {', '.join(names)}" if names else "no strategy to pause"
        case "cancel_here":
            return _cancelling(context.snapshot)
        case _:
            return action.text


def _closing(context: Context, answer: PreviewView | None) -> str:
    snapshot = context.snapshot
    position = next((each for each in snapshot.positions if each.instrument == context.row and each.lots), None)
    if position is None:
        return "nothing to close here"
    if answer is not None and not answer.ok:
        return f"REFUSED {answer.text}"
    if answer is not None and answer.order is not None:
        return _order(answer.order, position, snapshot)
    held = quantity(position.lots, instruments(snapshot).get(position.instrument), signed=True)
    return f"close {held}" if answer is None else f"close {held}: no price to close it at"


def _order(order: OrderPreview, position: PositionView, snapshot: Snapshot) -> str:
    """Side, size, the worst price, worth and fees, short enough for a narrow screen; else the gate's word."""
    known, digits = instruments(snapshot).get(order.instrument), snapshot.money_digits
    if order.verdict == "REFUSED":
        return f"REFUSED {next((check.text for check in order.checks if check.outcome == 'refuse'), '')}".rstrip()
    part = "" if order.approved_lots == abs(position.lots) else f"/{quantity(abs(position.lots), known)}"
    worst = f"{'up' if order.side == 'BUY' else 'down'} to {price(order.limit_ticks, known)}"
    value, fees = (money(each, digits, signed=False) for each in (order.value_money, order.fee_money))
    return f"{order.side} {quantity(order.approved_lots, known)}{part} {worst} for {value}, fees {fees}"


def _closing_all(snapshot: Snapshot) -> str:
    held = [each for each in snapshot.positions if each.lots]
    if not held:
        return "no position to close"
    worth = money(sum(abs(each.notional_money) for each in held), snapshot.money_digits, signed=False)
    names = ", ".join(_symbol(snapshot, each.instrument) for each in held)
    return f"close {_count(len(held), 'position')}, {worth} {snapshot.quote}: {names}"


def _cancelling(snapshot: Snapshot) -> str:
    sides = [each.side for each in snapshot.orders if each.instrument == snapshot.shown]
    name = _symbol(snapshot, snapshot.shown)
    if not sides:
        return f"no order of {name} to cancel"
    buys = sides.count("BUY")
    return f"cancel {_count(len(sides), 'order')} of {name}: {buys} BUY, {len(sides) - buys} SELL"


def _symbol(snapshot: Snapshot, key: str) -> str:
    known = instruments(snapshot).get(key)
    return known.symbol if known is not None else key


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
