"""Text becomes numbers exactly or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.domain.instrument import Instrument, money_text
from catui.domain.units import Grid, decimal_text, divide_half_up, parse_decimal

LONG = ("1" * 19, "0." + "1" * 19)
grids = st.sampled_from(["1", "0.01", "0.00001", "0.05", "0.5", "25", "0.00000001"])


@given(grids, st.integers(-(10**9), 10**9))
def test_a_count_written_and_read_is_the_same_count(step: str, count: int) -> None:
    grid = Grid.of(step)
    assert grid.count(grid.text(count)) == count


@given(st.integers(0, 10**15), st.integers(0, 18))
def test_a_decimal_written_and_read_is_the_same_number(digits: int, scale: int) -> None:
    read = parse_decimal(decimal_text(digits, scale))
    assert read is not None
    assert read[0] * 10**scale == digits * 10 ** read[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e5",
        "1e2000000",
        "1_000",
        "+5",
        ".5",
        "5.",
        " 5",
        "5\n",
        "0x1",
        "sNaN",
        "NaN",
        "inf",
        "--1",
        "01",
        "١٢",
        *LONG,
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    assert parse_decimal(text) is None


@pytest.mark.parametrize(("text", "count"), [("0.10", 10), ("0.105", None), ("64120.005", None), ("-0.01", -1)])
def test_what_lies_off_the_grid_has_no_count(text: str, count: int | None) -> None:
    assert Grid.of("0.01").count(text) == count


@pytest.mark.parametrize("text", ["0", "-0.01", "x", ""])
def test_a_grid_needs_a_step_above_0(text: str) -> None:
    with pytest.raises(ValueError, match="must be a decimal above 0"):
        Grid.of(text)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_division_rounds_to_the_nearest_halves_away_from_zero(numerator: int, denominator: int) -> None:
    nearest = divide_half_up(numerator, denominator)
    away = 2 * abs(numerator - nearest * denominator)
    assert away <= denominator
    if away == denominator:
        assert abs(nearest) * denominator > abs(numerator)
    assert divide_half_up(-numerator, denominator) == -nearest


def test_money_of_a_tick_times_a_lot_is_an_integer() -> None:
    btc = Instrument("v", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
    assert (btc.key, btc.money_digits, btc.unit_money(8)) == ("v:BTCUSDT", 7, 10)
    assert 6_012_350 * 200_000 * btc.unit_money(8) == 12_024_700_000_000  # 60,123.50 x 2 = 120,247.00
    assert money_text(6_012_350 * 200_000 * btc.unit_money(8), 8) == "120247.00"


def test_prices_and_quantities_are_written_with_all_their_decimals() -> None:
    btc = Instrument("v", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
    assert (btc.price_text(6_012_350), btc.quantity_text(20_000)) == ("60123.50", "0.20000")


def test_a_grid_too_fine_for_money_is_refused() -> None:
    with pytest.raises(ValueError, match="finer than 1e-12"):
        Instrument("v", "X", "X", "Y", "0.00000001", "0.00000001")


@given(st.integers(-(10**15), 10**15))
def test_money_is_rounded_for_the_eye_only_and_evenly_for_gains_and_losses(money: int) -> None:
    shown = money_text(money, 8)
    assert money_text(-money, 8).lstrip("-") == shown.lstrip("-")
    assert abs(round(float(shown) * 100) * 10**6 - money) <= 5 * 10**5
