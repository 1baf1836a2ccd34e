"""The engine's process, started: it reads its code and opens its source while whoever started it goes on."""

import socket
import subprocess
import sys
from typing import NamedTuple

from catui.runtime.startorder import StartOrder, encode_order


class Child(NamedTuple):
    """An engine's process, and our end of the socket pair on which it has its order."""

    process: "subprocess.Popen[bytes]"
    socket: socket.socket


def launch(order: StartOrder) -> Child:
    """Start a child for this order. Its group is its own, and its standard error a pipe."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "catui.runtime.child", str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    ours.sendall(encode_order(order))  # a few kilobytes: the socket takes them before anybody reads
    return Child(process, ours)
