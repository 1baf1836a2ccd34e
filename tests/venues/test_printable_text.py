"""The one gate for foreign text: nothing passes that a terminal would obey, hide or mirror."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.text import printable


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("", ""),
        ("BTCUSDT", "BTCUSDT"),
        ("a b", "a b"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
        ("\x1b]52;c;YQ==\x07", "\\x1b]52;c;YQ==\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("\x7f\x00", "\\x7f\\x00"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\u2028\u2029\x85", "\\u2028\\u2029\\x85"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("a\u200bb\u200db\ufeff\u00ad", "a\\u200bb\\u200db\\ufeff\\xad"),
        ("\U000e0041", "\\U000e0041"),
        ("\ue000\U0010ffff\u0378", "\\ue000\\U0010ffff\\u0378"),
        ("\ud800", "\\ud800"),
        ("\u3164\u115f\u2800", "\\u3164\\u115f\\u2800"),
        ("\u00a0\u3000\u2003x", "   x"),
        ("e\u0301", "é"),
        ("x\u0302\u0303\u0304", "x\u0302"),
        ("\u0301x", "x"),
        ("🚀", "\\U0001f680"),
        ("🇩🇪", "\\U0001f1e9\\U0001f1ea"),
        ("a\ufe0f", "a\\ufe0f"),
        ("比特币", "比特币"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("5−3", "5−3"),
    ],
)
def test_what_is_shown_of_foreign_text(foreign: str, shown: str) -> None:
    assert printable(foreign) == shown


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert printable("x" * 61) == "x" * 57 + "..."
    assert printable("x" * 60) == "x" * 60
    assert printable("x" * 10_000_000, 10) == "x" * 7 + "..."
    assert printable("\x1b" * 60) == "\\x1b" * 14 + "\\..."


def test_a_flood_of_marks_is_one_mark_a_base() -> None:
    assert printable("x" + "\u0302" * 200 + "q\u0303") == "x\u0302q\u0303"
    assert printable("x" + "\u0302" * 500 + "y\u0303") == "x\u0302..."


@given(text=st.text(st.characters(), max_size=200), limit=st.integers(3, 100))
def test_nothing_passes_that_is_more_than_shown(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    kinds = {unicodedata.category(character) for character in shown}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    assert not any(a.startswith("M") and b.startswith("M") and a != "Mc" and b != "Mc" for a, b in _pairs(shown))
    shown.encode("utf-8")


def _pairs(text: str) -> list[tuple[str, str]]:
    kinds = [unicodedata.category(character) for character in text]
    return list(pairwise(kinds))


@given(text=st.text(st.characters(), max_size=60))
def test_what_was_shown_once_is_shown_the_same_again(text: str) -> None:
    shown = printable(text, 1000)
    assert printable(shown, 1000) == shown
