"""Commands about orders: whether what they speak of is there. What may be done is for planning and risk to say."""

from typing import assert_never

from catui.domain.events import CancelAll, CancelOrder, Flatten, SubmitOrder
from catui.domain.reports import OrderTable
from catui.domain.settings import Desk

OfOrders = CancelOrder | CancelAll | Flatten | SubmitOrder


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
        case SubmitOrder(instrument=key, lots=lots, limit_ticks=limit_ticks):
            if key not in desk.by_key:
                return False, f"no instrument {key}"
            is_order = lots > 0 and limit_ticks > 0
            return is_order, "sent to risk" if is_order else "quantity and price must be above 0"
        case _:
            assert_never(action)


def _of_instrument(desk: Desk, key: str | None, doing: str) -> tuple[bool, str]:
    if key is None:
        return True, f"{doing} all"
    is_known = key in desk.by_key
    return is_known, f"{doing} {key}" if is_known else f"no instrument {key}"
