"""The rows of a ladder: our orders, quantity and depth over a bar as long as the depth, the price between them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from rich.style import Style

from catui.console.render.bar import filled
from catui.console.render.ladder import Own, Rung
from catui.console.render.line import Piece, Row
from catui.console.render.number import UNKNOWN, price, quantity, short_quantity
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, number
from catui.snapshot import InstrumentView

OWN_NARROW, OWN_SHORT = 3, 7  # `2q`, `2q6.01`


class Widths(Struct, frozen=True):
    """The widths of the ladder's cells. `bar` is quantity and depth, on which the depth bar lies."""

    own: int
    bar: int
    lots: int
    price: int
    traded: int
    has_depth: bool


def measured(
    rungs: Sequence[Rung], group: int, instrument: InstrumentView | None, width: int, traded: Mapping[int, int]
) -> Widths:
    """Widths for this size: quantity and price first, then our orders, the depth, all of our orders, what was traded.

    They follow from the instrument's precision and the deepest numbers in sight, so that columns stand still.
    """
    ends = (rungs[0].step * group, rungs[-1].step * group)
    middle = min(max([6, *(cells(price(ticks, instrument)) for ticks in ends)]), max(width - 5, 0))
    lots = max([7, *(cells(quantity(max(rung.bid_lots, rung.ask_lots), instrument)) for rung in rungs)])
    deepest = max(max(rung.bid_cumulative, rung.ask_cumulative) for rung in rungs)
    depth = max(7, cells(quantity(deepest, instrument)))
    owns = [own for rung in rungs for own in (rung.own_bid, rung.own_ask) if own]
    full_own = max([OWN_SHORT, *(cells(_own_lots(own, instrument)) + 2 + lots for own in owns)])
    side = max((width - 1 - middle - 4) // 2, 0)
    own = OWN_NARROW if side >= lots + 1 + OWN_NARROW else 0
    spare = side - lots - (own + 1 if own else 0)
    has_depth = spare >= depth + 1
    room = spare - (depth + 1 if has_depth else 0)
    if own and (fits := [text for text in (full_own, OWN_SHORT) if room >= text - own]):
        spare, own = spare - (fits[0] - own), fits[0]
    most = max([6, *(cells(quantity(count, instrument)) for count in traded.values())])
    wide = most + 1 if has_depth and 2 * (spare - depth - 1) > most + 8 else 0
    side = max((width - 1 - middle - 4 - wide) // 2, 0)
    bar = max(side - (own + 1 if own else 0), 0)
    return Widths(own, bar, min(lots, bar), middle, max(wide - 1, 0), has_depth)


def own_texts(own: Own, instrument: InstrumentView | None) -> tuple[Cell, Cell, Cell]:
    """Our orders at one price, the longest text first: how many, how much is left, what is estimated to stand before.

    `2:0.300 q6.001`, `2q6.01`, `2q`; where nothing is known of the queue `2:0.300 q?`, `2q?`, `2q?`. The count is
    followed by `?` where the fate of one is unknown.
    """
    queue = UNKNOWN if own.ahead_lots is None else Cell("")
    exact, short = queue or quantity(own.ahead_lots, instrument), queue or short_quantity(own.ahead_lots, instrument)
    count = f"{own.count}{'?' if own.is_unknown else ''}"
    return (
        Cell(f"{_own_lots(own, instrument)} q{exact}"),
        Cell(f"{count}q{short}"),
        Cell(count if own.is_unknown else f"{count}q{queue}"),
    )


def _own_lots(own: Own, instrument: InstrumentView | None) -> Cell:
    return Cell(f"{own.count}{'?' if own.is_unknown else ':'}{quantity(own.lots, instrument)}")


class Drawing(Struct, frozen=True):
    """Draws rungs. `deepest` is the depth of a whole bar; `before` are the rungs of the frame before."""

    widths: Widths
    instrument: InstrumentView | None
    palette: Palette
    deepest: int
    before: Mapping[int, Rung]

    def heading(self) -> Row:
        """What stands in the columns."""
        widths = self.widths
        depth = Cell("depth" if widths.has_depth else "")
        own = f"{'own':>{widths.own}} " if widths.own else ""
        bid, ask = self._text(depth, Cell("bid"), is_ask=False), self._text(depth, Cell("ask"), is_ask=True)
        traded = f" {'traded':>{widths.traded}}" if widths.traded else ""
        right = f" {'own':<{widths.own}}" if widths.own else ""
        return ((Cell(f" {own}{bid} {'price':>{widths.price}}   {ask}{right}{traded}"), self.palette.muted),)

    def rung(self, rung: Rung, text: Cell, mark: str, traded: int) -> list[Piece]:
        """One row; `mark` says where the last trade was, `traded` how much the tape in sight has at this price."""
        widths, palette, before = self.widths, self.palette, self.before.get(rung.step)
        middle = palette.down if rung.ask_lots else palette.up if rung.bid_lots else palette.muted
        row: list[Piece] = [(Cell(" "), palette.text)]
        if widths.own:
            row += [self._own(rung.own_bid, is_ask=False), (Cell(" "), palette.text)]
        is_bid_new = before is not None and before.bid_lots != rung.bid_lots
        is_ask_new = before is not None and before.ask_lots != rung.ask_lots
        row += self._side(rung.bid_lots, rung.bid_cumulative, is_ask=False, is_changed=is_bid_new)
        row += [(Cell(" "), palette.text), (number(text, widths.price), middle)]
        row += [(Cell(f" {mark} "), palette.last)]
        row += self._side(rung.ask_lots, rung.ask_cumulative, is_ask=True, is_changed=is_ask_new)
        if widths.own:
            row += [(Cell(" "), palette.text), self._own(rung.own_ask, is_ask=True)]
        if widths.traded:
            told = quantity(traded, self.instrument) if traded else Cell("")
            row += [(Cell(" "), palette.text), (number(told, widths.traded), palette.muted)]
        return row

    def _own(self, own: Own | None, is_ask: bool) -> Piece:
        width = self.widths.own
        if own is None:
            return Cell(" " * width), self.palette.text
        texts = own_texts(own, self.instrument)
        fitted = number(next((text for text in texts if cells(text) <= width), texts[-1]), width)
        return Cell(fitted.lstrip().ljust(width)) if is_ask else fitted, self.palette.own

    def _side(self, lots: int, cumulative: int, is_ask: bool, is_changed: bool) -> list[Piece]:
        """Quantity and depth over a bar as long as the depth, which grows from the middle outwards."""
        palette, widths = self.palette, self.widths
        amount = quantity(lots, self.instrument) if lots else Cell("")
        depth = quantity(cumulative, self.instrument) if lots and widths.has_depth else Cell("")
        text = self._text(depth, amount, is_ask)
        length = filled(cumulative, self.deepest, widths.bar)
        edge = length if is_ask else widths.bar - length
        inner = widths.lots if is_ask else widths.bar - widths.lots
        bar = palette.ask_bar if is_ask else palette.bid_bar
        pieces: list[Piece] = []
        for start, end in _cuts(edge, inner, widths.bar):
            style: Style = bar if (start < edge) == is_ask else palette.text
            is_amount = (start < inner) == is_ask
            pieces.append((Cell(text[start:end]), style + palette.changed if is_changed and is_amount else style))
        return pieces

    def _text(self, depth: Cell, amount: Cell, is_ask: bool) -> Cell:
        widths = self.widths
        inner = number(amount, widths.lots)
        room = widths.bar - widths.lots
        if not widths.has_depth or room <= 1:
            return Cell(inner + " " * room if is_ask else " " * room + inner)
        outer = number(depth, room - 1)
        return Cell(f"{inner} {outer}" if is_ask else f"{outer} {inner}")


def _cuts(edge: int, inner: int, width: int) -> list[tuple[int, int]]:
    """The parts of `width` cells between the end of the bar and that of the quantity."""
    places = sorted({0, min(max(edge, 0), width), min(max(inner, 0), width), width})
    return [(start, end) for start, end in pairwise(places) if end > start]
