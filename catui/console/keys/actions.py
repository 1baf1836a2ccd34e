"""The key table: everything the console can be told, once. Keys, help, footer, palette and docs come from it.

Danger: 0 none; 1 done at once, the answer names the way back; 2 asked, `y` is yes and Enter is no; 3 words to type and
a reason. Risk: L lowers it and is never asked about, R raises it and always is.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from catui.domain import events
from catui.domain.events import TradingState
from catui.snapshot import AlertView, OverrideView, Snapshot, StrategyView


class Context(Struct, frozen=True):
    """What was pointed at when a key was pressed: the picture, the pane and its list, the row, the price."""

    snapshot: Snapshot
    pane: str = ""
    row: str | None = None
    price_ticks: int | None = None
    tab: int = 0


Build = Callable[[Context], events.Action | None]  # None: there is nothing here to do this to


class Action(Struct, frozen=True):
    """One row. A key of two parts with a blank between is a chord: the first arms, the second acts.

    `scope` names panes, empty for all. `command` builds what is sent; without it, and without a `form` (a dialog that
    makes the command), the action is the console's own. `otherwise` is what the same keys do where this one has nothing
    to do. `inverse` is the way back. `live_danger` holds instead of `danger` when the money is real.
    """

    id: str
    group: str
    keys: tuple[str, ...]
    text: str
    label: str = ""  # in the footer; empty: not there
    scope: tuple[str, ...] = ()
    danger: int = 0
    risk: Literal["", "L", "R"] = ""
    command: Build | None = None
    form: Literal["", "weight", "override", "ticket", "reload"] = ""
    otherwise: str = ""
    inverse: str = ""
    live_danger: int | None = None
    is_emergency: bool = False  # works everywhere: in dialogs, in text fields, on a screen too small
    is_of_past: bool = False  # works in the past only; its keys mean nothing else on the live desk

    @property
    def is_order(self) -> bool:
        """Whether it ends in a command to the desk."""
        return self.command is not None or self.form != ""

    def danger_in(self, snapshot: Snapshot) -> int:
        """The danger with this money."""
        return self.live_danger if self.live_danger is not None and snapshot.badge == "LIVE" else self.danger


def build(action: Action, context: Context) -> events.Action | None:
    """The command of an action without a form; None: there is nothing to do it to."""
    return action.command(context) if action.command is not None else None


def strategy_at(context: Context) -> StrategyView | None:
    """The strategy under the cursor, as it is now; None where the row is the operator's own orders."""
    rows = context.snapshot.strategies
    return next((each for each in rows if each.name == context.row and each.state != "HAND"), None)


def override_at(context: Context) -> OverrideView | None:
    """The first override in force on the limit under the cursor."""
    return next((each for each in context.snapshot.overrides if f"{each.check} {each.scope}" == context.row), None)


STOPPED = ("PAUSE", "QUAR")


def _pause(context: Context) -> events.Action | None:
    row = strategy_at(context)
    return events.PauseStrategy(row.name) if row and row.state not in STOPPED else None


def _resume(context: Context) -> events.Action | None:
    row = strategy_at(context)
    return events.ResumeStrategy(row.name) if row and row.state == "PAUSE" else None


def _release(context: Context) -> events.Action | None:
    row = strategy_at(context)
    return events.ResumeStrategy(row.name) if row and row.state == "QUAR" else None


def _drain(context: Context) -> events.Action | None:
    row = strategy_at(context)
    return events.DrainStrategy(row.name) if row and row.state not in (*STOPPED, "DRAIN") else None


def _cancel(context: Context) -> events.Action | None:
    is_there = any(order.id == context.row for order in context.snapshot.orders)
    return events.CancelOrder(context.row) if context.row and is_there else None


def _cancel_here(context: Context) -> events.Action | None:
    return events.CancelAll(context.snapshot.shown) if context.snapshot.shown else None


def _flatten(context: Context) -> events.Action | None:
    is_held = any(each.instrument == context.row and each.lots for each in context.snapshot.positions)
    return events.Flatten(context.row) if is_held else None


