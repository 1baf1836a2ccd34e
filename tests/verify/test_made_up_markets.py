"""Markets and inputs that laws are tried on: the same for ever, legal, and changed as a law says."""

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, NamedTuple

import pytest
from msgspec import Struct

from catui.core.check.values import written
from catui.core.machine import run
from catui.domain.signals import Bar, Features, Levels, Observation, Print
from catui.features.price import price
from catui.verify.inputs import Change, inputs_of, is_plain
from catui.verify.laws import A_DAY_LATER, EVERYWHERE, LARGER, MIRRORED
from catui.verify.markets import STEADY, Maker, Market, constant, huge, mirrored, talkative, tiny

COUNT = 200
every_market = pytest.mark.parametrize("make", [*EVERYWHERE, talkative], ids=lambda make: str(make.__name__))


class Candle(Struct, frozen=True):
    open: float
    close: float
    mood: float
    is_quote: bool
    number: int
    volatility: float | None


class Two(NamedTuple):
    bar: Bar
    share: float


class Seen(Struct, frozen=True):
    features: Features
    held: float


@dataclass(frozen=True)
class Mine:
    volume: float
    trade_flow: float


class Unknown(Struct, frozen=True):
    name: str


@every_market
def test_a_market_is_the_same_for_ever_and_as_long_as_asked(make: Maker) -> None:
    assert make(COUNT, 3) == make(COUNT, 3) != make(COUNT, 4)
    assert len(make(COUNT, 3).seen) == COUNT
    assert make(50, 3).seen == make(COUNT, 3).seen[:50]


@every_market
def test_a_market_is_legal(make: Maker) -> None:
    before = -1.0
    for x in make(COUNT, 1).seen:
        assert x.time_s >= before
        assert (x.time_s * 1024).is_integer()
        before = x.time_s
        assert x.bid >= 0.0
        assert x.ask >= 0.0
        assert x.bid <= x.ask or 0.0 in (x.bid, x.ask)
        assert x.depth_bid >= x.bid_size >= 0.0
        assert x.depth_ask >= x.ask_size >= 0.0
        assert x.is_quote or make not in (*STEADY, constant) or x.trade_size != 0.0


def test_hostile_markets_have_what_steady_ones_have_not() -> None:
    seen = [x for make in (tiny, huge) for x in make(COUNT, 1).seen]
    assert any(x.bid == x.ask for x in seen)
    assert any(x.bid == 0.0 for x in seen)
    assert any(x.ask == 0.0 for x in seen)
    assert any(x.bid_size == 0.0 < x.ask_size for x in seen)
    assert any(x.bid_size == x.ask_size == x.depth_bid == 0.0 for x in seen)
    times = [x.time_s for x in seen]
    assert any(a == b for a, b in pairwise(times))
    assert any(b - a > 86_400.0 for a, b in pairwise(times))
    mids = [x.mid for x in inputs_of(Features, tiny(COUNT, 1))]
    assert any(b > 5.0 * a for a, b in pairwise(mids))
    assert sum(a == b for a, b in pairwise(mids)) > 40


def test_a_constant_market_has_one_price_and_many_books() -> None:
    seen = inputs_of(Features, constant(COUNT, 1))
    assert len({x.mid for x in seen}) == 1
    assert len({x.imbalance for x in seen}) > 50
    assert {x.volatility for x in seen} == {None, 0.0}


def test_a_talkative_market_leaves_nothing_to_wait_for() -> None:
    for of in (Features, Observation, Bar, Levels, Candle, float):
        made = inputs_of(of, talkative(60, 1), skipped=40)
        assert len(made) == 20
        assert all("None" not in written(x) and x != 0.0 for x in made)


@pytest.mark.parametrize("make", STEADY, ids=lambda make: str(make.__name__))
def test_mirrored_returns_are_negated_and_twice_mirrored_is_the_market(make: Maker) -> None:
    market = make(COUNT, 1)
    for one, other in zip(inputs_of(Features, market), inputs_of(Features, market, MIRRORED), strict=True):
        assert other.log_return == pytest.approx(-one.log_return, abs=1e-15)
        assert other.volatility == pytest.approx(one.volatility, abs=1e-15)
        assert other.imbalance == -one.imbalance
        assert other.order_flow == (None if one.order_flow is None else pytest.approx(-one.order_flow))
        assert other.trade_flow == (None if one.trade_flow is None else -one.trade_flow)
    for x, y in zip(market.seen, mirrored(mirrored(market)).seen, strict=True):
        assert (y.bid, y.ask) == pytest.approx((x.bid, x.ask))
        assert y.trade_size == x.trade_size


