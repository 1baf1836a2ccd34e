"""The examples in the docstrings are true."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import catui

# Modules that run when they are imported: there is one.
NAMES = sorted(m.name for m in walk_packages(catui.__path__, "catui.") if not m.name.endswith("__main__"))


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of(name: str) -> None:
    tested = doctest.testmod(import_module(name))
    assert tested.failed == 0


def test_the_core_has_examples_at_all() -> None:
    machine = import_module("catui.core.machine")
    assert doctest.testmod(machine).attempted >= 5
