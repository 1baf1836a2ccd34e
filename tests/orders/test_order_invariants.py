"""Whatever a venue says, in whatever order: I1 to I5, exposure that is never forgotten, and replay."""

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from orders_world import MS, Session, execution, intent, report

from catui.domain.events import Tick
from catui.domain.orders import Approved, Cancel, Cause, Execution, Fill, Order, Resized, Status, Submit, Verdict


class Do(NamedTuple):
    """One step of a story: `what` to the `which`-th order, `lots` and `fill` for the fills, `wait` milliseconds on."""

    what: str
    which: int
    lots: int
    fill: str
    total: int | None
    wait: int


doings = st.builds(
    Do,
    what=st.sampled_from(
        ["new", "shrunk", "sent", "sent", "cancel", "tick", *(c.value for c in Cause), "FILL", "FILL", "ACCEPTED"]
    ),
    which=st.integers(0, 3),
    lots=st.integers(-1, 8),
    fill=st.sampled_from("123456"),
    total=st.none() | st.integers(0, 12),
    wait=st.integers(0, 4_000),
)
stories = st.lists(doings, min_size=8, max_size=40)


def tell(session: Session, ids: list[str], doing: Do, now_ns: int) -> tuple[Execution | None, tuple[Fill, ...]]:
    """One step; the execution that was told, and the fills that were booked."""
    verdicts: tuple[Verdict, ...] = ()
    cancels: tuple[str, ...] = ()
    if doing.what in ("new", "shrunk", "sent"):
        verdicts = (Resized(intent(10), 7, ()) if doing.what == "shrunk" else Approved(intent(10), 10),)
    elif doing.what == "cancel" and ids:
        cancels = (ids[doing.which % len(ids)],)
    elif doing.what in Cause.__members__ and ids:
        told = execution(doing.fill, doing.lots) if doing.what == "FILL" else None
        key = ids[doing.which % len(ids)]
        handled = session.step(report(key, Cause[doing.what], now_ns, told, doing.total))
        check(session)
        return told, handled.fills
    handled = session.step(Tick(now_ns), verdicts=verdicts, cancels=cancels)
    ids.extend(r.order.id for r in handled.requests if isinstance(r, Submit))
    if doing.what == "sent":
        session.step(report(ids[-1], Cause.BYTES_LEFT, now_ns))
    check(session)
    return None, handled.fills


def check(session: Session) -> None:
    """What holds after every step, of every order."""
    table = session.state.table
    assert not table.working.keys() & table.ended.keys()
    assert session.state.chases.keys() <= table.working.keys()
    for order in table.working.values():
        assert not order.status.is_terminal
        excess = max(0, order.cum_lots - order.lots)
        assert order.cum_lots + order.leaves_lots == order.lots + excess  # I1
    for order in table.ended.values():
        assert order.status.is_terminal
        assert order.leaves_lots == 0
        assert order.pending is None
    for order in (*table.working.values(), *table.ended.values()):
        booked = session.state.executions.get(order.id, ())
        assert order.cum_lots == sum(e.lots for e in booked)  # I2
        assert order.filled_value == sum(e.lots * e.price_ticks for e in booked)
        assert len(set(order.fill_ids)) == len(order.fill_ids) == len(booked)  # I4
        if order.status is Status.UNKNOWN:
            assert order.id in session.state.chases


@settings(max_examples=150)
@given(stories)
def test_no_story_breaks_an_order(story: list[Do]) -> None:
    session, now_ns = Session(), 0
    ids: list[str] = []
    before: dict[str, Order] = {}
    seen: set[tuple[str, str]] = set()
    cum = 0
    for doing in story:
        now_ns += doing.wait * MS
        told, fills = tell(session, ids, doing, now_ns)
        if told is not None and told.lots > 0:  # the naive ledger: each new fill id of an order once
            key = (ids[doing.which % len(ids)], told.fill_id)
            cum += 0 if key in seen else told.lots
            assert len(fills) == (key not in seen)
            seen.add(key)
        else:
            assert fills == ()
        assert all(sum(leg.lots for leg in f.legs) == f.side.sign * f.execution.lots for f in fills)
        now = {**session.state.table.working, **session.state.table.ended}
        assert sum(o.cum_lots for o in now.values()) == cum
        for key_, old in before.items():
            assert now[key_].cum_lots >= old.cum_lots  # I3
            assert not old.status.is_terminal or now[key_].status is old.status  # I5
        before = now
    assert len(set(ids)) == len(ids) == session.state.table.sequence  # I6


@settings(max_examples=50)
@given(stories, st.integers(0, 40))
def test_the_stage_resumes_where_it_stopped(story: list[Do], cut: int) -> None:
    whole, parts = Session(), Session()
    ids: list[str] = []
    ids_of_parts: list[str] = []
    now_ns = 0
    for index, doing in enumerate(story):
        now_ns += doing.wait * MS
        if index == cut:
            resumed = Session()
            resumed.state, resumed.seq = parts.state, parts.seq
            parts = resumed
        assert tell(whole, ids, doing, now_ns) == tell(parts, ids_of_parts, doing, now_ns)
    assert whole.state == parts.state


@settings(max_examples=100)
@given(stories)
def test_a_wished_cancel_is_sent_until_the_order_ends(story: list[Do]) -> None:
    session, now_ns = Session(), 0
    ids: list[str] = []
    for doing in story:
        now_ns += doing.wait * MS
        tell(session, ids, doing, now_ns)
    wished = {o.id for o in session.state.table.working.values() if o.wish_cancel and o.pending is None}
    handled = session.step(Tick(now_ns + 10_000 * MS))
    assert {r.order.id for r in handled.requests if isinstance(r, Cancel)} == wished
