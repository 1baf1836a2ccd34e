"""A moment as people write it: an event, a time, or so long before or after what is shown.

#1180233  #1,180,233        an event by its number
14:03  14:03:07  14:03:07.120   that time of day, UTC: the last one of the run
-5m  +30s  -1h  -250ms      from the moment shown
start  end
"""

import re

from msgspec import Struct

from catui.console.render.number import DAY, HOUR, MINUTE, MS, SECOND
from catui.runtime.journal import LAST
from catui.runtime.past.messages import Target, ToSeq, ToTime

UNITS = {"ms": MS, "s": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}
MOST_DIGITS = 15  # of a number somebody typed

_SEQ = re.compile(r"#([0-9][0-9,]*)")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?Z?")
_SHIFT = re.compile(rf"([+-])([0-9]{{1,{MOST_DIGITS}}})({'|'.join(sorted(UNITS, key=len, reverse=True))})")


class Clock(Struct, frozen=True):
    """A time of day, in nanoseconds since midnight."""

    ns: int


class Shift(Struct, frozen=True):
    """So much later, or earlier."""

    ns: int


When = ToSeq | Clock | Shift


def read(text: str) -> When:
    """The moment that a text means. ValueError: none, with what could be written.

    >>> read("#1,180"), read("14:03:07.5"), read("-5m")
    (ToSeq(seq=1180), Clock(ns=50587500000000), Shift(ns=-300000000000))
    """
    text = text.strip()
    if text in ("start", "end"):
        return ToSeq(1 if text == "start" else LAST)
    if (found := _SEQ.fullmatch(text)) and len(found[1]) <= MOST_DIGITS:
        return ToSeq(int(found[1].replace(",", "")))
    if found := _CLOCK.fullmatch(text):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if hour < 24 and minute < 60 and second < 60:
            return Clock(hour * HOUR + minute * MINUTE + second * SECOND + int((found[4] or "").ljust(9, "0")))
    if found := _SHIFT.fullmatch(text):
        return Shift((1 if found[1] == "+" else -1) * int(found[2]) * UNITS[found[3]])
    raise ValueError("is no moment; write #1180233, 14:03:07, -5m, start or end")


def target(when: When, here_ns: int, last_ns: int) -> Target:
    """Where to go from `here_ns` in a run whose last event is at `last_ns`."""
    match when:
        case ToSeq():
            return when
        case Shift(ns=ns):
            return ToTime(here_ns + ns)
        case Clock(ns=ns):
            today = last_ns // DAY * DAY + ns
            return ToTime(today if today <= last_ns else today - DAY)
