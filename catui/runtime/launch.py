"""The engine's process, started: it reads its code and opens its source while whoever started it goes on."""

import socket
from typing import NamedTuple

from catui.offspring import Process, spawned
from catui.runtime.startorder import StartOrder, encode_order


class Child(NamedTuple):
    """An engine's process, and our end of the socket pair on which it has its order."""

    process: Process
    socket: socket.socket


def launch(order: StartOrder) -> Child:
    """Start a child for this order."""
    ours, theirs = socket.socketpair()
    process = spawned("catui.runtime.child", theirs)
    ours.sendall(encode_order(order))  # a few kilobytes: the socket takes them before anybody reads
    return Child(process, ours)
