"""Levels: the best five of both sides of a held book, for features that look below the touch."""

from catui.domain.moment import Market
from catui.domain.signals import Five, Levels
from catui.market.book import BookSide


def levels(market: Market, tick_size: float, lot_size: float) -> Levels | None:
    """The book of one market as floats, at its last change; None while it is not valid, or where no book is held."""
    if not market.is_valid or market.book_id is None or market.quote_ns is None:
        return None
    bid_prices, bid_sizes = _five(market.bids, tick_size, lot_size)
    ask_prices, ask_sizes = _five(market.asks, tick_size, lot_size)
    return Levels(market.quote_ns / 1e9, bid_prices, bid_sizes, ask_prices, ask_sizes)


def _five(side: BookSide, tick_size: float, lot_size: float) -> tuple[Five, Five]:
    """Prices and sizes of the best five; 0.0 where there are fewer."""
    p, q = ([each * size for each in column[:5]] for column, size in zip(side, (tick_size, lot_size), strict=True))
    blank = [0.0] * (5 - len(p))
    a, b, c, d, e = p + blank
    f, g, h, i, j = q + blank
    return (a, b, c, d, e), (f, g, h, i, j)
