"""Strategies of a person's own that go wrong while the desk runs: each stops alone and says where; the day replays."""

import asyncio
import re
from pathlib import Path

import pytest
from command_line import Done, child
from own_files import TURNS, desk_of

from catui.config import load
from catui.domain.events import Command, Note, Quarantine
from catui.runtime.journal import JournalReader
from catui.runtime.process import ProcessHost
from catui.runtime.startorder import StartOrder
from catui.snapshot import AlertView

HEAD = """from catui.core.machine import Machine, atom, lift
from catui.domain.signals import Features

Signal = Machine[int, Features, float | None]


def counting(at, fault):
    def step(s, x):
        return (s + 1, fault(x)) if s == at else (s + 1, 0.25)
    return atom(0, step)


def change(x):
    getattr(x, "__set" + "attr__")("mid", 0.0)  # no reader of text sees it


def end(x):
    raise SystemExit(3)


def endless(x):
    return endless(x)

"""
ENDLESS = """
def loop() -> Signal:
    def step(s, x):
        while s > 30:
            try:
                s += 1
            except Exception:
                pass
        return s + 1, 0.25
    return atom(0, step)
"""
FAULTS = {  # what its constructor returns, and what is said of it
    "raises": ("counting(30, lambda x: 1 / 0)", r":LINE: ZeroDivisionError: division by zero"),
    "ends": ("counting(31, end)", r":18: SystemExit: 3"),
    "deep": ("counting(32, endless)", r":8: RecursionError"),
    "nan": ("counting(33, lambda x: float('nan'))", r":8: signal nan is no number in \[-1, 1\]"),
    "large": ("counting(34, lambda x: 1.5)", r":8: signal 1\.5 is no number in \[-1, 1\]"),
    "text": ("counting(35, lambda x: 'up')", r":8: signal 'up' is no number in \[-1, 1\]"),
    "object": ("counting(36, lambda x: x)", r":8: signal of type catui\.domain\.signals\.Features is no number"),
    "alone": ("atom(0, lambda s, x: 0.25)", r":LINE: the step gives 0\.25; return `state, output`"),
    "input": ("counting(37, change)", r":14: TypeError: can't apply this __setattr__ to Features object"),
    "state": ("atom(None, lambda s, x: ([x.mid], 0.25))", r":LINE: the state holds a list, which is no value; keep "),
    "divides": ("lift(lambda x: 0.25 / (x.time_s - x.time_s))", r":LINE: ZeroDivisionError: float division by zero"),
}


def file_of_faults() -> str:
    made = [f"\ndef {name}() -> Signal:\n    return {made}\n" for name, (made, _) in FAULTS.items()]
    return HEAD + "".join(made)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, Path]:
    """A desk on which all of them run, beside one that is sound and one of the library."""
    home = tmp_path_factory.mktemp("home")
    config = desk_of(home)
    (home / "faults.py").write_text(file_of_faults(), "utf-8")
    with config.open("a") as file:
        file.write('[strategies.hold]\nkind = "hold"\n')
        file.writelines(f'[strategies.{name}]\nkind = "faults.py:{name}"\n' for name in FAULTS)
    words = ("--source", "simulated:7", "--speed", "max", "--duration", "10s", "--json", "--runs", str(home / "runs"))
    return child("run", "--config", str(config), *words, home=home), home


def test_every_one_is_quarantined_with_its_place_and_the_others_go_on(day: tuple[Done, Path]) -> None:
    done, home = day
    assert done.code == 0, done.err
    reader = JournalReader(Path(done.summary["run"]))
    commands = [event for event in reader.events() if isinstance(event, Command)]
    stopped = {c.action.strategy: c.action.error for c in commands if isinstance(c.action, Quarantine)}
    assert set(stopped) == set(FAULTS)
    lines = (home / "faults.py").read_text().splitlines()
    for name, (made, says) in FAULTS.items():
        line = lines.index(f"    return {made}") + 1
        assert re.match(rf"faults\.py{says.replace('LINE', str(line))}", stopped[name]), stopped[name]
    late = max(event.ts_receive_ns for event in commands if isinstance(event.action, Quarantine))
    traded = {leg.strategy for _, order in reader.orders() if order.created_ns > late for leg in order.intent.legs}
    assert traded >= {"mine", "hold"}
    assert done.summary["alerts"] >= len(FAULTS)


