"""A table outside the screen: one row as a line of text, all of it as CSV."""

import csv
import time
from io import StringIO

from catui.console.render.listing import Sheet
from catui.console.render.text import Cell

FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # what a spreadsheet takes for something to compute, full width too


def row_text(sheet: Sheet, row: int) -> str:
    """A row with a tab between its cells, the empty ones left out; text no more a formula than in `csv_text`."""
    cells = zip(sheet.rows[row], sheet.is_number, strict=True)
    return "\t".join([cell.strip() if is_number else _text(cell) for cell, is_number in cells if cell.strip()])


def csv_text(sheet: Sheet) -> str:
    """Headings and all rows. Numbers without their commas, so that they parse; text that a spreadsheet would take for a
    formula has `'` before it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([title.strip() or f"column {place}" for place, title in enumerate(sheet.titles, 1)])
    for row in sheet.rows:
        writer.writerow([_plain(cell, is_number) for cell, is_number in zip(row, sheet.is_number, strict=True)])
    return out.getvalue()


def _plain(cell: Cell, is_number: bool) -> str:
    return cell.strip().replace(",", "") if is_number else _text(cell)


def _text(cell: Cell) -> str:
    """Text that is computed nowhere; a sign alone is none."""
    text = cell.strip()
    return f"'{text}" if text.startswith(FORMULA) and len(text) > 1 else text


def stamp(now_ns: int) -> str:
    """A moment for the name of a file, in UTC.

    >>> stamp(1_767_967_387_120_000_000)
    '20260109T140307Z'
    """
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_ns // 1_000_000_000))
