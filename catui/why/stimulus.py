"""Events as causes: what came, when we had it, and how far the venue's clock was from ours."""

from typing import assert_never

from msgspec import to_builtins

from catui.domain.events import (
    BookDelta,
    BookSnapshot,
    Command,
    Event,
    FeedStatus,
    Gap,
    Level,
    Quote,
    Report,
    Tick,
    Trade,
)
from catui.why.node import Node, Value
from catui.why.wording import MS, Wording, time_text


def stimulus(say: Wording, seq: int, event: Event) -> Node:
    """An event as the end of a chain."""
    text, values = _told(say, event)
    place = "desk/control" if isinstance(event, Command) else "desk/market"
    return Node(f"{text}  received {time_text(event.ts_receive_ns)}{_venue(event)}", seq, place, values)


def report(say: Wording, key: str, seq: int, told: Report) -> Node:
    """What became of an order, as the venue, our socket or the paper venue said it."""
    words = " ".join(part for part in (told.code, told.text) if part)
    text = f"report {told.cause.value} by {told.source}{f': {words}' if words else ''}"
    if told.execution is not None:
        text += f"  fill {told.execution.fill_id} {say.quantity(key, told.execution.lots)}"
        text += f" at {say.price(key, told.execution.price_ticks)}"
    return Node(f"{text}  received {time_text(told.ts_receive_ns)}{_venue(told)}", seq, "desk/execution")


def command_text(command: Command) -> str:
    """Who wanted what, and why."""
    action = to_builtins(command.action)
    action.pop("settings", None)  # a configuration is named by its hash
    words = " ".join(str(value) for value in action.values() if value is not None)
    return f"command by {command.author}: {words}{f', {command.reason}' if command.reason else ''}"


def _told(say: Wording, event: Event) -> tuple[str, tuple[tuple[str, Value], ...]]:
    match event:
        case Quote():
            bid, ask = say.price(event.instrument, event.bid_ticks), say.price(event.instrument, event.ask_ticks)
            touch = ("bid_ticks", event.bid_ticks), ("ask_ticks", event.ask_ticks)
            return f"quote {say.symbol(event.instrument)} {bid} / {ask}", touch
        case BookDelta():
            return f"book {say.symbol(event.instrument)} {_levels(event.bids, event.asks)} changed", ()
        case BookSnapshot():
            return f"book {say.symbol(event.instrument)} new, {_levels(event.bids, event.asks)}", ()
        case Trade():
            key = event.instrument
            text = f"trade {say.symbol(key)} {event.taker.value} {say.quantity(key, event.lots)}"
            values = ("price_ticks", event.price_ticks), ("lots", event.lots)
            return f"{text} at {say.price(key, event.price_ticks)}", values
        case Gap():
            return f"gap {say.symbol(event.instrument)}: {event.reason}", ()
        case FeedStatus():
            return f"feed {event.feed} {event.state.value}{f': {event.detail}' if event.detail else ''}", ()
        case Report():
            return f"report {event.cause.value} by {event.source}", ()
        case Command():
            return command_text(event), (("author", event.author), ("reason", event.reason))
        case Tick():
            return "time passed", ()
        case _:
            assert_never(event)


def _levels(bids: tuple[Level, ...], asks: tuple[Level, ...]) -> str:
    return f"{len(bids):,} bids and {len(asks):,} asks"


def _venue(event: Event) -> str:
    """The venue's clock less ours; empty where the venue does not say."""
    if not isinstance(event, Quote | BookDelta | BookSnapshot | Trade | Report) or event.ts_event_ns is None:
        return ""
    ahead_ns = event.ts_event_ns - event.ts_receive_ns
    ahead_ms = abs(ahead_ns) // MS
    return f"  venue {'-' if ahead_ns < 0 and ahead_ms else '+' if ahead_ms else ''}{ahead_ms:,} ms"
