"""What the commands that only look answer, to people and to machines."""

import gzip
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from command_line import catui

from catui.config import Config, load, schema
from catui.doctor import PACKAGES

FAULTY = "[risk]\norder_burts = 10\norder_rate_per_s = 0\n"
SAID = (
    "config.toml:2: risk.order_burts: unknown; did you mean order_burst?",
    "config.toml:3: risk.order_rate_per_s = 0: must be 1 to 10000 per s; write 1",
)


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    file = tmp_path / "config.toml"
    file.write_text(FAULTY)
    return str(file)


def test_check_says_that_nothing_is_wrong(tmp_path: Path) -> None:
    assert catui("config", "check", home=tmp_path).out == "defaults: ok\n"
    summary = catui("config", "check", "--json", home=tmp_path).summary
    assert summary == {"summary": True, "file": "", "ok": True, "faults": [], "hash": Config().hash}


def test_check_says_every_fault_on_a_line_of_its_own(faulty: str, tmp_path: Path) -> None:
    done = catui("config", "check", "--config", faulty, home=tmp_path)
    assert (done.code, done.out, tuple(done.err.splitlines())) == (2, "", SAID)


def test_check_says_every_fault_to_machines_too(faulty: str, tmp_path: Path) -> None:
    done = catui("config", "check", "--config", faulty, "--json", home=tmp_path)
    assert (done.code, done.err) == (2, "")
    assert done.summary == {"summary": True, "file": faulty, "ok": False, "faults": list(SAID)}


def test_the_environment_names_a_configuration(faulty: str, tmp_path: Path) -> None:
    assert tuple(catui("config", "check", home=tmp_path, CATUI_CONFIG=faulty).err.splitlines()) == SAID


def test_one_setting_over_the_file_changes_the_hash(tmp_path: Path) -> None:
    words = ("config", "check", "--json")
    plain = catui(*words, home=tmp_path).summary
    changed = catui(*words, "--set", "risk.order_burst=10", home=tmp_path).summary
    same = catui(*words, "--set", "risk.order_burst=40", home=tmp_path).summary
    assert changed["hash"] != plain["hash"] == same["hash"]


def test_what_show_prints_is_read_back_to_the_same_settings(tmp_path: Path) -> None:
    done = catui("config", "show", "--set", "risk.order_burst=7", home=tmp_path)
    file = tmp_path / "shown.toml"
    file.write_text(done.out)
    assert load(file).risk.order_burst == tomllib.loads(done.out)["risk"]["order_burst"] == 7
    shown = catui("config", "show", "--config", str(file), home=tmp_path)
    assert shown.out == done.out


def test_show_gives_machines_the_settings_in_force(tmp_path: Path) -> None:
    summary = catui("config", "show", "--set", "risk.order_burst=7", "--json", home=tmp_path).summary
    settings = msgspec.convert(summary["settings"], Config)
    assert settings.risk.order_burst == 7
    assert settings.hash == summary["hash"]


def test_schema_is_the_schema_of_the_settings(tmp_path: Path) -> None:
    described = msgspec.json.decode(msgspec.json.encode(schema()))
    assert msgspec.json.decode(catui("config", "schema", home=tmp_path).out) == described
    assert catui("config", "schema", "--json", home=tmp_path).summary["schema"] == described


def test_locate_names_every_place_below_the_users_home(tmp_path: Path) -> None:
    done = catui("locate", "--json", home=tmp_path)
    places = done.summary
    assert places["config_exists"] is False
    for name in ("config", "themes", "runs", "logs"):
        assert Path(places[name]).is_relative_to(tmp_path), name
    assert (Path(places["defaults"]) / "config.toml").is_file()
    told = catui("locate", home=tmp_path)
    assert "(not there: defaults)" in told.out
    for name in ("config", "themes", "runs", "logs", "defaults"):
        assert places[name] in told.out


def test_a_configuration_at_the_place_that_locate_names_is_read(tmp_path: Path) -> None:
    file = Path(catui("locate", "--json", home=tmp_path).summary["config"])
    file.parent.mkdir(parents=True)
    file.write_text('[engine]\nruns_directory = "~/elsewhere"\n')
    summary = catui("locate", "--json", home=tmp_path).summary
    assert (summary["config"], summary["config_exists"]) == (str(file), True)
    assert summary["runs"] == str(tmp_path / "elsewhere")
    assert catui("config", "check", home=tmp_path).out == f"{file}: ok\n"


def test_doctor_finds_everything_that_is_here(tmp_path: Path) -> None:
    done = catui("doctor", "--json", home=tmp_path)
    *findings, last = done.lines
    assert last == {"summary": True, "ok": all(finding["ok"] for finding in findings)}
    by_name = {finding["name"]: finding for finding in findings}
    assert {"python", "sqlite", "config", "runs", "disk", "clock", "terminal", *PACKAGES} <= set(by_name)
    for name in ("python", "sqlite", "config", "runs", *PACKAGES):
        assert by_name[name]["ok"], by_name[name]


def test_doctor_names_what_is_bad_and_the_mend_and_fails(faulty: str, tmp_path: Path) -> None:
    done = catui("doctor", "--config", faulty, home=tmp_path)
    assert done.code == 1
    [line] = [line for line in done.out.splitlines() if line.startswith("BAD  config")]
    assert SAID[0] in line
    assert "catui config check" in line
    told = catui("doctor", "--config", faulty, "--json", home=tmp_path)
    assert (told.code, told.summary["ok"]) == (1, False)


def test_doctor_says_that_runs_cannot_be_kept_where_a_file_is(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    file = tmp_path / "config.toml"
    file.write_text(f'[engine]\nruns_directory = "{blocked}"\n')
    done = catui("doctor", "--config", str(file), home=tmp_path)
    assert done.code == 1
    [line] = [line for line in done.out.splitlines() if line.startswith("BAD  runs")]
    assert line.endswith("choose another with engine.runs_directory")


@pytest.fixture
def tape(tmp_path: Path) -> Callable[[str], str]:
    """Writes a tape of these lines."""

    def write(text: str) -> str:
        file = tmp_path / "day.jsonl.gz"
        file.write_bytes(gzip.compress(text.encode()))
        return str(file)

    return write


HEAD = '{"meta": {"venue": "binance-spot", "symbols": ["BTCUSDT"]}}\n'
TRADE = (
    r'{"t": 1000000000, "d": "in", "c": "1", "m": "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":1,'
    r"\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"61000.01000000\",\"q\":\"0.00100000\",\"T\":1,\"m\":true,\"M\":true}}"
    '"}\n'
)


def test_tape_info_counts_records_and_frames(tape: Callable[[str], str], tmp_path: Path) -> None:
    file = tape(HEAD + TRADE)
    summary = catui("tape", "info", file, "--json", home=tmp_path).summary
    assert summary["records"] == {"in": 1}
    assert (summary["frames"]["frames"], summary["frames"]["trades"], summary["damage"]) == (1, 1, None)
    told = catui("tape", "info", file, home=tmp_path)
    assert told.code == 0
    assert "day.jsonl.gz: binance-spot, BTCUSDT, " in told.out


def test_tape_info_says_the_damage_and_fails_as_a_broken_record(tape: Callable[[str], str], tmp_path: Path) -> None:
    file = tape(HEAD + TRADE + '{"t": 2000000000, "d": "in", "m": \n')
    done = catui("tape", "info", file, "--json", home=tmp_path)
    assert done.code == 4
    assert done.summary["frames"]["trades"] == 1
    assert done.summary["damage"]
    told = catui("tape", "info", file, home=tmp_path)
    assert told.code == 4
    assert done.summary["damage"] in told.out
