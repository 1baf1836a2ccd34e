"""The ledger of one holding: exact at every fill, two methods that agree when flat, and anchors worked out by hand."""

from hypothesis import given
from positions_world import account_of, fees, prices, signed, trades

from catui.domain.reports import Account
from catui.positions.ledger import booked, unrealised_money, worth_money

Trades = list[tuple[int, int, int]]
UNIT = 7


# --- laws ------------------------------------------------------------------------------------------------------------


@given(trades)
def test_realised_less_fees_less_cost_is_the_cash_at_every_fill(some: Trades) -> None:
    account = Account()
    for lots, price, fee in some:
        account = booked(account, lots, price, UNIT, fee)
        assert account.realised_money - account.fees_money - account.cost_money == account.cash_money


@given(trades)
def test_lots_fees_cash_fills_and_volume_are_the_sums_over_the_fills(some: Trades) -> None:
    account = account_of(some, UNIT)
    assert account.lots == sum(lots for lots, _, _ in some)
    assert account.fees_money == sum(fee for _, _, fee in some)
    assert account.cash_money == -sum(lots * price * UNIT + fee for lots, price, fee in some)
    assert (account.fills, account.volume_lots) == (len(some), sum(abs(lots) for lots, _, _ in some))


@given(trades, prices)
def test_realised_less_fees_and_unrealised_is_the_worth_at_every_mark(some: Trades, mark: int) -> None:
    account = account_of(some, UNIT)
    result = account.realised_money - account.fees_money + unrealised_money(account, mark, UNIT)
    assert result == worth_money(account, mark, UNIT)


@given(trades, prices)
def test_first_in_first_out_and_average_cost_have_one_total_at_every_mark(some: Trades, mark: int) -> None:
    account = account_of(some, UNIT)
    open_result = sum(lots * (mark - paid) for lots, paid in account.fifo) * UNIT
    assert account.fifo_realised_money + open_result == account.realised_money + unrealised_money(account, mark, UNIT)


@given(trades, prices, fees)
def test_flat_both_methods_have_realised_the_same_and_no_cost_is_left(some: Trades, price: int, fee: int) -> None:
    account = account_of(some, UNIT)
    if account.lots:
        account = booked(account, -account.lots, price, UNIT, fee)
    assert (account.lots, account.cost_money, account.fifo) == (0, 0, ())
    assert account.fifo_realised_money == account.realised_money
    assert account.realised_money - account.fees_money == account.cash_money


@given(trades)
def test_the_open_lots_by_age_are_the_position_on_one_side(some: Trades) -> None:
    account = account_of(some, UNIT)
    assert sum(lots for lots, _ in account.fifo) == account.lots
    assert all(lots * account.lots > 0 for lots, _ in account.fifo)


@given(trades)
def test_the_cost_lies_between_the_dearest_and_the_cheapest_of_the_open_side(some: Trades) -> None:
    account, paid = Account(), list[int]()
    for lots, price, fee in some:
        if account.lots * (account.lots + lots) <= 0:
            paid = []  # flat, or through zero: what is open now was opened by this fill
        if (account.lots + lots) * lots > 0:
            paid.append(price)
        account = booked(account, lots, price, UNIT, fee)
        if account.lots:
            cost = account.cost_money * (1 if account.lots > 0 else -1)
            held = abs(account.lots) * UNIT
            rounding = len(some)  # each close leaves less than one unit of money behind
            assert min(paid) * held - rounding <= cost <= max(paid) * held + rounding


@given(trades)
def test_a_ledger_of_the_other_sides_is_the_mirror_of_this_one(some: Trades) -> None:
    one = account_of([(lots, price, 0) for lots, price, _ in some], UNIT)
    other = account_of([(-lots, price, 0) for lots, price, _ in some], UNIT)
    assert other.fifo == tuple((-lots, paid) for lots, paid in one.fifo)
    assert (other.lots, other.cash_money) == (-one.lots, -one.cash_money)
    assert other.fifo_realised_money == -one.fifo_realised_money
    assert abs(other.cost_money + one.cost_money) <= len(some)  # each close rounds down, on either side


@given(trades, signed, prices)
def test_a_fill_in_two_parts_at_one_price_leaves_the_same_position_by_age(some: Trades, lots: int, price: int) -> None:
    account = account_of(some, UNIT)
    whole = booked(account, 2 * lots, price, UNIT, 0)
    parts = booked(booked(account, lots, price, UNIT, 0), lots, price, UNIT, 0)
    assert (parts.lots, parts.cash_money) == (whole.lots, whole.cash_money)
    assert parts.fifo_realised_money == whole.fifo_realised_money
    assert abs(parts.realised_money - whole.realised_money) <= 1  # the remainder of a close comes out later


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_partial_closes_and_a_flip_by_hand_in_both_methods() -> None:
    """Bought 10 at 100 and 5 at 130: cost 1650, 110 on average. The unit is 1, the fees are 3, 2, 1, -1 and 4."""
    account = account_of([(10, 100, 3), (5, 130, 2)])
    assert (account.lots, account.cost_money, account.cash_money) == (15, 1650, -1655)
    assert account.fifo == ((10, 100), (5, 130))

    account = booked(account, -6, 120, 1, 1)  # 6 cost 660 on average, and 600 by age
    assert (account.lots, account.realised_money, account.fifo_realised_money) == (9, 60, 120)
    assert (account.cost_money, account.fifo, account.cash_money) == (990, ((4, 100), (5, 130)), -936)

    account = booked(account, -5, 90, 1, -1)  # 5 cost 550; by age 4 at 100 and 1 at 130
    assert (account.lots, account.realised_money, account.fifo_realised_money) == (4, -40, 40)
    assert (account.cost_money, account.fifo, account.cash_money) == (440, ((4, 130),), -485)

    account = booked(account, -7, 140, 1, 4)  # 4 cost 440, by age 520; then short 3 at 140
    assert (account.lots, account.realised_money, account.fifo_realised_money) == (-3, 80, 80)
    assert (account.cost_money, account.fifo, account.cash_money) == (-420, ((-3, 140),), 491)
    assert (account.fees_money, account.fills, account.volume_lots) == (9, 5, 33)
    assert (unrealised_money(account, 150, 1), worth_money(account, 150, 1)) == (-30, 41)


def test_a_short_that_is_bought_back_below_its_price_gains() -> None:
    account = account_of([(-4, 100, 0), (3, 90, 0)], unit_money=10)
    assert (account.lots, account.realised_money, account.cost_money) == (-1, 300, -1000)
    assert (account.fifo_realised_money, unrealised_money(account, 90, 10)) == (300, 100)


def test_what_rounding_leaves_in_the_cost_comes_out_with_the_last_lot() -> None:
    """3 lots for 100 in all: a close of one releases 33, the next 33 of 67, the last the 34 that are left."""
    account = account_of([(1, 33, 0), (1, 33, 0), (1, 34, 0)])
    costs, gains = [], []
    for _ in range(3):
        after = booked(account, -1, 50, 1, 0)
        costs.append(after.cost_money)
        gains.append(after.realised_money - account.realised_money)
        account = after
    assert (costs, gains) == ([67, 34, 0], [17, 17, 16])
    assert account.realised_money == account.fifo_realised_money == 50


def test_a_fee_touches_neither_cost_nor_realised() -> None:
    with_fee, without = account_of([(5, 100, 9), (-2, 110, -4)]), account_of([(5, 100, 0), (-2, 110, 0)])
    assert (with_fee.cost_money, with_fee.realised_money) == (without.cost_money, without.realised_money)
    assert (with_fee.fees_money, with_fee.cash_money) == (5, without.cash_money - 5)
