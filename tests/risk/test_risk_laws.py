"""The laws of the gate, over arbitrary contexts, intents and limits."""

from collections import Counter
from typing import Any, NoReturn

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from risk_world import (
    A,
    checks_of,
    context,
    contexts,
    desk,
    intent,
    intents,
    limits,
    lots_of,
    weighed,
)

from catui.core.machine import Machine, atom, delay, identity, lift, run
from catui.domain.events import TradingState
from catui.domain.legs import scale_legs
from catui.domain.moment import StrategyState
from catui.domain.orders import Approved, Intent, Leg, Refused, Resized, Side, Verdict
from catui.risk.caps import caps
from catui.risk.counters import Counters, counters, full
from catui.risk.gate import gate, judge
from catui.risk.limits import Check, Context
from catui.risk.predicates import predicates

AskedWith = tuple[tuple[Context, Intent], Any]


class Payload:
    """What rides along: whoever looks at it is caught."""

    def caught(self, *_: object) -> NoReturn:
        raise AssertionError("somebody looked at the payload")

    __eq__ = caught
    __hash__ = caught
    __repr__ = caught
    __bool__ = caught


def test_the_worlds_of_these_laws_have_every_verdict_and_every_reason() -> None:
    kinds: Counter[str] = Counter()
    checks: set[str] = set()

    @settings(max_examples=400, phases=[Phase.generate])
    @given(limits, contexts(), intents())
    def look(of: dict[str, Any], known: Context, wanted: Intent) -> None:
        verdict = weighed(desk(**of), known, wanted)
        kinds[type(verdict).__name__] += 1
        checks.update(checks_of(verdict))

    look()
    assert min(kinds["Approved"], kinds["Resized"], kinds["Refused"]) >= 20
    every = {check.id for check in (*caps(desk()), *predicates(desk()))}
    assert checks == every - {"P08"}  # what is no order at all has its own test


# L1, L2, L3, L4: caps shrink or refuse, and no order of checks matters


@settings(max_examples=100)
@given(limits, contexts(), intents())
def test_an_approval_is_never_larger_than_what_was_wanted_and_every_verdict_keeps_the_intent(
    of: dict[str, Any], known: Context, wanted: Intent
) -> None:
    verdict = weighed(desk(**of), known, wanted)
    assert verdict.intent is wanted
    match verdict:
        case Approved(lots=lots, reasons=reasons):
            assert (lots, reasons) == (wanted.lots, ())
        case Resized(lots=lots, reasons=reasons):
            assert 0 < lots < wanted.lots
            assert reasons
        case Refused(reasons=reasons):
            assert reasons


@settings(max_examples=100)
@given(limits, contexts(), intents())
def test_what_was_approved_is_approved_again_unchanged(of: dict[str, Any], known: Context, wanted: Intent) -> None:
    lots = lots_of(weighed(desk(**of), known, wanted))
    if lots:
        again = replace(wanted, lots=lots, legs=scale_legs(wanted.legs, wanted.lots, lots))
        assert weighed(desk(**of), known, again) == Approved(again, lots)


@settings(max_examples=100)
@given(limits, limits, contexts(), intents())
def test_a_tighter_desk_never_approves_more(
    one: dict[str, Any], other: dict[str, Any], known: Context, wanted: Intent
) -> None:
    def number(limit: str | int) -> int:
        return int(limit)

    tight = {name: min(one[name], other[name], key=number) for name in one}
    loose = {name: max(one[name], other[name], key=number) for name in one}
    assert lots_of(weighed(desk(**tight), known, wanted)) <= lots_of(weighed(desk(**loose), known, wanted))


@settings(max_examples=100)
@given(st.data(), limits, contexts(), intents())
def test_the_order_of_checks_changes_neither_quantity_nor_reasons(
    data: st.DataObject, of: dict[str, Any], known: Context, wanted: Intent
) -> None:
    limiting = data.draw(st.permutations(caps(desk(**of))))
    asking = data.draw(st.permutations(predicates(desk(**of))))
    assert judge(tuple(limiting), tuple(asking))(known, wanted) == weighed(desk(**of), known, wanted)


# L5: natural in what rides along

riders: dict[str, Machine[Any, Any, Any]] = {
    "one step late": delay(Payload()),
    "the first for ever": atom(None, lambda kept, new: (kept or [new], (kept or [new])[0])),
    "another one": lift(lambda _: Payload()),
    "nothing": lift(lambda _: None),
    "itself": identity,
}


@pytest.mark.parametrize("rider", list(riders.values()), ids=list(riders))
@given(limits, st.lists(st.tuples(contexts(), intents()), max_size=8))
def test_the_gate_is_natural_in_the_payload(
    rider: Machine[Any, Any, Any], of: dict[str, Any], asked: list[tuple[Context, Intent]]
) -> None:
    inputs: list[AskedWith] = [(each, Payload()) for each in asked]
    before = run((identity * rider) >> (gate(desk(**of)) * identity), inputs)
    after = run((gate(desk(**of)) * identity) >> (identity * rider), inputs)
    assert [verdict for verdict, _ in before] == [verdict for verdict, _ in after]
    alone: list[Verdict] = run(gate(desk(**of)), asked)
    assert [verdict for verdict, _ in before] == alone
    if rider is not riders["another one"]:
        assert all(one is other for (_, one), (_, other) in zip(before, after, strict=True))


