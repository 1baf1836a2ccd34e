"""A configuration says all its faults at once, each with place, value and mend."""

import re
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui import config
from catui.errors import ConfigError, UsageError

DELIVERED = Path(__file__).parents[2] / "config.toml"


def faults(tmp_path: Path, text: str, *sets: str) -> list[str]:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(file, sets)
    return list(caught.value.faults)


def test_the_delivered_file_holds_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("CATUI_CONFIG", raising=False)
    delivered, defaults = config.load(DELIVERED), config.load()
    assert delivered.desk_strategies == defaults.desk_strategies
    assert config.show(delivered) == config.show(defaults)


def test_the_delivered_file_names_every_setting() -> None:
    told = tomllib.loads(DELIVERED.read_text("utf-8"))
    known = tomllib.loads(config.show(config.load(DELIVERED)))
    left_out = {("ensemble", "weights")}
    for section, settings in known.items():
        names = {name for name in settings if (section, name) not in left_out}
        assert names <= set(told[section]), section


def test_what_show_prints_is_read_back_to_the_same_settings(tmp_path: Path) -> None:
    changed = config.load(DELIVERED, ("risk.order_burst=7", "ensemble.weights.momentum=0.3", "keys.halt=f8"))
    file = tmp_path / "shown.toml"
    file.write_text(config.show(changed))
    assert config.load(file) == changed
    assert (changed.risk.order_burst, changed.ensemble.weights, changed.keys) == (7, {"momentum": 0.3}, {"halt": "f8"})


def test_all_faults_are_said_at_once_with_file_and_line(tmp_path: Path) -> None:
    said = faults(
        tmp_path,
        """
[risk]
max_positon_quote = "5"
order_burst = "10"
price_collar_bps = -5
max_gross_quote = 1000
[ensembel]
floor = 0.1
""",
    )
    assert said == [
        "config.toml:3: risk.max_positon_quote: unknown; did you mean max_position_quote?",
        'config.toml:4: risk.order_burst = "10": is text; write 10',
        "config.toml:5: risk.price_collar_bps = -5: must be 1 to 10000 bps; write 1",
        'config.toml:6: risk.max_gross_quote = 1000: must be text; write "1000"',
        "config.toml:7: ensembel: unknown; did you mean ensemble?",
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("console_grace_s = 5000", "must be 0 to 3600 s, longer than any wait here; did you mean 5?"),
        ("console_grace_s = nan", "console_grace_s = nan: must be 0 to 3600 s"),
        ("console_grace_s = inf", "console_grace_s = inf: must be 0 to 3600 s"),
        ("flush_ms = true", "flush_ms = True: is no number; write a number"),
        ("flush_ms = 2.5", "flush_ms = 2.5: must be a whole number; write 10"),
        ('on_console_lost = "stopp"', 'must be continue or stop; write "stop"'),
        ("runs_directory = 7", 'runs_directory = 7: must be text; write "7"'),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(tmp_path: Path, line: str, says: str) -> None:
    [said] = faults(tmp_path, f"[engine]\n{line}\n")
    assert said.startswith("config.toml:2: engine.")
    assert says in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("risk.order_rate_per_s = 20000", "must be 1 to 10000 per s; write 10000"),
        ("monitoring.outlier_mads = 0", "must be above 0 to 1000; write a number above 0"),
        ("monitoring.outlier_mads = 2000", "must be above 0 to 1000; write 1000"),
        ("engine.console_grace_s = 5000000", "must be 0 to 3600 s; write 3600"),
        ("risk.max_override_ttl_s = 100000", "must be 1 to 86400 s, longer than any wait here; did you mean 100?"),
    ],
)
def test_bounds_are_said_in_the_unit_of_the_name(tmp_path: Path, line: str, says: str) -> None:
    assert faults(tmp_path, f"{line}\n") == [f"config.toml:1: {line}: {says}"]


@given(st.data())
def test_what_a_fault_says_to_write_is_accepted(data: st.DataObject) -> None:
    numbers = [
        (section, name)
        for section, settings in tomllib.loads(DELIVERED.read_text("utf-8")).items()
        for name, value in settings.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    section, name = data.draw(st.sampled_from(numbers))
    value = data.draw(st.sampled_from(["-1", "0", "0.5", "1e5", "1e12", "nan", "inf", "-inf", '"7"', "true"]))
    with suppress(ConfigError):
        config.load(DELIVERED, (f"{section}.{name}={value}",))
        return
    with pytest.raises(ConfigError) as caught:
        config.load(DELIVERED, (f"{section}.{name}={value}",))
    if mend := re.search(r"; (?:write|did you mean) ([-0-9.e]+)\??$", caught.value.faults[0]):
        config.load(DELIVERED, (f"{section}.{name}={mend[1]}",))


def test_a_key_given_twice_names_both_lines(tmp_path: Path) -> None:
    said = faults(tmp_path, "[risk]\norder_burst = 1\n\norder_burst = 2\n")
    assert said == ['config.toml:4: key "order_burst": given in line 2 too; keep one']


def test_a_secret_is_refused_and_not_shown(tmp_path: Path) -> None:
    [said] = faults(tmp_path, '[binance]\napi_secret = "hunter2"\n')
    assert "secrets come from the environment" in said
    assert "hunter2" not in said


def test_a_hostile_value_is_shown_escaped(tmp_path: Path) -> None:
    [said] = faults(tmp_path, '[engine]\non_console_lost = "\\u001b]0;x\\u0007\\u202e"\n')
    assert said.isprintable()


def test_strategies_are_checked_by_their_own_parameters(tmp_path: Path) -> None:
    said = faults(tmp_path, '[strategies.momentum]\nfast_half_lif_ticks = 3\n[strategies.other]\nkind = "momentun"\n')
    assert said[0].startswith("config.toml:1: strategies.momentum: ")
    assert "fast_half_li" in said[0]
    assert said[1].startswith("config.toml:3: strategies.other: ")
    assert "momentum" in said[1]


def test_weights_of_strategies_that_are_not_there_are_named(tmp_path: Path) -> None:
    [said] = faults(tmp_path, "[ensemble.weights]\nmomentun = 0.5\n")
    assert said == "config.toml:2: ensemble.weights.momentun: no such member; did you mean momentum?"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[ensemble.weights]\nmomentum = 0\n", "1: ensemble.weights: sum to 0; give at least one a weight"),
        ("[ensemble.weights]\nmomentum = 2\n", "2: ensemble.weights.momentum = 2.0: must be 0 to 1; write 0.5"),
        ("[ensemble.weights]\nx = 1\n", "2: ensemble.weights.x: no such member; known here: momentum, reversion"),
        (
            '[ensemble]\nmethod = "equal"\n[ensemble.weights]\nmomentum = 1\n',
            '3: ensemble.weights: equal takes no weights; leave them out, or write method = "fixed"',
        ),
        ('[ensemble]\nmethod = "hedge"\n', '2: ensemble.method = "hedge": must be equal or exponentiated_gradient or'),
    ],
)
def test_an_ensemble_that_cannot_be_is_told_with_its_mend(tmp_path: Path, text: str, says: str) -> None:
    [said] = faults(tmp_path, text)
    assert said.startswith(f"config.toml:{says}")


