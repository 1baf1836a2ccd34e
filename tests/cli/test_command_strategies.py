"""The library on the command line, and the file that a person begins with."""

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import catui

from catui.domain.kind import SIGNAL_SYMMETRIES
from catui.plugins import load_constructor
from catui.strategies.registry import ALL
from catui.verify import laws_of


def test_every_kind_is_listed_with_its_parameters(tmp_path: Path) -> None:
    done = catui("strategies", home=tmp_path)
    assert (done.code, done.err) == (0, "")
    for kind in ALL:
        assert f"{kind.name}: {kind.text}\n" in done.out
        for name, about in kind.parameters.items():
            assert f"    {name} " in done.out
            assert about.range in done.out
    assert "    not for the desk yet: takes (float, float), gives float | None\n" in done.out
    assert "    not for the desk yet: takes (Features, float), gives Quotes | None\n" in done.out
    assert done.out.count("not for the desk") == 2


def test_every_kind_is_a_line_of_json(tmp_path: Path) -> None:
    done = catui("strategies", "--json", home=tmp_path)
    assert done.summary == {"summary": True, "strategies": len(ALL), "for_desk": len(ALL) - 2}
    told = {line["name"]: line for line in done.lines[:-1]}
    assert list(told) == [kind.name for kind in ALL]
    assert told["breakout"]["warm_up_ticks"] == 241
    assert told["breakout"]["symmetries"] == sorted(SIGNAL_SYMMETRIES)
    assert told["hold"]["parameters"] == {
        "exposure": {
            **{"default": 1.0, "low": -1, "high": 1, "unit": ""},
            **{"text": "always this signal", "is_whole": False},
        }
    }
    assert (told["quoting"]["input"], told["quoting"]["output"]) == ("(Features, float)", "Quotes | None")


def test_a_new_strategy_works_and_so_do_its_tests(tmp_path: Path) -> None:
    at = tmp_path / "ideas"
    done = catui("new", "strategy", "log_trend", "--dir", str(at), home=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert sorted(file.name for file in at.iterdir()) == ["log_trend.py", "test_log_trend.py"]
    assert f"catui verify {at / 'log_trend.py'}:log_trend\n" in done.out
    assert load_constructor(f"{at / 'log_trend.py'}:log_trend").symmetries == set(SIGNAL_SYMMETRIES)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(at), str(at)]
    tested = subprocess.run(command, capture_output=True, text=True, cwd=at, check=False)
    assert tested.returncode == 0, tested.stdout
    laws = laws_of(load_constructor(f"{at / 'log_trend.py'}:log_trend"))
    assert f"{len(laws) + 1} passed" in tested.stdout
    verified = catui("verify", str(at / "log_trend.py"), "--json", home=tmp_path)
    kept = {"kept": len(laws), "broken": 0, "unjudged": 0}
    assert (verified.code, verified.summary) == (0, {"summary": True, "machines": 1, "laws": len(laws), **kept})


def test_a_new_strategy_is_told_to_machines(tmp_path: Path) -> None:
    done = catui("new", "strategy", "mine", "--dir", str(tmp_path), "--json", home=tmp_path)
    file = tmp_path / "mine.py"
    assert done.summary == {
        **{"summary": True, "file": str(file), "tests": str(tmp_path / "test_mine.py"), "constructor": f"{file}:mine"}
    }


@pytest.mark.parametrize("name", ["1x", "class", "a-b", "a/b", "_mine", "größe", "\x1b[31m"])
def test_a_name_that_python_cannot_have_is_refused(name: str, tmp_path: Path) -> None:
    done = catui("new", "strategy", name, "--dir", str(tmp_path / "x"), home=tmp_path)
    assert done.code == 2
    assert "is no name for a strategy" in done.err
    assert "\x1b" not in done.err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["Features", "State", "mean", "x", "move", "catui", "float", "strategy", "gain"])
def test_a_name_that_the_file_needs_is_refused(name: str, tmp_path: Path) -> None:
    done = catui("new", "strategy", name, "--dir", str(tmp_path), home=tmp_path)
    assert (done.code, done.err) == (2, f"{name}: is a name that the file itself needs; choose another\n")


@pytest.mark.parametrize("there", ["mine.py", "test_mine.py"])
def test_what_is_there_is_never_written_over(there: str, tmp_path: Path) -> None:
    (tmp_path / there).write_text("precious")
    done = catui("new", "strategy", "mine", "--dir", str(tmp_path), home=tmp_path)
    assert done.code == 2
    assert done.err == f"{tmp_path / there}: is there already; choose another name, or --dir\n"
    assert [file.name for file in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "precious"


def test_a_directory_that_cannot_be_made_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = catui("new", "strategy", "mine", "--dir", str(tmp_path / "file" / "below"), home=tmp_path)
    assert done.code == 2
    assert "cannot be written to" in done.err
