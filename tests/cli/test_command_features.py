"""The library of features on the command line, and one kind of either library with its documentation."""

from pathlib import Path

import pytest
from command_line import catui

from catui.features.registry import KINDS


def test_every_feature_is_listed_with_what_it_takes_and_gives(tmp_path: Path) -> None:
    done = catui("features", home=tmp_path)
    assert (done.code, done.err) == (0, "")
    for kind in KINDS.values():
        assert f"{kind.name}: {kind.text}\n" in done.out
        for name, about in kind.parameters.items():
            assert f"    {name} " in done.out
            assert about.range in done.out
    assert done.out.count("    takes ") == len(KINDS)
    assert "    takes Deal, gives float | None\n" in done.out
    assert "    speaks from input 1 on, and waits for a first trade; bounded, odd, scale_free\n" in done.out


def test_every_feature_is_a_line_of_json(tmp_path: Path) -> None:
    done = catui("features", "--json", home=tmp_path)
    assert done.summary == {"summary": True, "features": len(KINDS)}
    told = {line["name"]: line for line in done.lines[:-1]}
    assert list(told) == list(KINDS)
    assert (told["rsi"]["input"], told["rsi"]["output"], told["rsi"]["warm_up_ticks"]) == ("float", "float | None", 15)
    assert told["trade_flow"]["waits_for"] == "a first trade"
    assert not any("documentation" in line for line in told.values())


@pytest.mark.parametrize(
    ("library", "name", "said"),
    [("features", "rsi", "RSI = 100 G / (G + L)"), ("strategies", "momentum", "Warm-up: ")],
)
def test_one_is_told_with_its_documentation(library: str, name: str, said: str, tmp_path: Path) -> None:
    done = catui(library, name, home=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{name}: ")
    assert said in done.out
    line, summary = catui(library, name, "--json", home=tmp_path).lines
    assert said in line["documentation"]
    assert summary[library] == 1


def test_one_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    near, far = catui("features", "macdd", home=tmp_path), catui("strategies", "\x1b[31m", home=tmp_path)
    assert (near.code, near.err) == (2, "macdd: is none of the features; did you mean macd?\n")
    assert far.code == 2
    assert far.err.endswith("is none of the strategies; `catui strategies` lists them\n")
    assert "\x1b" not in far.err
