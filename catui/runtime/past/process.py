"""The seeker as a process of its own: `python -m catui.runtime.past.process FD RUN CACHE NICE`, a socket's end in FD.

It ends with its console. It gives way to whatever else runs: the engine beside it comes first.
"""

import os
import select
import socket
import sqlite3
import sys
import time
from pathlib import Path

import msgspec
from msgspec.structs import replace

from catui.errors import CatuiError
from catui.runtime.collector import settle
from catui.runtime.framing import Unframed, framed
from catui.runtime.overtime import watched_steps
from catui.runtime.past.messages import (
    MOST,
    Explained,
    Flowed,
    FromSeeker,
    Inspected,
    Moment,
    Refused,
    Timeline,
    encode,
    read_to_seeker,
)
from catui.runtime.past.seeker import Seeker

YOUNG = 500_000  # a state that is read is tens of thousands of objects, looked at while a person waits
FOLLOW_S = 0.25  # as often as a live run closes its blocks


def serve(console: socket.socket, directory: Path, cache: Path) -> int:
    """Answer until the console is gone; the exit code."""
    try:
        seeker = Seeker(directory, cache)
    except (CatuiError, ValueError, sqlite3.Error) as error:
        console.sendall(framed(encode(Refused(0, str(error)))))
        return getattr(error, "exit_code", 1)
    settle(YOUNG)
    unframed = Unframed()
    followed = time.monotonic()
    try:
        while True:
            if select.select([console], [], [], 0 if seeker.is_busy else FOLLOW_S)[0]:
                data = console.recv(1 << 16)
                if not data:
                    return 0
                for payload in unframed.feed(data):
                    seeker.hear(read_to_seeker(payload))
            if time.monotonic() - followed >= FOLLOW_S:
                seeker.follow()
                followed = time.monotonic()
            for message in seeker.work():
                console.sendall(framed(bounded(message)))
    except ConnectionError:
        return 0  # the console went while it was spoken to
    except (msgspec.DecodeError, ValueError):
        return 1  # no console of ours
    finally:
        seeker.close()


def bounded(message: FromSeeker, most: int = MOST) -> bytes:
    """A message as bytes; in the place of one that is too long to be carried, that it is."""
    payload = encode(message)
    if len(payload) <= most:
        return payload
    words = f"an answer of {len(payload):,} bytes, at most {most:,} are carried"
    match message:
        case Explained(id=id):
            return encode(Explained(id, None, words))
        case Inspected(id=id):
            return encode(Inspected(id, 0, None, fault=words))
        case Flowed():
            return encode(replace(message, wires=(), fault=words))
        case Moment(id=id) | Timeline(id=id):
            return encode(Refused(id, words))
        case _:
            return encode(Refused(0, words))


def main() -> None:
    """Serve the console that started this process."""
    if len(sys.argv) != 5 or not (sys.argv[1].isdigit() and sys.argv[4].isdigit()):
        raise SystemExit("the seeker is started by the console: catui console --run DIR")
    os.umask(0o077)
    os.nice(int(sys.argv[4]))
    with watched_steps():
        code = serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]))
    sys.exit(code)


if __name__ == "__main__":
    main()
