"""A plan of machines drawn: series left to right, side by side top to bottom, a loop's way back as its bottom line.

Widths add in series, heights side by side; wires run along the first line of the boxes. A series that is too wide goes
on below; what is too narrow to be drawn is folded into `[...]`.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, assert_never

from catui.console.render.text import Cell, cells, fit
from catui.core.plan import Beside, Box, Loop, Plan, Series, boxes_of

Lines = Callable[[Box], tuple[Cell, ...]]

GAP = 2  # cells of wire between two boxes
NARROWEST = 8  # cells of the smallest box
ROOM_INSIDE = 20  # cells that a box needs to show what is inside
DEEP = 99
FOLD = Cell("[...]")
DELAY = Cell(" z^-1 ")


class Spot(NamedTuple):
    """A box at its place; what it says of itself; `hidden` are the boxes that are folded into it."""

    box: Box
    x: int
    y: int
    width: int
    height: int
    title: Cell
    lines: tuple[Cell, ...] = ()
    hidden: tuple[Box, ...] = ()


class Stroke(NamedTuple):
    """A piece of wire: cells from (x, y) to the right."""

    x: int
    y: int
    text: Cell


class Drawing(NamedTuple):
    """Boxes and wires in `width` x `height` cells. The wire comes in at (0, 0) and leaves behind (width - 1, out)."""

    width: int
    height: int
    out: int
    spots: tuple[Spot, ...]
    strokes: tuple[Stroke, ...] = ()

    def moved(self, x: int, y: int) -> "Drawing":
        """The same, elsewhere."""
        spots = tuple(spot._replace(x=spot.x + x, y=spot.y + y) for spot in self.spots)
        strokes = tuple(stroke._replace(x=stroke.x + x, y=stroke.y + y) for stroke in self.strokes)
        return self._replace(spots=spots, strokes=strokes)


def fitted(plan: Plan, width: int, height: int, lines: Lines) -> Drawing:
    """The richest drawing that fits: with what is inside and all lines, or two, or two and one line inside, or one;
    folded with two lines, or one; bare.

    The barest may be higher than `height`: then it is scrolled. From `NARROWEST` cells on it is never wider.
    """
    outer = plan.inside if isinstance(plan, Box) else plan
    nested = {id(inner) for each in boxes_of(outer) for inner in boxes_of(each.inside)}
    ways: tuple[tuple[int, Lines], ...] = (
        (DEEP, lines),
        (DEEP, lambda box: lines(box)[:2]),
        (DEEP, lambda box: lines(box)[: 1 if id(box) in nested else 2]),
        (DEEP, lambda box: lines(box)[:1]),
        (1, lambda box: lines(box)[:2]),
        (1, lambda box: lines(box)[:1]),
    )
    for depth, said in ways:
        drawing = drawn(plan, width, said, depth)
        if drawing.height <= height:
            return drawing
    return drawn(plan, width, lambda _: (), 1)


def drawn(plan: Plan, width: int, lines: Lines, depth: int) -> Drawing:
    """The plan in at most `width` cells, at least `NARROWEST`; `depth`: in how many boxes around each
    other the inside is shown."""
    match plan:
        case Box():
            return _box(plan, width, lines, depth)
        case Series():
            return _series(plan, width, lines, depth)
        case Beside():
            return _beside(plan, width, lines, depth)
        case Loop():
            return _loop(plan, width, lines, depth)
        case _:
            assert_never(plan)


def _box(box: Box, width: int, lines: Lines, depth: int) -> Drawing:
    copies = f" x{box.copies}" if box.copies is not None and not _is_within_each(box) else ""
    if box.inside is not None and depth and width >= ROOM_INSIDE:
        inside = drawn(box.inside, width - 2, lines, depth - 1)
        title, said = Cell(f"{box.name}{copies}"), _said(lines(box), width)
        wide = max(inside.width, cells(title) + 2, *(cells(line) for line in said), 0) + 2
        high = inside.height + len(said) + 2
        outer = Spot(box, 0, 0, wide, high, fit_title(title, wide), said)
        moved = inside.moved(1, 1)
        return Drawing(wide, high, 0, (outer, *moved.spots), moved.strokes)
    hidden = tuple(boxes_of(box.inside))
    title = Cell(f"{box.name}{copies}{f' {FOLD}' if hidden else ''}")
    said = _said(lines(box), width)
    wide = min(max(cells(title) + 4, *(cells(line) + 2 for line in said), 0), width)
    high = len(said) + 2
    return Drawing(wide, high, 0, (Spot(box, 0, 0, wide, high, fit_title(title, wide), said, hidden),))


def _is_within_each(box: Box) -> bool:
    """Whether the box around it says already how many there are."""
    return "*" in box.path.split("/")


def _said(lines: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """The lines that have room: a number is never cut."""
    return tuple(line for line in lines if cells(line) <= width - 2)


def fit_title(title: Cell, width: int) -> Cell:
    """A title in the frame of a box of so many cells."""
    return title if cells(title) <= width - 4 else fit(title, max(width - 4, 1))


def _folded(plan: Plan) -> Drawing:
    """All of it as one box."""
    first, *rest = boxes_of(plan)
    return Drawing(NARROWEST, 2, 0, (Spot(first, 0, 0, NARROWEST, 2, fit(FOLD, NARROWEST - 4), (), tuple(rest)),))


def _series(plan: Series, width: int, lines: Lines, depth: int) -> Drawing:
    """In rows: the wire of a row that is full turns down, and comes in again at the left of the next one."""
    parts = [drawn(part, width - 2 * GAP, lines, depth) for part in plan.parts] if width > 3 * NARROWEST else []
    if not parts:
        return _folded(plan)
    rows: list[list[Drawing]] = [[]]
    for part in parts:
        used = sum(each.width + GAP for each in rows[-1]) + (GAP if len(rows) > 1 else 0)
        if rows[-1] and used + part.width + GAP > width:
            rows.append([])
        rows[-1].append(part)
    spots: list[Spot] = []
    strokes: list[Stroke] = []
    y = wide = end = wire = 0
    for place, row in enumerate(rows):
        x = GAP if place else 0
        if place:
            strokes += _turn(end, wire, y)
            y += 1
            strokes.append(Stroke(0, y, Cell("╰>")))
        wire, high = y, 0
        for column, part in enumerate(row):
            if column:
                strokes.append(Stroke(x, wire, Cell("─" * (GAP - 1) + ">")))
                x += GAP
            moved = part.moved(x, wire)
            spots += moved.spots
            strokes += moved.strokes
            high = max(high, wire - y + part.height)
            wire += part.out
            x += part.width
        end, wide, y = x, max(wide, x), y + high
    if len(rows) > 1:
        wide += GAP  # the turns stand there
        strokes.append(Stroke(end, wire, Cell("─" * (wide - end))))
    return Drawing(wide, y, wire, tuple(spots), tuple(strokes))


def _turn(end: int, wire: int, y: int) -> Iterator[Stroke]:
    """From the end of a row, whose wire is at `wire`, to the left of the row behind line `y`."""
    yield Stroke(end, wire, Cell("─╮"))
    for between in range(wire + 1, y):
        yield Stroke(end + 1, between, Cell("│"))
    yield Stroke(0, y, Cell("╭" + "─" * end + "╯"))


def _beside(plan: Beside, width: int, lines: Lines, depth: int) -> Drawing:
    """One below the other, between a wire that parts and one that joins."""
    if width < 3 * NARROWEST:
        return _folded(plan)
    parts = [drawn(part, width - 2 * GAP, lines, depth) for part in plan.parts]
    wide = max(part.width for part in parts)
    spots: list[Spot] = []
    strokes: list[Stroke] = []
    ins, outs = [], []
    y = 0
    for part in parts:
        moved = part.moved(GAP, y)
        spots += moved.spots
        strokes += moved.strokes
        ins.append(y)
        outs.append(y + part.out)
        strokes.append(Stroke(GAP + part.width, outs[-1], Cell("─" * (wide - part.width + 1))))
        y += part.height
    strokes += _bar(0, ins, ("┬", "├", "╰"), Cell("─"), is_left=True)
    strokes += _bar(wide + 2 * GAP - 1, outs, ("┬", "┤", "╯"), Cell(""), is_left=False)
    return Drawing(wide + 2 * GAP, y, outs[0], tuple(spots), tuple(strokes))


def _bar(x: int, ports: list[int], glyphs: tuple[str, str, str], wire: Cell, *, is_left: bool) -> Iterator[Stroke]:
    """A wire from top to bottom with a port on each of these lines."""
    first, middle, last = glyphs
    for y in range(ports[0], ports[-1] + 1):
        if y == ports[0] and len(ports) == 1:
            yield Stroke(x, y, Cell("──" if is_left else "─"))
        elif y in ports:
            yield Stroke(x, y, Cell((first if y == ports[0] else last if y == ports[-1] else middle) + wire))
        else:
            yield Stroke(x, y, Cell("│"))


def _loop(plan: Loop, width: int, lines: Lines, depth: int) -> Drawing:
    """The body, and below it the way back from its end to its beginning, with the delay."""
    if width < 4 * NARROWEST:
        return _folded(plan)
    body = drawn(plan.body, width - 2 * GAP, lines, depth)
    wide, bottom = body.width + 2 * GAP, body.height
    moved = body.moved(GAP, 0)
    back = wide - 2
    strokes = [Stroke(0, 0, Cell("╭>")), Stroke(GAP + body.width, body.out, Cell("─┬"))]
    for y in range(1, bottom):
        strokes.append(Stroke(0, y, Cell("│")))
        if y > body.out:
            strokes.append(Stroke(wide - 1, y, Cell("│")))
    middle = fit(DELAY, cells(DELAY)) if back >= cells(DELAY) else Cell("")
    left = (back - cells(middle)) // 2
    line = "─" * left + middle + "─" * (back - cells(middle) - left)
    strokes.append(Stroke(0, bottom, Cell(f"╰{line}╯")))
    return Drawing(wide, bottom + 1, body.out, moved.spots, (*moved.strokes, *strokes))


def neighbour(spots: tuple[Spot, ...], place: int, dx: int, dy: int) -> int:
    """The box that lies next in a direction, by the middles of their first lines; the same where there is none."""
    here = spots[place]

    def middle(spot: Spot) -> tuple[int, int]:
        return spot.x + min(spot.width, 12) // 2, spot.y

    x, y = middle(here)
    best, least = place, 10**9
    for each, spot in enumerate(spots):
        if each == place:
            continue
        other_x, other_y = middle(spot)
        along = (other_x - x) * dx + (other_y - y) * dy
        aside = abs(other_y - y) * 3 if dx else abs(other_x - x)
        if along > 0 and along + 2 * aside < least:
            best, least = each, along + 2 * aside
    return best
