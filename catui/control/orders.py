"""Commands about orders: whether what they speak of is there. What may be done is for planning and risk to say."""

from typing import assert_never

from catui.domain.events import CancelAll, CancelOrder, Flatten, ReplaceOrder, SubmitOrder
from catui.domain.orders import TICKETS, OrderType, TimeInForce
from catui.domain.reports import OrderTable
from catui.domain.settings import Desk

OfOrders = CancelOrder | CancelAll | Flatten | SubmitOrder | ReplaceOrder


def ordered(desk: Desk, table: OrderTable, action: OfOrders) -> tuple[bool, str]:
    """Whether the command is accepted, and one sentence."""
    match action:
        case CancelOrder(order_id=order_id):
            is_working = order_id in table.working
            return is_working, "cancelling" if is_working else "that order is not working"
        case CancelAll(instrument=key):
            return _of_instrument(desk, key, "cancelling")
        case Flatten(instrument=key):
            return _of_instrument(desk, key, "flattening")
        case SubmitOrder():
            fault = _fault_of_new(desk, action)
            return fault is None, fault or "sent to risk"
        case ReplaceOrder():
            fault = _fault_of_replaced(desk, table, action)
            return fault is None, fault or "cancelling; what is left of it goes out once that is confirmed"
        case _:
            assert_never(action)


def _of_instrument(desk: Desk, key: str | None, doing: str) -> tuple[bool, str]:
    if key is None:
        return True, f"{doing} all"
    is_known = key in desk.by_key
    return is_known, f"{doing} {key}" if is_known else f"no instrument {key}"


def _fault_of_new(desk: Desk, action: SubmitOrder) -> str | None:
    if action.instrument not in desk.by_key:
        return f"no instrument {action.instrument}"
    if action.lots <= 0 or action.limit_ticks <= 0:
        return "quantity and price must be above 0"
    if action.order_type is OrderType.LIMIT_MAKER and action.tif is TimeInForce.IOC:
        return "an order that must rest cannot be IOC"
    return None


def _fault_of_replaced(desk: Desk, table: OrderTable, action: ReplaceOrder) -> str | None:
    order = table.working.get(action.order_id)
    if order is None:
        return "that order is not working"
    if order.intent.purpose not in TICKETS:
        return "only an order from a ticket can be amended; cancel this one"
    if order.wish_cancel:
        return "that order is being cancelled"
    if action.limit_ticks <= 0:
        return "the price must be above 0"
    if action.lots <= order.cum_lots:
        done = desk.by_key[order.intent.instrument].quantity_text(order.cum_lots)
        return f"{done} of it have filled already; cancel what is left"
    if (action.lots, action.limit_ticks) == (order.lots, order.intent.limit_ticks):
        return "nothing would change"
    return None
