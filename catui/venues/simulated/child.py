"""The embedded exchange as a process of its own: `python -m catui.venues.simulated.child WANTED`, as JSON."""

import sys

import msgspec

from catui.errors import UsageError
from catui.venues.simulated.command import serve_command
from catui.venues.simulated.launch import Wanted


def main() -> None:
    """Serve what is wanted, until standard input ends."""
    try:
        wanted = msgspec.json.decode(sys.argv[1], type=Wanted)
    except (IndexError, msgspec.DecodeError):
        raise SystemExit("this exchange is started by a desk; for one by itself: catui exchange") from None
    try:
        serve_command(0, wanted.seed, wanted.symbols, wanted.speed, as_json=True, until_eof=True)
    except UsageError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
