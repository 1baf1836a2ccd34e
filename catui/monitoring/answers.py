"""Answers to commands that want an order: control has said that it may be judged; here is what the gate said of it."""

from collections.abc import Callable

from msgspec.structs import replace

from catui.domain.events import Flatten, ReplaceOrder, SubmitOrder
from catui.domain.moment import CommandResult, Moment
from catui.domain.orders import Refused, Resized, Verdict
from catui.domain.settings import Desk

PURPOSES = {SubmitOrder: "ticket", ReplaceOrder: "amend", Flatten: "flatten"}

Answered = Callable[[Moment, tuple[Verdict, ...]], tuple[CommandResult, ...]]


def answers(desk: Desk) -> Answered:
    """The results of a step with the verdicts on what its command wanted.

    A refused one is not ok, with every reason; a resized one says what is left of it. A flattening that waits for
    orders to end, and the second half of an amend, are judged in later steps: those are told as they come.
    """
    instruments = desk.by_key

    def answered(moment: Moment, verdicts: tuple[Verdict, ...]) -> tuple[CommandResult, ...]:
        command = moment.command
        purpose = None if command is None else PURPOSES.get(type(command.action))
        mine = [v for v in verdicts if v.intent.owner == "manual" and v.intent.purpose == purpose]
        if not mine:
            return moment.results
        refused = any(isinstance(verdict, Refused) for verdict in mine)
        text = "; ".join(said for verdict in mine if (said := _said(verdict)))
        return tuple(replace(r, ok=not refused, text=text or r.text) for r in moment.results)

    def _said(verdict: Verdict) -> str:
        reasons = "; ".join(reason.text for reason in verdict.reasons)
        if isinstance(verdict, Resized):
            instrument = instruments[verdict.intent.instrument]
            wanted, lots = (instrument.quantity_text(n) for n in (verdict.intent.lots, verdict.lots))
            return f"resized {wanted} -> {lots}: {reasons}"
        return reasons

    return answered
