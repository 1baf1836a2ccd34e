"""A person's own strategy on the desk: it trades, its run replays for ever, and what is wrong with it is one line."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Done, catui, child, environment
from own_files import TURNS, desk_of

from catui.own import OwnFile
from catui.plugins import text_hash
from catui.runtime.journal import JournalReader
from catui.runtime.past.messages import Moment, Seek, ToSeq
from catui.runtime.past.seeker import Seeker
from catui.snapshot import View

QUICK = ("--source", "simulated:7", "--speed", "max", "--duration", "8s", "--json")
SAME = ("events", "orders", "fills", "equity", "state_digest")


def ran(config: Path, home: Path, *words: str, **more: str) -> Done:
    return child("run", "--config", str(config), "--runs", str(home / "runs"), *(words or QUICK), home=home, **more)


def replayed(done: Done, home: Path, **more: str) -> Done:
    return child("run", "--source", f"run:{done.summary['run']}", "--runs", str(home), "--json", home=home, **more)


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Path]:
    """A run of a file that is beside its configuration, started from elsewhere."""
    home = tmp_path_factory.mktemp("home")
    done = ran(desk_of(home / "ideas"), home)
    assert (done.code, done.err) == (0, "")
    return done, home


def test_an_own_file_trades_on_the_desk(traded: tuple[Done, Path]) -> None:
    done, _ = traded
    assert done.summary["fills"] > 0


def test_the_record_of_a_run_holds_the_file(traded: tuple[Done, Path]) -> None:
    done, home = traded
    reader = JournalReader(Path(done.summary["run"]))
    assert reader.manifest.own == (OwnFile(str(home / "ideas/turns.py"), text_hash(TURNS), TURNS),)
    assert [one.kind for one in reader.manifest.desk.strategies] == [f"{home}/ideas/turns.py:turns"]


def test_a_run_is_replayed_from_its_own_copy_whatever_became_of_the_file(traded: tuple[Done, Path]) -> None:
    done, home = traded
    file = home / "ideas/turns.py"
    other = TURNS.replace("quotes < every", "quotes > every")
    says = {"": "", other: f"has changed, {text_hash(other)}: ", "gone": "not found: "}
    for text, note in says.items():
        if text == "gone":
            file.unlink()
        elif text:
            file.write_text(text, "utf-8")
        again = replayed(done, home / f"again{len(note)}")
        assert again.code == 0, again.err
        assert {name: again.summary[name] for name in SAME} == {name: done.summary[name] for name in SAME}
        kept = f"run {Path(done.summary['run']).name} has its own copy, {text_hash(TURNS)}\n"
        assert again.err == (f"{file}: {note}{kept}" if note else "")


def test_the_past_of_a_run_is_shown_by_its_own_copy(traded: tuple[Done, Path], tmp_path: Path) -> None:
    done, home = traded
    (home / "ideas/turns.py").unlink(missing_ok=True)
    seeker = Seeker(Path(done.summary["run"]), tmp_path)
    seeker.hear(Seek(1, ToSeq(done.summary["events"]), View()))
    said = [word for _ in range(50) for word in seeker.work()]
    [moment] = [word for word in said if isinstance(word, Moment)]
    assert [row.name for row in moment.snapshot.strategies] == ["mine"]
    assert moment.snapshot.strategies[0].signal in (1.0, -1.0)


def test_a_replay_is_a_run_that_replays(traded: tuple[Done, Path]) -> None:
    done, home = traded
    once = replayed(done, home / "once")
    assert replayed(once, home / "twice").summary["state_digest"] == done.summary["state_digest"]


def test_a_run_that_was_killed_goes_on_with_its_own_copy_from_a_checkpoint(tmp_path: Path) -> None:
    config = desk_of(tmp_path / "ideas")
    words = ["run", "--config", str(config), "--runs", str(tmp_path / "runs"), "--source", "simulated", "--json"]
    running = subprocess.Popen(
        [sys.executable, "-m", "catui", *words], env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    for line in running.stdout:
        if json.loads(line)["events"] > 300:
            break
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=120)
    (tmp_path / "ideas/turns.py").unlink()
    [run] = (tmp_path / "runs").iterdir()
    assert JournalReader(run).checkpoint() is not None
    resumed = child("run", "--resume", str(run), "--duration", "1s", "--json", home=tmp_path)
    assert resumed.code == 0, resumed.err
    assert "turns.py: not found: run " in resumed.err
    assert replayed(resumed, tmp_path / "replays").summary["state_digest"] == resumed.summary["state_digest"]


def test_a_module_of_a_package_runs_and_has_to_be_what_it_was(tmp_path: Path) -> None:
    package = tmp_path / "lib/ideas_of_mine"
    config = desk_of(package, kind="ideas_of_mine.turns:turns")
    file, found = package / "turns.py", {"PYTHONPATH": str(tmp_path / "lib"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = ran(config, tmp_path, **found)
    assert done.code == 0, done.err
    assert done.summary["fills"] > 0
    manifest = JournalReader(Path(done.summary["run"])).manifest
    assert manifest.own == (OwnFile("ideas_of_mine.turns", text_hash(TURNS)),)
    assert replayed(done, tmp_path / "same", **found).summary["state_digest"] == done.summary["state_digest"]

    other = TURNS.replace("quotes < every", "quotes > every")
    file.write_text(other, "utf-8")
    run = Path(done.summary["run"]).name
    changed = replayed(done, tmp_path / "changed", **found)
    assert (changed.code, changed.out) == (2, "")
    assert changed.err == (
        f"run {run}: {file}: ideas_of_mine.turns is not what it was: hash {text_hash(other)}, then "
        f"{text_hash(TURNS)}; put that version back, or start a new run\n"
    )
    file.unlink()
    gone = replayed(done, tmp_path / "gone", **found)
    assert (gone.code, gone.out) == (2, "")
    assert gone.err == f"run {run}: ideas_of_mine.turns: no such module; for a file, write FILE.py:NAME\n"


FAULTS = {
    "syntax": (TURNS.replace("1.0 if quotes", "1.0 iff quotes"), ":27: SyntaxError: "),
    "import": (f"import no_such_thing\n{TURNS}", ":1: ModuleNotFoundError: No module named 'no_such_thing'\n"),
    "signature": (TURNS.replace(" -> Machine[State, Features, float | None]:", ":"), ":19: turns: turns must say what"),
    "parameter": (TURNS.replace('Annotated[float, Bounds(1, 1000, "ticks", "a turn")]', "float"), ":19: turns: para"),
    "input": (
        TURNS.replace("Machine[State, Features,", "Machine[State, float,"),
        ":19: turns: is not for the desk, ",
    ),
    "raises": (TURNS.replace("    def step", "    1 / 0\n    def step"), ":25: turns: ZeroDivisionError: division by "),
    "list": (TURNS.replace("atom(State(0.0), step)", "atom([], step)"), ":19: turns: its state holds a list, which "),
    "set": (TURNS.replace("(State(0.0), step)", "((1, {2}), step)"), ":19: turns: its state holds a set, which can "),
    "open": (
        TURNS.replace("frozen=True, ", ""),
        ":19: turns: its state holds a State, which can be changed in place; ",
    ),
    "hidden": (
        TURNS.replace("    def step", "    class Kept(State): ...\n    def step").replace("atom(State", "atom(Kept"),
        ":19: turns: Kept is a class inside of a function, where no checkpoint finds it; write it at the top\n",
    ),
    "no machine": (
        TURNS.replace("return atom(State(0.0), step)", "return 7"),
        ":19: turns returns int; return a ",
    ),
}


IMPURE = {
    "clock": ("quotes = s.quotes + time()", "it reads a clock or a calendar: time; "),
    "chance": ("quotes = s.quotes + random()", "it draws by chance: random; "),
    "global": ("global SEEN; quotes = s.quotes", "it keeps state outside of the machine: global SEEN"),
    "list": ("LAST.append(x.mid); quotes = s.quotes", "it changes in place what outlives the step: LAST.append(x.mid)"),
    "state": ("s.quotes = 1.0; quotes = 2.0", "it changes in place what outlives the step: s.quotes"),
    "input": ("x.mid = 1.0; quotes = s.quotes", "it changes in place what outlives the step: x.mid"),
    "screen": ("quotes = s.quotes; print(x)", "it reaches out of the machine: print"),
}


@pytest.mark.parametrize("name", IMPURE)
def test_a_step_that_does_more_than_compute_is_refused_before_anything_starts(tmp_path: Path, name: str) -> None:
    statement, says = IMPURE[name]
    text = f"from random import random\nfrom time import time\n{TURNS}".replace("quotes = s.quotes + 1.0", statement)
    config = desk_of(tmp_path, text.replace("@strategy", "LAST: list[float] = []\nSEEN = 0\n\n\n@strategy"))
    done = catui("run", "--config", str(config), *QUICK, home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert f"desk.toml:7: strategies.mine: {tmp_path}/turns.py:32: {says}" in done.err


def test_every_impurity_of_a_step_is_said_at_once(tmp_path: Path) -> None:
    text = f"from time import time\n{TURNS}".replace("s.quotes + 1.0", "s.quotes + time()\n        print(quotes)")
    done = catui("config", "check", "--config", str(desk_of(tmp_path, text)), home=tmp_path)
    assert done.code == 2
    assert [line.split(": ")[2:4] for line in done.err.splitlines()] == [
        [f"{tmp_path}/turns.py:27", "it reads a clock or a calendar"],
        [f"{tmp_path}/turns.py:28", "it reaches out of the machine"],
    ]


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_is_wrong_is_one_line_before_anything_starts(tmp_path: Path, name: str) -> None:
    text, says = FAULTS[name]
    config = desk_of(tmp_path / "ideas", text, more="")
    for command in ("run", "console"):
        done = catui(command, "--config", str(config), home=tmp_path)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"desk.toml:7: strategies.mine: {tmp_path}/ideas/turns.py{says}"), done.err
        assert done.err.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_a_check_says_all_that_is_wrong_with_every_own_file_at_once(tmp_path: Path) -> None:
    config = desk_of(tmp_path, more="every = 0.5\n")
    (tmp_path / "broken.py").write_text("x = (\n")
    with config.open("a") as file:
        file.write('[strategies.b]\nkind = "broken.py:x"\n[strategies.c]\nkind = "turns.py:turn"\n')
        file.write('[strategies.d]\nkind = "no.such.module:x"\n[strategies.e]\nkind = "turns.py:turns"\nevrey = 3\n')
    done = catui("config", "check", "--config", str(config), home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        f"desk.toml:7: strategies.mine: {tmp_path}/turns.py:19: turns: every = 0.5 must be 1 to 1000 ticks",
        f"desk.toml:10: strategies.b: {tmp_path}/broken.py:1: SyntaxError: '(' was never closed: x = (",
        f"desk.toml:12: strategies.c: {tmp_path}/turns.py: has no turn; did you mean turns?",
        "desk.toml:14: strategies.d: no.such.module: no such module; for a file, write FILE.py:NAME",
        f"desk.toml:16: strategies.e: {tmp_path}/turns.py:19: turns: parameter 'evrey' is unknown; did you mean every?",
    ]


def test_an_own_file_is_listed_as_the_library_is(tmp_path: Path) -> None:
    desk_of(tmp_path)
    done = catui("strategies", f"{tmp_path}/turns.py", home=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("turns: Long and short by turns.\n    every = 10     1 to 1000 ticks; a turn\n")
    [told, summary] = catui("strategies", f"{tmp_path}/turns.py:turns", "--json", home=tmp_path).lines
    assert (told["name"], told["documentation"]) == ("turns", "Long and short by turns.")
    assert summary == {"summary": True, "strategies": 1, "for_desk": 1}
    gone = catui("strategies", "nowhere.py", home=tmp_path)
    assert (gone.code, gone.err) == (2, "nowhere.py: not found\n")


def test_a_file_that_is_named_on_the_command_line_is_beside_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = desk_of(tmp_path / "ideas")
    (tmp_path / "mine.py").write_text(TURNS, "utf-8")
    monkeypatch.chdir(tmp_path)
    done = catui("config", "show", "--config", str(config), "--set", "strategies.o.kind=mine.py:turns", home=tmp_path)
    assert f'kind = "{tmp_path}/mine.py:turns"' in done.out
    assert f'kind = "{tmp_path}/ideas/turns.py:turns"' in done.out