def _reduce(context: Context) -> events.Action | None:
    """Of a halted desk it would loosen, and that is another action."""
    is_halted = context.snapshot.trading_state == TradingState.HALTED.value
    return None if is_halted else events.SetTradingState(TradingState.REDUCING)


def _reopen(context: Context) -> events.Action | None:
    is_halted = context.snapshot.trading_state == TradingState.HALTED.value
    return events.SetTradingState(TradingState.REDUCING) if is_halted else None


def _activate(context: Context) -> events.Action | None:
    is_active = context.snapshot.trading_state == TradingState.ACTIVE.value
    return None if is_active else events.SetTradingState(TradingState.ACTIVE)


def _acknowledge(context: Context) -> events.Action | None:
    is_there = any(each.id == context.row for each in context.snapshot.alerts)
    return events.AckAlert(context.row) if is_there else None


def alert_at(context: Context) -> AlertView | None:
    """The alert under the cursor, as it is now."""
    return next((each for each in context.snapshot.alerts if each.id == context.row), None)


def _mute(context: Context) -> events.Action | None:
    row = alert_at(context)
    return events.MuteAlert(row.kind, MUTE_S) if row and row.muted_until_ns is None else None


def _unmute(context: Context) -> events.Action | None:
    row = alert_at(context)
    return events.MuteAlert(row.kind, 0) if row and row.muted_until_ns is not None else None


def _end_override(context: Context) -> events.Action | None:
    row = override_at(context)
    return events.EndOverride(row.id) if row else None


MUTE_S = 900

LISTS = ("positions", "strategies", "orders", "alerts", "limits", "pnl")  # panes that can be sorted

FILTERED = (*LISTS, "trades", "health", "log")  # panes that can be filtered
SHEETS = (*FILTERED, "book", "chart")  # panes that can be written as a table

