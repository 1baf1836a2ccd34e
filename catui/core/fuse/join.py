"""Where two branches meet: one value out of two, whichever ran.

    the same value                 itself
    two scalars of one kind        a name that both branches assign, or a conditional expression
    None and a value               the value with a presence flag
    two records of one class       part by part

`Unplaced` (its place is added by the caller): two kinds, or two structures.
"""

import ast
from collections.abc import Sequence
from dataclasses import replace

from catui.core.fuse.source import Unplaced
from catui.core.fuse.values import ARTICLED, ZERO, Buffer, Constant, Maybe, Record, Scalar, Value, name, number
from catui.core.fuse.writer import Block, Writer

FEW = 3  # leaves that are written as conditional expressions rather than in an `if`

ALIKE = "let both branches give the same kind"

Choice = tuple[str, Scalar, Scalar]  # a name, and what it is in either branch


class Join:
    """The names that the two branches of one `if` have to assign."""

    def __init__(self, writer: Writer, test: Scalar, then: Block, otherwise: Block) -> None:
        self.writer, self.test, self.then, self.otherwise = writer, test, then, otherwise
        self.choices: list[Choice] = []
        self.before = {ring: writer.version(ring) for ring in (*then.rings, *otherwise.rings)}
        self.after = {ring: writer.change(ring) for ring in self.before}

    def merged(self, yes: Value, no: Value, hint: str) -> Value:
        """One value for both."""
        if yes == no and not isinstance(yes, Scalar | Record | Maybe) and repr(yes) == repr(no):
            return yes
        yes, no = _taken_apart(yes), _taken_apart(no)
        match yes, no:
            case Constant(value=None), Constant(value=None):
                return yes
            case Constant(value=None), _:
                return self.optional(no, hint, is_then=False)
            case _, Constant(value=None):
                return self.optional(yes, hint, is_then=True)
            case (Maybe(), _) | (_, Maybe()):
                one, other = _optional(yes), _optional(no)
                there = self.chosen(one.there, other.there, f"has_{hint}")
                return Maybe(_as_flag(there), self.merged(one.value, other.value, hint))
            case Record(), Record():
                return self.fieldwise(yes, no, hint)
            case Buffer(), Buffer() if yes.name == no.name:
                return self.ring(yes, no)
            case ((Scalar() | Constant()), (Scalar() | Constant())):
                return self.chosen(_number(yes), _number(no), hint)
            case _:
                raise Unplaced("a number in one branch and a record in the other", ALIKE)

    def ring(self, yes: Buffer, no: Buffer) -> Buffer:
        """A ring that was changed in one branch or in both is another one after them."""
        if yes.name not in self.after:
            return yes
        for ring, block in ((yes, self.then), (no, self.otherwise)):
            if ring.version != block.rings.get(ring.name, self.before[ring.name]):
                raise Unplaced("a ring from before it was changed", "go on with what the change gave")
        return replace(yes, version=self.after[yes.name])

    def fieldwise(self, yes: Record, no: Record, hint: str) -> Value:
        if yes.cls is not no.cls or len(yes.parts) != len(no.parts):
            raise Unplaced("records of two kinds", ALIKE)
        hints = yes.names or tuple(f"{hint}_{i}" for i in range(len(yes.parts)))
        pairs = zip(yes.parts, no.parts, hints, strict=True)
        return replace(yes, parts=tuple([self.merged(a, b, h) for a, b, h in pairs]))

    def optional(self, value: Value, hint: str, *, is_then: bool) -> Maybe:
        """A value that only one branch has; where its flag is false, nothing reads it."""
        absent = number(False)
        if isinstance(value, Maybe):
            pair = (value.there, absent) if is_then else (absent, value.there)
            present, value = self.chosen(*pair, f"has_{hint}"), value.value
        else:
            present = self.present(hint, is_then=is_then)
        return Maybe(_as_flag(present), self.behind(value, self.then if is_then else self.otherwise, hint))

    def present(self, hint: str, *, is_then: bool) -> Scalar:
        """The flag of what the test alone decides."""
        expr = self.test.expr
        if not is_then and isinstance(expr, ast.UnaryOp) and isinstance(expr.operand, ast.Name):
            return Scalar(expr.operand, "bool", self.test.if_false, self.test.if_true)
        if not is_then:
            return self.chosen(number(False), number(True), f"has_{hint}")
        test = self.writer.bind(self.test, f"has_{hint}")
        assert isinstance(test, Scalar)
        self.test = test
        return test

    def behind(self, value: Value, block: Block, hint: str) -> Value:
        """The value in names that its branch assigns; on the other way they hold what nothing reads."""
        match value:
            case Scalar():
                if not value.is_atom:
                    target = self.writer.fresh(hint)
                    if block or self.then or self.otherwise:
                        block.append(f"{target} = {value.text}")
                    else:
                        zero = number(ZERO[value.kind])
                        self.choices.append((target, value, zero) if block is self.then else (target, zero, value))
                        return name(target, value.kind)
                    value = name(target, value.kind)
                    self.writer.blanks[target] = value.kind
                elif value.text in block.names:
                    self.writer.blanks[value.text] = value.kind
                return value
            case Record(names=names, parts=parts):
                hints = names or tuple(f"{hint}_{i}" for i in range(len(parts)))
                pairs = zip(parts, hints, strict=True)
                return replace(value, parts=tuple([self.behind(part, block, h) for part, h in pairs]))
            case Maybe():
                there = self.behind(value.there, block, f"has_{hint}")
                assert isinstance(there, Scalar)
                return Maybe(_as_flag(there), self.behind(value.value, block, hint))
            case Constant() | Buffer():
                return value

    def chosen(self, yes: Scalar, no: Scalar, hint: str) -> Scalar:
        """One scalar for two of one kind."""
        if yes.text == no.text:
            return yes
        if yes.kind != no.kind:
            raise Unplaced(f"{ARTICLED[yes.kind]} in one branch and {ARTICLED[no.kind]} in the other", ALIKE)
        target = self.writer.fresh(hint)
        self.choices.append((target, yes, no))
        return name(target, yes.kind)

    def write(self, result: Value) -> Value:
        """The text of the branch; a single scalar stays an expression."""
        if not (self.then or self.otherwise) and len(self.choices) <= FEW:
            test = self.writer.bind(self.test, "test") if len(self.choices) > 1 else self.test
            assert isinstance(test, Scalar)
            parts = [(t, Scalar(ast.IfExp(test.expr, a.expr, b.expr), a.kind)) for t, a, b in self.choices]
            if len(parts) == 1 and isinstance(result, Scalar) and result.text == parts[0][0]:
                return parts[0][1]
            for target, chosen in parts:
                self.writer.emit(f"{target} = {chosen.text}")
            return result
        self.assign(self.then, [(target, yes) for target, yes, _ in self.choices])
        self.assign(self.otherwise, [(target, no) for target, _, no in self.choices])
        if self.then or self.otherwise:
            self.writer.splice(f"if {self.test.text}:", self.then)
            if self.otherwise:
                self.writer.splice("else:", self.otherwise)
        return result

    def assign(self, block: Block, told: Sequence[tuple[str, Scalar]]) -> None:
        """Every target assigned at the end of a block; a name of the block's own that nobody else reads becomes it."""
        sources = [source.text for _, source in told]
        becomes = {
            source.text: target
            for target, source in told
            if source.kind != "bool"  # a truth may be a flag, which is known by its name
            and source.text in block.names - self.writer.blanks.keys()
            and sources.count(source.text) == 1
        }
        block.rename(becomes)
        block.extend(f"{target} = {source.text}" for target, source in told if source.text not in becomes)


