"""The venue's texts: market events, user events, and the bodies of answers. Amounts are text with 8 decimals."""

from collections.abc import Iterable

from catui.venues.simulated.book import Fill, Order
from catui.venues.simulated.ledger import Account
from catui.venues.simulated.listing import Listing, amount_text

ZERO = "0.00000000"

Json = dict[str, object]


def trade(listing: Listing, now_ms: int, trade_id: int, price: int, lots: int, buyer_is_maker: bool) -> str:
    """One print of `@trade`."""
    return (
        f'{{"e":"trade","E":{now_ms},"s":"{listing.symbol}","t":{trade_id},'
        f'"p":"{amount_text(price * listing.price_unit)}","q":"{amount_text(lots * listing.lot_unit)}",'
        f'"T":{now_ms},"m":{"true" if buyer_is_maker else "false"},"M":true}}'
    )


def aggregate_trade(
    listing: Listing, now_ms: int, aggregate_id: int, price: int, lots: int, ids: tuple[int, int], buyer_is_maker: bool
) -> str:
    """One print of `@aggTrade`: a taker's fills at one price, trades `ids[0]` to `ids[1]`."""
    return (
        f'{{"e":"aggTrade","E":{now_ms},"s":"{listing.symbol}","a":{aggregate_id},'
        f'"p":"{amount_text(price * listing.price_unit)}","q":"{amount_text(lots * listing.lot_unit)}",'
        f'"f":{ids[0]},"l":{ids[1]},"T":{now_ms},"m":{"true" if buyer_is_maker else "false"},"M":true}}'
    )


def book_ticker(listing: Listing, update_id: int, bid: tuple[int, int], ask: tuple[int, int]) -> str:
    """The touch, `@bookTicker`."""
    price_unit, lot_unit = listing.price_unit, listing.lot_unit
    return (
        f'{{"u":{update_id},"s":"{listing.symbol}",'
        f'"b":"{amount_text(bid[0] * price_unit)}","B":"{amount_text(bid[1] * lot_unit)}",'
        f'"a":"{amount_text(ask[0] * price_unit)}","A":"{amount_text(ask[1] * lot_unit)}"}}'
    )


def levels(listing: Listing, changes: Iterable[tuple[int, int]]) -> str:
    """Price levels as JSON: `[["60000.00000000","1.00000000"],...]`."""
    price_unit, lot_unit = listing.price_unit, listing.lot_unit
    pairs = ",".join([f'["{amount_text(p * price_unit)}","{amount_text(q * lot_unit)}"]' for p, q in changes])
    return f"[{pairs}]"


def depth_update(
    listing: Listing,
    now_ms: int,
    ids: tuple[int, int],
    bids: Iterable[tuple[int, int]],
    asks: Iterable[tuple[int, int]],
) -> str:
    """The levels that changed by the updates `ids[0]` to `ids[1]`."""
    return (
        f'{{"e":"depthUpdate","E":{now_ms},"s":"{listing.symbol}","U":{ids[0]},"u":{ids[1]},'
        f'"b":{levels(listing, bids)},"a":{levels(listing, asks)}}}'
    )


