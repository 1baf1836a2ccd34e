"""The console's log: engine's lines once each, its own between them; and what drawing costs."""

from msgspec.structs import replace
from sample import NOW_NS, SECOND, sample_snapshot
from test_panes_facts import text_of

from catui.console.frameclock import FRESH, FrameClock
from catui.console.panes import PANES
from catui.console.panes.health import microseconds
from catui.console.render.view import FrameTimes, LogLine, PaneView, Size
from catui.console.words.loglines import KEPT, LogLines
from catui.snapshot import HealthView, LogView


def engine(*numbers: int) -> tuple[LogView, ...]:
    return tuple(LogView(n, n, "info", "engine", f"line {n}") for n in numbers)


def texts(lines: LogLines) -> list[str]:
    return [line.text for line in lines.lines()]


def test_a_line_that_comes_again_is_taken_once() -> None:
    lines = LogLines()
    for log in (engine(1, 2), engine(1, 2), (), engine(2, 3), engine(3, 4)):
        lines.read(log)
    assert texts(lines) == ["line 1", "line 2", "line 3", "line 4"]
    assert lines.last == 4


def test_a_hole_in_the_numbers_is_said() -> None:
    lines = LogLines()
    lines.read(engine(31, 32))  # who comes late has missed nothing that was meant for them
    lines.read(engine(40))
    assert texts(lines) == ["line 31", "line 32", "7 lines of the engine came too late to be kept", "line 40"]


def test_another_engine_begins_anew() -> None:
    lines = LogLines()
    lines.read(engine(1, 2, 3))
    lines.read(engine(1))
    lines.read(engine(2))
    assert texts(lines) == ["line 1", "line 2", "line 3", "line 1", "line 2"]


def test_our_own_lines_stand_where_they_were_said_and_obey_no_terminal() -> None:
    lines = LogLines()
    lines.read(engine(1))
    lines.add(5, "warning", "con\x1bsole", "pane \x9b2J failed")
    lines.read(engine(1, 2))
    assert texts(lines) == ["line 1", "pane \\x9b2J failed", "line 2"]
    assert lines.lines()[1].topic == "con\\x1bsole"


def test_the_ring_is_bounded_and_the_same_object_until_it_grows() -> None:
    lines = LogLines()
    for n in range(KEPT + 7):
        lines.add(n, "info", "console", f"{n}")
    kept = lines.lines()
    assert (len(kept), kept[0].text, kept[-1].text) == (KEPT, "7", str(KEPT + 6))
    assert lines.lines() is kept
    lines.add(0, "info", "console", "more")
    assert lines.lines() is not kept


LOG = tuple(
    LogLine(str(n), NOW_NS - (40 - n) * SECOND, ("info", "warning", "error")[n % 3], f"topic{n % 4}", f"text {n}")
    for n in range(40)
)


def log_rows(view: PaneView, snapshot: object = None) -> list[str]:
    return text_of("log", snapshot or sample_snapshot(), Size(70, 12), view)


def test_the_log_shows_its_tail_and_says_that_it_follows() -> None:
    rows = log_rows(PaneView(log=LOG))
    assert "follows" in rows[0]
    assert "14:03:06.120" in rows[-2]
    assert "text 39" in rows[-2]
    assert "!!" in next(row for row in rows if "text 38" in row)


def test_a_cursor_above_the_last_line_holds_the_log() -> None:
    rows = log_rows(PaneView(log=LOG, cursor=20, top=18, is_focused=True))
    assert "held, G follows" in rows[0]
    assert any(row[1] == ">" and "text 20" in row for row in rows)
    assert "follows" in log_rows(PaneView(log=LOG, cursor=39, is_focused=True))[0]


def test_a_filter_leaves_the_lines_that_hold_all_its_words() -> None:
    rows = log_rows(PaneView(log=LOG, filter="TOPIC1 warning"))
    assert "/TOPIC1 warning 4 of 40" in rows[0]
    assert [row.split()[-2] for row in rows if "text" in row and "topic1" in row] == ["1", "13", "25", "37"]


def test_in_the_past_nothing_is_shown_that_was_not_said_yet() -> None:
    then = replace(sample_snapshot(), now_ns=NOW_NS - 31 * SECOND)
    rows = log_rows(PaneView(log=LOG), then)
    assert "text 9" in rows[-2]
    assert PANES["log"].rows(then, PaneView(log=LOG)) == 10


def test_a_log_without_lines_says_so() -> None:
    assert "nothing was said yet" in "".join(log_rows(PaneView()))


def test_the_frame_clock_counts_what_it_missed_and_reads_slowly() -> None:
    clock = FrameClock(10)
    assert clock.times() is None
    clock.drawn(0.0, 0.002)
    assert clock.times() == FrameTimes(2.0, 2.0, 0)
    for n in range(1, FRESH):
        clock.drawn(n / 10, n / 10 + 0.004)
    assert clock.times() == FrameTimes(2.0, 2.0, 0)  # a second later at the earliest
    clock.drawn(2.0, 2.009)
    times = clock.times()
    assert times is not None
    assert (round(times.median_ms, 3), round(times.longest_ms, 3), times.dropped) == (4.0, 9.0, 8)
    for n in range(FRESH):
        clock.drawn(2.1 + n / 10, 2.1 + n / 10, was_behind=n == 3)  # the terminal had not taken the last one
    times = clock.times()
    assert times is not None
    assert times.dropped == 9


def test_health_says_what_was_measured_and_dashes_for_the_rest() -> None:
    desk = sample_snapshot()
    measured = replace(desk.health, latency_max_us=2_100.0, lag_us=80.0, rss_bytes=61_345_792)
    rows = text_of("health", replace(desk, health=measured), Size(60, 16), PaneView(frames=FrameTimes(1.94, 6.0, 3)))
    text = "\n".join(rows)
    assert "decide p50 210us  p99 1.4ms  max 2.1ms" in text
    assert "send p50 320us  p99 900us  max 1.2ms" in text
    assert "events/s 88  queue 0  lag 80us" in text
    assert "clock ahead 0.8ms at most" in text
    assert "journal ok  commit 1.8ms  memory 61MB" in text
    assert "draw 1.9ms  longest 6.0ms  dropped 3" in text
    unmeasured = replace(desk, health=HealthView())
    nothing = "\n".join(text_of("health", unmeasured, Size(60, 16)))
    assert "draw --  longest --  dropped --" in nothing
    assert "decide p50 --  p99 --  max --" in nothing
    assert "send p50 --  p99 --  max --" in nothing
    assert "events/s --  queue --  lag --" in nothing
    assert "clock ahead --" in nothing
    assert "commit --  memory --" in nothing
    assert microseconds(float("nan")) == "--"


def test_a_wide_health_pane_puts_two_rows_on_a_line_whatever_they_say() -> None:
    for desk in (sample_snapshot(), replace(sample_snapshot(), health=HealthView())):
        wide, narrow = (text_of("health", desk, Size(width, 16)) for width in (78, 77))
        assert sum("decide p50" in row and "send p50" in row for row in wide) == 1
        assert sum("decide p50" in row and "send p50" in row for row in narrow) == 0
