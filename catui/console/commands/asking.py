"""From a key to a command that is meant: the dialogs that an action's form and danger call for, one after another."""

from msgspec import Struct
from msgspec.structs import replace

from catui.console.keys.actions import Action, Context, build, strategy_at
from catui.console.panes.limits import amount, unit
from catui.console.screens.confirm import ConfirmScreen
from catui.console.screens.dialog import Dialog, Question
from catui.console.screens.override import OverrideScreen
from catui.console.screens.talk import Talk
from catui.console.screens.typed import TypedScreen
from catui.console.screens.weight import WeightScreen
from catui.console.words.spoken import at_work, limit_of, spoken, typed_words
from catui.domain import events
from catui.snapshot import LimitView, Snapshot

OVERRIDE_REASON = 8  # characters, at least
REASON = 3


class Meant(Struct, frozen=True):
    """A command that a person has confirmed, and why."""

    command: events.Action
    reason: str = ""


async def ask(talk: Talk, action: Action, context: Context) -> Meant | str:
    """The command with its reason, after every dialog that is due; else one line: why there is none."""
    form = form_of(action, context)
    if isinstance(form, str):
        return form
    command = await talk.ask(form) if form else build(action, context)
    if command is None:
        return "nothing sent" if form else nothing_for(action, context)
    question = question_of(action, context, command)
    match action.danger_in(context.snapshot):
        case 0 | 1:
            return Meant(command)
        case 2:
            is_yes = await talk.ask(ConfirmScreen(question, context.snapshot))
            return Meant(command) if is_yes else "nothing sent"
        case _:
            least = OVERRIDE_REASON if action.form == "override" else REASON
            screen = TypedScreen(question, typed_words(command, context.snapshot), least, context.snapshot)
            reason = await talk.ask(screen)
            return "nothing sent" if reason is None else Meant(command, reason)


def nothing_for(action: Action, context: Context) -> str:
    """What is said where there is nothing to do an action to, and what to do about it if the cursor is on no row."""
    is_pointing = context.pane in action.scope and context.row is None and context.price_ticks is None
    return f"nothing here for: {action.text}{'; up or down picks a row' if is_pointing else ''}"


def form_of(action: Action, context: Context) -> Dialog[events.Action] | str | None:
    """The dialog that makes the command, if there is one; a line if it cannot be made here."""
    match action.form:
        case "weight":
            strategy = strategy_at(context)
            return WeightScreen(strategy) if strategy else "no strategy here"
        case "override":
            limit = limit_at(context)
            if limit is None:
                return "no limit here"
            if not limit.may_override:
                return f"{limit.check} {limit.code} cannot be overridden"
            return OverrideScreen(limit, context.snapshot)
        case "ticket" | "reload":
            return "that has a screen of its own"
        case "":
            return None


def limit_at(context: Context) -> LimitView | None:
    """The limit under the cursor."""
    check, _, scope = (context.row or "").partition(" ")
    return limit_of(context.snapshot, check, scope)


def question_of(action: Action, context: Context, command: events.Action) -> Question:
    """What a dialog shows of a command, with the values of each new snapshot."""

    def lines(snapshot: Snapshot) -> tuple[str, ...]:
        return (f"{spoken(command, snapshot)}", *facts(command, snapshot))

    def stands(snapshot: Snapshot) -> bool:
        now = replace(context, snapshot=snapshot)
        match command:
            case events.SetWeight():
                return strategy_at(now) is not None
            case events.OverrideLimit():
                then = limit_of(context.snapshot, command.check, command.scope)
                limit = limit_of(snapshot, command.check, command.scope)
                return limit is not None and then is not None and limit.limit == then.limit
            case _:
                return build(action, now) == command

    return Question(action.text, lines, stands)


def facts(command: events.Action, snapshot: Snapshot) -> tuple[str, ...]:
    """What there is to know before saying yes."""
    match command:
        case events.ResumeStrategy(strategy=name):
            return tuple(
                f"{each.state} by {each.author or 'the desk'}{f': {each.reason}' if each.reason else ''}"
                for each in snapshot.strategies
                if each.name == name
            )
        case events.SetWeight(strategy=name, weight=weight):
            return tuple(
                f"{each.name} {'--' if each.weight is None else f'{each.weight:.2f}'}"
                + (f" -> {weight:.2f}" if each.name == name else "")
                for each in snapshot.strategies
                if each.state != "HAND"
            )
        case events.OverrideLimit():
            limit = limit_of(snapshot, command.check, command.scope)
            if limit is None:
                return ("the limit is gone",)
            now, then = (amount(value, limit, snapshot) for value in (limit.limit, limit.limit + command.extra))
            budget = amount(command.budget, limit, snapshot)
            return (f"{limit.code} {now} -> {then} {unit(limit, snapshot)}, budget {budget}",)
        case events.SetTradingState():
            reason = f": {snapshot.trading_reason}" if snapshot.trading_reason else ""
            return (f"now {snapshot.trading_state}{reason}", at_work(len(snapshot.orders)))
        case _:
            return ()
