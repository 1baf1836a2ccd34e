"""A strategy's weight, typed."""

import re
from collections.abc import Iterator

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, field, said
from catui.domain import events
from catui.snapshot import StrategyView

WEIGHT = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", re.ASCII)


class WeightScreen(Dialog[events.Action]):
    """Answers with the command; what is no number from 0 to 1 is said and stays."""

    def __init__(self, strategy: StrategyView) -> None:
        super().__init__()
        self.TITLE_TEXT = f"Weight of {strategy.name}"
        self._strategy = strategy

    def body(self) -> Iterator[Widget]:
        """What it is, and what it shall be."""
        weight = self._strategy.weight
        now = f"now {'--' if weight is None else f'{weight:.2f}'}; the others share the rest as they do now"
        yield Static(said(f"{now}\na method that learns goes on from it, and may soon be elsewhere"))
        yield Static(said("new weight, 0 to 1"), classes="label")
        yield field("weight", "0.25")
        yield Static(said("Enter goes on, escape leaves"), id="fault")

    def entered(self, id: str) -> None:
        """Enter: a weight, or what is wrong with it."""
        text = self.text_of("weight")
        if WEIGHT.fullmatch(text) is None:
            self.tell(f"{text!r} is no number from 0 to 1 with a point, like 0.25")
        else:
            self.leave(events.SetWeight(self._strategy.name, float(text)))
