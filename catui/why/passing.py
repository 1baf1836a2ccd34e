"""What passes a wire of the desk and what a place keeps, in a few words, by type."""

from typing import Any

from catui.domain.moment import Controlled, Moment
from catui.domain.orders import Fill, Intent, Request, Submit, Verdict
from catui.domain.reports import Booked, Executed, Handled, Judged, Outputs, Plan, Reports
from catui.domain.signals import Features, Observation, Roster, Signals, Target
from catui.ensemble import History, Moments, correlations
from catui.monitoring import Metrics, Queues, Series
from catui.why.wording import SECOND, Wording, ratio, time_text


def passed(told: object, key: str, say: Wording) -> str | None:
    """What a step put on a wire: words where it is of the instrument `key` or of the whole desk, else empty.

    None: nothing, as no value, an empty tuple, a plan without a wish are nothing.
    """
    match told:
        case None | ():
            return None
        case ((Moment(), data), Reports()):
            return passed(data, key, say)
        case (Outputs() as outputs, Reports()):
            return passed(outputs, key, say)
        case Controlled(event=event):
            return type(event).__name__.lower()
        case Outputs():
            parts = (told.orders, told.verdicts, told.fills, told.alerts, told.results, told.requests, told.anomalies)
            return "" if any(parts) else None
        case Plan() | Judged() | Handled() | Executed() | Booked():
            return _of_orders(told, say)
        case ((str(), _), *_):
            return _of_instrument(told, key)
        case float():
            return ratio(told)
        case _:
            return ""


def kept(state: object, key: str, say: Wording) -> str:
    """What a place keeps of the instrument `key`, or of the whole desk; empty where there are no words for it."""
    match state:
        case dict():
            return kept(state.get(key), key, say)
        case Target():
            return f"target {ratio(state.exposure, 3)}"
        case History(turns=(*_, (time_s, sign))):
            return f"{'long' if sign > 0 else 'short'} since {time_text(int(time_s * SECOND))[:8]}"
        case History():
            return "no turn yet"
        case Moments():
            pairs = [each for row in correlations(state) for each in row if each is not None]
            return f"rho {ratio(max(pairs, key=abs))}" if pairs else f"{state.samples} samples"
        case Series(mid=None):
            return "no mid"
        case Series(mid=int() as mid):
            return f"mid {say.half_price(key, mid)}"
        case Queues() if not state.places:
            return "no order rests"
        case Queues():
            known = sum(place.ahead_lots is not None for place in state.places.values())
            return f"{known} of {len(state.places)} known"
        case Metrics():
            return f"{state.orders:,} orders"
        case _:
            return ""


def _of_instrument(told: Any, key: str) -> str | None:
    """The newest of one instrument among what was told of several; None where nothing was said of any."""
    words = [(which, _item(item)) for which, item in told]
    if all(text is None for _, text in words):
        return None
    return next((text for which, text in reversed(words) if which == key and text is not None), "")


def _item(item: object) -> str | None:
    match item:
        case (None, Roster()) | None:
            return None
        case (Observation(), Roster(runs=runs)):
            return f"{sum(runs)} of {len(runs)} run"
        case (Features() as x, Roster()):
            deviation = "--" if x.volatility is None else f"{x.volatility * 1e4:.2f}"
            return f"vol {deviation} bps book {ratio(x.imbalance)}"
        case (Signals(values=values), Roster()):
            return " ".join(map(ratio, values))
        case Observation():
            return "quote" if item.is_quote else f"trade {item.trade_size:+g}"
        case Target():
            return f"target {ratio(item.exposure, 3)}"
        case _:
            return ""


def _of_orders(told: Plan | Judged | Handled | Executed | Booked, say: Wording) -> str | None:
    """What is wanted, judged, sent, reported or booked; None where there is none of it."""
    match told:
        case Plan(intents=intents, cancels=cancels, amends=amends):
            wanted = [_intent(each, say) for each in (*intents, *[amend.intent for amend in amends])]
            return _first([*wanted, *_cancels(len(cancels))])
        case Judged(verdicts=verdicts, cancels=cancels):
            return _first([*[_verdict(each) for each in verdicts], *_cancels(len(cancels))])
        case Handled(requests=requests, fills=fills):
            return _first([*[_request(each, say) for each in requests], *[_fill(each, say) for each in fills]])
        case Executed(requests=requests, executions=executions):
            causes = [report.cause.value.lower() for report in executions]
            return _first([*causes, *[_request(each, say) for each in requests]])
        case Booked(executed=executed):
            return _first([_fill(each, say) for each in executed.handled.fills])


def _first(words: list[str]) -> str | None:
    """The first of them and how many more; None where there is none."""
    if not words:
        return None
    return words[0] if len(words) == 1 else f"{words[0]} +{len(words) - 1}"


def _cancels(count: int) -> list[str]:
    return ["cancel"] * count


def _intent(intent: Intent, say: Wording) -> str:
    return f"{intent.side.value} {say.quantity(intent.instrument, intent.lots)}"


def _fill(fill: Fill, say: Wording) -> str:
    return f"fill {fill.side.value} {say.quantity(fill.instrument, fill.execution.lots)}"


def _verdict(verdict: Verdict) -> str:
    codes = dict.fromkeys(reason.check for reason in verdict.reasons)
    return f"{type(verdict).__name__.lower()} {' '.join(codes)}".strip()


def _request(request: Request, say: Wording) -> str:
    word = type(request).__name__.lower()
    return f"{word} {_intent(request.order.intent, say)}" if isinstance(request, Submit) else word
