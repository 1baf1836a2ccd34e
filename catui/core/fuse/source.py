"""From a function to its syntax tree, and from a name in it to what the name stands for."""

import ast
import builtins
import inspect
import linecache
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import CellType, CodeType, FunctionType
from typing import Any

Definition = ast.FunctionDef | ast.Lambda
LONGEST = 100  # of a statement that is shown


class FuseError(TypeError):
    """A step that is outside of the dialect: `FILE:LINE: what it is: the statement; what to write instead`."""


class Unplaced(FuseError):
    """What is outside of the dialect and what to write instead, before it is known where that is."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}; {mend}")
        self.what, self.mend = what, mend


def placed(code: CodeType, node: ast.AST, what: str, mend: str) -> FuseError:
    """What is said of a statement outside of the dialect."""
    text = ast.unparse(node).splitlines()[0][:LONGEST]
    return FuseError(f"{code.co_filename}:{getattr(node, 'lineno', code.co_firstlineno)}: {what}: {text}; {mend}")


@contextmanager
def placing(code: CodeType | None, *, by_result: bool = False) -> Iterator[None]:
    """What is found inside is said of this function: of its head, or of the last result that it gives."""
    try:
        yield
    except Unplaced as fault:
        if code is None:
            raise
        node: ast.AST = definition(code)
        if by_result:
            results = [one for one in ast.walk(node) if isinstance(one, ast.Return)]
            node = max(results, key=lambda one: one.lineno) if results else getattr(node, "body", node)
        raise placed(code, node, fault.what, fault.mend) from None


class NotFound(Exception):
    """No such name."""


@lru_cache(maxsize=512)
def definition(code: CodeType) -> Definition:
    """The syntax tree of a function. FuseError: its source is not at hand, or two lambdas share its place."""
    place = f"{code.co_filename}:{code.co_firstlineno}"
    linecache.checkcache(code.co_filename)
    tree = _parsed("".join(linecache.getlines(code.co_filename)))
    if tree is None:
        raise FuseError(f"{place}: the source of {code.co_qualname} is not at hand; write it in a file")
    found = [n for n in ast.walk(tree) if isinstance(n, Definition) and _starts_at(n, code)]
    if len(found) > 1:
        columns = {start for _, _, start, _ in code.co_positions() if start is not None}
        found = [n for n in found if isinstance(n, ast.Lambda) and n.body.col_offset in columns]
    if len(found) != 1:
        raise FuseError(f"{place}: {code.co_qualname} is not found in its source; write it as a def of its own")
    return found[0]


def _starts_at(node: Definition, code: CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    return code.co_name == node.name and first == code.co_firstlineno


@lru_cache(maxsize=128)
def _parsed(text: str) -> ast.Module | None:
    return ast.parse(text) if text else None


class Surroundings:
    """What the free names of a function stand for: cells of its closure, globals of its module, builtins."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = plain_function(function)
        self.code = self.function.__code__
        cells = self.function.__closure__ or ()
        self.cells: dict[str, CellType] = dict(zip(self.code.co_freevars, cells, strict=True))

    def cell(self, name: str) -> CellType | None:
        """The cell of the closure that the name stands for."""
        return self.cells.get(name)

    def value(self, name: str) -> object:
        """What the name stands for. NotFound: nothing."""
        if name in self.cells:
            return self.cells[name].cell_contents
        if name in self.function.__globals__:
            return self.function.__globals__[name]
        try:
            return getattr(builtins, name)
        except AttributeError:
            raise NotFound(name) from None

    def known(self) -> dict[str, object]:
        """What the free names of the function stand for, as far as they have a value yet."""
        found = {}
        for name, cell in self.cells.items():
            try:
                found[name] = cell.cell_contents
            except ValueError:
                continue
        return found

    @property
    def label(self) -> str:
        """The function's name, with its module."""
        return f"{self.function.__module__}.{self.code.co_qualname.replace('.<locals>', '')}"


def plain_function(function: Callable[..., Any]) -> FunctionType:
    """The function itself. FuseError: it is something else that can be called."""
    if isinstance(function, FunctionType):
        return function
    name = getattr(function, "__qualname__", type(function).__qualname__)
    raise FuseError(f"{name} is no function written in Python; write a def that calls it")


def is_function(value: object) -> bool:
    """Whether it is a function written in Python."""
    return inspect.isfunction(value)
