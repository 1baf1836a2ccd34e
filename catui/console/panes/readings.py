"""What is known of each box of the wiring from a snapshot: its state, and behind `>` the last value on the wire out.

What is not measured is not said.
"""

from catui.console.panes.alerts import open_alerts
from catui.console.panes.health import microseconds
from catui.console.render.number import (
    NOT_YET,
    SECOND,
    age,
    decimal,
    half_price,
    instruments,
    money,
    price,
    quantity,
    ratio,
)
from catui.console.render.text import Cell, shown
from catui.core.plan import Box
from catui.runtime.past.messages import Flowed, Wire
from catui.snapshot import Snapshot


def readings(snapshot: Snapshot, box: Box, flowed: Flowed | None = None) -> tuple[Cell, ...]:
    """The lines of a box, what matters most first; empty where nothing is known of it.

    The second line is what flowed over the wire out of it, and what a step of it took, where that was followed.
    """
    if box.path.startswith("desk/strategies/"):
        own = _strategy(snapshot, box.name)
    else:
        reading = _READINGS.get(box.path)
        own = () if reading is None else reading(snapshot)
    if flowed is None or flowed.instrument != snapshot.shown or box.path == "desk":
        return own
    wire = next((each for each in flowed.wires if each.path == box.path), None)
    if wire is None:
        return own
    said = own or _words(wire)
    return *said[:1], flow_line(wire, flowed.span_ns), *said[1:]


def _words(wire: Wire) -> tuple[Cell, ...]:
    """What the box keeps, else the last value that went out of it; as wide as most are, so that boxes stand still."""
    return (Cell(shown(wire.kept or f"> {wire.last}", 32).ljust(14)),) if wire.kept or wire.last else ()


def flow_line(wire: Wire, span_ns: int) -> Cell:
    """Steps a second in which something was on the wire, and the median time that the box took for it.

    >>> flow_line(Wire("desk/risk", 7, 12.3), 5 * SECOND), flow_line(Wire("desk/market", 420, None), 5 * SECOND)
    ('1.4/s 12us  ', '84/s --     ')
    """
    rate = wire.count * SECOND / span_ns if span_ns > 0 else None
    text = f"{ratio(rate, 0 if rate is None or rate >= 10 else 1, signed=False)}/s {microseconds(wire.p50_us)}"
    return Cell(text.ljust(12))


def _desk(snapshot: Snapshot) -> tuple[Cell, ...]:
    """The whole of a step: how often, and how long it takes from the receipt to the decision."""
    health, parts = snapshot.health, [f"seq {snapshot.seq:,}"]
    if health.events_per_s is not None:
        parts.append(f"{health.events_per_s:,.0f} ev/s")
    if health.latency_p50_us is not None:
        parts.append(f"decision p50 {health.latency_p50_us:,.0f} us")
    return (Cell("  ".join(parts)),)


def _control(snapshot: Snapshot) -> tuple[Cell, ...]:
    return (shown(snapshot.trading_state, 10),)


def _market(snapshot: Snapshot) -> tuple[Cell, ...]:
    instrument = instruments(snapshot).get(snapshot.shown)
    market = next((each for each in snapshot.markets if each.instrument == snapshot.shown), None)
    if market is None or instrument is None:
        return ()
    bid, ask = market.bid_ticks, market.ask_ticks
    mid = NOT_YET if bid is None or ask is None else half_price(bid + ask, instrument)
    touch = Cell(f"{price(bid, instrument)} / {price(ask, instrument)}")
    return Cell(f"> mid {mid}"), touch, Cell(f"{shown(instrument.symbol, 12)} {age(market.age_ns)} ago")


def _strategy(snapshot: Snapshot, name: str) -> tuple[Cell, ...]:
    for each in snapshot.strategies:
        if each.name == name:
            return (Cell(f"> {ratio(each.signal)} {shown(each.state, 6)}"),)
    return ()


def _ensemble(snapshot: Snapshot) -> tuple[Cell, ...]:
    parts = [each.contribution for each in snapshot.strategies if each.contribution is not None]
    regime = snapshot.regime
    told = (shown(f"regime {regime.name or '--'}", 20),) if regime is not None else ()
    return (Cell(f"> target {ratio(sum(parts), 3)}"), *told) if parts else told


def _risk(snapshot: Snapshot) -> tuple[Cell, ...]:
    refused = sum(row.count for row in snapshot.refusals)
    overridden = (Cell(f"overridden {len(snapshot.overrides):,}"),) if snapshot.overrides else ()
    return (Cell(f"refused {refused:,}"), *overridden)


def _orders(snapshot: Snapshot) -> tuple[Cell, ...]:
    unknown = sum(order.status == "UNKNOWN" for order in snapshot.orders)
    doubt = (Cell(f"unknown {unknown:,} ?"),) if unknown else ()
    return (Cell(f"working {len(snapshot.orders):,}"), *doubt)


def _execution(snapshot: Snapshot) -> tuple[Cell, ...]:
    if not snapshot.fills:
        return ()
    fill = snapshot.fills[0]
    instrument = instruments(snapshot).get(fill.instrument)
    what = Cell(f"> {shown(fill.side, 4)} {quantity(fill.lots, instrument)}")
    at = Cell(f"at {price(fill.price_ticks, instrument)}")
    return what, at, Cell(f"{age(snapshot.now_ns - fill.ts_ns)} ago")


def _positions(snapshot: Snapshot) -> tuple[Cell, ...]:
    return (Cell(f"P&L {money(snapshot.pnl_money, snapshot.money_digits)}"),)


def _alerts(snapshot: Snapshot) -> tuple[Cell, ...]:
    return (Cell(f"open {decimal(open_alerts(snapshot), 0)}"),)


_READINGS = {
    "desk": _desk,
    "desk/control": _control,
    "desk/market": _market,
    "desk/ensemble": _ensemble,
    "desk/risk": _risk,
    "desk/orders": _orders,
    "desk/execution": _execution,
    "desk/positions": _positions,
    "desk/monitoring/alerts": _alerts,
}
