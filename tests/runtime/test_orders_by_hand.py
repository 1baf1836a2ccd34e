"""A day with the operator's orders in it: the record says who did what and when, and gives the same day again."""

import asyncio
from pathlib import Path

from run_world import SIMULATED, quick, ran, reader_of

from catui.domain.events import Action, Command, Event, Flatten, ReplaceOrder, SubmitOrder
from catui.domain.orders import TICKETS, Side
from catui.domain.reports import Outputs
from catui.runtime.desk import new_session
from catui.runtime.manifest import Seal
from catui.runtime.session import Session
from catui.runtime.startorder import Start
from catui.snapshot import View

BTC = "simulated:BTCUSDT"


def wish(session: Session, seq: int) -> Action | None:
    """A ticket below the touch, an amend of it, and in the end a flattening."""
    tickets = [each for each in session.engine.orders().working.values() if each.intent.purpose in TICKETS]
    bid_ticks = session.snapshot(View(BTC)).book.bid_ticks
    if seq == 300 and bid_ticks is not None:
        return SubmitOrder(BTC, Side.BUY, 1_000, bid_ticks - 2_000)
    if seq == 450 and tickets:
        return ReplaceOrder(tickets[0].id, 2_000, tickets[0].intent.limit_ticks - 100)
    return Flatten(BTC) if seq == 900 else None


async def traded(runs: Path) -> tuple[Session, Seal]:
    session = await new_session(Start(SIMULATED, quick(), None, runs))
    step = session.engine.process

    def watched(event: Event) -> Outputs:
        outputs = step(event)
        seq = session.engine.journal.seq
        if seq % 150 == 0 and (action := wish(session, seq)) is not None:
            session.command(action, "ann", f"at {seq}")
        return outputs

    session.engine.process = watched  # type: ignore[method-assign]  # the one place that every event passes
    try:
        seal = await session.run(20.0)
    finally:
        session.engine.journal.close()
    return session, seal


def test_a_day_with_orders_by_hand_replays_to_the_same_digest(tmp_path: Path) -> None:
    session, seal = asyncio.run(traded(tmp_path / "first"))
    commands = [event for event in reader_of(session).events() if isinstance(event, Command) and event.author == "ann"]
    assert [(type(each.action), each.reason) for each in commands] == [
        (SubmitOrder, "at 300"),
        (ReplaceOrder, "at 450"),
        (Flatten, "at 900"),
    ]
    purposes = [order.intent.purpose for order in session.engine.orders().ended.values()]
    assert {"ticket", "amend"} <= set(purposes)
    _, again = asyncio.run(ran(tmp_path / "again", None, f"run:{session.engine.journal.directory}"))
    assert again.state_digest == seal.state_digest
