"""The engine as a process of its own: `python -m catui.runtime.child FD`, one end of a socket pair in FD.

The first frame is the start order; then the protocol of `wire`. If the console's end closes without a word, the engine
waits its grace time and does what `engine.on_console_lost` says.
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
from catui.runtime.collector import settle
from catui.runtime.desk import Start, new_session, resume_session
from catui.runtime.publish import Publisher
from catui.runtime.session import Session
from catui.runtime.startorder import StartOrder
from catui.runtime.wire import Ask, Ended, Leave, Look, Progress, frame, read_to_engine


async def _serve(descriptor: int) -> int:
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    try:
        length = int.from_bytes(await reader.readexactly(4), "little")
        order = msgspec.json.decode(await reader.readexactly(length), type=StartOrder)
    except asyncio.IncompleteReadError:
        return 1
    writer.write(frame(Progress(f"opening {order.source}")))
    try:
        session = await _session(order)
    except CatuiError as error:
        writer.write(frame(Ended(error.exit_code, str(error))))
        await _drain(writer)
        return error.exit_code
    settle()
    return await _run(session, order, reader, writer)


async def _session(order: StartOrder) -> Session:
    if order.resume:
        return await resume_session(Path(order.resume), order.config, order.speed)
    runs = Path(order.runs) if order.runs else None
    return await new_session(Start(order.source, order.config, order.speed, runs))


async def _run(session: Session, order: StartOrder, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    def send(payload: bytes) -> None:
        # A console that does not read gets no more until it does: snapshots are dropped, events never.
        if not writer.is_closing() and writer.transport.get_write_buffer_size() < 1 << 20:
            writer.write(payload)

    publisher = Publisher(session, send)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, session.stop, signal.Signals(number).name)
    tasks = [asyncio.create_task(publisher.run()), asyncio.create_task(_listen(session, publisher, order, reader))]
    code, text = 0, "sealed"
    try:
        seal = await session.run()
        text = f"run {session.name}: {seal.reason}"
    except CatuiError as error:
        code, text = error.exit_code, str(error)
    except Exception as error:  # ours, and not foreseen: said without locals, and the run stays unsealed
        code, text = 1, f"internal error: {type(error).__name__}: {error}"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(ConnectionError):
        publisher.publish()
        writer.write(frame(Ended(code, text)))
        await _drain(writer)
    session.engine.journal.close()
    return code


async def _listen(session: Session, publisher: Publisher, order: StartOrder, reader: asyncio.StreamReader) -> None:
    while True:
        match await read_to_engine(reader):
            case Ask(id=id, author=author, action=action, reason=reason, seen_seq=seen):
                session.command(action, author, reason, seen, id)
            case Look(view=view):
                publisher.look = view
            case Leave(stop=stop):
                if stop:
                    session.stop("console left")
                return
            case None:
                await asyncio.sleep(order.config.engine.console_grace_s)
                if order.config.engine.on_console_lost == "stop":
                    session.stop("console lost")
                return


async def _drain(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, TimeoutError):
        await asyncio.wait_for(writer.drain(), 2)


def main() -> None:
    """Run the engine that a console asked for; the exit code is the run's."""
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        raise SystemExit("the engine's process is started by the console; for a desk without one: catui run")
    os.umask(0o077)
    try:
        code = asyncio.run(_serve(int(sys.argv[1])))
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        code = error.exit_code
    sys.exit(code)


if __name__ == "__main__":
    main()
