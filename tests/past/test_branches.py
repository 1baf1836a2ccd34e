"""Branches: nothing changed is the run itself, a pause is silence, a limit holds, and the same branch is the same."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from past_world import Recorded, answers, recorded

from catui.core.fuse import plain
from catui.domain.events import Report
from catui.domain.orders import Fill, Order, Resized, Status
from catui.pipeline import pipeline
from catui.runtime import statecodec
from catui.runtime.marks import order_text
from catui.runtime.past.branch import Branch, Origin, Turn
from catui.runtime.past.changes import choices
from catui.runtime.past.child import SeekerChild
from catui.runtime.past.client import SeekerClient
from catui.runtime.past.comparison import Comparison
from catui.runtime.past.messages import Compared, Fork, Grown, Offered, Prepare, Refused, Rest
from catui.runtime.past.onpaper import on_paper
from catui.runtime.past.seeker import Seeker
from catui.runtime.past.shape import misfit
from catui.runtime.past.whatif import Change, Choice
from catui.snapshot import View
from catui.strategies.registry import KINDS

FORK = 300
PAUSE = Change(("strategy", "momentum", "state"), "PAUSE")
SMALL = Change(("risk", "max_order_quote"), "300")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("runs"), keys=())


@pytest.fixture(scope="module")
def seeker(run: Recorded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeker]:
    found = Seeker(run.directory, tmp_path_factory.mktemp("cache"))
    yield found
    found.close()


def origin(run: Recorded, seq: int = FORK) -> Origin:
    desk = run.reader.manifest.desk
    return Origin(desk, KINDS, run.machine, seq, run.events[seq - 1].ts_receive_ns, run.states[seq])


def offered(run: Recorded, seeker: Seeker, seq: int = FORK) -> tuple[Choice, ...]:
    return choices(run.reader.manifest.desk, KINDS, seeker.snapshot(seq, run.states[seq], View()))


def grown(run: Recorded, seeker: Seeker, *changes: Change, seq: int = FORK) -> tuple[Branch, list[Turn]]:
    """A branch from there to the run's end, and all its turns."""
    branch = Branch(origin(run, seq), changes, offered(run, seeker, seq))
    return branch, [branch.fork, *branch.turns(run.events[seq:])]


def orders_of(turns: list[Turn]) -> list[Order]:
    return [order for turn in turns for outputs in turn.branch for order in outputs.orders]


@given(seq=st.integers(1, 900))
@settings(max_examples=6, deadline=None)
def test_a_branch_without_changes_ends_in_the_very_state_of_the_run(run: Recorded, seeker: Seeker, seq: int) -> None:
    branch, turns = grown(run, seeker, seq=min(seq, len(run.events)))
    was, would_have_been = branch.states
    assert statecodec.encode(would_have_been) == statecodec.encode(was)
    seal = run.reader.seal
    assert seal is not None
    assert statecodec.digest(would_have_been) == seal.state_digest
    assert all(turn.run == turn.branch for turn in turns[1:])
    assert branch.model_seq is None


def test_what_is_held_by_hand_has_no_state_and_no_weight_to_change(run: Recorded, seeker: Seeker) -> None:
    seen = seeker.snapshot(FORK, run.states[FORK], View())
    by_hand = replace(seen.strategies[0], name="manual", state="HAND", weight=None)
    asked = choices(run.reader.manifest.desk, KINDS, replace(seen, strategies=(*seen.strategies, by_hand)))
    assert asked == offered(run, seeker)


def test_a_strategy_paused_at_the_fork_sends_nothing_after_it(run: Recorded, seeker: Seeker) -> None:
    _, turns = grown(run, seeker, PAUSE)
    was = [order for turn in turns for outputs in turn.run for order in outputs.orders]
    assert any(leg.strategy == "momentum" for order in was for leg in order.intent.legs)
    sent = orders_of(turns[1:])
    assert sent
    assert not [order for order in sent if any(leg.strategy == "momentum" for leg in order.intent.legs)]


@pytest.mark.parametrize("limit_quote", ["100", "300", "1000"])
def test_a_tightened_limit_never_gives_larger_orders(run: Recorded, seeker: Seeker, limit_quote: str) -> None:
    branch, turns = grown(run, seeker, Change(("risk", "max_order_quote"), limit_quote))
    desk, limit = branch.desk, branch.desk.money(limit_quote)
    unit = desk.unit_money
    was = [order for turn in turns for outputs in turn.run for order in outputs.orders]
    worth = [o.lots * o.intent.limit_ticks * unit[o.intent.instrument] for o in orders_of(turns)]
    assert any(o.lots * o.intent.limit_ticks * unit[o.intent.instrument] > limit for o in was)
    assert worth
    assert max(worth) <= limit * 102 // 100  # a limit is of the mid, a crossing order's price beyond it


def test_the_same_branch_twice_gives_the_same_bytes(run: Recorded, seeker: Seeker) -> None:
    (one, _), (two, _) = (grown(run, seeker, PAUSE, SMALL) for _ in range(2))
    assert statecodec.encode(one.states[1]) == statecodec.encode(two.states[1])
    assert statecodec.encode(one.states[1]) != statecodec.encode(one.states[0])


def test_after_a_changed_order_no_report_of_the_venue_is_heard(run: Recorded, seeker: Seeker) -> None:
    branch, turns = grown(run, seeker, SMALL)
    assert branch.model_seq is not None
    before = [turn for turn in turns[1:] if turn.seq < branch.model_seq]
    assert before
    assert all(turn.run == turn.branch for turn in before)
    assert any(type(event) is Report for event in run.events[branch.model_seq :])
    fills = [fill for turn in turns if turn.seq > branch.model_seq for out in turn.branch for fill in out.fills]
    assert fills
    assert all(fill.execution.fill_id.startswith("paper-") for fill in fills)
    assert not [a for turn in turns for out in turn.branch for a in out.anomalies]
    assert branch.branch_reports.positions.residual_money == 0


def test_changed_fees_are_the_model_s_from_the_fork_on(run: Recorded, seeker: Seeker) -> None:
    free = [Change(("execution", name), "0") for name in ("maker_fee_bps", "taker_fee_bps")]
    branch, turns = grown(run, seeker, *free)
    assert branch.model_seq == FORK
    fills = [fill for turn in turns for out in turn.branch for fill in out.fills]
    assert fills
    assert all(fill.fee_money == 0 for fill in fills)


def fills_of(turns: list[Turn], side: str) -> list[Fill]:
    return [fill for turn in turns for outputs in getattr(turn, side) for fill in outputs.fills]


def terms_of(fill: Fill) -> tuple[object, ...]:
    return fill.instrument, fill.side, fill.execution.price_ticks, fill.execution.lots


def test_the_effect_of_free_trading_is_what_the_control_pays_in_fees(run: Recorded, seeker: Seeker) -> None:
    free = [Change(("execution", name), "0") for name in ("maker_fee_bps", "taker_fee_bps")]
    branch, turns = grown(run, seeker, *free)
    mine, control = fills_of(turns, "branch"), fills_of(turns, "control")
    terms = [
        [(f.instrument, f.side, f.execution.price_ticks, f.execution.lots) for f in side] for side in (mine, control)
    ]
    assert terms[0] == terms[1] != []
    paid = sum(fill.fee_money for fill in control)
    effect = branch.branch_reports.positions.equity_money - branch.control_reports.positions.equity_money
    assert effect == paid > 0


def test_the_control_is_the_run_until_the_model_and_knows_nothing_of_the_change(run: Recorded, seeker: Seeker) -> None:
    branch, turns = grown(run, seeker, SMALL)
    assert branch.model_seq is not None
    assert branch.control is not None
    before = [turn for turn in turns[1:] if turn.seq < branch.model_seq]
    assert before
    assert all(turn.control is turn.run or turn.control == turn.run for turn in before)
    filled = fills_of([turn for turn in turns if turn.seq > branch.model_seq], "control")
    assert filled
    assert all(fill.execution.fill_id.startswith("paper-") for fill in filled)
    assert branch.control_reports.positions.residual_money == 0
    fees, latency = (Change(("execution", name), "7") for name in ("taker_fee_bps", "latency_ms"))
    one, other = (grown(run, seeker, change)[0] for change in (fees, latency))
    assert one.control is not None
    assert other.control is not None
    states = [plain(each.machine, each.state) for each in (one.control, other.control)]
    assert statecodec.encode(states[0]) == statecodec.encode(states[1])
    assert statecodec.encode(one.states[1]) != statecodec.encode(states[0])


@pytest.mark.parametrize("status", [Status.INTENDED, Status.SENT, Status.LIVE])
def test_a_cancel_alone_is_named_as_the_first_difference(status: Status, run: Recorded, seeker: Seeker) -> None:
    def statuses(seq: int) -> list[Status]:
        return [order.status for order in run.states[seq][1].orders.working.values()]

    seq = next(seq for seq in range(FORK, len(run.events)) if statuses(seq) == [status])
    branch = Branch(origin(run, seq), (Change(("state",), "HALTED"),), offered(run, seeker, seq))
    ends = run.events[seq - 1].ts_receive_ns, run.events[-1].ts_receive_ns
    found = Comparison(branch, branch.run_reports, *ends, 2).difference
    assert found is not None
    [order] = run.states[seq][1].orders.working.values()
    instrument = branch.desk.by_key[order.intent.instrument]
    assert found.seq == seq
    assert found.branch == f"cancel {order_text(instrument, order)} by ensemble"
    assert found.run == ""


