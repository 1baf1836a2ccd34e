"""New alerts are called: a line and a bell, once, but not for what is muted, known, small, or over."""

from collections.abc import Sequence

import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import NOW_NS, sample_snapshot

from catui.console.app import CatuiApp
from catui.console.words.crier import Crier, called
from catui.snapshot import AlertView, Snapshot

DESK = sample_snapshot()
DROP = AlertView("pnl_drop desk", "critical", "desk lost 612.40 USDT within 60 s", NOW_NS, 1, False, None, "pnl_drop")
STALE = AlertView("stale_feed x", "warning", "SOLUSD told nothing for 3.2 s", NOW_NS, 1, False, None, "stale_feed")


def having(*alerts: AlertView) -> Snapshot:
    return replace(DESK, alerts=(*alerts, *DESK.alerts))


def new(*snapshots: Snapshot) -> list[Sequence[AlertView]]:
    crier = Crier()
    return [list(crier.new(each)) for each in snapshots]


def test_what_was_there_when_the_console_came_is_not_called() -> None:
    assert new(having(DROP)) == [[]]


def test_an_alert_is_called_once_and_again_when_it_is_raised_again() -> None:
    again = replace(DROP, since_ns=NOW_NS + 5, count=2)
    same = having(DROP)
    assert new(having(), same, same, having(DROP), having(again)) == [[], [DROP], [], [], [again]]


@pytest.mark.parametrize(
    "quiet",
    [
        replace(STALE, severity="info"),
        replace(STALE, is_acknowledged=True),
        replace(STALE, cleared_ns=NOW_NS),
        replace(STALE, muted_until_ns=NOW_NS + 1),
    ],
)
def test_what_is_small_seen_over_or_muted_is_not_called(quiet: AlertView) -> None:
    assert new(having(), having(quiet)) == [[], []]


def test_the_weightiest_is_said_in_words_and_the_rest_counted() -> None:
    assert called([STALE, DROP]) == "!! CRITICAL desk lost 612.40 USDT within 60 s  and 1 more"
    assert called([STALE]) == "! WARNING SOLUSD told nothing for 3.2 s"
    assert "\x1b" not in called([replace(STALE, text="\x1b[31mred")])


def test_a_new_alert_stands_in_the_footer_and_in_the_log_and_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    bells: list[int] = []
    monkeypatch.setattr(CatuiApp, "bell", lambda _: bells.append(1))

    async def act(driver: Driver) -> None:
        await driver.show(having(DROP))
        assert "!! CRITICAL desk lost 612.40" in driver.footer()
        assert bells == [1]
        await driver.draw()
        assert bells == [1]
        assert any("CRITICAL desk lost" in line.text for line in driver.app.log_lines.lines())
        driver.app._picture._has_bell = False
        await driver.show(having(DROP, STALE))
        assert "! WARNING SOLUSD" in driver.footer()
        assert bells == [1]

    drive(act, size=(160, 40))
