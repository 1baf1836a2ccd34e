"""The command line as a person has it: words in; an exit code, what was said and what went wrong out."""

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from catui.cli import main

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # which help has under CI, whatever it is written to


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def summary(self) -> dict[str, Any]:
        """The last line, which says of itself that it is the summary; no other line does."""
        *before, last = self.lines
        assert last["summary"] is True
        assert not any("summary" in line for line in before)
        return last


def environment(home: Path, **more: str) -> dict[str, str]:
    """A user who has nothing yet: configuration, data and logs below `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "CATUI_"))}
    return {**kept, "HOME": str(home), "COLUMNS": "120", **more}


def catui(*words: str, home: Path, **more: str) -> Done:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.dict(os.environ, environment(home, **more), clear=True),
        mock.patch.object(sys, "argv", ["catui", *words]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Done(code, _COLOUR.sub("", out.getvalue()), _COLOUR.sub("", err.getvalue()))


def child(*words: str, home: Path, **more: str) -> Done:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "catui", *words]
    done = subprocess.run(
        command, env=environment(home, **more), capture_output=True, text=True, timeout=120, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)
