"""The engine as a process of its own: `python -m catui.runtime.child FD`, one end of a socket pair in FD.

The first frame is the start order; then the protocol of `wire`. An embedded exchange is started before the engine's own
code is read: reading takes the longest part of both their starts.
"""

import asyncio
import os
import socket
import sys

import msgspec

from catui.errors import UsageError
from catui.runtime.framing import MAX_FRAME, read_frame
from catui.runtime.startorder import StartOrder
from catui.venues.simulated.launch import Launched, Wanted, launch, seed_of


async def _serve(descriptor: int) -> int:
    stream = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    given = await read_frame(stream[0], MAX_FRAME)
    if given is None:
        return 1
    order = msgspec.json.decode(given, type=StartOrder)
    launched = _launched(order)
    from catui.runtime.serving import serve

    return await serve(stream, order, launched)


def _launched(order: StartOrder) -> Launched | None:
    """The exchange of a new simulated run that goes by the clock; None where there is none, or where it has a fault.

    A fault is left to whoever opens the source: it is said there.
    """
    kind, _, seed = order.source.partition(":")
    if kind != "simulated" or order.speed is None or order.resume:
        return None
    settings = order.config.simulated
    try:
        return launch(Wanted(seed_of(seed, settings.seed), settings.symbols, order.speed))
    except UsageError:
        return None


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
