"""The pages that are read off the code say what the code says now."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from catui.config import Config, load, schema
from catui.console.keys.actions import ACTIONS
from catui.console.keys.keymap import keymap
from catui.domain.ensembles import Method

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """The names of docs/make_pages.py."""
    return runpy.run_path(str(DOCS / "make_pages.py"))


def test_every_generated_page_is_current(script: dict[str, Any]) -> None:
    pages: dict[Path, str] = script["pages"]()
    names = ["architecture.md", "console.md", "ensemble.md", "features.md", "settings.md", "strategies.md"]
    assert sorted(page.name for page in pages) == names
    for page, text in pages.items():
        assert page.read_text("utf-8") == text, f"{page.name} is not current: make docs"


def test_pages_are_the_same_whatever_the_user_has_configured(
    script: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[strategies.other]\nkind = "hold"\n')
    monkeypatch.setenv("CATUI_CONFIG", str(file))
    wiring: Callable[[], str] = script["wiring"]
    assert "reversion" in wiring()
    assert "other" not in wiring()


def test_the_wiring_names_the_stages_in_the_order_of_the_path(script: dict[str, Any]) -> None:
    stages = re.findall(r"^[|`]- (\w+)", script["wiring"](), re.M)
    assert stages == [
        *("control", "market", "roster", "features", "strategies", "ensemble", "targets", "history", "correlation"),
        *("planning", "risk", "orders", "execution", "positions", "monitoring"),
    ]


def test_the_page_of_the_ensemble_has_every_method_with_its_formula_and_source(script: dict[str, Any]) -> None:
    sections = dict(part.split("\n", 1) for part in script["ensemble"]().split("\n### ")[1:])
    assert sorted(sections) == sorted(get_args(Method))
    for name, text in sections.items():
        assert name == "fixed" or re.search(r"Sources?: .*\*\(?", text, re.S), name
        assert name in ("fixed", "equal") or "```text\n" in text, name


def test_a_page_without_marks_is_refused(script: dict[str, Any], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Architecture\n")
    with pytest.raises(ValueError, match=r"page\.md must hold <!-- wiring: begin -->"):
        script["between"](page, "wiring", "new\n")


def test_what_is_read_off_the_code_is_written_between_its_marks_and_nowhere_else(
    script: dict[str, Any], tmp_path: Path
) -> None:
    begin, end = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
    page = tmp_path / "page.md"
    page.write_text(f"before\n{begin}old\n{end}after\n")
    once = script["between"](page, "keys", "new\n")
    assert once == f"before\n{begin}\nnew\n\n{end}after\n"
    page.write_text(once)
    assert script["between"](page, "keys", "new\n") == once


def test_every_setting_says_what_it_is_for() -> None:
    silent = [
        f"{kind}.{name}"
        for kind, described in schema()["$defs"].items()
        for name, about in described["properties"].items()
        if "$ref" not in about and "description" not in about
    ]
    assert silent == ["Config.strategies"]


def test_every_setting_stands_on_the_page_in_its_section() -> None:
    sections = (DOCS / "settings.md").read_text("utf-8").split("\n## ")
    for section, settings in msgspec.to_builtins(Config()).items():
        if section not in ("strategies", "ensembles", "layout", "keys"):
            [text] = [each for each in sections if each.startswith(f"[{section}]\n")]
            assert re.findall(r"^\| `(\w+)` \|", text, re.M) == list(settings)


def test_every_action_stands_on_the_page_once() -> None:
    table = (DOCS / "console.md").read_text("utf-8").partition("<!-- keys: begin -->")[2].replace("\\|", "")
    rows = re.findall(r"^\| [^|]*\| (\w+) \|", table, re.M)
    assert [id for id in rows if id != "id"] == [action.id for action in ACTIONS]


def test_the_page_of_keys_shows_an_example_that_is_accepted(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", (DOCS / "console.md").read_text("utf-8"), re.S)
    file = tmp_path / "config.toml"
    file.write_text(example)
    remapped = load(file).keys
    assert remapped == {"halt": "f8,f12", "flatten": "f x"}
    assert keymap(remapped).keys["halt"] == ("f8", "f12")
