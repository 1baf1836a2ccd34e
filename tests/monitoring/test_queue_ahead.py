"""The queue ahead of our orders: by hand, against a queue kept order by order, and against the exchange that knows."""

from hypothesis import given, settings
from hypothesis import strategies as st
from queue_world import ASK, BID, KEY, Floor

from catui.domain.events import FeedState, FeedStatus, Quote
from catui.runtime import statecodec

BIDS, ASKS = ((100, 10), (99, 20), (95, 7)), ((102, 10), (103, 20))


def floor(mode: str = "venue") -> Floor:
    made = Floor(mode)
    made.snapshot(BIDS, ASKS)
    return made


def test_an_order_joins_behind_what_the_book_shows_at_its_price() -> None:
    seen = floor()
    for name, price, side in (("a", 100, BID), ("b", 95, BID), ("c", 103, ASK)):
        seen.accepted(name, price, side=side)
    assert (seen.ahead("a"), seen.ahead("b"), seen.ahead("c")) == (10, 7, 20)


def test_nothing_stands_before_an_order_that_betters_the_touch_or_fills_a_hole_of_the_known_book() -> None:
    seen = floor()
    seen.accepted("touch", 101)
    seen.accepted("hole", 97)
    assert (seen.ahead("touch"), seen.ahead("hole")) == (0, 0)


def test_deeper_than_the_last_snapshot_nothing_is_known_until_that_level_is_told() -> None:
    seen = floor()
    seen.accepted("deep", 90, lots=5)
    seen.accepted("deep ask", 104, side=ASK)
    assert (seen.ahead("deep"), seen.ahead("deep ask")) == (None, None)
    seen.delta((90, 12))
    assert seen.ahead("deep") == 7  # ours is in it by then


def test_prints_at_our_price_take_those_before_us_and_no_other_print_does() -> None:
    seen = floor()
    seen.accepted("a", 100)
    seen.trade(100, 3)
    assert seen.ahead("a") == 7
    seen.trade(102, 3, taker=BID)
    seen.trade(101, 3)  # a better bid than ours
    assert seen.ahead("a") == 7
    seen.trade(100, 30)
    assert seen.ahead("a") == 0


def test_a_print_through_our_price_leaves_nobody_before_us() -> None:
    seen = floor()
    seen.accepted("bid", 100)
    seen.accepted("ask", 102, side=ASK)
    seen.trade(99, 1)
    assert (seen.ahead("bid"), seen.ahead("ask")) == (0, 10)
    seen.trade(103, 1, taker=BID)
    assert seen.ahead("ask") == 0


def test_a_level_that_shrinks_lost_those_behind_us_first() -> None:
    seen = floor()
    seen.accepted("a", 100, lots=5)
    seen.delta((100, 10 + 5 + 8))  # 8 joined behind
    assert seen.ahead("a") == 10
    seen.delta((100, 10 + 5 + 2))
    assert seen.ahead("a") == 10
    seen.delta((100, 4 + 5))
    assert seen.ahead("a") == 4
    seen.delta((100, 4 + 5 + 50))
    assert seen.ahead("a") == 4


def test_on_paper_our_order_is_in_no_book() -> None:
    seen = floor("paper")
    seen.accepted("a", 100, lots=5)
    seen.delta((100, 9))
    assert seen.ahead("a") == 9


def test_a_book_from_before_our_acceptance_does_not_hold_our_order() -> None:
    seen = floor()
    seen.accepted("a", 100, lots=5)
    seen.now_ns -= 2_000_000  # the next book was made before the venue took the order, and came late
    seen.delta((100, 9))
    assert seen.ahead("a") == 9


def test_a_print_that_the_book_holds_already_is_not_taken_off_twice() -> None:
    seen = floor()
    seen.accepted("a", 100, lots=5)
    seen.delta((100, 7 + 5))
    seen.trade(100, 3, at_ns=seen.now_ns)
    assert seen.ahead("a") == 7


def test_a_print_from_before_our_arrival_took_nobody_who_stands_before_us() -> None:
    seen = floor()
    before_ns = seen.later()
    seen.accepted("a", 100)
    seen.trade(100, 3, at_ns=before_ns)
    assert seen.ahead("a") == 10


def test_the_touch_of_a_newer_quote_counts_where_it_is_our_price() -> None:
    seen = floor()
    seen.step(Quote(KEY, seen.later(), None, 101, 6, 102, 10))
    seen.accepted("a", 101)
    assert seen.ahead("a") == 6


