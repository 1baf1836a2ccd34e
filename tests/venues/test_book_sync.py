"""The synchroniser: whatever the wire loses, repeats or delays, the ids that are applied have no hole in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.venues.binance import sync as sync_module
from catui.venues.binance.messages import DepthSnapshot, DepthUpdate
from catui.venues.binance.sync import Apply, BookSync, Hole, NeedSnapshot, Outcome, Replace, Rule, Stale


def update(first: int, last: int, before: int | None = None) -> DepthUpdate:
    return DepthUpdate("BTCUSDT", first, last, [], [], pu=before)


def book(last_id: int) -> DepthSnapshot:
    return DepthSnapshot(last_id, [], [])


def words(outcomes: list[Outcome]) -> list[str]:
    """Outcomes in short: what was applied up to which id, what was stale, which hole."""
    told = []
    for outcome in outcomes:
        match outcome:
            case Apply(update=one):
                told.append(f"apply {one.u}")
            case Stale(update=one):
                told.append(f"stale {one.u}")
            case Replace(snapshot=whole):
                told.append(f"replace {whole.lastUpdateId}")
            case Hole(expected=expected, got=got):
                told.append(f"hole {expected} {got}")
            case NeedSnapshot():
                told.append("need")
    return told


def test_by_hand_spot_drops_what_the_snapshot_has_and_begins_across_its_id() -> None:
    sync = BookSync("spot")
    assert words(sync.update(update(1, 3))) == ["need"]
    assert words(sync.update(update(4, 6))) == []
    assert words(sync.update(update(7, 9))) == []
    assert words(sync.snapshot(book(5))) == ["replace 5", "stale 3", "apply 6", "apply 9"]
    assert words(sync.update(update(10, 10))) == ["apply 10"]
    assert words(sync.update(update(10, 10))) == ["stale 10"]
    assert words(sync.update(update(12, 13))) == ["hole 11 12", "need"]
    assert words(sync.update(update(14, 14))) == []
    assert words(sync.snapshot(book(12))) == ["replace 12", "apply 13", "apply 14"]


def test_by_hand_spot_begins_right_behind_the_snapshots_id() -> None:
    sync = BookSync("spot")
    sync.update(update(6, 8))
    assert words(sync.snapshot(book(5))) == ["replace 5", "apply 8"]


def test_by_hand_futures_keep_the_update_that_ends_at_the_snapshot_and_chain_by_its_predecessor() -> None:
    sync = BookSync("futures")
    sync.update(update(1, 4, 0))
    sync.update(update(5, 9, 4))
    sync.update(update(20, 30, 9))
    assert words(sync.snapshot(book(9))) == ["replace 9", "stale 4", "apply 9", "apply 30"]
    assert words(sync.update(update(45, 50, 30))) == ["apply 50"]
    assert words(sync.update(update(51, 60, 49))) == ["hole 50 49", "need"]


def test_futures_without_a_predecessor_are_a_hole() -> None:
    sync = BookSync("futures")
    sync.update(update(5, 9, 4))
    sync.snapshot(book(9))
    assert words(sync.update(update(10, 12))) == ["hole 9 0", "need"]


@pytest.mark.parametrize(("rule", "too_old", "enough"), [("spot", 8, 9), ("futures", 9, 10)])
def test_a_snapshot_older_than_the_buffer_is_asked_for_again_and_the_buffer_kept(
    rule: Rule, too_old: int, enough: int
) -> None:
    sync = BookSync(rule)
    sync.update(update(10, 12, 9))
    sync.update(update(13, 15, 12))
    assert words(sync.snapshot(book(too_old))) == ["need"]
    assert sync.waiting == 2
    assert words(sync.snapshot(book(enough))) == [f"replace {enough}", "apply 12", "apply 15"]


def test_a_snapshot_older_than_the_book_is_nothing() -> None:
    sync = BookSync()
    sync.update(update(1, 5))
    sync.snapshot(book(3))
    assert words(sync.snapshot(book(4))) == []
    assert words(sync.update(update(6, 6))) == ["apply 6"]
    assert words(sync.snapshot(book(8))) == ["replace 8"]


def test_a_hole_inside_the_buffer_keeps_what_is_behind_it() -> None:
    sync = BookSync()
    for first, last in ((1, 3), (6, 7), (8, 9)):
        sync.update(update(first, last))
    assert words(sync.snapshot(book(2))) == ["replace 2", "apply 3", "hole 4 6", "need"]
    assert sync.waiting == 2
    assert words(sync.snapshot(book(6))) == ["replace 6", "apply 7", "apply 9"]


def test_the_buffer_is_bounded_and_overflow_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module, "MAX_BUFFER", 100)
    sync = BookSync()
    asked = [n for n in range(1, 1001) if words(sync.update(update(n, n))) == ["need"]]
    assert sync.waiting <= 100
    assert asked == [1, *range(101, 1001, 100)]


def test_a_new_connection_knows_nothing_of_the_old_one() -> None:
    sync = BookSync()
    sync.update(update(1, 3))
    sync.snapshot(book(3))
    sync.reset()
    assert words(sync.update(update(4, 5))) == ["need"]


Wire = list[tuple[DepthUpdate, bool]]


@st.composite
def faulty_wires(draw: st.DrawFn, rule: Rule) -> Wire:
    """A whole stream of updates, of which some are lost, repeated or swapped; True: a snapshot is served after it."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=5, max_size=40))
    whole, last = [], 0
    for size in sizes:
        skip = draw(st.integers(0, 3)) if rule == "futures" else 0
        whole.append(update(last + 1 + skip, last + size + skip, last))
        last += size + skip
    sent: list[DepthUpdate] = []
    for one in whole:
        fate = draw(st.sampled_from(("sent",) * 8 + ("lost", "twice", "swapped")))
        if fate == "lost":
            continue
        sent.append(one)
        if fate == "twice":
            sent.append(one)
        if fate == "swapped" and len(sent) > 1:
            sent[-2:] = [sent[-1], sent[-2]]
    return [(one, draw(st.integers(0, 3)) == 0) for one in sent]


