"""What consoles cost the desk: one snapshot a turn, however many look, however they behave."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from catui.console.panes.waiting import BLANK
from catui.runtime.publish import WORDS, Peer, Publisher
from catui.runtime.wire import Denied, Ended, Progress, Published, ToConsole, decode_to_console
from catui.snapshot import Snapshot, View


class Desk:
    """A session that counts the snapshots it is asked for."""

    def __init__(self) -> None:
        self.asked: list[View] = []
        self.consoles: Any = ()
        self.on_urgent: Any = None

    def snapshot(self, look: View) -> Snapshot:
        """A blank desk."""
        if look.depth < 0:
            raise ValueError("no such \x1bdepth")
        self.asked.append(look)
        return BLANK


def peers(publisher: Publisher, *looks: View) -> list[Peer]:
    """Consoles that look at these."""
    for number, look in enumerate(looks):
        peer = Peer(f"c{number}", "watch")
        peer.look = look
        publisher.peers.append(peer)
    return publisher.peers


Take = Callable[..., list[list[ToConsole]]]


@pytest.fixture
def take() -> Iterator[Take]:
    """What each console takes now; one loop for all of a test."""
    with asyncio.Runner() as runner:
        yield lambda *taking: runner.run(taken_by(*taking))


async def taken_by(*taking: Peer) -> list[list[ToConsole]]:
    taken: list[list[ToConsole]] = [[] for _ in taking]
    for peer, got in zip(taking, taken, strict=True):

        async def send(payload: bytes, got: list[ToConsole] = got) -> None:
            got.append(decode_to_console(payload))

        pumping = asyncio.create_task(peer.pump(send))
        await peer.taken(5)
        pumping.cancel()
    return taken


@pytest.mark.parametrize("count", [0, 1, 2, 8])
def test_a_turn_makes_one_snapshot_at_most_however_many_look(count: int, take: Take) -> None:
    desk = Desk()
    publisher = Publisher(desk)  # type: ignore[arg-type]
    all_of_them = peers(publisher, *(View(depth=number) for number in range(count)))
    for turn in range(1, 9):
        publisher.publish()
        assert len(desk.asked) == (turn if count else 0)
        take(*all_of_them)
    looked = [desk.asked.count(peer.look) for peer in all_of_them]
    assert max(looked, default=0) - min(looked, default=0) <= 1  # in turn
    assert all(peer.dropped == 0 for peer in all_of_them)


def test_consoles_that_look_at_the_same_share_a_snapshot(take: Take) -> None:
    desk = Desk()
    publisher = Publisher(desk)  # type: ignore[arg-type]
    one, other, third = peers(publisher, View("a"), View("b"), View("a"))
    publisher.publish()
    publisher.publish()
    assert desk.asked == [View("a"), View("b")]
    assert take(one, other, third) == [[Published(BLANK)]] * 3


def test_a_console_that_takes_nothing_costs_nothing_and_holds_nobody_up(take: Take) -> None:
    desk = Desk()
    publisher = Publisher(desk)  # type: ignore[arg-type]
    deaf, other = peers(publisher, View("a"), View("b"))
    for _ in range(20):
        publisher.publish()
        take(other)
    assert desk.asked.count(View("a")) == 1
    assert desk.asked.count(View("b")) == 19
    assert (deaf.dropped, other.dropped) == (18, 0)
    assert [(each.name, each.dropped) for each in desk.consoles] == [("c0", 18), ("c1", 0)]
    for number in range(1000):
        deaf.tell(Denied(str(number), "no"))
    assert len(take(deaf)[0]) == WORDS + 1


def test_who_asked_for_something_goes_first() -> None:
    desk = Desk()
    publisher = Publisher(desk)  # type: ignore[arg-type]
    _, _, asking = peers(publisher, View("a"), View("b"), View("c"))
    asking.is_owed = True
    publisher.publish()
    assert desk.asked == [View("c")]
    publisher.publish()
    assert desk.asked == [View("c"), View("a")]


def test_a_snapshot_that_fails_is_told_and_the_last_words_come_last(take: Take) -> None:
    publisher = Publisher(Desk())  # type: ignore[arg-type]
    [peer] = peers(publisher, View(depth=-1))
    publisher.publish()
    [[told]] = take(peer)
    assert told == Progress("the snapshot failed: ValueError: no such \\x1bdepth")
    peer.look = View()
    publisher.publish()
    publisher.end(Ended(0, "done"))
    publisher.publish()  # the clock goes on for a moment
    assert take(peer) == [[Published(BLANK), Ended(0, "done")]]
