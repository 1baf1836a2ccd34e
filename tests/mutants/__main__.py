"""`python tests/mutants [NAME ...]`: plant every mistake in a copy of the project and see its test fail."""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
FAILED = 1  # the test runner's exit code for tests that failed; any other is a mistake of this script


def killed(mutant: Mutant) -> tuple[bool, str]:
    """Whether the named test fails on the mutant, and what to say."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        for part in ("catui", "tests", "themes"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("pyproject.toml", "config.toml"):
            shutil.copy(ROOT / part, copy / part)
        file = copy / mutant.file
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(mutant.line, mutant.becomes, 1), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", mutant.killed_by]
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    said = "killed" if done.returncode == FAILED else f"SURVIVED (exit {done.returncode})"
    return done.returncode == FAILED, f"{said:<10} {mutant.name:<48} {mutant.killed_by.split('::')[1]}"


def main() -> int:
    """0 if every mutant is killed by its test, 1 if one survives, 2 for a name that is none."""
    wanted = sys.argv[1:]
    unknown = set(wanted) - {mutant.name for mutant in MUTANTS}
    if unknown:
        print(f"no such mutant: {', '.join(sorted(unknown))}")
        return 2
    chosen = [mutant for mutant in MUTANTS if not wanted or mutant.name in wanted]
    survivors = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for is_killed, said in pool.map(killed, chosen):
            survivors += not is_killed
            print(said, flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants killed")
    return 1 if survivors else 0


sys.exit(main())