@every_market
def test_scales_and_shifts_change_scales_and_times_alone(make: Maker) -> None:
    market = make(COUNT, 1)
    plain = inputs_of(Features, market)
    for one, other in zip(plain, inputs_of(Features, market, LARGER), strict=True):
        assert (other.mid, other.log_return, other.volatility) == (one.mid * 1024.0, one.log_return, one.volatility)
        assert (other.order_flow, other.trade_flow) == (one.order_flow, one.trade_flow)
    for one, other in zip(plain, inputs_of(Features, market, A_DAY_LATER), strict=True):
        assert other == Features(one.time_s + 86_400.0, *[getattr(one, n) for n in one.__struct_fields__[1:]])


def test_plain_numbers_are_changed_as_numbers() -> None:
    assert is_plain(float)
    assert is_plain(tuple[float, float])
    assert not is_plain(tuple[Features, float])
    for make in STEADY:
        numbers = inputs_of(float, make(COUNT, 1))
        assert inputs_of(float, make(COUNT, 1), MIRRORED) == [-x for x in numbers]
        assert inputs_of(float, make(COUNT, 1), LARGER) == [x * 1024.0 for x in numbers]
        pairs = inputs_of(tuple[float, float], make(COUNT, 1))
        assert [x for x, _ in pairs] == numbers
        assert len(set(pairs)) > 50
        assert inputs_of(tuple[float, float], make(COUNT, 1), MIRRORED) == [(-x, -y) for x, y in pairs]


def test_records_are_made_field_by_field_of_the_same_facts() -> None:
    market = tiny(COUNT, 1)
    candles, bars, prints = (inputs_of(of, market) for of in (Candle, Bar, Print))
    assert [(x.open, x.close) for x in candles] == [(x.open, x.close) for x in bars]
    assert all(-1.0 <= x.mood <= 1.0 for x in candles)
    assert [x.number for x in candles] == list(range(COUNT))
    assert candles[0].volatility is None
    assert any(x.volatility is not None for x in candles)
    assert all(x.low <= min(x.open, x.close) <= max(x.open, x.close) <= x.high for x in bars)
    assert [x.size for x in prints] == [x.trade_size for x in market.seen]
    mine = inputs_of(Mine, market)
    assert all(isfinite(x.volume) and isfinite(x.trade_flow) for x in mine)
    assert all(x.price > 0.0 for x in prints)
    assert inputs_of(Two, market)[5].bar == bars[5]
    assert [x.features for x in inputs_of(Seen, market)] == inputs_of(Features, market)


def test_a_level_that_is_not_there_has_neither_price_nor_size() -> None:
    books = inputs_of(Levels, tiny(COUNT, 1))
    for book in books:
        for prices, sizes in ((book.bid_prices, book.bid_sizes), (book.ask_prices, book.ask_sizes)):
            assert all(size > 0.0 or price == 0.0 for price, size in zip(prices, sizes, strict=True))
    assert any(book.bid_sizes[4] > 0.0 for book in books)
    assert any(book.bid_sizes[0] == 0.0 for book in books)


def test_the_facts_of_a_quote_are_those_of_the_feature_library() -> None:
    market = constant(COUNT, 1)
    for x, said in zip(inputs_of(Features, Market(market.seen)), run(price(), market.seen), strict=False):
        if said is not None and x.log_return:
            assert (x.mid, x.microprice) == (said.mid, said.microprice)


@pytest.mark.parametrize("kind", [str, Unknown, list[float], tuple[float, ...], dict[str, float], Any])
def test_a_type_that_cannot_be_made_up_is_named(kind: object) -> None:
    with pytest.raises(ValueError, match=r"^inputs of type .* cannot be made up; take numbers, records, or tuples"):
        inputs_of(kind, tiny(4, 1))


def test_a_change_of_nothing_changes_nothing() -> None:
    same = Change(lambda market: market, lambda x: x)
    for of in (Features, float, tuple[Features, float]):
        assert inputs_of(of, huge(COUNT, 1), same) == inputs_of(of, huge(COUNT, 1))
