"""The market stage: what every event does to one market, what makes it invalid, and that no market sees another's."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from market_world import (
    BTC,
    DESK,
    ELSEWHERE,
    B,
    E,
    S,
    Session,
    delta,
    feed,
    feed_events,
    gap,
    market_events,
    put,
    quote,
    side_of,
    snapshot,
    trade,
)

from catui.domain.events import (
    BookDelta,
    BookSnapshot,
    Command,
    Event,
    FeedState,
    Gap,
    MarketEvent,
    Note,
    Quote,
    Tick,
    Trade,
)
from catui.domain.moment import Market
from catui.domain.orders import Side
from catui.domain.settings import Desk
from catui.domain.signals import Observation

FIVE_BIDS = ((100, 5), (99, 4), (98, 3), (97, 2), (96, 1), (95, 50))
FIVE_ASKS = ((102, 1), (103, 1), (104, 1), (105, 1), (106, 1), (107, 50))
some_events = st.lists(market_events, max_size=25)
all_events = st.lists(st.one_of(market_events, feed_events, st.just(Tick(S))), max_size=25)


# --- quotes and trades ------------------------------------------------------------------------------------------------


def test_before_anything_was_told_nothing_is_known_and_nothing_is_valid() -> None:
    moment, seen = Session().tell(Tick(S))
    assert moment.markets == {B: Market(B), E: Market(E)}
    assert (moment.changed, seen) == (None, ())
    assert (moment.markets[B].is_valid, moment.markets[B].why_invalid) == (False, "no book yet")
    assert moment.markets[B].mark_ticks is None


def test_a_quote_is_the_touch_and_is_counted() -> None:
    session = Session()
    session.tell(quote(90, 91))
    told = session.market(Quote(B, 7 * S, 6 * S, 100, 8, 103, 4))
    assert (told.bid_ticks, told.bid_lots, told.ask_ticks, told.ask_lots) == (100, 8, 103, 4)
    assert (told.quote_ns, told.venue_ns, told.ticks, told.mark_ticks) == (7 * S, 6 * S, 2, 101)


def test_a_trade_is_the_last_price_and_leaves_the_touch() -> None:
    session = Session()
    before = session.market(quote())
    after = session.market(Trade(B, 9 * S, 8 * S, 4, 101, 6, Side.SELL))
    assert (after.last_ticks, after.last_lots, after.last_taker) == (101, 6, Side.SELL)
    assert (after.last_trade_ns, after.venue_ns, after.quote_ns) == (9 * S, 8 * S, before.quote_ns)
    assert (after.bid_ticks, after.ask_ticks, after.ticks) == (100, 102, 1)


def test_the_mark_is_the_last_trade_until_the_touch_is_known() -> None:
    session = Session()
    assert session.market(trade(97)).mark_ticks == 97
    assert session.market(quote(100, 103)).mark_ticks == 101


def test_the_venues_clock_stays_where_an_event_has_none() -> None:
    session = Session()
    session.tell(Quote(B, S, 5, 100, 1, 102, 1))
    told = [session.market(event).venue_ns for event in (quote(), trade(), snapshot(), delta())]
    assert told == [5, 5, 5, 5]


def test_quotes_alone_make_a_market_valid_where_no_book_was_told() -> None:
    session = Session()
    assert not session.market(trade()).is_valid
    assert session.market(quote()).is_valid
    crossed = session.market(quote(103, 102))
    assert (crossed.is_valid, crossed.why_invalid) == (False, "crossed: the quote")
    assert not session.market(quote(102, 102)).is_valid
    assert session.market(quote()).is_valid


def test_a_crossed_quote_beside_a_sound_book_is_invalid_until_the_next_sound_one() -> None:
    session = Session()
    assert session.market(snapshot(), quote()).is_valid
    told = [session.market(event) for event in (quote(103, 102), delta(((99, 1),)), quote(100, 102))]
    assert [market.why_invalid for market in told] == ["crossed: the quote", "crossed: the quote", ""]
    assert [market.is_valid for market in told] == [False, False, True]


# --- the book ---------------------------------------------------------------------------------------------------------


def test_a_snapshot_makes_a_market_valid_and_is_its_touch_until_a_quote_says_better() -> None:
    session = Session()
    told = session.market(snapshot(FIVE_BIDS, FIVE_ASKS, last_id=40))
    assert (told.is_valid, told.why_invalid, told.book_id, told.ticks) == (True, "", 40, 0)
    assert (told.bid_ticks, told.bid_lots, told.ask_ticks, told.ask_lots) == (100, 5, 102, 1)
    assert session.market(delta(((101, 2),))).bid_ticks == 101
    assert session.market(quote(99, 104)).bid_ticks == 99
    after = session.market(delta(((101, 3),), last_id=42, at_ns=5 * S))
    assert (after.bid_ticks, after.bids[0][0], after.book_id, after.quote_ns) == (99, 101, 42, 5 * S)


def test_a_snapshot_keeps_nothing_of_the_old_book() -> None:
    told = Session().market(snapshot(FIVE_BIDS, FIVE_ASKS), snapshot(((90, 1),), ((91, 2), (92, 3))))
    assert (told.bids, told.asks) == (([90], [1]), ([91, 92], [2, 3]))


def test_a_delta_before_the_first_snapshot_changes_nothing() -> None:
    session = Session()
    assert session.market(delta(((100, 1),), ((102, 1),))) == Market(B)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (delta(((102, 1),)), "crossed: bid 102 at or above ask 102 ticks"),
        (delta(((104, 1),)), "crossed: bid 104 at or above ask 102 ticks"),
        (delta(((100, 0),)), "one-sided: no bids"),
        (delta((), ((102, 0),)), "one-sided: no asks"),
        (delta(((100, 0),), ((102, 0),)), "empty: no bids and no asks"),
    ],
)
def test_a_crossed_or_one_sided_book_is_invalid_and_said_until_it_is_sound_again(change: BookDelta, why: str) -> None:
    session = Session()
    session.tell(snapshot())
    broken = session.market(change)
    assert (broken.is_valid, broken.why_invalid) == (False, why)
    assert session.market(quote()).why_invalid == why  # the touch is sound, the book is not
    mended = session.market(delta(((100, 5), (102, 0), (104, 0)), ((102, 3),)))
    assert (mended.is_valid, mended.why_invalid, mended.gaps) == (True, "", 0)


# --- what a feed lost -------------------------------------------------------------------------------------------------


def test_behind_a_gap_nothing_but_a_snapshot_makes_a_market_valid() -> None:
    session = Session()
    assert session.market(snapshot(), quote()).is_valid
    lost = session.market(gap())
    assert (lost.is_valid, lost.why_invalid, lost.gaps, lost.book_id) == (False, "gap: a hole", 1, None)
    assert (lost.bids, lost.asks) == (([], []), ([], []))
    for event in (quote(), trade(), delta(((100, 1),), ((102, 1),)), feed(FeedState.LIVE)):
        told = session.market(event)
        assert (told.is_valid, told.why_invalid, told.book_id) == (False, "gap: a hole", None)
    assert session.market(snapshot(last_id=9)).is_valid
    assert session.market(delta(((101, 1),))).bids == ([101, 100], [1, 5])


def test_a_gap_before_any_book_is_a_gap() -> None:
    session = Session()
    assert not session.market(gap(), quote()).is_valid
    assert session.market(snapshot()).is_valid


def test_the_touch_from_before_a_gap_is_not_the_touch_behind_it() -> None:
    session = Session()
    session.tell(snapshot(), quote(100, 102), feed(FeedState.DOWN))
    told = session.market(snapshot(((80, 6),), ((82, 7),)))
    assert (told.bid_ticks, told.bid_lots, told.ask_ticks, told.ask_lots) == (80, 6, 82, 7)
    assert told.is_valid


def test_a_market_feed_that_is_down_makes_every_market_invalid() -> None:
    session = Session()
    session.tell(snapshot(key=B), snapshot(key=E))
    moment, seen = session.tell(feed(FeedState.DOWN))
    assert (moment.changed, seen) == (None, ())
    for key in (B, E):
        told = moment.markets[key]
        assert (told.is_valid, told.why_invalid, told.gaps) == (False, "feed paper market is down", 1)
    assert not session.market(delta(((99, 1),)), quote()).is_valid
    assert session.market(snapshot()).is_valid


@pytest.mark.parametrize("state", [FeedState.CONNECTING, FeedState.SYNCING, FeedState.LIVE])
def test_a_market_feed_that_is_not_down_leaves_the_markets(state: FeedState) -> None:
    session = Session()
    before, _ = session.tell(snapshot(key=B), quote(key=E))
    after, _ = session.tell(feed(state))
    assert after.markets is before.markets


def test_a_user_feed_that_is_down_leaves_the_markets_and_is_remembered() -> None:
    session = Session()
    before, _ = session.tell(snapshot(), quote(key=E))
    status = feed(FeedState.DOWN, "paper user")
    after, _ = session.tell(status)
    assert after.markets is before.markets
    assert session.state.feeds == {"paper user": status}


# --- what is observed -------------------------------------------------------------------------------------------------


def test_an_observation_is_in_units_of_people_with_the_depth_of_five_levels() -> None:
    session = Session()
    session.tell(snapshot(FIVE_BIDS, FIVE_ASKS))
    _, seen = session.tell(quote(at_ns=3 * S // 2))
    assert seen == ((B, Observation(1.5, True, 50.0, 51.0, 2.0, 1.0, 3.75, 1.25, 0.0)),)


def test_without_a_book_the_depth_is_the_touch() -> None:
    _, seen = Session().tell(quote())
    assert seen == ((B, Observation(1.0, True, 50.0, 51.0, 2.0, 1.0, 2.0, 1.0, 0.0)),)


@pytest.mark.parametrize(("taker", "size"), [(Side.BUY, 1.5), (Side.SELL, -1.5)])
def test_a_trade_is_observed_with_the_sign_of_its_aggressor_once_the_touch_is_known(taker: Side, size: float) -> None:
    session = Session()
    assert session.tell(trade(lots=6, taker=taker))[1] == ()
    session.tell(quote())
    _, seen = session.tell(trade(lots=6, taker=taker))
    assert seen == ((B, Observation(1.0, False, 50.0, 51.0, 2.0, 1.0, 2.0, 1.0, size)),)


@given(all_events)
def test_only_quotes_and_trades_with_a_known_touch_are_observed(events: list[Event]) -> None:
    session = Session()
    for event in events:
        moment, seen = session.tell(event)
        if not isinstance(event, Quote | Trade):
            assert seen == ()
        else:
            known = moment.markets[event.instrument].mid_half_ticks is not None
            assert [key for key, _ in seen] == [event.instrument] * known
            assert all(one.is_quote == isinstance(event, Quote) for _, one in seen)


# --- laws -------------------------------------------------------------------------------------------------------------


@given(all_events)
def test_a_market_is_valid_just_when_it_has_nothing_to_say_against_itself(events: list[Event]) -> None:
    session = Session()
    for event in events:
        for told in session.tell(event)[0].markets.values():
            assert told.is_valid == (told.why_invalid == "")
            assert not told.is_valid or (told.bid_ticks or 0) < (told.ask_ticks or 0)


@given(some_events)
def test_a_book_is_the_dictionary_of_what_was_told_since_the_last_snapshot(events: list[MarketEvent]) -> None:
    session = Session()
    bids: dict[int, int] = {}
    asks: dict[int, int] = {}
    is_whole = False
    for event in events:
        told = session.market(event)
        if event.instrument == B:
            match event:
                case BookSnapshot():
                    bids, asks, is_whole = dict(event.bids), dict(event.asks), True
                case BookDelta() if is_whole:
                    bids, asks = put(bids, event.bids), put(asks, event.asks)
                case Gap():
                    bids, asks, is_whole = {}, {}, False
        assert (told.bids, told.asks) == (side_of(bids, is_bid=True), side_of(asks, is_bid=False))
        assert (told.book_id is not None) == is_whole


@given(some_events)
def test_no_moment_that_was_told_is_ever_changed(events: list[MarketEvent]) -> None:
    session = Session()
    moments = [session.tell(event)[0].markets for event in events]
    again = Session()
    assert moments == [deepcopy(again.tell(event)[0].markets) for event in events]


@given(all_events)
def test_a_market_depends_on_its_own_events_and_the_feeds_alone(events: list[Event]) -> None:
    both, alone = Session(), Session(Desk(7, (BTC,), DESK.strategies))
    for event in events:
        moment, seen = both.tell(event)
        if isinstance(event, MarketEvent) and event.instrument != B:
            continue
        own, own_seen = alone.tell(event)
        assert (own.markets[B], own_seen, own.changed) == (moment.markets[B], seen, moment.changed)
    last = both.tell(Tick(S))[0].markets[B]
    assert alone.tell(Tick(S))[0].markets[B] == last


@pytest.mark.parametrize("event", [quote(key=ELSEWHERE), snapshot(key=ELSEWHERE), gap(ELSEWHERE), trade(key=ELSEWHERE)])
def test_an_instrument_that_the_desk_does_not_have_is_ignored(event: Event) -> None:
    session = Session()
    before = session.tell(quote())[0].markets
    moment, seen = session.tell(event)
    assert (moment.changed, seen) == (None, ())
    assert moment.markets is before


@pytest.mark.parametrize("event", [Tick(S), Command("c-1", "ann", S, Note("hello"))])
def test_what_tells_of_no_market_leaves_the_very_same_state(event: Event) -> None:
    session = Session()
    session.tell(snapshot(), quote(key=E))
    before = session.state
    moment, seen = session.tell(event)
    assert session.state is before
    assert (moment.changed, seen) == (None, ())
