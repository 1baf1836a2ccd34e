"""The scale of a chart that nobody has chosen: it opens at the second and grows with the run, and a person's stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample import NOW_NS, SECOND, sample_snapshot
from test_panes_facts import text_of

from catui.console.panes.chart import MOST, SCALES_S, growing_scale_s, scale_s_of
from catui.console.render.view import PaneView, Size
from catui.snapshot import EquityPoint, Snapshot

SIZE = Size(46, 14)  # 44 cells inside, 11 of them prices: 66 columns of dots


def lasting(seconds: int) -> Snapshot:
    """The desk after so long a run."""
    return replace(sample_snapshot(), equity=(EquityPoint(NOW_NS - seconds * SECOND, 0),))


def scale(seconds: int, view: PaneView | None = None, size: Size = SIZE, *, is_ascii: bool = False) -> int:
    return scale_s_of(lasting(seconds), view or PaneView(), size, is_ascii=is_ascii)


@given(st.integers(0, 10**6), st.integers(1, MOST))
def test_the_pane_is_full_at_every_scale_but_the_finest_and_would_not_be_at_the_next(run_s: int, count: int) -> None:
    found = growing_scale_s(run_s * SECOND, count)
    assert found == SCALES_S[0] or found * count <= run_s
    for coarser in SCALES_S[SCALES_S.index(found) + 1 :]:
        assert coarser * count > run_s


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, MOST))
def test_a_longer_run_never_has_a_finer_scale(run_s: int, more_s: int, count: int) -> None:
    assert growing_scale_s(run_s * SECOND, count) <= growing_scale_s((run_s + more_s) * SECOND, count)


def test_a_run_by_hand() -> None:
    assert [scale(s) for s in (0, 60, 329, 330, 989, 990, 3_959, 3_960, 19_799, 19_800)] == [
        1, 1, 1, 5, 5, 15, 15, 60, 60, 300,
    ]  # fmt: skip


def test_fewer_intervals_are_filled_sooner() -> None:
    assert scale(1_000, PaneView(is_candles=True)) > scale(1_000)
    assert scale(3_000, is_ascii=True) > scale(3_000)
    assert scale(1_000, size=Size(100, 14)) < scale(1_000)


@pytest.mark.parametrize("chosen", SCALES_S)
def test_a_persons_scale_stays_however_long_the_run(chosen: int) -> None:
    assert [scale(seconds, PaneView(scale_s=chosen)) for seconds in (0, 10**6)] == [chosen, chosen]


def test_under_a_cursor_the_scale_stands_still() -> None:
    assert scale(10, PaneView(cursor=3)) == 60  # as it is shown
    assert scale(10, PaneView(cursor=0)) == 1


def test_before_there_is_anything_to_draw_it_is_the_finest() -> None:
    bare = replace(sample_snapshot(), chart=None, equity=())
    assert scale_s_of(bare, PaneView(), SIZE, is_ascii=False) == 1
    assert scale_s_of(None, PaneView(), SIZE, is_ascii=False) == 1
    assert "line 1s" in text_of("chart", bare, SIZE)[0]
