"""What is typed into a ticket, as lots and ticks, exactly; or one line that says what is wrong and names the mend."""

import re

from catui.console.render.number import decimal
from catui.domain.orders import Side
from catui.domain.units import parse_decimal
from catui.snapshot import InstrumentView, MarketView

RELATIVE = re.compile(r"(bid|ask|mid|last)([+-][0-9]{1,6})?", re.ASCII)
MOST_DIGITS = 15  # of lots and ticks: beyond it no order is meant
THOUSANDS = {"k": 1_000, "M": 1_000_000}
FORMS = {"price": "a number with a point, or like bid, ask+2, mid", "quantity": "one with a point, like 0.5"}


def price_ticks(text: str, side: Side, instrument: InstrumentView, market: MarketView | None) -> int | str:
    """A price: a number on the tick, or `bid`, `ask`, `mid`, `last` with so many ticks more or less (`bid-1`).

    A mid between two ticks is rounded away from the other side.
    """
    found = RELATIVE.fullmatch(text)
    if found is None:
        return _on_grid(text, "price", instrument.price_decimals, instrument.tick_step)
    touch = (None, None, None) if market is None else (market.bid_ticks, market.ask_ticks, market.last_ticks)
    bid, ask, last = touch
    base = {"bid": bid, "ask": ask, "last": last}.get(found[1])
    if found[1] == "mid" and bid is not None and ask is not None:
        base = (bid + ask) // 2 if side is Side.BUY else -(-(bid + ask) // 2)
    if base is None:
        return f"there is no {found[1]} now; write a price"
    ticks = base + int(found[2] or 0)
    return ticks if ticks > 0 else f"{text} is no price above 0"


def stepped(text: str, ticks: int, instrument: InstrumentView) -> str:
    """The price so many ticks further: `bid-1` stays relative, a number stays a number; other text stays."""
    found = RELATIVE.fullmatch(text)
    if found is not None:
        offset = int(found[2] or 0) + ticks
        return f"{found[1]}{offset:+d}" if offset else found[1]
    now = _on_grid(text, "price", instrument.price_decimals, instrument.tick_step)
    if isinstance(now, str) or now + ticks <= 0:
        return text
    return plain_number((now + ticks) * instrument.tick_step, instrument.price_decimals)


def quantity_lots(
    text: str, instrument: InstrumentView, held_lots: int, limit_ticks: int | None, money_digits: int
) -> int | str:
    """A quantity: a number on the lot, a share of the position (`50%`), or its worth in quote (`2k`, `0.5M`)."""
    if text.endswith("%"):
        share = parse_decimal(text[:-1])
        if share is None or not 0 < share[0] <= 100 * 10 ** share[1]:
            return f"{text!r} is no share of the position; write 1% to 100%"
        lots = abs(held_lots) * share[0] // (100 * 10 ** share[1])
        return lots or f"{text} of the position is less than a lot"
    if is_worth(text):
        worth = parse_decimal(text[:-1])
        if worth is None or worth[0] <= 0:
            return f"{text!r} is no worth in {instrument.quote}; write it like 2k or 0.5M"
        if limit_ticks is None:
            return f"{text} {instrument.quote} is a quantity at a price only; write a price"
        unit = instrument.tick_step * instrument.lot_step * 10**money_digits
        money = worth[0] * THOUSANDS[text[-1]] * 10 ** (money_digits + instrument.price_decimals)
        lots = int(money * 10**instrument.quantity_decimals // (10 ** worth[1] * unit * limit_ticks))
        return lots or f"{text} {instrument.quote} is less than a lot"
    return _on_grid(text, "quantity", instrument.quantity_decimals, instrument.lot_step)


def is_worth(text: str) -> bool:
    """Whether a quantity is written as its worth in quote, so that it takes a price to read it."""
    return text[-1:] in THOUSANDS


def plain_number(value: int, decimals: int) -> str:
    """A number as it is typed: no thousands."""
    return decimal(value, decimals).replace(",", "")


def _on_grid(text: str, what: str, decimals: int, step: int) -> int | str:
    """How many steps a number is."""
    parsed = parse_decimal(text)
    if parsed is None or len(str(abs(parsed[0]))) > MOST_DIGITS:
        return _mended(text, what)
    digits, scale = parsed
    if digits <= 0:
        return f"the {what} must be above 0"
    count, rest = divmod(digits * 10**decimals, 10**scale * step)
    if rest:
        below, above = (plain_number(n * step, decimals) for n in (count, count + 1))
        mend = f"{below} or {above}" if count else above
        return f"{what} {text} is not on its step {plain_number(step, decimals)}; write {mend}"
    return int(count)


def _mended(text: str, what: str) -> str:
    """What is no number, with the one that it may mean."""
    if not text:
        return f"write a {what}"
    digits = re.sub(r"[^0-9.,]", "", text)[:MOST_DIGITS]
    whole, mark, rest = digits.rpartition(max(".,", key=digits.rfind))
    guess = f"{re.sub('[.,]', '', whole)}{'.' if mark else ''}{rest}"
    if "," in text and parse_decimal(guess) is not None:
        return f"{text!r} is no {what}: write {guess}, with a point and no commas"
    return f"{text!r} is no {what}; write {FORMS[what]}"
