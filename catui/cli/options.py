"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from catui.errors import UsageError

Source = Annotated[
    str,
    typer.Option("--source", "-s", metavar="SOURCE", help="simulated[:seed], tape:FILE, run:DIR or binance."),
]
ConfigFile = Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="Configuration to read.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="One setting over the file's, e.g. risk.order_burst=10."),
]
Runs = Annotated[Path | None, typer.Option("--runs", metavar="DIR", help="Where runs are kept.")]
WithoutTls = Annotated[
    bool, typer.Option("--without-tls", help="An address that others reach, though nothing hides what is said.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON lines on standard output, the summary last.")]

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def duration_s(text: str | None) -> float | None:
    """`60s`, `5m`, `10h` or plain seconds. UsageError: anything else."""
    if text is None:
        return None
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(number) :] or "s"
    try:
        seconds = float(number) * _UNITS[unit]
    except (ValueError, KeyError):
        raise UsageError(f"--duration {text}: is no duration; write e.g. 8s, 5m or 10h") from None
    if not 0 < seconds < 1e9:
        raise UsageError(f"--duration {text}: must be above 0; write e.g. 8s")
    return seconds


def speed_of(text: str | None, source: str) -> float | None:
    """`max` is None: as fast as possible, which is what recordings have by default; a number is times real time."""
    if text is None:
        return None if source.startswith(("tape:", "run:")) else 1.0
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1e6:
        raise UsageError(f"--speed {text}: must be max, or a number above 0; 1 is real time")
    return speed
