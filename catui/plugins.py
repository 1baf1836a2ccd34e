"""Constructors of machines from a person's own files: `FILE.py:NAME` or `package.module:NAME`.

Whatever is wrong with such a file is one line that begins with the file and the line of the fault. A file is run from
its text, as a module that is named by its content: the same text is the same module, in every process and from a copy.
"""

import importlib
import linecache
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, get_args

from catui.core.guard import MEND
from catui.core.machine import Machine
from catui.core.value import no_state, parts
from catui.domain.kind import Kind
from catui.domain.parameters import Symmetry, chosen
from catui.errors import UsageError
from catui.text import printable

LONGEST_FAULT = 200


def load_constructor(where: str) -> Kind[..., Any]:
    """The kind that `FILE.py:NAME` or `package.module:NAME` names; a plain constructor declares nothing of itself.

    The module is run. UsageError: names file and line of what is wrong: no such file, module or name, a syntax error,
    whatever the module raises, a signature that does not declare its parameters or the machine that it returns.
    """
    place, name = parted(where)
    return constructor_of(load_module(place), name, place)


def parted(where: str) -> tuple[str, str]:
    """File or module, and name, of a constructor. UsageError: it is written otherwise."""
    place, _, name = where.rpartition(":")
    if not (place and name.isidentifier()):
        raise UsageError(f"{printable(where)}: is no constructor; write FILE.py:NAME or package.module:NAME")
    return place, name


def constructor_of(module: ModuleType, name: str, place: str) -> Kind[..., Any]:
    """The kind of that name in a module, which messages call `place`. UsageError: as for `load_constructor`."""
    if not hasattr(module, name):
        known = [kind.name for kind in _kinds(module)] or [n for n in vars(module) if not n.startswith("_")]
        near = get_close_matches(name, known, n=1)
        mend = f"did you mean {near[0]}?" if near else f"it has {printable(', '.join(known)) or 'nothing'}"
        raise UsageError(f"{place}: has no {name}; {mend}")
    found = getattr(module, name)
    if not isinstance(found, Kind):
        if not hasattr(found, "__code__"):
            raise UsageError(f"{place}: {name} is no function that makes a machine, but {type(found).__name__}")
        found = Kind(found)
    return _declared(found)


def load_constructors(place: str) -> tuple[Kind[..., Any], ...]:
    """Every kind that is declared in `FILE.py` or `package.module`, in its order. UsageError: as above, or none is."""
    kinds = tuple(_declared(kind) for kind in _kinds(load_module(place)))
    if not kinds:
        raise UsageError(f"{place}: declares no strategy; write @strategy above its constructor")
    return kinds


def construct(kind: Kind[..., Any], given: Mapping[str, float] | None = None) -> Machine[Any, Any, Any]:
    """The machine of a kind, with its defaults but for what is given.

    UsageError: as for `machine_of`; and a first state that could be changed in place or not be read back.
    """
    made = machine_of(kind, given)
    if fault := state_fault(made):
        raise UsageError(f"{place_of(kind)}: {kind.name}: {fault}")
    return made


def machine_of(kind: Kind[..., Any], given: Mapping[str, float] | None = None) -> Machine[Any, Any, Any]:
    """The machine of a kind, whatever its state is made of.

    UsageError: names file and line; a parameter that is unknown or out of bounds, whatever the constructor raises, what
    is no machine.
    """
    try:
        made = kind(**chosen(kind.parameters, given or {}, kind.name))
    except Exception as error:  # whatever it is: it is the file's own
        place = _own_line(error, kind.construct.__code__.co_filename) or place_of(kind)
        raise UsageError(f"{place}: {kind.name}: {_fault(error)}") from None
    if not isinstance(made, Machine):
        raise UsageError(f"{place_of(kind)}: {kind.name} returns {type(made).__name__}; return a Machine")
    return made


def state_fault(machine: Machine[Any, Any, Any]) -> str:
    """Why a machine's first state is none that a desk can keep; empty: it is one."""
    state = machine.init
    changed = no_state(machine, state)
    if changed is not None:
        return f"its state holds a {changed.__qualname__}, which can be changed in place; {MEND}"
    hidden = next((type(part) for part in parts(state) if "<locals>" in type(part).__qualname__), None)
    if hidden is not None:
        return f"{hidden.__name__} is a class inside of a function, where no checkpoint finds it; write it at the top"
    return ""


def place_of(kind: Kind[..., Any]) -> str:
    """Where a kind's constructor is written: FILE:LINE."""
    code = kind.construct.__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def is_file(place: str) -> bool:
    """Whether it is written as a file; else it is a module."""
    return place.endswith(".py") or "/" in place


