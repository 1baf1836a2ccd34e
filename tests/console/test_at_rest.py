"""What a console's test waits for is waited for, however long it takes; and what comes much later is not."""

import asyncio
from threading import Event

from at_rest import SOON_S, Loop, rest, runner


def test_every_step_of_what_is_ready_is_waited_for() -> None:
    async def steps(left: int) -> int:
        for _ in range(left):
            await asyncio.sleep(0)
        return left

    async def waited() -> bool:
        going = asyncio.create_task(steps(500))
        await rest()
        return going.done()

    with runner() as run:
        assert run.run(waited())


def test_a_thread_is_waited_for_and_so_is_what_follows_on_it() -> None:
    async def waited() -> list[str]:
        seen: list[str] = []
        may_end = Event()

        async def worked() -> None:
            await asyncio.to_thread(may_end.wait)
            seen.append("worked")
            await asyncio.sleep(SOON_S / 4)
            seen.append("soon")

        going = asyncio.create_task(worked())
        asyncio.get_running_loop().call_later(SOON_S / 4, may_end.set)
        await rest()
        assert going.done()
        return seen

    with runner() as run:
        assert run.run(waited()) == ["worked", "soon"]


def test_neither_a_timer_far_away_nor_one_that_always_comes_again_is_waited_for() -> None:
    async def ticks() -> None:
        for _ in range(1_000):
            await asyncio.sleep(SOON_S / 50)

    async def waited() -> bool:
        tasks = [asyncio.create_task(asyncio.sleep(3600)), asyncio.create_task(ticks())]
        assert isinstance(asyncio.get_running_loop(), Loop)
        await rest()
        return not any(task.done() for task in tasks)

    with runner() as run:
        assert run.run(waited())
