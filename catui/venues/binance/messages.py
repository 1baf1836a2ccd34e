"""What the wire says, by type. Numbers stay text until an instrument's grid has counted them; unknown keys pass."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Text = Annotated[str, Meta(max_length=40)]
Pair = tuple[Text, Text]  # price, quantity
Id = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]

MS_FROM, MS_TO = 1_230_768_000_000, 4_102_444_800_000  # 2009 to 2100


class Combined(Struct, frozen=True, gc=False):
    """A frame of `/stream`: the stream's name, and its payload."""

    stream: Annotated[str, Meta(max_length=80)]
    data: msgspec.Raw


class BookTicker(Struct, frozen=True, gc=False):
    """The best bid and ask; spot says no time, futures do."""

    s: Text
    b: Text
    B: Text
    a: Text
    A: Text
    E: int | None = None


class TradePrint(Struct, frozen=True, gc=False):
    """One trade; `m`: the buyer was the maker, so the taker sold. `X` (futures) is MARKET for a book trade."""

    s: Text
    t: Id
    p: Text
    q: Text
    m: bool
    T: int | None = None
    E: int | None = None
    X: str = "MARKET"


class DepthUpdate(Struct, frozen=True, gc=False):
    """Levels that changed between the update ids `U` and `u`; `pu` (futures) is the `u` before."""

    s: Text
    U: Id
    u: Id
    b: list[Pair]
    a: list[Pair]
    E: int | None = None
    pu: Id | None = None


class DepthSnapshot(Struct, frozen=True, gc=False):
    """The answer of GET depth."""

    lastUpdateId: Id
    bids: list[Pair]
    asks: list[Pair]


class Bare(Struct, frozen=True, gc=False):
    """A frame without a stream's name: what kind it is can be read off its keys."""

    stream: str | None = None
    e: str | None = None
    u: int | None = None
    s: str | None = None
    b: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    lastUpdateId: int | None = None
    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    code: int | None = None
    error: "Fault | None" = None
    msg: str = ""
    event: "Inner | None" = None


class Fault(Struct, frozen=True, gc=False):
    """Why the venue refused something: the code is stable, the text is not."""

    code: int = 0
    msg: str = ""


class Inner(Struct, frozen=True, gc=False):
    """An event that another frame carries."""

    e: str = ""


def time_ns(milliseconds: int | None) -> int | None:
    """Milliseconds of the venue's clock as nanoseconds; None outside of 2009 to 2100: such a time is not believed.

    >>> time_ns(1_723_161_255_208), time_ns(0), time_ns(None)
    (1723161255208000000, None, None)
    """
    if milliseconds is None or not MS_FROM <= milliseconds < MS_TO:
        return None
    return milliseconds * 1_000_000


combined = msgspec.json.Decoder(Combined)
bare = msgspec.json.Decoder(Bare)
book_ticker = msgspec.json.Decoder(BookTicker)
trade_print = msgspec.json.Decoder(TradePrint)
depth_update = msgspec.json.Decoder(DepthUpdate)
depth_snapshot = msgspec.json.Decoder(DepthSnapshot)
