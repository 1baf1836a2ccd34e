"""What a command would come to: the order that would go out for it, and which orders would have to end first."""

from collections.abc import Callable
from typing import NamedTuple

from catui.domain.events import Command
from catui.domain.moment import Moment
from catui.domain.orders import Intent
from catui.domain.reports import Reports
from catui.domain.settings import Desk, under
from catui.planning.commands import asked
from catui.planning.flatten import closing
from catui.planning.terms import Terms


class Wanted(NamedTuple):
    """The first order of a command, None where it wants none; `leaving` are ids of orders that end before it."""

    intent: Intent | None = None
    leaving: tuple[str, ...] = ()


def wanted(desk: Desk) -> Callable[[Moment, Command, Reports], Wanted]:
    """By the functions that planning itself uses: a ticket, the successor of an order, what closes a position."""
    terms_of, instruments = under(desk, Terms.of), tuple(desk.by_key)

    def of(moment: Moment, command: Command, reports: Reports) -> Wanted:
        terms = terms_of(moment.control.limits)
        wish = asked(command.action, reports, instruments, moment.control.seq)
        closers = (closing(terms, moment, reports, key) for key in wish.flatten)
        intents = [*wish.intents, *(amend.intent for amend in wish.amends), *closers]
        leaving = (*wish.cancels, *(amend.order_id for amend in wish.amends))
        return Wanted(intents[0] if intents else None, leaving)

    return of
