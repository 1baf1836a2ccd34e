"""A desk is refused at the door, with the reason."""

import pytest

from catui.domain.ensembles import GroupSettings, RegimeSettings
from catui.domain.instrument import Instrument
from catui.domain.settings import Desk, StrategySettings

BTC = Instrument("v", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
ETH = Instrument("v", "ETHUSDT", "ETH", "USDT", "0.01", "0.0001")
NKN = Instrument("v", "NKNBTC", "NKN", "BTC", "0.00000001", "1")
ONE = (StrategySettings("momentum", "momentum"),)


@pytest.mark.parametrize(
    ("instruments", "strategies", "says"),
    [
        ((), ONE, "at least one instrument"),
        ((BTC, BTC), ONE, "have one key"),
        ((BTC, NKN), ONE, "share one quote currency, got BTC, USDT"),
        ((BTC,), (), "needs strategies"),
        ((BTC,), ONE + ONE, "each with a name of its own"),
    ],
)
def test_a_desk_that_cannot_be_is_refused(
    instruments: tuple[Instrument, ...], strategies: tuple[StrategySettings, ...], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Desk(1, instruments, strategies)


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ({"x": GroupSettings()}, r"ensembles\.x\.members: an empty group"),
        ({"x": GroupSettings(members=("nobody",))}, r"ensembles\.x\.members: no strategy nobody; known here: momentum"),
        ({"momentum": GroupSettings(members=("momentum",))}, r"ensembles\.momentum: a strategy has that name"),
        (
            {"x": GroupSettings(members=("momentum", "momentum"))},
            r"ensembles\.x\.members: momentum is in ensembles\.x already",
        ),
    ],
)
def test_a_desk_with_groups_that_cannot_be_is_refused(groups: dict[str, GroupSettings], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Desk(1, (BTC,), ONE, ensembles=groups)


def test_a_regime_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match=r"regime\.members\.nobody: no such strategy; known here: momentum"):
        Desk(1, (BTC,), ONE, regime=RegimeSettings("variance_ratio", members={"nobody": "trend"}))


def test_money_has_the_finest_grid_of_the_desk_and_at_least_eight_digits() -> None:
    assert Desk(1, (BTC, ETH), ONE).money_digits == 8
    assert Desk(1, (BTC, ETH), ONE).unit_money == {"v:BTCUSDT": 10, "v:ETHUSDT": 100}


@pytest.mark.parametrize(("text", "money"), [("1", 10**8), ("0.00000001", 1), ("0.000000019", 1), ("0", 0)])
def test_amounts_become_money_digits_beyond_the_unit_are_cut(text: str, money: int) -> None:
    assert Desk(1, (BTC,), ONE).money(text) == money


def test_an_amount_that_is_no_decimal_is_refused() -> None:
    with pytest.raises(ValueError, match="not a plain decimal amount of USDT: '1e5'"):
        Desk(1, (BTC,), ONE).money("1e5")
