"""What the desk said of an order that would be, in lines for people: the verdict, what it costs, every check."""

from catui.console.render.number import bps, decimal, money, price, quantity
from catui.preview import CheckView, OrderPreview, PreviewView
from catui.snapshot import InstrumentView, Snapshot

NEAREST = 4  # checks that pass, the nearest to their limits


def verdict_lines(answer: PreviewView, instrument: InstrumentView, snapshot: Snapshot) -> tuple[str, ...]:
    """`APPROVED`, `RESIZED 0.500 -> 0.180 P18 ...` or `REFUSED P12 ...`; what it costs; the nearest limits."""
    order = answer.order
    if order is None:
        return (f"{'APPROVED' if answer.ok else 'REFUSED'} {answer.text}",)
    held_back = [check for check in order.checks if check.outcome != "pass"]
    passed = sorted((check for check in order.checks if check.outcome == "pass" and check.unit), key=_nearness)
    return (
        _headline(order, held_back, instrument, snapshot),
        *costs(order, instrument, snapshot),
        *(_over(check, instrument, snapshot) for check in held_back[1:]),
        *(_margin(check, instrument, snapshot) for check in passed[:NEAREST]),
    )


def costs(order: OrderPreview, instrument: InstrumentView, snapshot: Snapshot) -> tuple[str, ...]:
    """Its worth and fees, its distance from the mid, what it takes at once, and the position at worst."""
    digits, lots = snapshot.money_digits, order.approved_lots or order.lots
    value, fee = money(order.value_money, digits, signed=False), money(order.fee_money, digits, signed=False)
    half = order.mid_half_ticks
    away = "--" if half is None else bps(2 * order.limit_ticks - half, half, signed=True)
    taken = quantity(order.taken_lots, instrument)
    lines = (
        f"{quantity(lots, instrument)} at {price(order.limit_ticks, instrument)}: {value} {snapshot.quote}, fees {fee}",
        f"{away} bps to mid, {taken} at once, worst case {quantity(order.worst_lots, instrument, signed=True)}",
    )
    return (*lines, "the venue would reject it: it must rest and would trade") if order.would_match else lines


def _headline(order: OrderPreview, held_back: list[CheckView], instrument: InstrumentView, snapshot: Snapshot) -> str:
    if not held_back:
        return "APPROVED"
    first = held_back[0]
    if order.verdict == "RESIZED":
        wanted, left = quantity(order.lots, instrument), quantity(order.approved_lots, instrument)
        return f"RESIZED {wanted} -> {left} {_over(first, instrument, snapshot)}"
    refusing = next((check for check in held_back if check.outcome == "refuse"), first)
    held_back.remove(refusing)
    held_back.insert(0, refusing)
    return f"REFUSED {_over(refusing, instrument, snapshot)}"


def _over(check: CheckView, instrument: InstrumentView, snapshot: Snapshot) -> str:
    name = f"{check.check} {check.code}"
    if not check.unit:
        return f"{name} {check.text.partition(': ')[2]}".rstrip()
    measured, limit = (amount(n, check.unit, instrument, snapshot) for n in (check.measured, check.limit))
    return f"{name} {measured} {_unit(check, snapshot)}, limit {limit}"


def _margin(check: CheckView, instrument: InstrumentView, snapshot: Snapshot) -> str:
    measured, limit = (amount(n, check.unit, instrument, snapshot) for n in (check.measured, check.limit))
    left = amount(check.margin or 0, check.unit, instrument, snapshot)
    return f"{check.check} {check.code} {measured} of {limit} {_unit(check, snapshot)}, margin {left}"


def _unit(check: CheckView, snapshot: Snapshot) -> str:
    return snapshot.quote if check.unit == "money" else check.unit


def amount(value: int, unit: str, instrument: InstrumentView, snapshot: Snapshot) -> str:
    """A check's number in its unit."""
    if unit == "money":
        return money(value, snapshot.money_digits, signed=False)
    return quantity(value, instrument) if unit == "lots" else decimal(value, 0)


def _nearness(check: CheckView) -> float:
    return (check.margin or 0) / max(check.limit, 1)
