"""The embedded exchange as a child: it says where it listens or why it does not, and it can be let go at any moment."""

import asyncio

import pytest

from catui.errors import VenueError
from catui.venues.simulated.launch import Launched, Wanted, launch

WANTED = Wanted(7, ("BTCUSDT",), 1.0)


def ended(launched: Launched) -> bool:
    """Whether its process is gone."""
    return launched._process.poll() is not None


def test_it_says_where_it_listens_and_ends_when_it_is_asked_to() -> None:
    async def act() -> None:
        launched = launch(WANTED)
        ready = await launched.ready()
        assert ready.ws_url.startswith("ws://127.0.0.1:")
        assert ready.symbols == ("BTCUSDT",)
        assert not ended(launched)
        await launched.end()
        assert ended(launched)

    asyncio.run(act())


def test_one_that_does_not_start_leaves_its_last_words() -> None:
    async def act() -> None:
        launched = launch(Wanted(7, ("NO\x1bSUCH",), 1.0))
        with pytest.raises(VenueError, match=r"did not start: .*NO\\x1bSUCH"):
            await launched.ready()
        assert ended(launched)

    asyncio.run(act())


def test_one_that_nobody_waits_for_any_more_ends_all_the_same() -> None:
    async def act() -> None:
        launched = launch(WANTED)
        waiting = asyncio.create_task(launched.ready())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await launched.end()
        assert ended(launched)

    asyncio.run(act())
