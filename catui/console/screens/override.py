"""An override, written down: how much more, for how long, how much of it in all."""

import re
from collections.abc import Iterator

from textual.widget import Widget
from textual.widgets import Input, Static

from catui.console.panes.limits import amount, unit
from catui.console.render.number import age
from catui.console.screens.dialog import Dialog, field, said
from catui.console.words.spoken import limit_of
from catui.domain import events
from catui.domain.units import parse_decimal
from catui.preview import PreviewView
from catui.snapshot import LimitView, Snapshot

TTL = re.compile(r"([1-9][0-9]{0,5})(s|m|h)", re.ASCII)
SECONDS = {"s": 1, "m": 60, "h": 3600}
DEFAULT_TTL = "15m"


def seconds(text: str) -> int | None:
    """A duration as typed, in seconds; None: it is none.

    >>> seconds("15m"), seconds("90s"), seconds("1 hour")
    (900, 90, None)
    """
    found = TTL.fullmatch(text)
    return int(found[1]) * SECONDS[found[2]] if found else None


def grid(limit: LimitView, snapshot: Snapshot) -> tuple[int, int]:
    """How a limit's numbers are written: (scale, step), a number n of its unit is n * step / 10**scale."""
    if limit.unit == "money":
        return snapshot.money_digits, 1
    if limit.unit == "lots":
        for each in snapshot.instruments:
            if each.key == limit.scope.rpartition(" ")[2]:
                return each.quantity_decimals, each.lot_step
    return 0, 1


def units(text: str, limit: LimitView, snapshot: Snapshot) -> int | None:
    """A positive number as typed, in the limit's own unit, exactly; None: it is no such number, or off the grid."""
    parsed = parse_decimal(text)
    if parsed is None:
        return None
    scale, step = grid(limit, snapshot)
    digits, places = parsed
    scaled = digits * 10**scale
    count, rest = divmod(scaled, 10**places * step)
    return count if count > 0 and not rest else None


class OverrideScreen(Dialog[events.Action]):
    """Answers with the command. It says what the limit is, what it would be, and what it has refused."""

    def __init__(self, limit: LimitView, snapshot: Snapshot) -> None:
        super().__init__()
        self.TITLE_TEXT = f"Override {limit.check} {limit.code} {limit.scope}"
        self._limit = limit
        self._snapshot = snapshot
        self._unit = unit(limit, snapshot)
        self._answer: PreviewView | None = None

    def body(self) -> Iterator[Widget]:
        """The facts and three fields."""
        yield Static(said(self._facts()), id="facts")
        yield Static(said(f"how much more ({self._unit})"), classes="label")
        yield field("extra")
        yield Static(said("for how long (45s, 15m, 2h)"), classes="label")
        yield field("ttl", value=DEFAULT_TTL)
        yield Static(said("how much of it may be used in all; empty: the same"), classes="label")
        yield field("budget")
        yield Static(said("Enter goes on, escape leaves"), id="fault")

    def wish(self) -> events.OverrideLimit | None:
        """What stands in the fields so far, to ask what it would have let through; None before it can be read."""
        extra, ttl_s = (self._units("extra"), seconds(self.text_of("ttl"))) if self.query("#fault") else (None, None)
        if extra is None or ttl_s is None:
            return None
        return events.OverrideLimit(self._limit.check, self._limit.scope, extra, ttl_s, self._units("budget") or extra)

    def judged(self, view: PreviewView | None) -> None:
        """What the desk says of the wish: how much it would have let through of the last hour, or why it may not be."""
        if view != self._answer and self.query("#fault"):
            self._answer = view
            self.query_one("#facts", Static).update(said(self._facts()))

    def follow(self, snapshot: Snapshot) -> None:
        """The limit as it is now."""
        self._snapshot = snapshot
        self._limit = limit_of(snapshot, self._limit.check, self._limit.scope) or self._limit
        self.query_one("#facts", Static).update(said(self._facts()))

    def on_input_changed(self, event: Input.Changed) -> None:
        """The new value, while it is typed."""
        event.stop()
        self.query_one("#facts", Static).update(said(self._facts()))

    def entered(self, id: str) -> None:
        """Enter: the command, or the first thing that is wrong."""
        extra, ttl_s = self._units("extra"), seconds(self.text_of("ttl"))
        budget = self._units("budget") if self.text_of("budget") else extra
        for name, value, fault in (
            ("extra", extra, f"is no positive number of {self._unit} on its grid"),
            ("ttl", ttl_s, "is no time like 45s, 15m or 2h"),
            ("budget", budget, f"is no positive number of {self._unit} on its grid"),
        ):
            if value is None:
                self.tell(f"{self.text_of(name)!r} {fault}")
                self.set_focus(self.query_one(f"#{name}"))
                return
        assert extra is not None
        assert ttl_s is not None
        assert budget is not None
        self.leave(events.OverrideLimit(self._limit.check, self._limit.scope, extra, ttl_s, budget))

    def _units(self, id: str) -> int | None:
        return units(self.text_of(id), self._limit, self._snapshot)

    def _facts(self) -> str:
        limit, snapshot = self._limit, self._snapshot
        now = amount(limit.limit, limit, snapshot)
        extra = self._units("extra") if self.is_mounted else None
        then = f" -> {amount(limit.limit + extra, limit, snapshot)}" if extra else ""
        facts = [f"limit {now}{then} {self._unit}, used {amount(limit.used, limit, snapshot)}"]
        facts += [
            f"has refused {each.count:,} so far, the last: {each.last_text}"
            for each in snapshot.refusals
            if each.check.split(" ")[0] == limit.check
        ]
        if self._answer is not None:
            facts += _let_through(self._answer, limit, snapshot)
        return "\n".join(facts)


def _let_through(answer: PreviewView, limit: LimitView, snapshot: Snapshot) -> list[str]:
    """The desk's word on an override, in lines."""
    lines = [] if answer.ok else [f"REFUSED {answer.text}"]
    held = answer.held
    if held is not None and held.count:
        since = age(snapshot.now_ns - held.since_ns)
        largest = amount(held.largest, limit, snapshot)
        lines.append(f"of the last {since} it would have let {held.through} of {held.count} through, largest {largest}")
    elif held is not None:
        lines.append("nothing was held back by it alone in the last hour")
    return lines