def depth_snapshot(listing: Listing, update_id: int, bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> str:
    """The book as GET `depth` says it."""
    return f'{{"lastUpdateId":{update_id},"bids":{levels(listing, bids)},"asks":{levels(listing, asks)}}}'


def execution_report(
    listing: Listing,
    order: Order,
    execution: str,
    now_ms: int,
    execution_id: int,
    *,
    fill: Fill | None = None,
    client_id: str = "",
    original_id: str = "",
    reject: str = "NONE",
    is_working: bool,
) -> str:
    """What happened to an order. `client_id` is the id of this action; on a cancel the order's is `original_id`."""
    lot, price = listing.lot_unit, listing.price_unit
    last = (fill.lots, fill.price, fill.trade_id) if fill else (0, 0, -1)
    fee = f'"{amount_text(fill.commission)}","N":"{fill.asset}"' if fill else '"0","N":null'
    return (
        f'{{"e":"executionReport","E":{now_ms},"s":"{listing.symbol}","c":"{client_id or order.client_id}",'
        f'"S":"{order.side}","o":"{order.kind}","f":"{order.tif}","q":"{amount_text(order.lots * lot)}",'
        f'"p":"{amount_text(order.price * price)}","P":"{ZERO}","F":"{ZERO}","g":-1,"C":"{original_id}",'
        f'"x":"{execution}","X":"{order.status}","r":"{reject}","i":{order.id},"l":"{amount_text(last[0] * lot)}",'
        f'"z":"{amount_text(order.filled * lot)}","L":"{amount_text(last[1] * price)}","n":{fee},'
        f'"T":{now_ms},"t":{last[2]},"I":{execution_id},"w":{"true" if is_working else "false"},'
        f'"m":{"true" if fill and fill.is_maker else "false"},"M":false,"O":{order.created_ms},'
        f'"Z":"{amount_text(order.cumulative)}","Y":"{amount_text(last[0] * last[1] * listing.money_unit)}",'
        f'"Q":"{amount_text(order.budget)}"'
        + (f',"W":{order.created_ms}' if is_working else "")
        + (f',"eR":"{order.reason}"' if execution == "EXPIRED" else "")
        + ',"V":"NONE"}'
    )


def account_position(account: Account, assets: Iterable[str], now_ms: int) -> str:
    """The balances of `assets` after one action."""
    rows = ",".join(
        f'{{"a":"{a}","f":"{amount_text(account.free[a])}","l":"{amount_text(account.locked[a])}"}}' for a in assets
    )
    return f'{{"e":"outboundAccountPosition","E":{now_ms},"u":{now_ms},"B":[{rows}]}}'


def order_result(listing: Listing, order: Order) -> Json:
    """The fields that every answer about an order shares."""
    return {
        "price": amount_text(order.price * listing.price_unit),
        "origQty": amount_text(order.lots * listing.lot_unit),
        "executedQty": amount_text(order.filled * listing.lot_unit),
        "origQuoteOrderQty": amount_text(order.budget),
        "cummulativeQuoteQty": amount_text(order.cumulative),
        "status": order.status,
        "timeInForce": order.tif,
        "type": order.kind,
        "side": order.side,
    }


def order_reply(listing: Listing, order: Order, response: str) -> Json:
    """The answer to a new order: ACK, RESULT or FULL."""
    reply: Json = {
        "symbol": listing.symbol,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": order.client_id,
        "transactTime": order.updated_ms,
    }
    if response == "ACK":
        return reply
    reply |= order_result(listing, order)
    reply |= {"workingTime": order.created_ms, "selfTradePreventionMode": "NONE"}
    if order.status == "EXPIRED":
        reply["expiryReason"] = order.reason
    if response == "FULL":
        reply["fills"] = [
            {
                "price": amount_text(fill.price * listing.price_unit),
                "qty": amount_text(fill.lots * listing.lot_unit),
                "commission": amount_text(fill.commission),
                "commissionAsset": fill.asset,
                "tradeId": fill.trade_id,
            }
            for fill in order.fills
        ]
    return reply


def order_status(listing: Listing, order: Order) -> Json:
    """The answer to a query."""
    return {
        "symbol": listing.symbol,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": order.client_id,
        **order_result(listing, order),
        "stopPrice": ZERO,
        "icebergQty": ZERO,
        "time": order.created_ms,
        "updateTime": order.updated_ms,
        "isWorking": order.is_resting,
        "workingTime": order.created_ms,
        "selfTradePreventionMode": "NONE",
    }


def cancel_reply(listing: Listing, order: Order, cancel_id: str) -> Json:
    """The answer to a cancel."""
    return {
        "symbol": listing.symbol,
        "origClientOrderId": order.client_id,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": cancel_id,
        "transactTime": order.updated_ms,
        **order_result(listing, order),
        "selfTradePreventionMode": "NONE",
    }


def own_trade(listing: Listing, order: Order, fill: Fill) -> Json:
    """One row of GET `myTrades`."""
    return {
        "symbol": listing.symbol,
        "id": fill.trade_id,
        "orderId": order.id,
        "orderListId": -1,
        "price": amount_text(fill.price * listing.price_unit),
        "qty": amount_text(fill.lots * listing.lot_unit),
        "quoteQty": amount_text(fill.price * fill.lots * listing.money_unit),
        "commission": amount_text(fill.commission),
        "commissionAsset": fill.asset,
        "time": fill.time_ms,
        "isBuyer": order.sign > 0,
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


def symbol_information(listing: Listing) -> Json:
    """One symbol of GET `exchangeInfo`; PRICE_FILTER first, which a client relies on."""
    price, lot = listing.price_unit, listing.lot_unit
    filters: list[Json] = [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": amount_text(listing.min_ticks * price),
            "maxPrice": amount_text(listing.max_ticks * price),
            "tickSize": amount_text(price),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": amount_text(listing.min_lots * lot),
            "maxQty": amount_text(listing.max_lots * lot),
            "stepSize": amount_text(lot),
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": amount_text(listing.min_notional),
            "applyMinToMarket": True,
            "maxNotional": amount_text(listing.max_notional),
            "applyMaxToMarket": False,
            "avgPriceMins": 5,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": listing.max_orders},
    ]
    return {
        "symbol": listing.symbol,
        "status": "TRADING",
        "baseAsset": listing.base,
        "baseAssetPrecision": 8,
        "quoteAsset": listing.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": filters,
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }
