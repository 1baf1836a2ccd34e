"""The ledger of one holding, in integers: average cost and first-in-first-out, fees, realised and unrealised.

With q lots held at the cost C, a fill of n lots at price p (money of a tick times a lot: u) does

    n opens or adds       C' = C + n p u
    n closes |n| <= |q|   released = C |n| / |q|, rounded down, all of C when nothing is left
                          realised' = realised - n p u - released,  C' = C - released
    n goes through zero   it closes q, and opens the rest at p

What rounding leaves stays in C and comes out with the last lot, so that at every moment, exactly:

    realised - fees - C == cash          cash' = cash - n p u - fee
"""

from catui.domain.reports import Account

Lot = tuple[int, int]  # signed lots, price_ticks


def booked(account: Account, lots: int, price_ticks: int, unit_money: int, fee_money: int) -> Account:
    """The account after a fill of signed `lots`, which is not 0, and its fee.

    Law: `realised - fees - cost == cash` before and after; with the position flat, FIFO and average cost agree.
    """
    held = account.lots
    closing = min(abs(lots), abs(held)) if held * lots < 0 else 0
    sign = 1 if lots > 0 else -1
    cost, realised = account.cost_money, account.realised_money
    if closing:
        released = cost if closing == abs(held) else cost * closing // abs(held)
        realised -= sign * closing * price_ticks * unit_money + released
        cost -= released
    cost += sign * (abs(lots) - closing) * price_ticks * unit_money
    fifo, gained = _first_in_first_out(account.fifo, lots, price_ticks)
    return Account(
        lots=held + lots,
        cost_money=cost,
        realised_money=realised,
        fees_money=account.fees_money + fee_money,
        cash_money=account.cash_money - lots * price_ticks * unit_money - fee_money,
        fifo=fifo,
        fifo_realised_money=account.fifo_realised_money + gained * unit_money,
        fills=account.fills + 1,
        volume_lots=account.volume_lots + abs(lots),
    )


def _first_in_first_out(fifo: tuple[Lot, ...], lots: int, price_ticks: int) -> tuple[tuple[Lot, ...], int]:
    """The open lots by age after a fill, and what was gained in ticks times lots."""
    gained = 0
    while lots and fifo and fifo[0][0] * lots < 0:
        (oldest, paid_ticks), *rest = fifo
        closed = min(abs(lots), abs(oldest))
        sign = 1 if oldest > 0 else -1
        gained += sign * closed * (price_ticks - paid_ticks)
        left = oldest - sign * closed
        fifo = (((left, paid_ticks), *rest)) if left else tuple(rest)
        lots += sign * closed
    return ((*fifo, (lots, price_ticks)) if lots else fifo), gained


def unrealised_money(account: Account, mark_ticks: int, unit_money: int) -> int:
    """What closing at the mark would realise, before fees: lots * mark - cost."""
    return account.lots * mark_ticks * unit_money - account.cost_money


def worth_money(account: Account, mark_ticks: int, unit_money: int) -> int:
    """The whole result of a holding at the mark, fees off: cash + lots * mark = realised - fees + unrealised."""
    return account.cash_money + account.lots * mark_ticks * unit_money
