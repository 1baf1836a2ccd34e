"""Who listens on a port of this machine: for the one line that says why ours cannot."""

from contextlib import suppress
from pathlib import Path

LISTENING = "0A"


def listener(port: int) -> int | None:
    """The process that listens on `port`; None where the system does not say."""
    try:
        sockets = _sockets(port)
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and sockets & _held(process):
                return int(process.name)
    except OSError:
        return None
    return None


def _sockets(port: int) -> set[str]:
    """Names of the listening sockets of a port, `socket:[inode]`."""
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    fields = [row.split() for row in rows]
    return {f"socket:[{f[9]}]" for f in fields if f[3] == LISTENING and int(f[1].rpartition(":")[2], 16) == port}


def _held(process: Path) -> set[str]:
    """Names of the sockets that a process holds; none of one that we may not look into."""
    links: set[str] = set()
    with suppress(OSError):
        for link in (process / "fd").iterdir():
            with suppress(OSError):  # it may be closed by now
                links.add(str(link.readlink()))
    return links
