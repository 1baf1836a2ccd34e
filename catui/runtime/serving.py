"""The engine's side of a console that started it: the protocol of `wire`, over one end of a socket pair.

The console at the other end keeps the run: if it is lost, the engine waits its grace time for another one, and then
does what `engine.on_console_lost` says.
"""

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from catui.errors import CatuiError
from catui.runtime.channel import StreamChannel
from catui.runtime.collector import settle
from catui.runtime.desk import new_session, resume_session
from catui.runtime.listen import attended
from catui.runtime.logbook import libraries_heard
from catui.runtime.overtime import watched_steps
from catui.runtime.session import Session
from catui.runtime.startorder import Start, StartOrder
from catui.runtime.wire import MAX_ASKED, Ended, Progress, ToConsole, encode
from catui.venues.simulated.launch import Launched


async def serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, order: StartOrder, launched: Launched | None
) -> int:
    """Run what was ordered, for the console at the other end; the run's exit code."""
    channel = StreamChannel(reader, writer, MAX_ASKED)
    await _say(channel, Progress(f"opening {order.source}"))
    with watched_steps():
        try:
            session = await _session(order, launched)
        except CatuiError as error:
            await _say(channel, Ended(error.exit_code, str(error)))
            await channel.finish()
            return error.exit_code
        settle()
        return await _run(session, order, channel)


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

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, session.stop, signal.Signals(number).name)
    async with attended(session, _warn, order.config.engine.console_grace_s, lost) as door:
        door.own(channel, order.author)
        ended = await _to_the_end(session)
        await door.close(ended)
    session.engine.journal.close()
    return ended.exit_code


async def _to_the_end(session: Session) -> Ended:
    """Run, and say how it ended."""
    try:
        with libraries_heard(session.say):
            seal = await session.run()
        return Ended(0, f"run {session.name}: {seal.reason}")
    except CatuiError as error:
        return Ended(error.exit_code, str(error))
    except Exception as error:  # ours, and not foreseen: said without locals, and the run stays unsealed
        return Ended(1, f"internal error: {type(error).__name__}: {error}")


def _warn(text: str) -> None:
    sys.stderr.write(f"{text}\n")
