"""An account of causes tells the numbers of the very steps it names, for every order of a run; each kind by hand."""

import re
from pathlib import Path

import msgspec
import pytest
from why_world import Day, Recorded, answers, find, nodes, on_paper, recorded, sought

from catui.core.inspection import leaves_at
from catui.core.plan_of import plan_of
from catui.domain.events import Action, CancelAll, Flatten, Note, OverrideLimit, PauseStrategy, Quote, SubmitOrder
from catui.domain.orders import Approved, Order, Refused, Resized, Side
from catui.runtime.past.messages import Explain, Explained, Inspect, Inspected, ToSeq
from catui.runtime.past.seeker import Seeker
from catui.why import Node, Subject
from catui.why.account import fill_id

BTC = "simulated:BTCUSDT"
FAR_BELOW = 5_950_000  # ticks: it rests
KEYS: dict[int, Action] = {
    60: SubmitOrder(BTC, Side.BUY, 30, FAR_BELOW),
    120: OverrideLimit("P18", BTC, 300_00000000, 60, 10**13),
    300: PauseStrategy("momentum"),
    400: SubmitOrder(BTC, Side.BUY, 30, 1),
    450: CancelAll(),
    700: Note("look at this", is_alert=True),
    760: Flatten(BTC),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("runs"), 5.0)


@pytest.fixture(scope="module")
def day(run: Recorded) -> Day:
    return on_paper(run, KEYS, max_position_quote="1500")


def orders(day: Day) -> list[Order]:
    table = day.parts(day.last).reports.orders
    return [*table.ended.values(), *table.working.values()]


def one(day: Day, purpose: str) -> Order:
    """The last order that was wanted for this."""
    return [order for order in orders(day) if order.intent.purpose == purpose][-1]


def test_every_order_is_told_with_the_numbers_of_the_step_that_approved_it(day: Day) -> None:
    told = [order for order in orders(day) if order.intent.purpose == "target"]
    assert len(told) > 10
    for order in told:
        root, step, key = day.why(Subject("order", order.id)), day.step(order.seq), order.intent.instrument
        assert not [node.text for node in nodes(root) if node.text.startswith("?")]
        assert root.seq == order.seq == order.intent.cause_seq
        verdict, intent, ensemble = find(root, "verdict"), find(root, "intent"), find(root, "ensemble")
        assert verdict.value("lots") == order.lots == root.value("lots")
        assert verdict.value("wanted_lots") == order.intent.lots == intent.value("lots")
        target = day.parts(order.seq).targets[key]
        assert ensemble.value("exposure") == target.exposure
        parts = [ensemble.value(f"part {name}") for name in day.desk.strategy_names]
        assert sum(part for part in parts if isinstance(part, float)) == pytest.approx(target.exposure, abs=1e-12)
        before = day.parts(order.seq - 1).reports.positions.accounts.get(key, {})
        standing = day.parts(order.seq).control.strategies
        held = sum(a.lots for n, a in before.items() if n in standing and standing[n].state.name in ("RUN", "DRAIN"))
        assert intent.value("position_lots") == held
        assert intent.value("target_lots") == held + order.intent.side.sign * abs(int(intent.value("net_lots") or 0))
        quote = find(root, "quote")
        assert quote.seq == order.seq
        assert isinstance(step.event, Quote)
        assert (quote.value("bid_ticks"), quote.value("ask_ticks")) == (step.event.bid_ticks, step.event.ask_ticks)


def test_the_sum_that_is_shown_is_that_of_weights_and_signals(day: Day) -> None:
    for order in orders(day)[:40]:
        if order.intent.purpose == "target":
            text = find(day.why(Subject("order", order.id)), "ensemble").text
            left, terms = text.removeprefix("ensemble ").partition("  (")[0].split(" = ")
            sum_shown = sum(float(a) * float(b) for a, b in re.findall(r"(\d\.\d\d) x ([+-]?\d\.\d\d)", terms))
            assert sum_shown == pytest.approx(float(left), abs=0.015), text


