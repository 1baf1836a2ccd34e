"""exchangeInfo to instruments: grids and filters from the venue's text."""

import json

import pytest

from catui.errors import VenueError
from catui.venues.binance.listing import instruments_of


def listing(tick: str = "0.01000000", lot: str = "0.00001000", **more: object) -> str:
    symbol = {"symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "quoteAsset": "USDT", "new": 1}
    filters = [
        {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000.00", "tickSize": tick},
        {"filterType": "LOT_SIZE", "minQty": "0.00010000", "maxQty": "9000.00000000", "stepSize": lot},
        {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True},
        {"filterType": "SOMETHING_NEW", "limit": 5},
    ]
    return json.dumps({"symbols": [symbol | {"filters": filters} | more], "timezone": "UTC"})


def test_a_listed_symbol_is_an_instrument_with_its_grids_and_least_order() -> None:
    (found,) = instruments_of(listing(), "binance")
    assert (found.key, found.base, found.quote) == ("binance:BTCUSDT", "BTC", "USDT")
    assert (found.tick_size, found.lot_size, found.min_notional) == ("0.01", "0.00001", "5")
    assert (found.min_lots, found.max_lots) == (10, 900_000_000)


def test_a_symbol_that_is_not_traded_now_is_left_out() -> None:
    assert instruments_of(listing(status="BREAK"), "binance") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "[" * 100_000,
        "{}",
        listing(filters=[]),
        listing(tick="0"),
        listing(tick="-1"),
        listing(tick="1e-2"),
        listing(lot="NaN"),
        listing(tick="0.00000000000001", lot="0.001"),
        listing(symbol=5),
    ],
)
def test_a_listing_without_a_grid_that_can_be_counted_on_is_an_error_in_one_line(text: str) -> None:
    with pytest.raises(VenueError) as caught:
        instruments_of(text, "binance")
    assert str(caught.value).isprintable()


def test_a_hostile_name_is_visible() -> None:
    (found,) = instruments_of(listing(baseAsset="B\u202eTC\x1b[2J"), "binance")
    assert found.base == "B\\u202eTC\\x1b[2J"