def test_a_gap_makes_it_unknown_and_the_next_whole_book_puts_everything_before_us() -> None:
    seen = floor()
    seen.accepted("a", 100, lots=5)
    seen.trade(100, 8)
    seen.gap()
    assert seen.ahead("a") is None
    seen.trade(100, 1)
    seen.accepted("b", 99)
    assert (seen.ahead("a"), seen.ahead("b")) == (None, None)
    seen.snapshot(((100, 25), (99, 3)), ASKS)
    assert (seen.ahead("a"), seen.ahead("b")) == (20, 0)


def test_a_market_feed_that_is_down_makes_it_unknown() -> None:
    seen = floor()
    seen.accepted("a", 100)
    seen.market = type(seen.market)(KEY)  # what the market stage makes of such a word
    seen.step(FeedStatus("paper market", seen.later(), FeedState.DOWN))
    assert seen.ahead("a") is None


def test_our_own_fill_says_that_it_is_our_turn() -> None:
    seen = floor()
    seen.accepted("a", 100, lots=5)
    seen.filled("a", 2)
    assert seen.ahead("a") == 0


def test_an_order_that_has_ended_has_no_place() -> None:
    seen = floor()
    seen.accepted("a", 100, lots=5)
    seen.accepted("b", 100, lots=5)
    seen.ended("a")
    seen.filled("b", 5)
    assert seen.held.places == {}


def test_what_tells_nothing_of_our_orders_leaves_the_state_alone() -> None:
    seen = floor()
    seen.accepted("a", 100)
    held = seen.held
    seen.tick()
    seen.trade(102, 1, taker=BID)
    assert seen.held is held


ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("trade", "shrink", "grow", "ours")), st.integers(1, 12)),
        st.just(("gap", 0)),
    ),
    max_size=30,
)


class Line:
    """One level kept lot by lot, front first: `x` is somebody's, a name is ours. Who cancels is the last of them."""

    def __init__(self, lots: int) -> None:
        self.lots = ["x"] * lots

    def trade(self, lots: int) -> list[str]:
        taken, self.lots = self.lots[:lots], self.lots[lots:]
        return taken

    def shrink(self, lots: int) -> None:
        for _ in range(lots):
            last = max((place for place, lot in enumerate(self.lots) if lot == "x"), default=None)
            if last is not None:
                del self.lots[last]

    def ahead(self, name: str) -> int:
        return self.lots.index(name)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 20), ACTS, st.sampled_from(("trade first", "book first")))
def test_it_is_the_queue_in_which_the_last_always_cancels(start: int, acts: list[tuple[str, int]], first: str) -> None:
    """The naive loop: one order of ours, every lot of its level in a list."""
    seen, line = Floor(), Line(start)
    seen.snapshot(((100, start), (90, 1)), ASKS)
    seen.accepted("ours", 100, lots=4)
    line.lots += ["ours"] * 4
    for what, lots in acts:
        match what:
            case "trade":
                ours = line.trade(lots).count("ours")
                at_ns = seen.now_ns + 500_000
                if first == "trade first":
                    seen.trade(100, lots, at_ns=at_ns)
                if "ours" not in line.lots:
                    return
                if ours:
                    seen.filled("ours", ours)
            case "shrink":
                line.shrink(lots)
            case "grow":
                line.lots += ["x"] * lots
            case "ours":  # a second look at the same: nothing moves
                seen.tick()
            case _:
                seen.gap()
                assert seen.ahead("ours") is None
                line.lots = ["x"] * line.lots.count("x") + ["ours"] * line.lots.count("ours")
                seen.snapshot(((100, len(line.lots)), (90, 1)), ASKS)
        seen.delta((100, len(line.lots)))
        assert seen.ahead("ours") is not None
        if first == "trade first":
            assert seen.ahead("ours") == line.ahead("ours")
        else:
            assert (seen.ahead("ours") or 0) >= line.ahead("ours")


def test_a_checkpoint_goes_on_as_if_there_had_been_none() -> None:
    one, two = floor(), floor()
    for seen in (one, two):
        seen.accepted("a", 100, lots=5)
        seen.trade(100, 3)
    two.held = statecodec.decode(statecodec.encode(two.held))
    two.table = statecodec.decode(statecodec.encode(two.table))  # equal, and another object
    for seen in (one, two):
        seen.delta((100, 6))
        seen.accepted("b", 100)
    assert one.held == two.held
