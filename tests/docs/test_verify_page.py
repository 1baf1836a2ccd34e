"""The chapter on verifying says of every law what the command says."""

import re
from pathlib import Path

from catui.verify.laws import LAWS
from catui.verify.verdict import DETERMINISTIC, PARAMETERS

PAGE = Path(__file__).parents[2] / "docs" / "verify.md"
TWIN = "flat and compiled text say the same, to the bit"  # without numba the command says that it compiled nothing


def test_every_law_stands_on_the_page_with_its_words() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", PAGE.read_text("utf-8"), re.M))
    assert rows == {law.name: law.text for law in LAWS} | dict((DETERMINISTIC, PARAMETERS)) | {"twin": TWIN}
