"""The engine as a process of its own: `python -m catui.runtime.child FD`, one end of a socket pair in FD.

The first frame is the start order; then the protocol of `wire`. The console at the other end keeps the run: if it is
lost, the engine waits its grace time for another one, and then does what `engine.on_console_lost` says.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import msgspec

from catui.errors import CatuiError, UsageError
from catui.runtime.channel import StreamChannel
from catui.runtime.collector import settle
from catui.runtime.desk import Start, new_session, resume_session
from catui.runtime.framing import MAX_FRAME, read_frame
from catui.runtime.listen import attended
from catui.runtime.logbook import libraries_heard
from catui.runtime.overtime import watched_steps
from catui.runtime.session import Session
from catui.runtime.startorder import StartOrder
from catui.runtime.wire import MAX_ASKED, Ended, Progress, ToConsole, encode


async def _serve(descriptor: int) -> int:
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    given = await read_frame(reader, MAX_FRAME)
    if given is None:
        return 1
    order = msgspec.json.decode(given, type=StartOrder)
    channel = StreamChannel(reader, writer, MAX_ASKED)
    await _say(channel, Progress(f"opening {order.source}"))
    try:
        session = await _session(order)
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


async def _session(order: StartOrder) -> Session:
    if order.resume:
        return await resume_session(Path(order.resume), order.config, order.speed)
    runs = Path(order.runs) if order.runs else None
    return await new_session(Start(order.source, order.config, order.speed, runs))


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


def main() -> None:
    """Run the engine that a console asked for; the exit code is the run's."""
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        raise SystemExit("the engine's process is started by the console; for a desk without one: catui run")
    os.umask(0o077)
    try:
        with watched_steps():
            code = asyncio.run(_serve(int(sys.argv[1])))
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        code = error.exit_code
    sys.exit(code)


if __name__ == "__main__":
    main()