def test_events_of_both_sides_keep_their_numbers(run: Recorded, seeker: Seeker) -> None:
    _, turns = grown(run, seeker, SMALL)
    assert [turn.seq for turn in turns] == list(range(FORK, len(run.events) + 1))


def test_a_command_that_the_desk_refuses_is_said(run: Recorded, seeker: Seeker) -> None:
    pause = Change(("strategy", "momentum", "state"), "PAUSE")
    with pytest.raises(ValueError, match="momentum is not running"):
        Branch(origin(run), (pause, Change(pause.path, "DRAIN")), offered(run, seeker))


FAULTS = {
    ("parameter", "momentum", "gain"): ("1e9", "0.01 to 100"),
    ("parameter", "momentum", "nose"): ("1", "cannot change it"),
    ("parameter", "momentum", "fast_half_life_ticks"): ("5000", "below slow_half_life_ticks"),
    ("risk", "max_order_quote"): ("-5", "no plain decimal amount"),
    ("risk", "max_open_orders"): ("2.5", "not a whole number"),
    ("risk", "price_collar_bps"): ("0", "1 to 10000 bps"),
    ("planning", "min_change"): ("0", "above 0 to 1"),
    ("planning", "style"): ("hope", "cross, join"),
    ("execution", "mode"): ("venue", "cannot change it"),
    ("strategy", "momentum", "weight"): ("nan", "0 to 1"),
    ("strategy", "momentum", "state"): ("QUAR", "RUN, DRAIN, PAUSE"),
    ("state",): ("OFF", "ACTIVE, REDUCING, HALTED"),
}


@pytest.mark.parametrize("path", FAULTS, ids=" ".join)
def test_a_change_that_may_not_be_is_one_line_with_the_mend(
    run: Recorded, seeker: Seeker, path: tuple[str, ...]
) -> None:
    value, words = FAULTS[path]
    told = answers(seeker, Fork(9, FORK, (Change(path, value),)))
    assert not [each for each in told if isinstance(each, Compared)]
    [refused] = [each for each in told if isinstance(each, Refused)]
    assert refused.id == 9
    assert words in refused.text
    assert "\n" not in refused.text


def test_whatever_is_offered_may_stay_as_it_is(run: Recorded, seeker: Seeker) -> None:
    told = [each for each in answers(seeker, Prepare(3, FORK)) if isinstance(each, Offered)]
    assert [(each.id, each.seq, each.last_seq) for each in told] == [(3, FORK, len(run.events))]
    names = [choice.name for choice in told[0].choices]
    assert len(set(names)) == len(names)
    for choice in told[0].choices:
        assert choice.now in {"--", "WARM"} or not choice.fault(choice.now), choice


def test_another_shape_of_state_is_told_from_other_numbers(run: Recorded) -> None:
    desk = run.reader.manifest.desk
    other = replace(desk, risk=replace(desk.risk, order_burst=7))
    assert misfit(run.machine, pipeline(other)) == ""
    swapped = replace(
        desk, strategies=(replace(desk.strategies[0], kind="breakout", parameters={}), *desk.strategies[1:])
    )
    assert misfit(run.machine, pipeline(swapped)) == "momentum"


def test_the_comparison_counts_what_both_did(run: Recorded, seeker: Seeker) -> None:
    _, turns = grown(run, seeker, SMALL)
    told = answers(seeker, Fork(5, FORK, (SMALL,), points=50))
    [found] = [each for each in told if isinstance(each, Compared)]
    run_outputs = list(chain.from_iterable(turn.run for turn in turns))
    outputs = list(chain.from_iterable(turn.branch for turn in turns))
    assert found.run.orders == sum(len(each.orders) for each in run_outputs)
    assert found.branch.orders == sum(len(each.orders) for each in outputs)
    assert found.branch.resized == sum(type(v) is Resized for each in outputs for v in each.verdicts) > 0
    assert found.branch.fills == sum(len(each.fills) for each in outputs)
    assert found.control is not None
    assert found.control.fills == len(fills_of(turns, "control"))
    for side in (found.run, found.branch, found.control):
        assert len(side.equity_money) == 50
        assert side.equity_money[-1] - side.equity_money[0] == side.pnl_money
        peak, deepest = side.equity_money[0], 0
        for equity in side.equity_money:
            peak = max(peak, equity)
            deepest = max(deepest, peak - equity)
        assert side.drawdown_money >= deepest
    assert found.difference is not None
    first = next(t for t in turns if [o.orders for o in t.run] != [o.orders for o in t.branch])
    assert found.difference.seq == first.seq == found.model_seq
    assert found.difference.run != found.difference.branch


