"""Lines in which the next state is computed right into its names, where nobody asks for the old one any more."""

import re
from collections.abc import Iterator, Sequence


def in_place(lines: list[str], start: int, state: str, computed: str) -> bool:
    """Let `computed` be called `state` from `start` on; whether that was possible: nothing reads the old value after.

    Every way through the lines assigns `computed` once at most.
    """
    targets = {i: target(line) for i, line in enumerate(lines[start:], start)}
    word, old = re.compile(rf"\b{computed}\b"), re.compile(rf"\b{state}\b")
    at = [i for i, name in targets.items() if word.search(name)]
    if not at or any(targets[i] != computed or old.search(line) for i in at for line in _after(lines, i)):
        return False
    renamed = [line if is_comment(line) else word.sub(state, line) for line in lines[start:]]
    lines[start:] = turned(_without(renamed, f"{state} = {state}"))
    return True


def target(line: str) -> str:
    """What a line assigns to."""
    name, is_assigned, _ = line.partition(" = ")
    return name.strip() if is_assigned and not is_comment(line) else ""


def _after(lines: Sequence[str], at: int) -> Iterator[str]:
    """The lines that may run after this one: not the other branches of what it stands in."""
    level, skipped = indent_of(lines[at]), None
    for line in lines[at + 1 :]:
        indent = indent_of(line)
        if skipped is not None and indent > skipped:
            continue
        skipped = indent if line.lstrip() == "else:" and indent < level else None
        level = min(level, indent)
        if skipped is None and not is_comment(line):
            yield line


def _without(lines: Sequence[str], dropped: str) -> list[str]:
    """The lines without those that say nothing; a branch that is left empty passes."""
    kept: list[str] = []
    for i, line in enumerate(lines):
        if line.strip() != dropped:
            kept.append(line)
            continue
        is_last = i + 1 == len(lines) or indent_of(lines[i + 1]) < indent_of(line)
        before = next((one for one in reversed(kept) if not is_comment(one)), "")
        if is_last and before.endswith(":") and indent_of(before) < indent_of(line):
            kept.append(f"{' ' * indent_of(line)}pass")
    return kept


def turned(lines: Sequence[str]) -> list[str]:
    """The lines without branches that only pass: an `else` goes, an `if` is turned round."""
    kept: list[str] = []
    for line in lines:
        if line.lstrip() == "else:" and kept[-1].lstrip() == "pass" and kept[-2].lstrip().startswith("if "):
            test = kept[-2].strip()[3:-1]
            kept[-2:] = [f"{' ' * indent_of(line)}if {_negated(test)}:"]
        else:
            kept.append(line)
    return [
        line
        for i, line in enumerate(kept)
        if not (_is_empty(kept[i : i + 2]) or (i > 0 and _is_empty(kept[i - 1 : i + 1])))
    ]


def _negated(test: str) -> str:
    is_single = test.startswith("not ") and not re.search(r" (and|or|if) ", test)
    return test.removeprefix("not ") if is_single else f"not ({test})"


def _is_empty(lines: Sequence[str]) -> bool:
    return [line.lstrip() for line in lines] == ["else:", "pass"]


def indent_of(line: str) -> int:
    """How far in a line begins."""
    return len(line) - len(line.lstrip())


def is_comment(line: str) -> bool:
    """Whether the line does nothing."""
    return line.lstrip().startswith("#")
