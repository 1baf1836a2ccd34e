"""The engine's side of a console that started it: the protocol of `wire`, over one end of a socket pair.

The console at the other end keeps the run: if it is lost, the engine waits its grace time for another one, and then
does what `engine.on_console_lost` says. Whoever attaches meanwhile comes by the same door.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from pathlib import Path

from catui.runtime.channel import StreamChannel
from catui.runtime.collector import settle
from catui.runtime.desk import new_session, resume_session
from catui.runtime.ending import broken, sealed
from catui.runtime.listen import attended
from catui.runtime.logbook import libraries_heard
from catui.runtime.overtime import watched_steps
from catui.runtime.session import Session
from catui.runtime.startorder import Start, StartOrder
from catui.runtime.wire import MAX_ASKED, Ended, Progress, ToConsole, encode
from catui.venues.simulated.launch import Launched

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def serve(stream: Stream, order: StartOrder, launched: Launched | None) -> int:
    """Run what was ordered in a process that is there for nothing else; the run's exit code."""
    with watched_steps(), contextlib.ExitStack() as held:

        def begun(session: Session) -> None:
            settle()
            held.enter_context(libraries_heard(session.say))
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.add_signal_handler(number, session.stop, signal.Signals(number).name)

        return await run_for(stream, order, launched, begun)


async def run_for(
    stream: Stream,
    order: StartOrder,
    launched: Launched | None = None,
    begun: Callable[[Session], None] = lambda _: None,
) -> int:
    """Run what was ordered, for the console at the other end; the run's exit code. `begun` is told of the session."""
    channel = StreamChannel(*stream, MAX_ASKED)
    try:
        await _say(channel, Progress(f"opening {order.source}"))
        session = await _session(order, launched)
        begun(session)
        return await _run(session, order, channel)
    except Exception as error:  # before there was a run
        ended = broken(error)
        await _say(channel, ended)
        return ended.exit_code
    finally:
        await channel.finish()


async def _say(channel: StreamChannel, message: ToConsole) -> None:
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(2):
            await channel.send(encode(message))


async def _session(order: StartOrder, launched: Launched | None) -> Session:
    if order.resume:
        return await resume_session(Path(order.resume), order.config, order.speed)
    runs = Path(order.runs) if order.runs else None
    return await new_session(Start(order.source, order.config, order.speed, runs, launched))


async def _run(session: Session, order: StartOrder, channel: StreamChannel) -> int:
    def lost() -> None:
        if order.config.engine.on_console_lost == "stop":
            session.stop("console lost")

    def warn(text: str) -> None:
        session.say("warning", "engine", text)

    try:
        async with attended(session, warn, order.config.engine.console_grace_s, lost) as door:
            door.own(channel, order.author)
            ended = await _to_the_end(session)
            await door.close(ended)
    finally:
        session.engine.journal.close()
    return ended.exit_code


async def _to_the_end(session: Session) -> Ended:
    """Run, and say how it ended."""
    try:
        return sealed(session, await session.run())
    except Exception as error:
        return broken(error)
