"""A kind of strategy or feature: its constructor, with what it declares of itself beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from inspect import getdoc
from math import ceil
from typing import Any, Generic, ParamSpec, TypeVar, get_args, get_type_hints

from catui.core.machine import Machine
from catui.domain.parameters import Parameter, Symmetry, parameters_of
from catui.domain.signals import Features

P = ParamSpec("P")
M = TypeVar("M", bound=Machine[Any, Any, Any])
WarmUp = str | int | Callable[..., float]

SIGNAL_SYMMETRIES: tuple[Symmetry, ...] = ("odd", "scale_free", "time_free", "flat", "bounded")


@dataclass(frozen=True, eq=False)
class Kind(Generic[P, M]):
    """A constructor and its declaration; called, it is the constructor.

    `warm_up` is the first input, counted from 1, at which it says more than None: a number, the name of the parameter
    that says it, or a function of all parameters; empty: it speaks at once. `waits_for` says in words what it may wait
    for longer than that, such as a first trade. `symmetries` are what a checker holds it to. Everything else is read
    off the constructor's name, docstring and annotated signature.
    """

    construct: Callable[P, M]
    warm_up: WarmUp = ""
    symmetries: frozenset[Symmetry] = frozenset()
    waits_for: str = ""
    is_feature: bool = False

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> M:
        return self.construct(*args, **kwargs)

    @property
    def name(self) -> str:
        """What configuration calls it: the constructor's name."""
        return self.construct.__name__

    @property
    def text(self) -> str:
        """The first line of its documentation."""
        return self.documentation.partition("\n")[0]

    @property
    def documentation(self) -> str:
        """The constructor's docstring."""
        return getdoc(self.construct) or ""

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Its parameters by name. ValueError: one is not declared."""
        return parameters_of(self.construct)

    @cached_property
    def input(self) -> object:
        """The type of its inputs. ValueError: the constructor does not say that it returns a machine."""
        return self._types[1]

    @cached_property
    def output(self) -> object:
        """The type of its outputs. ValueError: as for `input`."""
        return self._types[2]

    @property
    def is_for_desk(self) -> bool:
        """Whether the desk can run it: features of one instrument in, a signal out."""
        return self.input is Features and self.output == float | None

    def warm_up_ticks(self, values: dict[str, float]) -> int:
        """The first input, counted from 1, at which it may speak with these parameters."""
        if callable(self.warm_up):
            return max(1, ceil(self.warm_up(**values)))
        if isinstance(self.warm_up, int):
            return self.warm_up
        return max(1, ceil(values[self.warm_up])) if self.warm_up else 1

    @cached_property
    def _types(self) -> tuple[object, object, object]:
        types = get_args(get_type_hints(self.construct).get("return"))
        if len(types) != 3:
            raise ValueError(f"{self.name} must say what it returns: -> Machine[STATE, INPUT, OUTPUT]")
        return types


def strategy(warm_up: WarmUp = "", symmetries: tuple[Symmetry, ...] = ()) -> Callable[[Callable[P, M]], Kind[P, M]]:
    """Declare the constructor below it a strategy; `warm_up` and `symmetries` as for `Kind`."""

    def declared(construct: Callable[P, M]) -> Kind[P, M]:
        return Kind(construct, warm_up, frozenset(symmetries))

    return declared


def feature(
    warm_up: WarmUp = "", symmetries: tuple[Symmetry, ...] = (), waits_for: str = ""
) -> Callable[[Callable[P, M]], Kind[P, M]]:
    """Declare the constructor below it a feature; all as for `Kind`."""

    def declared(construct: Callable[P, M]) -> Kind[P, M]:
        return Kind(construct, warm_up, frozenset(symmetries), waits_for, is_feature=True)

    return declared