def load_module(place: str) -> ModuleType:
    """The module of `FILE.py`, or `package.module`, once it was run. UsageError: as for `load_constructor`."""
    if is_file(place):
        return run_text(file_text(place), str(Path(place)))
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name is not None and (place == error.name or place.startswith(f"{error.name}.")):
            raise UsageError(f"{printable(place)}: no such module; for a file, write FILE.py:NAME") from None
        raise UsageError(_where_raised(error, place)) from None
    except SyntaxError as error:
        raise UsageError(_where_broken(error, place)) from None
    except (Exception, SystemExit) as error:  # whatever it is: it is the module's own
        raise UsageError(_where_raised(error, place)) from None


def file_text(file: str) -> str:
    """What a file says. UsageError: it is not there, or cannot be read."""
    path = Path(file)
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise UsageError(f"{path}: not found") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None


def run_text(text: str, file: str) -> ModuleType:
    """The module of a file's text; nothing is kept on disk beside it. UsageError: as for `load_constructor`."""
    name = f"{Path(file).stem}_{text_hash(text)[:8]}"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)  # what is fused is what was run
    known = sys.modules.get(name)
    if known is not None and known.__file__ == file:
        return known
    module = ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module  # where the types of annotations are looked for, and those of a checkpoint
    try:
        exec(compile(text, file, "exec"), vars(module))
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, SyntaxError):
            raise UsageError(_where_broken(error, file)) from None
        if isinstance(error, Exception | SystemExit):  # whatever it is: it is the file's own
            raise UsageError(_where_raised(error, file)) from None
        raise
    return module


def text_of(module: ModuleType) -> str:
    """The text that a module was run from; of one that was imported, its file's. UsageError: it has none."""
    lines = linecache.getlines(module.__file__ or "")
    if not lines:
        raise UsageError(f"{module.__name__}: its source is not at hand; write it in a file")
    return "".join(lines)


def text_hash(text: str) -> str:
    """BLAKE2b of a text, 32 hex digits."""
    return blake2b(text.encode("utf-8"), digest_size=16).hexdigest()


def _kinds(module: ModuleType) -> tuple[Kind[..., Any], ...]:
    """The kinds that a module declares; those that it imports are another's."""
    return tuple(k for k in vars(module).values() if isinstance(k, Kind) and k.construct.__module__ == module.__name__)


def _declared(kind: Kind[..., Any]) -> Kind[..., Any]:
    """The kind, once everything that is read off its signature could be read."""
    reads: tuple[Callable[[], object], ...] = (
        lambda: kind.input,
        lambda: chosen(kind.parameters, {name: p.default for name, p in kind.parameters.items()}, kind.name),
        lambda: kind.warm_up_ticks({name: p.default for name, p in kind.parameters.items()}),
    )
    for read in reads:
        try:
            read()
        except KeyError as error:
            raise UsageError(f"{place_of(kind)}: {kind.name}: warm-up names no parameter: {error}") from None
        except Exception as error:  # annotations are the file's own code
            raise UsageError(f"{place_of(kind)}: {kind.name}: {_fault(error)}") from None
    known = get_args(Symmetry)
    for unknown in sorted(kind.symmetries.difference(known)):
        mend = f"a tuple of {', '.join(known)}"
        raise UsageError(f"{place_of(kind)}: {kind.name}: symmetry {printable(unknown)!r} is unknown; write {mend}")
    return kind


def _where_broken(error: SyntaxError, place: str) -> str:
    text = printable((error.text or "").strip())
    return (
        f"{error.filename or place}:{error.lineno or 1}: {type(error).__name__}: {error.msg}{f': {text}' * bool(text)}"
    )


def _where_raised(error: BaseException, place: str) -> str:
    """The deepest line of the file itself; of another module, its deepest line outside of the import system."""
    frames = [f for f in extract_tb(error.__traceback__) if not f.filename.startswith("<frozen")]
    others = [f for f in frames if f.filename not in (__file__, *_IMPORTERS)]
    at = _own_line(error, place) or (f"{others[-1].filename}:{others[-1].lineno}" if others else place)
    return f"{at}: {_fault(error, with_type=True)}"


def _own_line(error: BaseException, file: str) -> str:
    """The deepest line of a file that an error passed; empty: none."""
    lines = [f.lineno for f in extract_tb(error.__traceback__) if f.filename == file]
    return f"{file}:{lines[-1]}" if lines else ""


_IMPORTERS = (importlib.__file__,)


def _fault(error: BaseException, *, with_type: bool = False) -> str:
    """What an error says, in one line."""
    text = printable(str(error), LONGEST_FAULT)
    if isinstance(error, ValueError) and not with_type:
        return text
    return f"{type(error).__name__}: {text}"