def test_a_resized_order_says_what_its_limit_is_made_of(day: Day) -> None:
    found = [
        (order, root, limit)
        for order in orders(day)
        for root in [day.why(Subject("order", order.id))]
        for limit in nodes(root)
        if limit.text.startswith("limit ") and "override" in limit.text
    ]
    order, root, limit = found[0]
    [verdict] = [v for v in day.step(order.seq).outputs.verdicts if not isinstance(v, Refused) and v.lots == order.lots]
    assert isinstance(verdict, Resized)
    assert find(root, "verdict").text.startswith("verdict RESIZED")
    reason = next(reason for reason in verdict.reasons if reason.check == "P18")
    assert limit.text.startswith("limit 1,800.00 USDT = 1,500.00 USDT + override 300.00 USDT (ann, ")
    assert (limit.value("limit"), find(root, "P18").value("measured")) == (reason.limit, reason.measured)


def test_an_approved_order_says_how_much_of_each_limit_is_used(day: Day) -> None:
    order = one(day, "ticket")
    root = day.why(Subject("order", order.id))
    [verdict] = day.step(order.seq).outputs.verdicts
    assert isinstance(verdict, Approved)
    usage = {use.check: use for use in day.parts(order.seq).reports.risk.usage if use.scope in ("desk", BTC)}
    told = find(root, "verdict").children
    assert [node.text.split()[0] for node in told] == list(usage)
    assert all(node.value("used") == usage[node.text.split()[0]].used for node in told)


def test_an_order_by_hand_ends_in_its_command_with_author_and_reason(day: Day) -> None:
    root = day.why(Subject("order", one(day, "ticket").id))
    command = find(root, "command by ann")
    assert "submit_order" in command.text
    assert "because it is a test" in command.text
    assert (command.value("author"), command.seq) == ("ann", root.seq)
    assert not [node for node in nodes(root) if node.text.startswith("ensemble")]


def test_an_order_that_was_taken_back_ends_in_what_did_it(day: Day) -> None:
    back = find(day.why(Subject("order", one(day, "ticket").id)), "taken back")
    [cause] = back.children
    assert cause.text.startswith("command by ann: cancel_all")
    assert day.step(cause.seq).event.ts_receive_ns > 0
    assert isinstance(day.step(back.seq).event.action, CancelAll)  # type: ignore[union-attr]


def test_what_closes_a_position_ends_in_the_command_though_it_waited(day: Day) -> None:
    order = one(day, "flatten")
    command = find(day.why(Subject("order", order.id)), "command by ann: flatten")
    assert isinstance(day.step(command.seq).event.action, Flatten)  # type: ignore[union-attr]
    assert command.seq <= order.seq


def test_a_fill_tells_its_report_what_matched_it_and_its_order(day: Day) -> None:
    for fill in day.parts(day.last).metrics.fills[:10]:
        root = day.why(Subject("fill", fill_id(fill)))
        assert (root.seq, root.value("lots"), root.value("price_ticks")) == (
            fill.cause_seq,
            fill.execution.lots,
            fill.execution.price_ticks,
        )
        report, order = root.children
        assert report.text.startswith("report FILL by paper")
        assert report.children[0].seq == fill.cause_seq - 1
        assert order.text.startswith("order")
        assert find(order, "verdict").seq == order.seq < fill.cause_seq


def test_a_refusal_is_the_last_one_of_its_check_with_what_was_measured(day: Day) -> None:
    for check, (count, text) in day.parts(day.last).metrics.refused.items():
        root = day.why(Subject("refusal", check))
        refused = [v for v in day.step(root.seq).outputs.verdicts if isinstance(v, Refused)]
        assert root.value("count") == count
        assert day.parts(root.seq - 1).metrics.refused.get(check, (0, ""))[0] < count
        reason = next(r for v in reversed(refused) for r in v.reasons if r.check == check)
        node = find(root, f"{check} ")
        assert node.text == reason.text == text
        assert (node.value("measured"), node.value("limit")) == (reason.measured, reason.limit)
    assert "P12" in day.parts(day.last).metrics.refused


def test_an_alert_tells_the_event_that_raised_it_and_what_its_detector_had_read(day: Day) -> None:
    alerts = day.parts(day.last).reports.alerts
    assert any(alert.kind == "note" for alert in alerts.values())
    for id, alert in alerts.items():
        root = day.why(Subject("alert", id))
        event = root.children[-1]
        assert day.step(event.seq).event.ts_receive_ns == alert.since_ns
        assert any(told.id == id for told in day.step(event.seq).outputs.alerts)
        assert alert.text in root.text


