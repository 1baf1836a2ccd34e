"""The commands of engines that run already: what they say when there is none, and to machines."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import Done, catui, environment


@pytest.fixture
def place() -> Iterator[str]:
    """A runtime directory of this test's own, with a short path."""
    with tempfile.TemporaryDirectory(prefix="catui-", dir="/tmp") as directory:
        yield directory


@pytest.mark.parametrize("words", [("attach",), ("kill",), ("kill", "--all"), ("serve", "--port", "0")], ids=" ".join)
def test_without_an_engine_one_line_says_how_to_start_one(words: tuple[str, ...], place: str, tmp_path: Path) -> None:
    done = catui(*words, home=tmp_path, XDG_RUNTIME_DIR=place)
    assert done == Done(2, "", "no engine runs; start one: catui run, or catui\n")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("attach", "nothing"), "run nothing: no engine of yours runs it"),
        (("attach", "ws://127.0.0.1:1"), "ws://127.0.0.1:1: asks for a token; give its file by --token-file"),
        (("attach", "ws://127.0.0.1:1", "--token-file", "gone"), "--token-file gone: no such file or directory"),
        (("kill", "--all", "one"), "--all and a run: give one of them"),
        (("run", "--listen", "ws://0.0.0.0:1"), "--listen ws://0.0.0.0:1: others can reach it and there is no TLS"),
        (("run", "--listen", "here"), "--listen here: is no address; write ws://127.0.0.1:9000"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_with_the_mend(
    words: tuple[str, ...], fault: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = catui(*words, home=tmp_path, XDG_RUNTIME_DIR=place)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(fault)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def started(place: str, tmp_path: Path) -> Iterator[Start]:
    """Starts commands in processes of their own, none of which is left behind."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "catui", *words],
            env=environment(tmp_path, XDG_RUNTIME_DIR=place),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_an_engine_is_found_located_and_served(started: Start, place: str, tmp_path: Path) -> None:
    engine = started("run", "--json", "--listen", "ws://127.0.0.1:0")
    assert engine.stdout is not None
    listening = json.loads(engine.stdout.readline())
    [card, summary] = catui("attach", "--json", home=tmp_path, XDG_RUNTIME_DIR=place).lines
    assert (card["pid"], card["url"], summary["engines"]) == (engine.pid, listening["listening"], 1)
    located = catui("locate", "--json", home=tmp_path, XDG_RUNTIME_DIR=place).summary
    assert located["engines"] == str(Path(place) / "catui")
    site = started("serve", "--json", "--port", "0")
    assert site.stdout is not None
    serving = json.loads(site.stdout.readline())
    assert serving["serving"].startswith("http://127.0.0.1:")
    assert serving["control"] == listening["control"]
    for process, last in ((site, {"summary": True, "run": card["run"]}), (engine, None)):
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
        assert last is None or json.loads(out.splitlines()[-1]) == last
    assert list((Path(place) / "catui").iterdir()) == []


def test_without_the_terminal_of_the_page_serve_says_what_to_install(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    done = catui("serve", home=tmp_path, XDG_RUNTIME_DIR=place)
    assert done.code == 2
    assert done.err == "catui serve: needs the terminal of textual-serve; pip install 'catui[serve]'\n"