ACTIONS: tuple[Action, ...] = (
    Action("reducing", "stop", ("f6",), "from now on only smaller positions", "REDUCE", danger=1, risk="L",
           command=_reduce, otherwise="reopen", inverse="activate", is_emergency=True),
    Action("cancel_all", "stop", ("f7",), "cancel every order of the desk", "CANCEL", danger=1, risk="L",
           command=lambda _: events.CancelAll(), is_emergency=True),
    Action("halt", "stop", ("f8",), "no new orders", "HALT", danger=1, risk="L",
           command=lambda _: events.SetTradingState(TradingState.HALTED), inverse="activate", is_emergency=True),
    Action("kill", "stop", ("f9", "ctrl+k"), "no new orders, and cancel every order, now", "KILL", danger=1, risk="L",
           command=lambda _: events.Kill(), inverse="activate", is_emergency=True),
    Action("reopen", "stop", (), "allow smaller positions again after a halt", danger=3, risk="R", command=_reopen,
           inverse="halt"),
    Action("activate", "stop", ("R",), "back to ACTIVE, trade again", danger=3, risk="R",
           command=_activate, inverse="halt"),
    Action("pause", "strategies", ("p",), "pause this strategy; its orders are cancelled", "pause", ("strategies",), 1,
           "L", _pause, otherwise="resume", inverse="resume"),
    Action("resume", "strategies", (), "let a paused strategy trade again", "", ("strategies",), 2, "R", _resume,
           otherwise="release", inverse="pause"),
    Action("release", "strategies", (), "let a quarantined strategy trade again", "", ("strategies",), 3, "R", _release,
           inverse="pause"),
    Action("drain", "strategies", ("d",), "let it only reduce, then pause", "drain", ("strategies",), 1, "L", _drain),
    Action("weight", "strategies", ("=",), "set its weight; the others rescale", "weight", ("strategies",), 2, "R",
           form="weight"),
    Action("pause_all", "strategies", ("P p",), "pause every strategy", danger=1, risk="L",
           command=lambda _: events.PauseAll(), inverse="resume_all"),
    Action("resume_all", "strategies", ("ctrl+r",), "resume what people paused, not the quarantined", danger=2,
           risk="R", command=lambda _: events.ResumeAll(), inverse="pause_all", live_danger=3),
    Action("ticket", "orders", ("o",), "order ticket: a new order of your own", "order", danger=2, risk="R",
           form="ticket", live_danger=3),
    Action("buy", "orders", ("b",), "order ticket: buy at the cursor's price", "buy", ("book",), 2, "R", form="ticket",
           live_danger=3),
    Action("sell", "orders", ("s",), "order ticket: sell at the cursor's price", "sell", ("book",), 2, "R",
           form="ticket", live_danger=3),
    Action("amend", "orders", ("E",), "amend an order from a ticket; asks if larger or nearer", "amend", ("orders",), 2,
           "R", form="ticket"),
    Action("cancel", "orders", ("x",), "cancel this order", "cancel", ("orders", "book"), 1, "L", _cancel),
    Action("cancel_here", "orders", ("X x",), "cancel all orders of the shown instrument", danger=1, risk="L",
           command=_cancel_here),
    Action("flatten", "positions", ("f F",), "close this position", "close", ("positions",), 1, "L", _flatten),
    Action("flatten_all", "positions", ("F f",), "close every position", danger=1, risk="L",
           command=lambda _: events.Flatten()),
    Action("acknowledge", "alerts", ("a",), "acknowledge this alert", "seen", ("alerts",), 1, command=_acknowledge),
    Action("acknowledge_all", "alerts", ("A",), "acknowledge all alerts", "all seen", ("alerts",), 1,
           command=lambda _: events.AckAlert()),
    Action("mute", "alerts", ("m",), "no toast and bell for this kind for 15 minutes; counted still", "mute",
           ("alerts",), 1, command=_mute, otherwise="unmute", inverse="unmute"),
    Action("unmute", "alerts", (), "toast and bell for this kind again", "", ("alerts",), 1, command=_unmute,
           inverse="mute"),
    Action("limits", "limits", ("r",), "limits: used, free, overridden", "limits"),
    Action("override", "limits", ("O",), "widen this limit for a while", "override", ("limits",), 3, "R",
           form="override", inverse="end_override"),
    Action("end_override", "limits", ("backspace",), "end this limit's override", "end it", ("limits",), 1, "L",
           _end_override),
    Action("reload", "limits", ("ctrl+o",), "take over the limits of config.toml, after showing what differs", danger=2,
           risk="R", form="reload"),
    Action("pane", "go", ("1", "2", "3", "4", "5", "6", "7", "8", "9"), "go to the pane of this number"),
    Action("next_pane", "go", ("tab",), "next pane"),
    Action("previous_pane", "go", ("shift+tab",), "previous pane"),
    Action("up", "go", ("up", "k"), "row up"),
    Action("down", "go", ("down", "j"), "row down"),
    Action("wider", "go", ("shift+right",), "a wider pane, the others narrower"),
    Action("narrower", "go", ("shift+left",), "a narrower pane"),
    Action("taller", "go", ("shift+down",), "a taller pane, the others lower"),
    Action("lower", "go", ("shift+up",), "a lower pane"),
    Action("layout", "go", ("v",), "next layout"),
    Action("save_layout", "go", ("V",), "save this layout, and start with it from now on"),
    Action("left", "go", ("left", "h"), "earlier on the chart; previous list of a pane"),
    Action("right", "go", ("right", "l"), "later on the chart; next list of a pane"),
    Action("page_up", "go", ("pageup", "ctrl+u"), "page up"),
    Action("page_down", "go", ("pagedown", "ctrl+d"), "page down"),
    Action("top", "go", ("g", "home"), "first row"),
    Action("bottom", "go", ("G", "end"), "last row"),
    Action("zoom", "go", ("z",), "this pane over the whole screen, and back", "zoom"),
    Action("back", "go", ("escape",), "leave a filter, zoom, or a dialog"),
    Action("previous_instrument", "look", ("[",), "previous instrument"),
    Action("next_instrument", "look", ("]",), "next instrument", "instrument"),
    Action("instrument", "look", ("i",), "pick an instrument"),
    Action("why", "look", ("w",), "where this came from: an order, fill, refusal, alert or position", "why"),
    Action("wiring", "look", ("W",), "the running machine as boxes and wires; on a box its state, and its keys"),
    Action("pnl", "look", ("$",), "profit and loss: equity, drawdown, by strategy"),
    Action("coarser", "look", ("+",), "coarser price steps, longer intervals", "coarser", ("book", "chart")),
    Action("finer", "look", ("-",), "finer price steps, shorter intervals", "finer", ("book", "chart")),
    Action("candles", "look", ("C",), "the chart as candles, or as a line", "candles", ("chart",)),
    Action("centre", "look", ("c",), "centre the book on the mid, the chart on now; no cursor", "centre",
           ("book", "chart")),
    Action("sort", "look", ("s",), "sort by the next column", "sort", LISTS),
    Action("reverse", "look", ("S",), "reverse the order", "", LISTS),
    Action("past", "past", ("t",), "enter the past; there: go to a time, an event, or so long ago", "past"),
    Action("live", "past", ("L",), "back to the live desk", "live", is_of_past=True),
    Action("event_back", "past", (",",), "one event back", "event back", is_of_past=True),
    Action("event_on", "past", (".",), "one event on", "on", is_of_past=True),
    Action("second_back", "past", ("<",), "one second back", "second back", is_of_past=True),
    Action("second_on", "past", (">",), "one second on", "on", is_of_past=True),
    Action("minute_back", "past", ("ctrl+left",), "one minute back", is_of_past=True),
    Action("minute_on", "past", ("ctrl+right",), "one minute on", is_of_past=True),
    Action("mark_back", "past", ("{",), "previous mark", "mark back", is_of_past=True),
    Action("mark_on", "past", ("}",), "next mark", "on", is_of_past=True),
    Action("mark_kind", "past", ("|",), "marks of which kind: all, order, fill, alert, command, bookmark", "kind",
           is_of_past=True),
    Action("play", "past", ("space",), "play, or stop", "play", is_of_past=True),
    Action("slower", "past", ("(",), "play slower, down to x1/4", is_of_past=True),
    Action("faster", "past", (")",), "play faster, up to x1000", is_of_past=True),
    Action("branch", "past", ("B",), "what if: change something here, and run on beside what was"),
    Action("bookmark", "past", ("M",), "mark this moment, with a note"),
    Action("bookmarks", "past", ("'",), "every bookmark; Enter goes there"),
    Action("filter", "look", ("/",), "show only rows that hold some words", "filter", FILTERED),
    Action("next_match", "look", ("n",), "next match, or next order of ours in the book", "", (*FILTERED, "book")),
    Action("previous_match", "look", ("N",), "previous match", "", (*FILTERED, "book")),
    Action("copy", "look", ("y",), "copy this row", "copy", SHEETS),
    Action("export", "look", ("e",), "write the whole table as CSV", "export", SHEETS),
    Action("picture", "program", ("ctrl+s",), "write the screen as a picture (SVG)"),
    Action("theme", "program", ("T",), "next theme"),
    Action("repaint", "program", ("ctrl+l",), "draw everything again"),
    Action("palette", "program", ("ctrl+p", ":"), "all actions by name"),
    Action("help", "program", ("?",), "every key", "help"),
    Action("control", "program", ("U",), "ask for control, where this console may only watch"),
    Action("suspend", "program", ("ctrl+z",), "to the shell; the engine goes on; fg comes back"),
    Action("quit", "program", ("q", "ctrl+q"), "leave; asks while orders work, a position is open, or money is real",
           "quit"),
)  # fmt: skip

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
GROUPS = ("stop", "strategies", "orders", "positions", "alerts", "limits", "go", "look", "past", "program")