def test_a_position_tells_whose_it_is_and_its_last_fills(day: Day) -> None:
    for key, owners in day.parts(day.last).reports.positions.accounts.items():
        root = day.why(Subject("position", key))
        assert root.value("lots") == sum(account.lots for account in owners.values())
        fills = [node for node in root.children if node.text.startswith("fill")]
        assert len(fills) == min(3, sum(fill.instrument == key for fill in day.parts(day.last).metrics.fills))


def test_a_target_is_told_from_the_event_that_it_was_made_on(day: Day) -> None:
    root = day.why(Subject("target", BTC))
    event = day.step(root.seq).event
    assert isinstance(event, Quote)
    assert event.instrument == BTC
    assert root.value("exposure") == day.parts(day.last).targets[BTC].exposure
    assert find(root, "momentum").place == f"desk/strategies/{BTC}/momentum"
    assert "momentum PAUSE" in root.text


@pytest.mark.parametrize("kind", ["order", "fill", "refusal", "alert", "position", "target"])
def test_what_is_not_there_is_a_question_mark_and_nothing_else(day: Day, kind: str) -> None:
    root = day.why(Subject(kind, "x"))  # type: ignore[arg-type]
    assert any(node.text.startswith("? ") for node in nodes(root))
    assert not [node for node in nodes(root) if node.text.startswith(("verdict", "ensemble", "command"))]


def test_nothing_is_told_of_what_came_later(day: Day) -> None:
    for order in orders(day)[:15]:
        root = day.why(Subject("order", order.id), order.seq)
        assert max(node.seq for node in nodes(root)) == order.seq


def test_the_seeker_tells_of_a_run_what_a_scan_of_all_its_steps_tells(run: Recorded, tmp_path: Path) -> None:
    seeker = Seeker(run.directory, tmp_path, interval=256)
    whole = Day(run.reader.manifest.desk, run.events)
    parts = whole.parts(whole.last)
    asked = [
        *(Subject("order", order.id) for order in orders(whole)[::9]),
        *(Subject("fill", fill_id(fill)) for fill in parts.metrics.fills[:2]),
        *(Subject("refusal", check) for check in parts.metrics.refused),
        *(Subject("alert", id) for id in parts.reports.alerts),
        Subject("position", BTC),
        Subject("target", BTC),
        Subject("order", "x"),
    ]
    for id, subject in enumerate(asked, start=1):
        told = [each for each in answers(seeker, Explain(id, subject, whole.last)) if isinstance(each, Explained)]
        assert told == [Explained(id, whole.why(subject))], subject
    seeker.close()


def test_of_questions_that_wait_only_the_newest_is_answered(run: Recorded, tmp_path: Path) -> None:
    seeker = Seeker(run.directory, tmp_path, interval=256)
    said = answers(seeker, *(Explain(id, Subject("target", BTC), 100 * id) for id in range(1, 6)))
    assert [each.id for each in said if isinstance(each, Explained)] == [5]
    seeker.close()


def test_the_seeker_inspects_a_place_at_a_moment_as_the_tree_that_runs_has_it(run: Recorded, tmp_path: Path) -> None:
    seeker = Seeker(run.directory, tmp_path, interval=256)
    for seq, path in ((300, "desk/market"), (700, f"desk/strategies/{BTC}/momentum"), (500, "")):
        [found] = [each for each in answers(seeker, Inspect(7, path, seq)) if isinstance(each, Inspected)]
        state = run.states[seq]
        assert (found.id, found.seq, found.fault) == (7, seq, "")
        assert found.plan == plan_of(run.machine, state)
        assert found.leaves == (leaves_at(run.machine, state, path) if path else ())
        assert found.count == len(found.leaves)
    [found] = [each for each in answers(seeker, Inspect(8, "desk/nowhere", 300)) if isinstance(each, Inspected)]
    assert (found.plan, "nowhere" in found.fault) == (None, True)
    assert sought(seeker, ToSeq(20)).seq == 20
    seeker.close()


def test_a_tree_goes_over_the_wire_unchanged(day: Day) -> None:
    root = day.why(Subject("position", BTC))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(root), type=Node) == root
