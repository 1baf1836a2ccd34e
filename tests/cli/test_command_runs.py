"""Runs from the command line: every frame accounted for, the same bytes whatever the hash seed, and on replay."""

import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from command_line import Done, catui, child, environment

TAPE = "binance/spot_btcusdt_20240808.jsonl.gz"
FRAMES = 20_000  # of the tape's first


@pytest.fixture(scope="module")
def day(recording: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Done]:
    """The beginning of a recorded day run twice at once, in processes with different hash seeds."""
    home = tmp_path_factory.mktemp("home")
    with gzip.open(recording(TAPE)) as whole, gzip.open(home / "morning.jsonl.gz", "wb", compresslevel=1) as part:
        part.writelines(islice(whole, 1 + FRAMES))  # its first line says what it is of
    words = [sys.executable, "-m", "catui", "run", "--source", f"tape:{home / 'morning.jsonl.gz'}", "--json"]
    running = [
        subprocess.Popen(
            [*words, "--runs", str(home / f"runs{seed}")],
            env=environment(home, PYTHONHASHSEED=seed),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    told = [each.communicate(timeout=120) for each in running]
    first, second = (Done(each.returncode, *text) for each, text in zip(running, told, strict=True))
    return first, second


def test_every_frame_of_the_recorded_morning_is_accounted_for(day: tuple[Done, Done]) -> None:
    done, _ = day
    assert (done.code, done.err) == (0, "")
    frames = dict(done.summary["frames"])
    gaps = frames.pop("gaps")
    assert frames.pop("frames") == FRAMES == sum(frames.values())
    assert (gaps, frames["refused"]) == (0, 0)
    assert done.summary["events"] >= FRAMES - frames["stale"]
    assert done.summary["ended"]


def test_the_recorded_morning_ends_on_one_digest_whatever_the_hash_seed(day: tuple[Done, Done]) -> None:
    one, other = (done.summary for done in day)
    same = ("events", "orders", "fills", "refusals", "equity", "realised", "fees", "state_digest", "journal_digest")
    assert {name: one[name] for name in same} == {name: other[name] for name in same}


def test_the_summary_of_a_run_adds_up(day: tuple[Done, Done]) -> None:
    for done in day:
        assert all(line.get("progress") for line in done.lines[:-1])
        assert done.summary["fills"] > 0
        cents = {name: round(float(done.summary[name]) * 1e8) for name in ("equity", "realised", "unrealised", "fees")}
        assert cents["equity"] == 100_000 * 10**8 + cents["realised"] + cents["unrealised"] - cents["fees"]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Path]:
    """Eight seconds of a market that is made as fast as it can be."""
    home = tmp_path_factory.mktemp("home")
    words = ("run", "--source", "simulated:7", "--speed", "max", "--duration", "8s", "--json")
    return child(*words, "--runs", str(home / "runs"), home=home), home


def test_a_short_run_ends_when_its_time_is_over(short: tuple[Done, Path]) -> None:
    done, home = short
    assert (done.code, done.err) == (0, "")
    assert Path(done.summary["run"]).parent == home / "runs"
    assert done.summary["events"] > 0
    assert (done.summary["ended"], done.summary["state"]) == ("duration", "REDUCING")  # nothing is left to work


def test_a_run_is_kept_for_its_owner_only(short: tuple[Done, Path]) -> None:
    done, _ = short
    for file in Path(done.summary["run"]).rglob("*"):
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_replayed_run_ends_on_the_same_digest(short: tuple[Done, Path]) -> None:
    done, home = short
    again = child("run", "--source", f"run:{done.summary['run']}", "--runs", str(home / "replays"), "--json", home=home)
    assert again.code == 0
    for name in ("events", "orders", "fills", "equity", "state_digest"):
        assert again.summary[name] == done.summary[name], name


def test_a_run_that_ended_cannot_be_taken_up(short: tuple[Done, Path]) -> None:
    done, home = short
    again = catui("run", "--resume", done.summary["run"], home=home)
    assert again.code in (2, 4)
    assert again.out == ""
    assert again.err.count("\n") == 1


@contextmanager
def serving(home: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """The embedded exchange in a process of its own, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "catui", "exchange", "--port", "0", "--until-eof", *words],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_exchange_says_first_where_it_is_and_ends_on_a_signal(tmp_path: Path) -> None:
    with serving(tmp_path, "--json") as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["http_url"].startswith("http://127.0.0.1:")
        assert ready["ws_url"].startswith("ws://127.0.0.1:")
        port = ready["http_url"].rpartition(":")[2]
        taken = catui("exchange", "--port", port, home=tmp_path)
        assert (taken.code, taken.out) == (2, "")
        if Path("/proc/self/net/tcp").exists():
            assert taken.err == f"port {port}: used by pid {process.pid}; stop it or --port 0\n"
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")


def test_the_exchange_ends_with_its_standard_input(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("the embedded exchange: BTCUSDT, ETHUSDT, SOLUSDT, seed 7")
        _, err = process.communicate(timeout=120)  # closes its standard input
        assert (process.returncode, err) == (0, "")


def test_a_recorded_market_is_a_tape_that_can_be_looked_into(tmp_path: Path) -> None:
    tape = tmp_path / "day.jsonl.gz"
    done = child("record", "--duration", "1s", "--out", str(tape), "--json", home=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.summary["records"] > 0
    info = catui("tape", "info", str(tape), "--json", home=tmp_path)
    assert (info.code, info.summary["damage"]) == (0, None)
    assert sum(info.summary["records"].values()) == done.summary["records"]
