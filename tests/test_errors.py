"""The drawing of the exception tree is the tree."""

import catui.errors as module
from catui.errors import CatuiError


def below(kind: type[CatuiError], depth: int = 1) -> list[tuple[int, str]]:
    rows = [(depth, kind.__name__)]
    for child in kind.__subclasses__():
        if child.__module__ == module.__name__:
            rows += below(child, depth + 1)
    return rows


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn = []
    for line in (module.__doc__ or "").splitlines():
        name = line.strip().partition(" ")[0]
        if name.endswith("Error") and line.startswith("    "):
            drawn.append(((len(line) - len(line.lstrip())) // 2 - 1, name))
    assert drawn == below(CatuiError)


def test_exit_codes_are_those_of_the_drawing() -> None:
    codes = {name: getattr(module, name).exit_code for _, name in below(CatuiError)}
    assert codes == {
        "CatuiError": 1,
        "UsageError": 2,
        "ConfigError": 2,
        "VenueError": 1,
        "MessageError": 1,
        "TapeError": 4,
        "IntegrityError": 4,
    }
