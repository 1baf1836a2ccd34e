"""The order ticket: what is wanted, and under it what the desk would say, asked anew with each snapshot.

The console judges nothing: terms go to the engine as a preview, and its answer stands here. A refused one stays open.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from textual.containers import Horizontal
from textual.events import Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from catui.console.render.number import bps, instruments, price, quantity
from catui.console.screens.dialog import Dialog, Entry, field, said
from catui.console.words.terms import is_worth, plain_number, price_ticks, quantity_lots, stepped
from catui.console.words.verdict import verdict_lines
from catui.domain.events import ReplaceOrder, SubmitOrder
from catui.domain.orders import OrderType, Side, TimeInForce, is_bolder
from catui.preview import PreviewView
from catui.snapshot import OrderView, Snapshot

Wish = SubmitOrder | ReplaceOrder

KINDS = {
    "LIMIT GTC": (OrderType.LIMIT, TimeInForce.GTC),
    "LIMIT IOC": (OrderType.LIMIT, TimeInForce.IOC),
    "LIMIT_MAKER": (OrderType.LIMIT_MAKER, TimeInForce.GTC),
}
STEPS = {"up": 1, "down": -1, "pageup": 10, "pagedown": -10}


class Decided(NamedTuple):
    """A command and the number that it was decided on, if there is one."""

    command: Wish
    expected: int | None = None


class Choice(Entry, Static, can_focus=True):
    """One of some words: left, right and space take another."""

    class Changed(Message):
        """Another word."""

    def __init__(self, id: str, words: tuple[str, ...], word: str) -> None:
        super().__init__(id=id, classes="choice")
        self._words = words
        self.word = word

    def on_mount(self) -> None:
        """Show the word."""
        self.update(said(self.word))

    def takes(self, key: Key) -> bool:
        """Another word; every other key goes on."""
        step = {"left": -1, "right": 1, "space": 1}.get(key.key)
        if step is not None:
            self.word = self._words[(self._words.index(self.word) + step) % len(self._words)]
            self.update(said(self.word))
            self.post_message(self.Changed())
        return step is not None


class TicketScreen(Dialog[None]):
    """An order of the operator's, new (`order` None) or in other terms.

    `ask` is called with every wish that can be read; the answer comes to `judged`. `place` is called with Enter.
    """

    AUTO_FOCUS = "#quantity"

    def __init__(
        self,
        snapshot: Snapshot,
        key: str,
        side: Side,
        price_text: str,
        ask: Callable[[Wish], None],
        place: Callable[["TicketScreen", Decided], None],
        order: OrderView | None = None,
    ) -> None:
        super().__init__()
        self.instrument = instruments(snapshot)[key]
        self.TITLE_TEXT = f"{'Amend' if order else 'Order'} {self.instrument.symbol} {self.instrument.venue}"
        self.order = order
        self._snapshot, self._side, self._price = snapshot, side, price_text
        self._ask, self._place = ask, place
        self._typed: tuple[str, ...] = ()
        self._answer: PreviewView | None = None
        self.sent_id = ""

    def body(self) -> Iterator[Widget]:
        """The market, the terms, the verdict."""
        order, lot = self.order, self.instrument
        lots = plain_number(order.lots * lot.lot_step, lot.quantity_decimals) if order else ""
        yield Static(said(self._facts()), id="facts")
        if order is None:
            yield _row("side", Choice("side", ("BUY", "SELL"), self._side.value))
        yield _row("quantity", field("quantity", "0.5, 50% of the position, 2k of quote", lots))
        yield _row("price", field("price", "60000, bid-1, ask+2, mid", self._price))
        if order is None:
            yield _row("type", Choice("kind", tuple(KINDS), "LIMIT GTC"))
            yield _row("reduce only", Choice("reduce", ("no", "yes"), "no"))
        yield Static(said("no verdict yet"), id="verdict")
        yield Static(said("Enter goes on, escape leaves; arrows: the price, the choices"), id="fault")

    def on_mount(self) -> None:
        """The first question."""
        self._renew()

    def follow(self, snapshot: Snapshot) -> None:
        """The market as it is now, the answer to what was sent, and the question again."""
        self._snapshot = snapshot
        if not self._is_there():
            return
        result = next((each for each in snapshot.results if each.id == self.sent_id), None) if self.sent_id else None
        if result is not None and result.ok:
            self.leave(None)
        elif result is not None:
            self.sent_id = ""
            self.tell(f"REFUSED: {result.text}")
        self._renew()

    def judged(self, view: PreviewView | None) -> None:
        """The desk's answer to the last question; None: there is none."""
        self._answer = view
        if self._is_there():
            self._show_verdict()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another wish."""
        event.stop()
        self._renew()

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Another wish."""
        event.stop()
        self._renew()

    def entered(self, id: str) -> None:
        """Enter in a field."""
        self._enter()

    def hears(self, key: str) -> bool:
        """Enter on a choice; the arrows in the price."""
        focused = self.focused.id if self.focused is not None else ""
        if key == "enter":
            self._enter()
        elif key in STEPS and focused == "price":
            typed = self.query_one("#price", Input)
            typed.value = stepped(typed.value.strip(), STEPS[key], self.instrument)
            typed.cursor_position = len(typed.value)
        else:
            return False
        return True

    def stands(self, snapshot: Snapshot) -> bool:
        """Whether what is amended still is what it was."""
        now = next((each for each in snapshot.orders if each.id == self.order.id), None) if self.order else None
        return self.order is None or (now is not None and not now.is_cancelling)

    def decided(self) -> Decided | tuple[str, str]:
        """The wish, or the field and what is wrong with it."""
        snapshot, side = self._snapshot, self._chosen_side()
        market = next((each for each in snapshot.markets if each.instrument == self.instrument.key), None)
        ticks = price_ticks(self.text_of("price"), side, self.instrument, market)
        held = next((each.lots for each in snapshot.positions if each.instrument == self.instrument.key), 0)
        limit = ticks if isinstance(ticks, int) else None
        typed = self.text_of("quantity")
        if isinstance(ticks, str) and is_worth(typed):
            return "price", ticks
        lots = quantity_lots(typed, self.instrument, held, limit, snapshot.money_digits)
        if isinstance(lots, str):
            return "quantity", lots
        if isinstance(ticks, str):
            return "price", ticks
        if self.order is not None:
            now = next((each for each in snapshot.orders if each.id == self.order.id), self.order)
            return Decided(ReplaceOrder(self.order.id, lots, ticks), now.leaves_lots)
        kind, tif = KINDS[self.query_one("#kind", Choice).word]
        is_closing = self.query_one("#reduce", Choice).word == "yes"
        wish = SubmitOrder(self.instrument.key, side, lots, ticks, kind, tif, is_closing)
        return Decided(wish, held if typed.endswith("%") else None)

    def verdict(self) -> tuple[str, ...]:
        """What the desk said of the wish, in lines."""
        if self._answer is None:
            return ("no verdict yet",)
        return verdict_lines(self._answer, self.instrument, self._snapshot)

    def is_raising(self, wish: Wish) -> bool:
        """Whether it asks before it is sent: larger or nearer than before; a new order unless it can only close."""
        if isinstance(wish, SubmitOrder):
            return not wish.reduce_only
        order = self.order
        return order is None or is_bolder(
            Side(order.side), wish.lots, wish.limit_ticks, than_lots=order.lots, than_ticks=order.price_ticks
        )

    def _is_there(self) -> bool:
        """Whether its parts are on the screen: a frame may fall before they come, and while they go."""
        return self.is_up and not self.is_left

    def _enter(self) -> None:
        self._renew()
        decided = self.decided()
        if self.sent_id:
            self.tell("sent; waiting for the answer")
        elif not self.stands(self._snapshot):
            self.tell("that order is gone, or being cancelled; escape leaves")
        elif not isinstance(decided, Decided):
            self.tell(f"nothing was sent: the {decided[0]} is not clear yet")
            self.set_focus(self.query_one(f"#{decided[0]}"))
        elif self._answer is not None and not _may_go(self._answer):
            self.tell(f"nothing was sent: {self.verdict()[0]}")
        else:
            self._place(self, decided)

    def _renew(self) -> None:
        """Show the market, and ask about the wish as it is now.

        The last verdict stands until the next one has come, while the terms are as they were typed: a price that goes
        with the market is another one with every snapshot.
        """
        self.query_one("#facts", Static).update(said(self._facts()))
        decided, terms = self.decided(), self._terms()
        wish = decided.command if isinstance(decided, Decided) else None
        if terms != self._typed or wish is None:
            self._typed, self._answer = terms, None
        if wish is not None:
            self._ask(wish)
        self._show_verdict()

    def _show_verdict(self) -> None:
        decided = self.decided()
        lines = self.verdict() if isinstance(decided, Decided) else (decided[1],)
        box = self.query_one("#verdict", Static)
        box.update(said("\n".join(lines)))
        is_refused = self._answer is not None and not _may_go(self._answer)
        box.set_class(not isinstance(decided, Decided) or is_refused, "bad")

    def _terms(self) -> tuple[str, ...]:
        """What stands in the ticket, as it was typed and chosen."""
        chosen = (choice.word for choice in self.query(Choice))
        return (self.text_of("quantity"), self.text_of("price"), *chosen)

    def _chosen_side(self) -> Side:
        return self._side if self.order is not None else Side(self.query_one("#side", Choice).word)

    def _facts(self) -> str:
        snapshot, view = self._snapshot, self.instrument
        market = next((each for each in snapshot.markets if each.instrument == view.key), None)
        held = next((each.lots for each in snapshot.positions if each.instrument == view.key), 0)
        bid, ask = (None, None) if market is None else (market.bid_ticks, market.ask_ticks)
        spread = bps(2 * (ask - bid), bid + ask) if bid is not None and ask is not None else "--"
        words = f"bid {price(bid, view)}  ask {price(ask, view)}  spread {spread} bps"
        words += f"  position {quantity(held, view, signed=True)}"
        if self.order is None:
            return words
        if not self.stands(snapshot):
            return f"{words}\nthat order is gone, or being cancelled"
        now = next(each for each in snapshot.orders if each.id == self.order.id)
        done = quantity(now.lots - now.leaves_lots, view)
        terms = f"{now.side} {quantity(now.lots, view)} at {price(now.price_ticks, view)}"
        return f"{words}\n{terms}, filled {done}; the quantity is all of it"


def _may_go(answer: PreviewView) -> bool:
    return answer.ok and (answer.order is None or answer.order.verdict != "REFUSED")


def _row(label: str, widget: Widget) -> Horizontal:
    return Horizontal(Static(said(label), classes="name"), widget, classes="row")
