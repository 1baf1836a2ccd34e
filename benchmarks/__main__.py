"""Run every benchmark, or those named: `python -m benchmarks [NAME ...]`; an unknown name lists them."""

import sys

from benchmarks import cross, frame, hosts, live, memory, seek, signals, soak, startup, tape, terminal, windows

ALL = {
    "startup": startup.main,
    "tape": tape.main,
    "live": live.main,
    "frame": frame.main,
    "pty": terminal.main,
    "hosts": hosts.main,
    "soak": soak.main,
    "seek": seek.main,
    "cross": cross.main,
    "signals": signals.main,
    "windows": windows.main,
    "memory": memory.main,
}


def main() -> int:
    """0 if every target was met, 1 if one was missed, 2 for a name that is no benchmark."""
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; known: {', '.join(ALL)}")
        return 2
    met = [ALL[name]() for name in names]
    return 0 if all(met) else 1


sys.exit(main())