@pytest.mark.parametrize("rule", ["spot", "futures"])
@given(data=st.data())
def test_what_is_applied_behind_a_snapshot_has_no_hole(rule: Rule, data: st.DataObject) -> None:
    sync, newest = BookSync(rule), 0
    book_id: int | None = None
    is_first = True
    for one, is_served in data.draw(faulty_wires(rule)):
        newest = max(newest, one.u)
        outcomes = sync.update(one)
        if is_served and book_id is None:
            outcomes += sync.snapshot(book(newest))
        for outcome in outcomes:
            match outcome:
                case Replace(snapshot=whole):
                    book_id, is_first = whole.lastUpdateId, True
                case Hole():
                    book_id = None
                case Apply(update=told):
                    assert book_id is not None
                    if is_first:
                        assert told.U <= book_id + (rule == "spot")
                    else:
                        assert (told.U == book_id + 1) if rule == "spot" else (told.pu == book_id)
                    assert told.u >= book_id
                    book_id, is_first = told.u, False
                case Stale(update=told):
                    assert book_id is not None
                    assert told.u <= book_id
                case NeedSnapshot():
                    pass


@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=30), at=st.integers(0, 29))
def test_nothing_lost_is_no_hole_wherever_the_snapshot_comes(sizes: list[int], at: int) -> None:
    sync, last, told = BookSync(), 0, []
    for place, size in enumerate(sizes):
        told += words(sync.update(update(last + 1, last + size)))
        last += size
        if place == min(at, len(sizes) - 1):
            told += words(sync.snapshot(book(last - size // 2)))
    assert not [word for word in told if word.startswith("hole")]
    assert told.count("need") == 1
    assert sync.waiting == 0