GROUPED = """
[strategies.momentum]
[strategies.reversion]
kind = "mean_reversion"
[ensembles.trend]
members = ["momentum"]
"""


def test_groups_are_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(GROUPED + 'method = "fixed"\n[ensemble.weights]\ntrend = 0.4\nreversion = 0.6\n')
    loaded = config.load(file)
    assert loaded.ensembles["trend"].members == ("momentum",)
    assert (loaded.ensembles["trend"].method, loaded.ensembles["trend"].floor) == ("fixed", 0.05)
    file.write_text(config.show(loaded))
    assert config.load(file) == loaded


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[ensembles.x]\n", '7: ensembles.x.members: an empty group; write members = ["momentum"], or delete it'),
        (
            '[ensembles.x]\nmembers = ["reversio"]\n',
            "8: ensembles.x.members: no strategy reversio; did you mean reversion?",
        ),
        (
            '[ensembles.x]\nmembers = ["momentum"]\n',
            "8: ensembles.x.members: momentum is in ensembles.trend already; leave it out of one",
        ),
        (
            '[ensembles.reversion]\nmembers = ["reversion"]\n',
            "7: ensembles.reversion: a strategy has that name; call the group something else",
        ),
        ('[ensembles.x]\nmembers = "reversion"\n', '8: ensembles.x.members = "reversion": must be a list of texts;'),
        (
            '[ensembles.x]\nmembers = ["reversion"]\nfloor = 2\n',
            "9: ensembles.x.floor = 2: must be 0 to 0.5; write 0.5",
        ),
        ("[ensembles]\nx = 7\n", "8: ensembles.x = 7: must be a section; write [ensembles.x]"),
        ('[ensembles.X]\nmembers = ["reversion"]\n', "7: X: a group's name is a-z, 0-9 and _, at most 24 characters"),
        (
            "[ensemble.weights]\nmomentum = 0.5\n",
            "8: ensemble.weights.momentum: is in the group trend; write it in [ensembles.trend.weights]",
        ),
        (
            "[ensembles.trend.weights]\nreversion = 1.0\n",
            "8: ensembles.trend.weights.reversion: no such member; known here: momentum",
        ),
        ('[ensemble.weights]\ntrend = "1"\n', '8: ensemble.weights.trend = "1": is text; write 1'),
    ],
)
def test_groups_that_cannot_be_are_told_with_their_mend(tmp_path: Path, text: str, says: str) -> None:
    [said] = faults(tmp_path, GROUPED + text)
    assert said.startswith(f"config.toml:{says}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '[regime]\nmeasure = "variance_ratio"\n[regime.members]\nmomentun = "trend"\n',
            "4: regime.members.momentun: no such strategy; did you mean momentum?",
        ),
        (
            '[regime]\nmeasure = "variance_ratio"\n[regime.members]\nmomentum = "trned"\n',
            '4: regime.members.momentum = "trned": variance_ratio knows no such regime; did you mean trend?',
        ),
        (
            '[regime.members]\nmomentum = "trend"\n',
            '1: regime.members: nothing tells regimes apart; write measure = "variance_ratio" in [regime]',
        ),
        ("[regime.members]\nmomentum = 1\n", '2: regime.members.momentum = 1: must be text; write "1"'),
        ('[regime]\nmeasure = "hurst"\n', '2: regime.measure = "hurst": must be none or variance_ratio or'),
    ],
)
def test_regimes_that_cannot_be_are_told_with_their_mend(tmp_path: Path, text: str, says: str) -> None:
    [said] = faults(tmp_path, text)
    assert said.startswith(f"config.toml:{says}")


def test_set_goes_over_the_file_and_is_named_as_the_place(tmp_path: Path) -> None:
    assert faults(tmp_path, "[risk]\norder_burst = 5\n", "risk.order_burst=0", "order_burst") == [
        "--set order_burst: is not section.key=value; e.g. --set risk.order_burst=10",
        "--set: risk.order_burst = 0: must be 1 to 10000; write 1",
    ]


def test_a_named_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not found; to write one: catui config show >"):
        config.load(tmp_path / "none.toml")
