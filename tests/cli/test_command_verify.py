"""`catui verify` as a person has it: a line a law, the smallest counter-example, exit codes; faults in one line."""

from pathlib import Path

import pytest
from command_line import catui, child

from catui.cli.verify import kinds_of
from catui.features.registry import ALL as FEATURES
from catui.strategies.registry import ALL as STRATEGIES

BAD = Path(__file__).parents[1] / "verify" / "bad"
KEPT = [
    *("untouched", "repeatable", "causal", "replay", "isolated", "state", "finite", "warm_up", "bounded", "scale_free"),
    *("time_free", "pure", "dialect", "twin", "deterministic", "parameters"),
]
HEAD = """from typing import Annotated
from catui.core.machine import Machine, atom, lift
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features
"""
LEAN = """@strategy(symmetries=("odd", "bounded"))
def lean(gain: Annotated[float, Bounds(0, 1, "", "of it")] = 0.5) -> Machine[None, Features, float | None]:
    def signal(x: Features) -> float | None:
        return gain * x.imbalance
    return lift(signal)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.py"


def test_a_law_that_is_kept_is_one_line(tmp_path: Path) -> None:
    done = catui("verify", "hold", home=tmp_path)
    assert (done.code, done.err) == (0, "")
    first, *laws, last = done.out.splitlines()
    assert first == "hold"
    assert [line.split()[:2] for line in laws] == [["ok", law] for law in KEPT]
    assert last == "1 machine: 16 laws kept, 0 broken, 0 not judged"


def test_a_law_that_is_broken_is_shown_with_the_smallest_input(tmp_path: Path) -> None:
    done = catui("verify", str(BAD / "drifts_with_scale.py"), home=tmp_path)
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    at = lines.index("  FAIL  scale_free     prices and sizes times constants change nothing")
    where, *shown = [line.strip() for line in lines[at + 1 : at + 8]]
    assert where == f"{BAD / 'drifts_with_scale.py'}:10: changes with its inputs"
    assert [line.split()[:2] for line in shown[:4]] == [
        *(["input", "0"], ["input", "1"], ["beside", "0"], ["beside", "1"])
    ]
    assert shown[0].split(maxsplit=2)[2].startswith("Features(time_s=")
    assert shown[4].startswith("expected  0.0")
    assert shown[4].endswith("(output 1)")
    assert shown[5].startswith("got       0.9")
    assert lines[-1].endswith("1 broken, 0 not judged")


def test_a_law_that_tells_nothing_says_why_and_parameters_are_named(tmp_path: Path) -> None:
    done = catui("verify", f"{BAD / 'draws_randomness.py'}", f"{BAD / 'speaks_late.py'}:speaks_late", home=tmp_path)
    assert done.code == 1
    assert "  -     causal         no output depends on what comes after it (repeatable is broken)\n" in done.out
    assert "        with      half_life_ticks=20\n" in done.out
    assert "        input  0..11 (--json has them)\n" in done.out
    assert done.out.count("\n") < 80


def test_every_law_is_a_line_of_json(tmp_path: Path) -> None:
    done = catui("verify", f"{BAD / 'drifts_with_scale.py'}:drifts_with_scale", "hold", "--json", home=tmp_path)
    assert done.code == 1
    *told, _ = done.lines
    assert done.summary == {
        **{"summary": True, "machines": 2, "laws": len(told), "kept": len(told) - 1, "broken": 1, "unjudged": 0}
    }
    [broken] = [line for line in told if line["status"] == "broken"]
    assert (broken["kind"], broken["law"], broken["at"]) == ("drifts_with_scale", "scale_free", 1)
    assert broken["place"] == f"{BAD / 'drifts_with_scale.py'}:10"
    assert len(broken["inputs"]) == len(broken["beside"]) == 2
    assert float(broken["expected"]) != float(broken["got"])
    assert broken["parameters"] == {}
    assert [line["law"] for line in told if line["kind"] == "hold"] == KEPT
    assert all(set(line) == {"kind", "law", "text", "status"} for line in told if line["status"] == "kept")


def test_what_a_strategy_prints_is_not_among_the_json(tmp_path: Path) -> None:
    done = child("verify", str(BAD / "prints.py"), "--json", home=tmp_path)
    assert (done.code, done.err) == (1, "")
    assert [line["law"] for line in done.lines[:-1] if line["status"] == "broken"] == ["pure", "dialect"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + LEAN.replace("gain * x", "gain * * x"), ":9: SyntaxError: invalid syntax: return gain * * x.imbalance"),
        ("import no_such_thing\n" + HEAD + LEAN, ":1: ModuleNotFoundError: No module named 'no_such_thing'"),
        (HEAD + LEAN.replace('Annotated[float, Bounds(0, 1, "", "of it")]', "float"), ":6: lean: parameter 'gain' is"),
        (HEAD + LEAN.replace("= 0.5", "= 1.5"), ":6: lean: gain = 1.5 must be 0 to 1"),
        (
            HEAD + LEAN.replace(" -> Machine[None, Features, float | None]:", ":", 1),
            ":6: lean: lean must say what it ret",
        ),
        (HEAD + LEAN.replace("return lift(signal)", "return signal"), ":6: lean returns function; return a Machine"),
        (HEAD + LEAN.replace("None, Features,", "None, str,"), ":6: lean: inputs of type str cannot be made up; take"),
        (HEAD + LEAN.replace('"odd"', '"ood"'), ":6: lean: symmetry 'ood' is unknown; write a tuple of odd, even, "),
        (HEAD + "x = 1\n", ": declares no strategy; write @strategy above its constructor"),
        ("import sys\nsys.exit(5)\n", ":2: SystemExit: 5"),
    ],
    ids=("syntax", "import", "undeclared", "bounds", "untyped", "step", "input", "symmetry", "none", "exits"),
)
def test_a_file_that_cannot_be_tried_is_one_line_and_exit_2(file: Path, text: str, fault: str, tmp_path: Path) -> None:
    file.write_text(text)
    done = catui("verify", str(file), home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{file}{fault}")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ((), "name what to verify, e.g. FILE.py:NAME or momentum, or say --all; not both\n"),
        (("hold", "--all"), "name what to verify, e.g. FILE.py:NAME or momentum, or say --all; not both\n"),
        (("no_such_kind",), "no_such_kind: no such module; for a file, write FILE.py:NAME\n"),
        (("nowhere.py",), "nowhere.py: not found\n"),
        (("catui.strategies.baseline:hodl",), "catui.strategies.baseline: has no hodl; did you mean hold?\n"),
    ],
)
def test_what_cannot_be_found_is_one_line_and_exit_2(words: tuple[str, ...], fault: str, tmp_path: Path) -> None:
    done = catui("verify", *words, home=tmp_path)
    assert (done.code, done.out, done.err) == (2, "", fault)


def test_all_is_every_feature_and_every_strategy() -> None:
    assert kinds_of(None) == (*FEATURES, *STRATEGIES)


def test_a_step_that_always_raises_exits_or_asks_is_a_verdict_and_no_traceback(file: Path, tmp_path: Path) -> None:
    file.write_text(
        HEAD
        + LEAN.replace("return gain * x.imbalance", "return x.imbalnce")
        + LEAN.replace("lean", "quits").replace("return gain * x.imbalance", "raise SystemExit(3)")
        + LEAN.replace("lean", "asks").replace("return gain * x.imbalance", 'return float(input("signal? "))')
    )
    done = catui("verify", str(file), "--json", home=tmp_path)
    assert (done.code, done.err) == (1, "")
    raised = {line["kind"]: (line["got"], line["place"]) for line in done.lines[:-1] if line["law"] == "finite"}
    assert raised == {
        "lean": ("raises AttributeError: 'Features' object has no attribute 'imbalnce'", f"{file}:9"),
        "quits": ("raises SystemExit: 3", f"{file}:14"),
        "asks": ("raises EOFError: EOF when reading a line", f"{file}:19"),
    }


def test_a_plain_constructor_is_held_to_the_laws_of_every_machine(file: Path, tmp_path: Path) -> None:
    file.write_text(HEAD + LEAN.partition("\n")[2])
    done = catui("verify", f"{file}:lean", "--json", home=tmp_path)
    assert done.code == 0
    assert {line["law"] for line in done.lines[:-1]} == set(KEPT) - {"bounded", "scale_free", "time_free"}
