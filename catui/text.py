"""Foreign text made visible: what a terminal could obey, hide or mirror is written as an escape.

C0, DEL, C1, ESC, line ends              \\x1b \\n
bidi, zero width, tags, unassigned,
private, surrogates, invisible fillers   \\u202e
emoji, their selectors and flags         \\U0001f600   (terminals disagree on their width)
combining marks                          NFC, then one to a base, the rest dropped
blanks of any kind                       a space
"""

from functools import lru_cache
from unicodedata import category, east_asian_width, normalize

FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str, limit: int = 60) -> str:
    """`text` with nothing in it that a terminal would do more with than show, cut to `limit` characters with `...`.

    Only the first `4 * limit + 64` characters are read; ASCII that fits passes at no cost.

    >>> printable("ok"), printable("a\\x1b[31mb"), printable("x\\u202ey")
    ('ok', 'a\\\\x1b[31mb', 'x\\\\u202ey')
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks_left = 0
    for character in normalize("NFC", text[: 4 * limit + 64]):
        if category(character) in ("Mn", "Me") and not _is_selector(character):
            if marks_left:
                shown.append(character)
                marks_left = 0
            continue
        visible = _visible(character)
        marks_left = 1 if visible == character and character != " " else 0
        shown.append(visible)
    safe = "".join(shown)
    is_whole = len(safe) <= limit and len(text) <= 4 * limit + 64
    return safe if is_whole else safe[: max(limit - 3, 0)] + "..."


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    kind = category(character)
    if kind == "Zs":
        return " "
    is_hidden = kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or character in FILLERS or _is_selector(character)
    return _escape(character) if is_hidden or _is_emoji(character) else character


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_emoji(character: str) -> bool:
    if "\U0001f000" <= character <= "\U0001faff":
        return True
    return category(character) in ("So", "Sk", "Sm") and east_asian_width(character) == "W"


def _escape(character: str) -> str:
    code = ord(character)
    if character in NAMED:
        return NAMED[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
