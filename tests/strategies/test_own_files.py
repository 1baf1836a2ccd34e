"""A person's own file: loaded and run, or told in one line, with file and line, what is wrong with it."""

from linecache import getlines
from pathlib import Path

import pytest

from catui.core.fuse import fused
from catui.core.machine import run
from catui.domain.kind import Kind
from catui.domain.signals import Features
from catui.errors import UsageError
from catui.plugins import construct, load_constructor, load_constructors
from catui.strategies.momentum import momentum

HEAD = """from typing import Annotated
from catui.core.machine import Machine, atom
from catui.domain.parameters import Bounds
from catui.domain.signals import Features
from catui.domain.kind import strategy
from catui.strategies.momentum import momentum

"""
BODY = """def counting(
    step_by: Annotated[float, Bounds(0, 1, "", "a quote")] = 0.25,
) -> Machine[float, Features, float | None]:
    def step(s: float, x: Features) -> tuple[float, float | None]:
        return s + step_by, s
    return atom(0.0, step)
"""
GOOD = f'{HEAD}@strategy(symmetries=("bounded",))\n{BODY}'
QUOTES = [Features(0.0, 1.0, 1.0, 0.0, 0.0, None, 0.0, 0.0, None, None)] * 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.py"


def fault_of(where: str) -> str:
    with pytest.raises(UsageError) as caught:
        construct(load_constructor(where))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_constructor_of_a_file_is_a_kind_as_any_other(file: Path) -> None:
    file.write_text(GOOD)
    kind = load_constructor(f"{file}:counting")
    assert (kind.name, kind.parameters["step_by"].default) == ("counting", 0.25)
    assert kind.symmetries == {"bounded"}
    machine = construct(kind, {"step_by": 0.5})
    assert run(machine, QUOTES) == run(fused(machine, kind.input), QUOTES) == [0.0, 0.5, 1.0]
    assert [one.name for one in load_constructors(str(file))] == ["counting"]  # what it imports is another's
    assert [one.name for one in file.parent.iterdir()] == ["mine.py"]


def test_a_file_that_has_changed_is_read_anew(file: Path) -> None:
    file.write_text(GOOD)
    before = construct(load_constructor(f"{file}:counting"))
    assert getlines(str(file))  # as a traceback reads it
    file.write_text(GOOD.replace("s + step_by", "s - step_by"))
    after = load_constructor(f"{file}:counting")
    assert run(fused(construct(after), after.input), QUOTES) == [0.0, -0.25, -0.5]
    assert run(before, QUOTES) == [0.0, 0.25, 0.5]


def test_a_plain_constructor_declares_nothing_of_itself(file: Path) -> None:
    file.write_text(HEAD + BODY)
    kind = load_constructor(f"{file}:counting")
    assert isinstance(kind, Kind)
    assert (kind.symmetries, kind.warm_up) == (frozenset(), "")
    with pytest.raises(UsageError, match="declares no strategy; write @strategy above"):
        load_constructors(str(file))


def test_a_constructor_of_a_package_is_found_by_its_module() -> None:
    assert load_constructor("catui.strategies.momentum:momentum") is momentum
    assert load_constructors("catui.strategies.momentum") == (momentum,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace("return s +", "return s + *"), ":13: SyntaxError: invalid syntax: return s + * step_by, s"),
        ("import no_such_thing\n" + GOOD, ":1: ModuleNotFoundError: No module named 'no_such_thing'"),
        (GOOD + "\n\nx = 1 / 0\n", ":17: ZeroDivisionError: division by zero"),
        (GOOD + "raise SystemExit(3)\n", ":15: SystemExit: 3"),
        (GOOD.replace('float, Bounds(0, 1, "", "a quote")', "float, 1"), ":8: counting: parameter 'step_by' is not"),
        (GOOD.replace(" -> Machine[float, Features, float | None]", ""), ":8: counting: counting must say what it ret"),
        (GOOD.replace("Machine[float, Features", "Machine[float, Nothing"), ":11: NameError: name 'Nothing'"),
        (GOOD.replace("= 0.25", "= 1.25"), ":8: counting: step_by = 1.25 must be 0 to 1"),
        (GOOD.replace("strategy(s", "strategy('n', s"), ":8: counting: warm-up names no parameter: 'n'"),
        (GOOD.replace("    def step(", "    raise OSError('no')\n    def step("), ":12: counting: OSError: no"),
        (GOOD.replace("return atom(0.0, step)", "return step"), ":8: counting returns function; return a Machine"),
    ],
    ids=(
        "syntax",
        "import",
        "raises",
        "exits",
        "undeclared",
        "untyped",
        "unknown",
        "bounds",
        "warm_up",
        "raised",
        "step",
    ),
)
def test_what_is_wrong_with_a_file_is_one_line_with_its_place(file: Path, text: str, fault: str) -> None:
    file.write_text(text)
    assert fault_of(f"{file}:counting").startswith(f"{file}{fault}")


def test_names_that_are_not_there_are_told_with_those_that_are(file: Path) -> None:
    file.write_text(GOOD + "number = 3\n")
    assert fault_of(f"{file}:countin") == f"{file}: has no countin; did you mean counting?"
    assert fault_of(f"{file}:qqq") == f"{file}: has no qqq; it has counting"
    assert fault_of(f"{file}:number") == f"{file}: number is no function that makes a machine, but int"
    assert fault_of(f"{file.parent}/other.py:counting") == f"{file.parent}/other.py: not found"
    assert fault_of(f"{file.parent}/:x").startswith(f"{file.parent}: cannot be read: ")
    assert fault_of("no_such.module:x") == "no_such.module: no such module; for a file, write FILE.py:NAME"
    assert fault_of("mine.py").endswith("is no constructor; write FILE.py:NAME or package.module:NAME")


def test_a_package_that_cannot_be_imported_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "package_of_mine.py").write_text("\nimport no_such_thing\n")
    (tmp_path / "other_of_mine.py").write_text("x = (\n")
    where = tmp_path / "package_of_mine.py"
    assert fault_of("package_of_mine:x") == f"{where}:2: ModuleNotFoundError: No module named 'no_such_thing'"
    assert fault_of("other_of_mine:x").startswith(f"{tmp_path / 'other_of_mine.py'}:1: SyntaxError: '(' was never clo")


def test_a_parameter_out_of_bounds_is_told_with_the_constructors_place(file: Path) -> None:
    file.write_text(GOOD)
    kind = load_constructor(f"{file}:counting")
    with pytest.raises(UsageError, match=r"mine\.py:8: counting: step_by = 7 must be 0 to 1$"):
        construct(kind, {"step_by": 7})
