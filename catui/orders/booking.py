"""One execution of one order as a fill: its fee in the desk's money, its lots shared over the legs."""

from msgspec import Struct

from catui.domain.instrument import Instrument
from catui.domain.legs import scale_legs
from catui.domain.orders import Execution, Fill, Leg, Order
from catui.domain.units import divide_half_up


class Booking(Struct, frozen=True):
    """What the booking of a fill needs to know of the desk."""

    instruments: dict[str, Instrument]
    money_digits: int


def order_legs(order: Order) -> tuple[Leg, ...]:
    """The legs of the order as approved: those of its intent, scaled where risk shrank it."""
    return scale_legs(order.intent.legs, order.intent.lots, order.lots)


def fill_legs(order: Order, lots: int) -> tuple[Leg, ...]:
    """The legs of the next `lots` that fill: the shares of all that is filled then, less those of what was before.

    Law: they sum to `side.sign * lots` exactly; over an order that fills completely they sum to its legs, leg by leg.
    """
    legs = order_legs(order)
    before = scale_legs(legs, order.lots, order.cum_lots)
    then = scale_legs(legs, order.lots, order.cum_lots + lots)
    moved = (Leg(b.strategy, t.lots - b.lots) for b, t in zip(before, then, strict=True))
    return tuple(leg for leg in moved if leg.lots)


def fee_money(booking: Booking, instrument: Instrument, execution: Execution) -> int | None:
    """The fee in money of the desk, halves away from zero; None where the fee's asset has no price here.

    A fee in quote is scaled, one in base is valued at the price of its fill: both exact up to that one rounding.
    """
    unit = int(10**booking.money_digits)
    if execution.fee == 0:
        return 0
    if execution.fee_asset == instrument.quote:
        return divide_half_up(execution.fee * unit, 10**execution.fee_digits)
    if execution.fee_asset == instrument.base:
        grid = instrument.price_grid
        value = execution.fee * execution.price_ticks * grid.step * unit
        return divide_half_up(value, 10 ** (execution.fee_digits + grid.scale))
    return None


def book(booking: Booking, order: Order, execution: Execution, ts_receive_ns: int, seq: int) -> tuple[Fill, bool]:
    """The fill, and whether its fee could be valued (it is booked as 0 where not)."""
    fee = fee_money(booking, booking.instruments[order.intent.instrument], execution)
    fill = Fill(
        order_id=order.id,
        instrument=order.intent.instrument,
        side=order.intent.side,
        execution=execution,
        legs=fill_legs(order, execution.lots),
        fee_money=0 if fee is None else fee,
        ts_receive_ns=ts_receive_ns,
        cause_seq=seq,
    )
    return fill, fee is not None