def test_the_day_replays_to_the_same_bytes_and_its_states_come_back(day: tuple[Done, Path]) -> None:
    done, home = day
    source = f"run:{done.summary['run']}"
    again = child("run", "--source", source, "--runs", str(home / "again"), "--json", home=home)
    for name in ("events", "orders", "fills", "equity", "state_digest", "journal_digest"):
        assert again.summary[name] == done.summary[name], name


def test_what_runs_by_nested_closures_is_said_at_the_start_and_in_the_record(day: tuple[Done, Path]) -> None:
    done, home = day
    said = done.err.splitlines()
    assert [re.sub(r"strategy (\w+) runs by nested closures.*", r"\1", line) for line in said] == [
        name for name in FAULTS if name not in ("large", "divides")
    ]
    for line in said:
        assert re.search(rf": ({home}/)?faults\.py:\d+: ", line), line
    notes = [
        event.action.text
        for event in JournalReader(Path(done.summary["run"])).events()
        if isinstance(event, Command) and isinstance(event.action, Note)
    ]
    assert notes[: len(said)] == said


def test_a_step_that_does_not_end_is_stopped_and_so_is_its_replay(tmp_path: Path) -> None:
    config = desk_of(tmp_path)
    (tmp_path / "faults.py").write_text(HEAD + ENDLESS, "utf-8")
    with config.open("a") as file:
        file.write('[strategies.loop]\nkind = "faults.py:loop"\n')
    words = ("--speed", "max", "--duration", "6s", "--json", "--runs", str(tmp_path / "runs"))
    done = child("run", "--config", str(config), "--source", "simulated:7", *words, home=tmp_path)
    assert done.code == 0, done.err
    run = Path(done.summary["run"])
    commands = [event.action for event in JournalReader(run).events() if isinstance(event, Command)]
    line = (HEAD + ENDLESS).splitlines().index("    def step(s, x):", 20) + 1
    assert Quarantine("loop", f"faults.py:{line}: the step does not end") in commands
    assert done.summary["fills"] > 0
    again = child("run", "--source", f"run:{run}", "--runs", str(tmp_path / "again"), "--json", home=tmp_path)
    assert again.summary["state_digest"] == done.summary["state_digest"]


def test_a_console_is_shown_what_runs_slower_among_its_alerts(tmp_path: Path) -> None:
    config = desk_of(tmp_path, TURNS.replace("quotes = s", "[*_] = ()\n        quotes = s"))
    order = StartOrder("simulated:7", load(config), 1.0, str(tmp_path / "runs"))

    async def shown() -> AlertView:
        host = ProcessHost(order)
        await host.start()
        try:
            for _ in range(6_000):
                alerts: tuple[AlertView, ...] = getattr(host.latest(), "alerts", ())
                if notes := [alert for alert in alerts if alert.id.startswith("note ")]:
                    return notes[0]
                await asyncio.sleep(0.02)
            raise AssertionError(host.status())
        finally:
            await host.close()

    alert = asyncio.run(shown())
    says = f"strategy mine runs by nested closures, the same but slower: {tmp_path}/turns.py:26: 0 values for 1 names: "
    assert says in alert.text


def test_a_file_that_breaks_after_the_console_has_read_it_is_one_line_in_its_status(tmp_path: Path) -> None:
    order = StartOrder("simulated:7", load(desk_of(tmp_path)), 1.0, str(tmp_path / "runs"))
    (tmp_path / "turns.py").write_text("x = (\n")

    async def refused() -> tuple[int | None, str]:
        host = ProcessHost(order)
        await host.start()
        for _ in range(6_000):
            if host.ended() is not None:
                break
            await asyncio.sleep(0.02)
        await host.close()
        return host.ended(), host.status()

    assert asyncio.run(refused()) == (2, f"{tmp_path}/turns.py:1: SyntaxError: '(' was never closed: x = (")
    assert not list((tmp_path / "runs").glob("*"))