def join(
    writer: Writer, test: Scalar, yes: Value, then: Block, no: Value, otherwise: Block, hints: str | Sequence[str]
) -> Value:
    """The value of `yes if test else no`, whose blocks were written as `then` and `otherwise`.

    `hints` is what the value is called; one name a part, for a tuple of values that have nothing in common.
    """
    joining = Join(writer, test, then, otherwise)
    if isinstance(hints, str):
        return joining.write(joining.merged(yes, no, hints))
    assert isinstance(yes, Record)
    assert isinstance(no, Record)
    parts = tuple([joining.merged(a, b, h) for a, b, h in zip(yes.parts, no.parts, hints, strict=True)])
    return joining.write(Record(None, (), parts))


def _taken_apart(value: Value) -> Value:
    if isinstance(value, Constant) and type(value.value) is tuple:
        return Record(None, (), tuple([Constant(part) for part in value.value]))
    return value


def _optional(value: Value) -> Maybe:
    return value if isinstance(value, Maybe) else Maybe(number(True), value)


def _as_flag(there: Scalar) -> Scalar:
    if isinstance(there.expr, ast.Name):
        return Scalar(there.expr, "bool", there.if_true | {there.expr.id}, there.if_false)
    return there


def _number(value: Value) -> Scalar:
    if isinstance(value, Scalar):
        return value
    if isinstance(value, Constant) and isinstance(value.value, bool | int | float):
        return number(value.value)
    raise Unplaced("structure that depends on the data", "give numbers, truths and records of them")
