"""The limits of single orders as a person sees them: every one measured as its check measures it."""

from desk_world import DESK, KEYS, MS, Happening, days
from hypothesis import given, settings
from msgspec.structs import replace
from test_desk_pipeline import BUSY, watched
from test_snapshot_laws import seen

from catui.domain import events as ev
from catui.domain.fixed import FIXED
from catui.domain.limits import OVERRIDABLE
from catui.domain.moment import Moment
from catui.domain.orders import Order
from catui.risk.caps import caps
from catui.risk.context import context_of
from catui.risk.counters import counters
from catui.risk.limits import Pass
from catui.risk.predicates import predicates
from catui.snapshot import LimitView, View
from catui.snapshot.parts import parts_of

OF_ORDERS = ("P10", "P12", "P16", "P17")


def test_every_check_of_the_gate_can_be_overridden_or_says_why_not() -> None:
    limits = {check.id: check.code for check in (*caps(DESK), *predicates(DESK))}
    codes = limits | {check.id: check.code for check in counters(DESK)}
    assert set(codes) == set(OVERRIDABLE) | set(FIXED)
    assert not set(OVERRIDABLE) & set(FIXED)
    assert {check: code for check, (code, _) in FIXED.items()} == {check: codes[check] for check in FIXED}


@given(days)
@settings(max_examples=25)
def test_what_is_used_of_a_limit_is_what_its_check_measures(day: list[Happening]) -> None:
    watch = watched(BUSY + day)
    parts = parts_of(watch.machine, watch.state)
    moment = Moment(ev.Tick(watch.now_ns), watch.now_ns, parts.control, None, (), parts.market.markets, None)
    context = replace(context_of(moment, parts.reports), overrides=parts.reports.risk.overrides)
    shown = {(row.check, row.scope): row for key in KEYS for row in seen(watch, View(key)).limits}
    in_force = DESK if parts.control.limits is None else replace(DESK, risk=parts.control.limits)
    checks = {check.id: check for check in (*caps(in_force), *predicates(in_force))}

    def measured(check: str, order: Order) -> tuple[int, int]:
        intent = order.intent if check != "P17" else replace(order.intent, lots=order.lots)
        reading = checks[check].read(context, intent, order.lots)
        told = reading if isinstance(reading, Pass) else reading.reason
        return told.measured, told.limit

    for key in KEYS:
        assert all((check, key) in shown for check in OF_ORDERS)
        orders = [order for order in parts.reports.orders.working.values() if order.intent.instrument == key]
        for check in OF_ORDERS if orders else ():
            row = shown[check, key]
            told = [measured(check, order) for order in orders]
            assert (row.used, row.limit) == (max(used for used, _ in told), told[0][1])
        if not orders:
            assert [shown[check, key].used for check in OF_ORDERS[1:]] == [0, 0, 0]


def test_an_override_widens_the_limit_of_its_instrument_alone() -> None:
    watch = watched(BUSY)

    def limits() -> dict[tuple[str, str], LimitView]:
        return {(row.check, row.scope): row for key in KEYS for row in seen(watch, View(key)).limits}

    before = limits()
    for place, (check, extra) in enumerate((("P10", 500), ("P12", 50), ("P16", 10**9), ("P17", 10**9))):
        wider = ev.OverrideLimit(check, KEYS[0], extra, 60, 10**12)
        [result] = watch.step(ev.Command(f"w-{place}", "ann", watch.now_ns + MS, wider, "a wild morning")).results
        assert result.ok, result
        after = limits()
        assert after[check, KEYS[0]].limit == before[check, KEYS[0]].limit + extra
        assert after[check, KEYS[1]].limit == before[check, KEYS[1]].limit
        assert after[check, KEYS[0]].may_override
