"""What is asked wrongly ends with exit code 2 and one line that names the mend."""

import socket
from contextlib import suppress
from pathlib import Path

import pytest
from command_line import catui
from hypothesis import given
from hypothesis import strategies as st

from catui.cli.options import duration_s, speed_of
from catui.errors import UsageError


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("simulatd", "--source simulatd: unknown source; did you mean simulated?"),
        ("tpae:day.jsonl.gz", "--source tpae:day.jsonl.gz: unknown source; did you mean tape?"),
        ("binanse", "--source binanse: unknown source; did you mean binance?"),
        ("moon", "--source moon: unknown source; known are simulated[:seed], tape:FILE, run:DIR, binance"),
        ("simulated:x", "--source simulated:x: the seed must be 0 to 4294967295; e.g. simulated:7"),
        ("simulated:4294967296", "--source simulated:4294967296: the seed must be 0 to 4294967295; e.g. simulated:7"),
        ("\x1b]0;x\x07", "--source \\x1b]0;x\\x07: unknown source;"),
    ],
)
def test_a_wrong_source_names_the_nearest_or_all(source: str, says: str, tmp_path: Path) -> None:
    done = catui("run", "--source", source, home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(says)
    assert done.err.count("\n") == 1
    assert done.err.rstrip("\n").isprintable()


@pytest.mark.parametrize("duration", ["soon", "5 minutes", "0s", "-5s", "nan", "inf", "1w", "", "s", "1e12"])
def test_a_wrong_duration_is_one_line(duration: str, tmp_path: Path) -> None:
    done = catui("run", "--duration", duration, home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"--duration {duration}: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("speed", ["fast", "0", "-1", "nan", "inf", "1e7", ""])
@pytest.mark.parametrize("command", ["run", "console"])
def test_a_wrong_speed_is_one_line(command: str, speed: str, tmp_path: Path) -> None:
    done = catui(command, "--speed", speed, home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"--speed {speed}: must be max, or a number above 0; 1 is real time\n"


def test_nothing_is_left_behind_by_a_wrong_word(tmp_path: Path) -> None:
    for words in (("--source", "moon"), ("--duration", "soon"), ("--speed", "fast")):
        assert catui("run", *words, "--runs", str(tmp_path / "runs"), home=tmp_path).code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("run",), ("console",), ("locate",), ("exchange",), ("config", "show")])
def test_a_named_configuration_that_is_not_there_is_one_line_with_the_mend(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "none.toml"
    done = catui(*command, "--config", str(file), home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"{file}: not found; to write one: catui config show > {file}\n"


@pytest.mark.parametrize("source", ["tape:", "run:"])
def test_a_recording_that_is_not_there_is_one_line(source: str, tmp_path: Path) -> None:
    done = catui("run", "--source", f"{source}{tmp_path / 'none'}", home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "none" in done.err


def test_a_venue_without_symbols_says_where_to_write_them(tmp_path: Path) -> None:
    done = catui("run", "--source", "binance", home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == (
        '--source binance: no symbols; write symbols = ["BTCUSDT"] under [desk] of config.toml'
    )


def test_a_port_in_use_is_named_with_the_mend(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = catui("exchange", "--port", str(port), home=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"port {port}: ")
    assert done.err.endswith("; stop it or --port 0\n")
    assert done.err.count("\n") == 1


@given(st.integers(1, 10**6), st.sampled_from([("ms", 0.001), ("s", 1), ("", 1), ("m", 60), ("min", 60), ("h", 3600)]))
def test_a_duration_is_its_number_times_its_unit(number: int, unit: tuple[str, float]) -> None:
    if 0 < number * unit[1] < 1e9:
        assert duration_s(f"{number}{unit[0]}") == pytest.approx(number * unit[1])


@given(st.text(max_size=12))
def test_any_text_is_a_duration_above_zero_or_wrong_usage(text: str) -> None:
    with suppress(UsageError):
        seconds = duration_s(text)
        assert seconds is not None
        assert 0 < seconds < 1e9


@given(st.text(max_size=12))
def test_any_text_is_a_speed_above_zero_or_wrong_usage(text: str) -> None:
    with suppress(UsageError):
        speed = speed_of(text, "simulated")
        assert speed is None or 0 < speed <= 1e6


def test_recordings_go_as_fast_as_they_can_and_markets_in_real_time() -> None:
    assert [speed_of(None, source) for source in ("tape:x", "run:x", "simulated", "binance")] == [None, None, 1, 1]
    assert [speed_of(text, "tape:x") for text in ("max", "1", "0.5")] == [None, 1, 0.5]
    assert duration_s(None) is None
