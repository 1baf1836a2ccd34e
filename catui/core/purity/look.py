"""One function's text, read statement by statement: which of its names may hold what outlives the step."""

import ast
import sys
from collections.abc import Callable, Sequence
from types import FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

from catui.core.fuse.source import FuseError, NotFound, Surroundings, definition, is_function
from catui.core.purity.outside import CHANGED, CHANGING, HIDDEN, TAKING, Reason, of_module, reason

DEEPEST = 12
PASSING = frozenset({"get", "values", "items", "keys", "setdefault", "pop", "popitem"})  # which give what they hold
THROUGH = (zip, enumerate, reversed, iter, min, max)  # which give what they were given
UNKNOWN = object()


class Impurity(NamedTuple):
    """`FILE:LINE`, the statement, what is wrong with it, and what to write instead."""

    place: str
    statement: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}: {self.statement}; {self.mend}"


class Reader:
    """The functions that were read, and what was found in them."""

    def __init__(self) -> None:
        self.found: list[Impurity] = []
        self._done: dict[tuple[object, frozenset[str]], bool] = {}

    def read(
        self, function: Callable[..., Any], foreign: frozenset[str] | None = None, *, home: str, depth: int = 0
    ) -> bool:
        """Read a function whose parameters `foreign` (None: all) hold what outlives it; whether its result may, too.

        `home` is the module of the step: what was installed beside it is not read.
        """
        plain = function.__func__ if isinstance(function, MethodType) else function
        plain = getattr(plain, "__wrapped__", plain)  # of a function that remembers its results
        if not isinstance(plain, FunctionType) or depth > DEEPEST or _is_anothers(plain, home):
            return False
        held = frozenset(_parameters(plain)) if foreign is None else foreign
        key = (plain.__code__, held)
        if key not in self._done:
            self._done[key] = False
            try:
                self._done[key] = Look(self, plain, held, home, depth).result
            except FuseError:  # its text is not at hand
                return False
        return self._done[key]

    def add(self, found: Impurity) -> None:
        if found not in self.found:
            self.found.append(found)


