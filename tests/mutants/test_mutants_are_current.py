"""Every mutant changes a line that is there, once, and names a test that is there."""

from pathlib import Path

import pytest
from mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.name))
def test_a_mutant_can_be_planted(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.line) >= 1
    assert mutant.line != mutant.becomes
    file, test = mutant.killed_by.split("::")
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


def test_there_are_twenty_of_core_ensemble_and_risk() -> None:
    assert len(MUTANTS) >= 20
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    assert {mutant.file.split("/")[1] for mutant in MUTANTS} == {"core", "ensemble", "risk"}