def test_a_refused_order_keeps_its_payload() -> None:
    payload = Payload()
    [(verdict, kept)] = run(gate(desk()) * identity, [((context(state=TradingState.HALTED), intent()), payload)])
    assert isinstance(verdict, Refused)
    assert kept is payload


# L7, L8: reducing closes, halted does nothing


@settings(max_examples=100)
@given(limits, contexts(TradingState.REDUCING), intents())
def test_on_a_reducing_desk_no_approval_enlarges_a_position_or_carries_it_through_zero(
    of: dict[str, Any], known: Context, wanted: Intent
) -> None:
    lots = lots_of(weighed(desk(**of), known, wanted))
    if lots:
        held = known.lots(wanted.instrument)
        at_work = known.working_lots(wanted.instrument, wanted.side)
        after = held + wanted.side.sign * (lots + at_work)
        assert abs(after) < abs(held)
        assert after * held >= 0


@given(limits, contexts(TradingState.HALTED), intents())
def test_a_halted_desk_approves_nothing(of: dict[str, Any], known: Context, wanted: Intent) -> None:
    verdict = weighed(desk(**of), known, wanted)
    assert isinstance(verdict, Refused)
    assert "P01" in checks_of(verdict)


@settings(max_examples=100)
@given(contexts(), intents())
def test_a_strategy_that_does_not_run_never_grows_nor_turns(known: Context, wanted: Intent) -> None:
    if lots_of(weighed(desk(), known, wanted)):
        for leg in wanted.legs:
            standing = known.strategies.get(leg.strategy)
            if standing is not None and standing.state is not StrategyState.RUN and leg.lots:
                held = known.held.get(wanted.instrument, {}).get(leg.strategy, 0)
                side = Side.of(leg.lots)
                after = held + leg.lots + side.sign * known.share_lots(wanted.instrument, leg.strategy, side)
                assert abs(after) < abs(held)
                assert after * held >= 0


@given(st.integers(1, 200), st.integers(0, 60), st.sampled_from([(0, 0), (20_000, 5_000)]))
def test_on_a_reducing_desk_what_closes_passes_up_to_flat(lots: int, at_work: int, losses: tuple[int, int]) -> None:
    works = (intent(Side.SELL, at_work, 101),) if at_work else ()
    known = context({A: {"up": 50}}, works, TradingState.REDUCING, drawdown_money=losses[0] * 10**8)
    of = desk(max_order_quote="1000000", max_daily_loss_quote="100")
    left = lots_of(weighed(of, replace(known, day_money=-losses[1] * 10**8), intent(Side.SELL, lots)))
    most = min(lots, max(0, 50 - at_work))
    assert left == (most if most >= 3 else 0)  # below the venue's least notional nothing can be sent


# Totality: what is missing refuses, what breaks halts


@given(limits, contexts(), intents())
def test_no_check_ever_breaks(of: dict[str, Any], known: Context, wanted: Intent) -> None:
    assert all(reason.code != "GATE_ERROR" for reason in weighed(desk(**of), known, wanted).reasons)


@given(intents())
def test_where_nothing_is_known_nothing_is_approved(wanted: Intent) -> None:
    nothing = Context(0, TradingState.ACTIVE, {}, {}, {}, (), {}, 0, 0)
    verdict = weighed(desk(), nothing, wanted)
    assert isinstance(verdict, Refused)
    assert {"P10", "P11", "P12"} <= set(checks_of(verdict))


def broken(*_: object) -> NoReturn:
    raise ZeroDivisionError("by hand")


@pytest.mark.parametrize("place", range(len(caps(desk())) + len(predicates(desk()))))
def test_an_error_inside_any_check_refuses_and_names_it(place: int) -> None:
    checks: list[Check] = [*caps(desk()), *predicates(desk())]
    checks[place] = replace_read(checks[place])
    of_caps = len(caps(desk()))
    verdict = judge(tuple(checks[:of_caps]), tuple(checks[of_caps:]))(context(), intent())
    assert isinstance(verdict, Refused)
    assert [(r.check, r.code) for r in verdict.reasons] == [(checks[place].id, "GATE_ERROR")]
    assert "ZeroDivisionError" in verdict.reasons[0].text


def replace_read(check: Check) -> Check:
    return Check(check.id, check.code, check.stage, broken)


def test_an_error_inside_a_counter_refuses_and_touches_nothing() -> None:
    class Unreadable(dict[Any, Any]):
        items = broken

    before = Counters(full(desk()).tokens_nano, recent=Unreadable())
    after, verdict = gate(desk()).step(before, (context(), intent()))
    assert after is before
    assert isinstance(verdict, Refused)
    assert [(r.check, r.code) for r in verdict.reasons] == [("P31", "GATE_ERROR")]


def test_the_counters_are_asked_in_their_order() -> None:
    assert [counter.id for counter in counters(desk())] == ["P31", "P32", "P36"]


def test_legs_ride_in_the_intent_untouched() -> None:
    wanted = intent(lots=10, legs=(Leg("up", 14), Leg("down", -4)), owner="ensemble")
    verdict = weighed(desk(max_order_quote="500"), context(), wanted)
    assert verdict == Resized(wanted, 5, verdict.reasons)
