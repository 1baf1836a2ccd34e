"""The monitoring stage: the last of the path; it closes the step into outputs, and reports for the next one."""

from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom, lift, named
from catui.domain.events import BookDelta, Quote, Trade
from catui.domain.moment import Moment
from catui.domain.orders import Submit
from catui.domain.reports import Booked, Outputs, Reports
from catui.domain.settings import Desk
from catui.monitoring import anomalies
from catui.monitoring.alerts import Muted, Register, acknowledged, forgotten, registered, silenced
from catui.monitoring.answers import answers
from catui.monitoring.candles import candles
from catui.monitoring.metrics import Metrics, remembered
from catui.monitoring.queues import queues
from catui.monitoring.scene import Detector, Findings, Scene
from catui.monitoring.tightening import demands

SAMPLE_NS = 250_000_000

Wire = tuple[tuple[Moment, Booked], Reports]


class Watch(Struct, frozen=True):
    """The detectors' states, the register of alerts, when the next sample is due, and what a person has muted."""

    samplers: Any
    watchers: Any
    register: Register
    due_ns: int = 0
    muted: Muted = {}


def monitoring(desk: Desk) -> Machine[Any, Wire, tuple[Outputs, Reports]]:
    """A booked step to `(outputs, reports)`.

    A quiet quote costs little: see `samplers` and `watchers` for who looks when.
    Law: alerts and histories decide nothing; only `tighten` acts, and it only tightens.
    """
    seen = named("metrics", _metrics()) >> named("candles", candles()) >> named("queues", queues(desk))
    return named("monitoring", seen >> named("alerts", _alerts(desk)))


def samplers(desk: Desk) -> tuple[tuple[str, Detector], ...]:
    """Detectors that compare samples of even distance: they look four times a second, and never in between."""
    return (
        ("stale_feed", anomalies.stale_feed(desk)),
        ("spread_outlier", anomalies.spread_outlier(desk)),
        ("volatility_outlier", anomalies.volatility_outlier(desk)),
        ("venue_latency", anomalies.venue_latency(desk)),
        ("pnl_drop", anomalies.pnl_drop(desk)),
    )


def watchers(desk: Desk) -> tuple[tuple[str, Detector], ...]:
    """Detectors of facts: they look at every step that is not mere market data, and with the samplers."""
    return (
        ("feed_gap", anomalies.feed_gap()),
        ("crossed_book", anomalies.crossed_book()),
        ("reject_burst", anomalies.reject_burst(desk)),
        ("limit_used", anomalies.limit_used(desk)),
        ("quarantined", anomalies.quarantined()),
        ("integrity", anomalies.integrity()),
        ("noted", anomalies.noted()),
        ("amended", anomalies.amended()),
        ("override_ends", anomalies.override_ends()),
    )


def together(named_detectors: tuple[tuple[str, Detector], ...]) -> Detector:
    """Detectors side by side on one scene; their findings in their order."""
    looking: Detector = lift(_nothing)
    for name, detector in named_detectors:
        looking = (looking & named(name, detector)).map(_joined)
    return looking


def _metrics() -> Machine[Metrics, Wire, Scene]:
    def step(metrics: Metrics, wire: Wire) -> tuple[Metrics, Scene]:
        (moment, booked), reports = wire
        scene = Scene(moment, booked, reports)
        return remembered(metrics, scene), scene

    return atom(Metrics(), step)


def _alerts(desk: Desk) -> Machine[Watch, Scene, tuple[Outputs, Reports]]:
    sampling, watching = together(samplers(desk)), together(watchers(desk))
    sample, look, demanded, answered = sampling.step, watching.step, demands(desk), answers(desk)

    def step(watch: Watch, scene: Scene) -> tuple[Watch, tuple[Outputs, Reports]]:
        moment, booked, reports = scene
        handled = booked.executed.handled
        now_ns = moment.now_ns
        is_due = now_ns >= watch.due_ns
        is_data = type(moment.event) in (Quote, Trade, BookDelta)
        is_eventful = handled.fills or handled.verdicts or handled.anomalies or not is_data
        if not (is_due or is_eventful or booked.positions.residual_money):
            outputs = Outputs(moment.control.seq, booked.executed.requests)
            return watch, (outputs, _reported(reports, booked, watch.register))
        samplers_state, watchers_state = watch.samplers, watch.watchers
        watchers_state, findings = look(watchers_state, scene)
        if is_due:
            samplers_state, sampled = sample(samplers_state, scene)
            findings += sampled
        register, cleared = acknowledged(forgotten(watch.register, now_ns), moment.command)
        register, told = registered(register, findings, now_ns)
        due_ns = now_ns + SAMPLE_NS if is_due else watch.due_ns
        outputs = Outputs(
            seq=moment.control.seq,
            requests=booked.executed.requests,
            orders=tuple(request.order for request in handled.requests if isinstance(request, Submit)),
            verdicts=handled.verdicts,
            fills=handled.fills,
            anomalies=handled.anomalies,
            alerts=cleared + told,
            results=answered(moment, handled.verdicts),
        )
        tighten = demanded(scene)
        muted = silenced(watch.muted, moment.command, now_ns)
        return Watch(samplers_state, watchers_state, register, due_ns, muted), (
            outputs,
            _reported(reports, booked, register, tighten),
        )

    return atom(Watch(sampling.init, watching.init, {}), step)


def _nothing(_: Scene) -> Findings:
    return ()


def _joined(pair: tuple[Findings, Findings]) -> Findings:
    return pair[0] + pair[1]


def _reported(reports: Reports, booked: Booked, register: Register, tighten: Any = None) -> Reports:
    """The reports of this step; the last ones themselves, where nothing is new."""
    executed = booked.executed
    handled = executed.handled
    if (
        handled.orders is reports.orders
        and booked.positions is reports.positions
        and handled.risk is reports.risk
        and executed.executions is reports.executions
        and register is reports.alerts
        and tighten == reports.tighten
    ):
        return reports
    return Reports(booked.positions, handled.orders, handled.risk, executed.executions, register, tighten)
