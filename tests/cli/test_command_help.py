"""Every command explains itself, and does so without loading what it does not need."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from command_line import catui, environment
from typer.core import TyperCommand, TyperGroup

from catui.cli import app

HEAVY = ("textual", "numpy", "numba", "websockets", "aiohttp", "asyncio")


def commands() -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    """Every command with the words that lead to it, groups left out."""

    def below(path: tuple[str, ...], command: object) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
        if isinstance(command, TyperGroup):
            for name, inner in command.commands.items():
                yield from below((*path, name), inner)
        else:
            assert isinstance(command, TyperCommand)
            yield path, command

    return below((), typer.main.get_command(app))


COMMANDS = dict(commands())


def test_the_commands_are_these() -> None:
    assert sorted(" ".join(path) for path in COMMANDS) == sorted(
        (
            *("console", "run", "attach", "kill", "serve", "exchange", "record", "doctor", "locate", "tape info"),
            *("config check", "config show", "config schema", "strategies", "features", "new strategy", "verify"),
        )
    )


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_helps_with_an_example_of_itself(path: tuple[str, ...], flag: str, tmp_path: Path) -> None:
    done = catui(*path, flag, home=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert f"Example: catui {' '.join(path)}" in done.out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_example_is_one_that_the_command_takes(path: tuple[str, ...]) -> None:
    [example] = re.findall(r"Example: (.*)", COMMANDS[path].help or "")
    words = shlex.split(example.partition(" > ")[0])
    assert words[: 1 + len(path)] == ["catui", *path]
    COMMANDS[path].make_context(path[-1], words[1 + len(path) :])  # parses every word, runs nothing


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_says_what_it_is(path: tuple[str, ...]) -> None:
    for option in COMMANDS[path].params:
        if option.param_type_name == "option" and not getattr(option, "hidden", False):
            assert getattr(option, "help", None), option.name


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != ("console",)], ids=" ".join)
def test_every_command_but_the_screen_speaks_to_machines(path: tuple[str, ...]) -> None:
    assert "json" in {option.name for option in COMMANDS[path].params}


def test_help_of_the_whole_names_every_command(tmp_path: Path) -> None:
    done = catui("--help", home=tmp_path)
    assert done.code == 0
    for path in COMMANDS:
        assert re.search(rf"^. {path[0]} ", done.out, re.M)


def test_help_loads_neither_screen_nor_network_nor_numbers(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom catui.cli import main\nsys.argv = ['catui', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert "Commands" in done.stdout
    assert done.stderr == "[]\n"


def test_the_screen_is_a_replica_it_loads_no_stage_of_the_desk_and_no_machinery_that_runs_one(tmp_path: Path) -> None:
    stages = "control market features ensemble planning risk orders execution positions monitoring pipeline"
    unwanted = tuple(f"catui.{name}" for name in ("core.fuse", *stages.split()))
    script = (
        "import sys\nimport catui.console.show, catui.runtime.process\n"
        f"print([name for name in sys.modules if name.startswith({unwanted})])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("group", ["config", "new", "tape"])
def test_a_group_without_a_command_shows_its_commands(group: str, tmp_path: Path) -> None:
    done = catui(group, home=tmp_path)
    assert done.code in (0, 2)
    assert "Commands" in done.out + done.err


@pytest.mark.parametrize(
    "words",
    [("consol",), ("config", "chek"), ("run", "--durations", "8s"), ("tape", "info"), ("exchange", "--port", "70000")],
)
def test_words_that_no_command_takes_are_wrong_usage(words: tuple[str, ...], tmp_path: Path) -> None:
    done = catui(*words, home=tmp_path)
    assert done.code == 2
    assert done.out == ""
    assert "Traceback" not in done.err
