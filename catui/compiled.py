"""The compiled reading of a fused machine: its text in a file named by its content, and that file under numba.

The file is the key: equal machines share one, another machine has another, and parameters are arguments. So what numba
keeps on disk is never of an older text. numba is the extra `fast`, and is imported here when it is first asked for.
"""

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from catui.core.fuse import Flat
from catui.core.fuse.values import Buffer, Scalar
from catui.errors import UsageError
from catui.places import cache_directory

Array = npt.NDArray[Any]
DTYPES: dict[str, type] = {"float": np.float64, "int": np.int64, "bool": np.bool_}


class Compiled:
    """Scans of a fused machine over columns. Law: outputs and states are those of `Flat.functions`, to the bit."""

    def __init__(self, flat: Flat, directory: Path | None = None, *, is_native: bool = True) -> None:
        self.flat = flat
        self.is_native = is_native
        self._directory = directory or cache_directory() / "fused"

    def columns(self, rows: Sequence[Any]) -> list[Array]:
        """Inputs as columns, one array a leaf."""
        flat = [self.flat.row(row) for row in rows]
        return [np.array([row[i] for row in flat], DTYPES[kind]) for i, (_, kind) in enumerate(self.flat.columns)]

    def blank(self, count: int) -> list[Array]:
        """Columns for `count` outputs."""
        return [np.zeros(count, DTYPES[kind]) for _, kind in self.flat.outs]

    def values(self, outs: Sequence[Array]) -> list[Any]:
        """Outputs from their columns, as the machine gives them."""
        if not outs:
            return []
        return [self.flat.value(row) for row in zip(*[column.tolist() for column in outs], strict=True)]

    def scan(
        self, columns: Sequence[Array], state: Any = None, outs: Sequence[Array] | None = None
    ) -> tuple[Any, list[Array]]:
        """The machine over columns, from `state` (its own first one): `(the plain state after, columns of outputs)`."""
        held = self._rings(self.flat.flat(self.flat.init if state is None else state))
        count = len(columns[0])
        told = self.blank(count) if outs is None else list(outs)
        after = self._function("scan")(self.flat.parameters, held, *columns, *told, 0, count)
        return self.flat.plain([x.tolist() if isinstance(x, np.ndarray | np.generic) else x for x in after]), told

    def scan_each(self, keys: Array, count: int, columns: Sequence[Array]) -> list[Array]:
        """One copy a key over columns of many: `keys` says whose each row is, below `count`."""
        first = list(zip(self.flat.state_leaves, self.flat.flat(self.flat.init), strict=True))
        floats = [x for leaf, x in first if isinstance(leaf, Scalar) and leaf.kind == "float"]
        wholes = [int(x) for leaf, x in first if isinstance(leaf, Scalar) and leaf.kind != "float"]
        rings: list[Array] = [
            np.tile(np.array(x, DTYPES[leaf.kind]), (count, 1)) for leaf, x in first if isinstance(leaf, Buffer)
        ]
        told = self.blank(len(keys))
        self._function("scan_each")(
            self.flat.parameters,
            np.tile(np.array(floats, np.float64), (count, 1)),
            np.tile(np.array(wholes, np.int64), (count, 1)),
            *rings,
            keys,
            *columns,
            *told,
            0,
            len(keys),
        )
        return told

    def _rings(self, state: tuple[Any, ...]) -> tuple[Any, ...]:
        kinds = [leaf.kind if isinstance(leaf, Buffer) else "" for leaf in self.flat.state_leaves]
        return tuple([np.array(x, DTYPES[kind]) if kind else x for x, kind in zip(state, kinds, strict=True)])

    def _function(self, name: str) -> Callable[..., Any]:
        if not self.is_native:
            return self.flat.functions[name]
        return _native(self.flat, self._directory, name)


def has_numba() -> bool:
    """Whether the compiled reading is there."""
    return importlib.util.find_spec("numba") is not None


@lru_cache(maxsize=64)
def _native(flat: Flat, directory: Path, name: str) -> Callable[..., Any]:
    """The function under numba. UsageError: numba is not there."""
    if not has_numba():
        raise UsageError("the compiled reading needs numba: install catui[fast], or run without --compiled")
    module = _module(written(flat, directory), flat.kernels)
    compiled: Callable[..., Any] = getattr(module, name)
    return compiled


@lru_cache(maxsize=64)
def _module(path: Path, kernels: tuple[str, ...]) -> ModuleType:
    """The file's functions under numba: once for a text, whatever its parameters."""
    import numba

    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    for name in kernels:  # what is kept of a scan holds the kernels that it calls
        setattr(module, name, numba.njit(getattr(module, name)))
    for name in ("scan", "scan_each"):
        setattr(module, name, numba.njit(cache=True)(getattr(module, name)))
    return module


def written(flat: Flat, directory: Path) -> Path:
    """The file of the text; one that is damaged is written again, and what was compiled of it is thrown away."""
    path = directory / f"fused_{flat.digest}.py"
    if path.is_file() and path.read_bytes() == flat.text.encode():
        return path
    directory.mkdir(parents=True, exist_ok=True)
    for stale in directory.glob(f"__pycache__/{path.stem}*"):
        stale.unlink(missing_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(flat.text, encoding="utf-8")
    fresh.replace(path)
    return path