def test_equity_is_looked_at_at_even_times(run: Recorded, seeker: Seeker) -> None:
    [found] = [each for each in answers(seeker, Fork(5, FORK, (), points=9)) if isinstance(each, Compared)]
    assert found.difference is None
    assert found.control is None
    assert found.run == found.branch
    for place, equity in enumerate(found.run.equity_money):
        ts_ns = found.from_ns + (found.until_ns - found.from_ns) * place // 8
        seq = sum(event.ts_receive_ns <= ts_ns for event in run.events)
        assert equity == run.states[seq][1].positions.equity_money


def test_only_the_newest_branch_is_answered_and_rest_ends_it(run: Recorded, seeker: Seeker) -> None:
    told = answers(seeker, Fork(1, FORK, (SMALL,)), Fork(2, FORK, ()))
    assert [each.id for each in told if isinstance(each, Compared)] == [2]
    seeker.hear(Fork(3, FORK, ()))
    begun = seeker.work()
    assert all(isinstance(each, Grown) for each in begun)
    seeker.hear(Rest())
    assert not seeker.is_asked
    assert seeker.work() == []


def test_a_branch_over_damage_is_one_line(run: Recorded, tmp_path: Path) -> None:
    directory = tmp_path / "damaged"
    shutil.copytree(run.directory, directory)
    with sqlite3.connect(directory / "journal.db") as database:
        (last,) = database.execute("select max(first_seq) from block").fetchone()
        database.execute("update block set payload = x'00' where first_seq = ?", (last,))
    database.close()
    damaged = Seeker(directory, tmp_path / "cache")
    told = answers(damaged, Fork(4, FORK, ()))
    damaged.close()
    [refused] = [each for each in told if isinstance(each, Refused)]
    assert f"block at {last}" in refused.text
    assert not [each for each in told if isinstance(each, Compared)]


def test_its_progress_grows_to_the_end(run: Recorded, seeker: Seeker) -> None:
    seeker.hear(Fork(7, FORK, ()))
    steps: list[int] = []
    assert seeker._growing is not None
    for told in seeker._growing[1]:
        if isinstance(told, Grown) and told.events:  # none yet while it goes to where it forks
            assert told.events == len(run.events) - FORK
            steps.append(told.done)
    assert steps[-1] == len(run.events) - FORK
    assert all(one < two for one, two in pairwise(steps))


def test_the_origin_is_not_touched(run: Recorded, seeker: Seeker) -> None:
    before = statecodec.digest(plain(run.machine, run.states[FORK]))
    grown(run, seeker, PAUSE)
    assert statecodec.digest(plain(run.machine, run.states[FORK])) == before


def test_a_desk_on_paper_goes_on_in_its_own_venue(run: Recorded, seeker: Seeker) -> None:
    desk = on_paper(run.reader.manifest.desk)
    events = [event for event in run.events if type(event) is not Report][:900]
    machine = pipeline(desk)
    state, fork = machine.init, 400
    for event in events[:fork]:
        state, _ = machine.step(state, event)
    there = Origin(desk, KINDS, machine, fork, events[fork - 1].ts_receive_ns, plain(machine, state))
    same, other = Branch(there), Branch(there, (SMALL,), offered(run, seeker))
    turns = [list(each.turns(events[fork:])) for each in (same, other)]
    assert statecodec.encode(same.states[0]) == statecodec.encode(same.states[1])
    assert statecodec.encode(other.states[0]) == statecodec.encode(same.states[0])
    assert statecodec.encode(other.states[1]) != statecodec.encode(same.states[0])
    assert any(outputs.fills for turn in turns[1] for outputs in turn.branch)
    assert (same.model_seq, other.model_seq) == (None, None)


def test_it_grows_in_a_process_of_its_own(run: Recorded, tmp_path: Path) -> None:
    async def grew() -> tuple[Compared | None, Refused | None]:
        client = SeekerClient(SeekerChild(run.directory, tmp_path))
        came = asyncio.Event()
        client.on_answer = came.set
        await client.start()
        client.ask(Fork(1, FORK, (Change(("risk", "max_order_quote"), "none"),)))
        client.ask(Fork(2, FORK, (SMALL,)))
        while client.answers.compared is None and not client.died:
            await asyncio.wait_for(came.wait(), 120.0)
            came.clear()
        await client.close()
        return client.answers.compared, client.answers.refused

    found, refused = asyncio.run(grew())
    assert found is not None
    assert (found.id, found.last_seq) == (2, len(run.events))
    assert refused is None or refused.id == 1  # it may have been looked at before the newer one came
    assert found in answers(Seeker(run.directory, tmp_path), Fork(2, FORK, (SMALL,)))