class Look:
    """One function; `held` says of its own names whether they may hold what outlives the step."""

    def __init__(self, reader: Reader, function: FunctionType, foreign: frozenset[str], home: str, depth: int) -> None:
        self.reader, self.home, self.depth = reader, home, depth
        self.around = Surroundings(function)
        self.held: dict[str, bool] = {name: name in foreign for name in _parameters(function)}
        self.result = False
        node = definition(self.around.code)
        if isinstance(node, ast.Lambda):
            self.result = self.value(node.body)
        else:
            self.block(node.body)

    # ---- statements

    def block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Global() | ast.Nonlocal():
                self.name(node, HIDDEN)
            case ast.Import() | ast.ImportFrom():
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                for found in filter(None, map(of_module, modules)):
                    self.name(node, found)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.assign(target, value, self.value(value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, value, self.value(value))
            case ast.AugAssign(target=target, value=value):
                self.value(value)
                if not isinstance(target, ast.Name):
                    self.bind(target, False)
            case ast.Delete(targets=targets):
                for target in targets:
                    self.bind(target, False)
            case ast.For(target=target, iter=over, body=body, orelse=rest):
                for _ in range(2):  # so that a name of the first round is known in the second
                    self.bind(target, self.value(over))
                    self.block(body)
                self.block(rest)
            case ast.While(test=test, body=body, orelse=rest):
                for _ in range(2):
                    self.value(test)
                    self.block(body)
                self.block(rest)
            case ast.If(test=test, body=body, orelse=rest):
                self.value(test)
                self.branches(body, rest)
            case ast.Try(body=body, handlers=handlers, orelse=rest, finalbody=last):
                self.block(body)
                self.branches(*[handler.body for handler in handlers], rest)
                self.block(last)
            case ast.With(items=items, body=body):
                for item in items:
                    is_foreign = self.value(item.context_expr)
                    if item.optional_vars is not None:
                        self.bind(item.optional_vars, is_foreign)
                self.block(body)
            case ast.Match(subject=subject, cases=cases):
                is_foreign = self.value(subject)
                for one in cases:
                    captured = [getattr(n, "name", None) or getattr(n, "rest", None) for n in ast.walk(one.pattern)]
                    self.held.update(dict.fromkeys(filter(None, captured), is_foreign))
                self.branches(*[one.body for one in cases])
            case ast.FunctionDef():
                self.held[node.name] = False
                self.held.update(dict.fromkeys([a.arg for a in node.args.args], True))
                self.block(node.body)
            case ast.Expr(value=ast.Call() as call):
                self.call(call, is_statement=True)
            case ast.Return(value=value):
                self.result = (value is not None and self.value(value)) or self.result
            case _:
                self.children(node)

    def branches(self, *bodies: Sequence[ast.stmt]) -> None:
        """Bodies of which one is run: a name holds afterwards what it may hold after any."""
        before, after = self.held, []
        for body in bodies:
            self.held = dict(before)
            self.block(body)
            after.append(self.held)
        self.held = {name: any(one.get(name, False) for one in after) for name in {n for one in after for n in one}}

    def assign(self, target: ast.expr, value: ast.expr, is_foreign: bool) -> None:
        """A tuple to a tuple is assigned one by one."""
        match target, value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                for one, part in zip(targets, [self.value(v) for v in values], strict=True):
                    self.bind(one, part)
            case _:
                self.bind(target, is_foreign)

    def bind(self, target: ast.expr, is_foreign: bool) -> None:
        """A name gets a value; anything else is a change of what is named before its last dot or bracket."""
        match target:
            case ast.Name(id=name):
                self.held[name] = is_foreign
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.bind(part, is_foreign)
            case ast.Starred(value=inner):
                self.bind(inner, False)
            case ast.Attribute(value=base) | ast.Subscript(value=base):
                if self.value(base):
                    self.name(target, CHANGED)
            case _:
                return

    # ---- expressions: whether the value may be, or be a part of, what outlives the step

    def value(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return self.held[name] if name in self.held else self.free(node, self.known(node))
            case ast.Attribute(value=base):
                is_foreign, owner = self.value(base), self.known(base)
                is_named = owner is UNKNOWN or reason(owner) is not None  # there is no more to say of its parts
                return is_foreign if is_named else self.free(node, self.known(node)) or is_foreign
            case ast.Subscript(value=base, slice=at):
                self.value(at)
                return self.value(base) and not isinstance(at, ast.Slice)
            case ast.Call():
                return self.call(node)
            case ast.IfExp(test=test, body=one, orelse=other):
                self.value(test)
                return self.value(one) | self.value(other)
            case ast.BoolOp(values=values):
                every = [self.value(value) for value in values]
                return any(every)
            case ast.NamedExpr(target=target, value=value):
                is_foreign = self.value(value)
                self.bind(target, is_foreign)
                return is_foreign
            case ast.Starred(value=value):
                return self.value(value)
            case ast.Lambda(args=args, body=body):
                self.held.update(dict.fromkeys([a.arg for a in args.args], True))
                self.value(body)
                return False
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for loop in node.generators:
                    self.bind(loop.target, self.value(loop.iter))
                    for test in loop.ifs:
                        self.value(test)
                self.children(node, but=node.generators)
                return False
            case _:
                self.children(node)
                return False

    def children(self, node: ast.AST, but: Sequence[ast.AST] = ()) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
            elif child not in but:
                self.children(child)

    def free(self, node: ast.expr, found: object) -> bool:
        """A name from outside: named, if it has no place here; whether what it stands for can be changed."""
        because = reason(found)
        if because is not None:
            self.name(node, because)
        unchanging = (bool, int, float, str, bytes, tuple, frozenset, type(None), ModuleType, FunctionType)
        return found is not UNKNOWN and not isinstance(found, unchanging)

    def known(self, node: ast.expr) -> object:
        """What a free name, or an attribute of one, stands for."""
        match node:
            case ast.Name(id=name) if name not in self.held:
                try:
                    return self.around.value(name)
                except (NotFound, ValueError):
                    return UNKNOWN
            case ast.Attribute(value=base, attr=attribute):
                owner = self.known(base)
                return UNKNOWN if owner is UNKNOWN else getattr(owner, attribute, UNKNOWN)
            case _:
                return UNKNOWN

    def call(self, node: ast.Call, *, is_statement: bool = False) -> bool:
        given = [self.value(argument) for argument in node.args]
        named = {keyword.arg or "": self.value(keyword.value) for keyword in node.keywords}
        called = self.known(node.func)
        is_foreign = self.value(node.func)
        if called is next and any(given):
            self.name(node, HIDDEN)
        if isinstance(node.func, ast.Attribute) and is_foreign and not is_function(called):
            attribute = node.func.attr
            if attribute in TAKING or (is_statement and attribute in CHANGING):
                self.name(node, CHANGED)
            if called is UNKNOWN and attribute in PASSING:
                return True
        if any(called is one for one in THROUGH):
            return any(given)
        return self.into(called, given, named)

    def into(self, called: Any, given: list[bool], named: dict[str, bool]) -> bool:
        """Into a function that is called: its parameters hold what they are given."""
        plain = getattr(called, "__wrapped__", called)
        own = [True] if isinstance(plain, MethodType) else []  # an object that the step has not made
        plain = plain.__func__ if isinstance(plain, MethodType) else plain
        if not isinstance(plain, FunctionType):
            return False
        names = _parameters(plain)
        told = dict(zip(names, [*own, *given], strict=False)) | named
        foreign = frozenset(name for name in names if told.get(name, True))  # a default outlives every call
        return self.reader.read(plain, foreign, home=self.home, depth=self.depth + 1)

    def name(self, node: ast.stmt | ast.expr, because: Reason) -> None:
        statement = ast.unparse(node).splitlines()[0][:100]
        self.reader.add(Impurity(f"{self.around.code.co_filename}:{node.lineno}", statement, *because))


def _parameters(function: FunctionType) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _is_anothers(function: FunctionType, home: str) -> bool:
    """Whether it comes with Python or was installed beside the step: its purity is not this reader's business."""
    root = (function.__module__ or "").partition(".")[0]
    is_installed = "site-packages" in function.__code__.co_filename
    return root in sys.stdlib_module_names or (is_installed and root != home.partition(".")[0])
