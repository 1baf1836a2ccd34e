"""Detectors: each a small machine from the scene to findings, with its severity and its hysteresis."""

from math import log
from typing import Any

from catui.core.machine import atom, lift
from catui.domain.events import Command, Note, ReplaceOrder
from catui.domain.moment import Market, Standing, StrategyState
from catui.domain.orders import Refused
from catui.domain.reports import OrderTable
from catui.domain.settings import Desk
from catui.monitoring.robust import MIN_SAMPLES, Window, distance_in_mads, median, newest
from catui.monitoring.scene import Detector, Finding, Findings, Scene

Windows = dict[str, Window]
NOTHING = Window()

S = 1_000_000_000
ENDING_NS = 60 * S
LEAST_BPS = 0.1  # a deviation of less than a tenth of a basis point is no measure of anything


def feed_gap() -> Detector:
    """The feed lost something: on from the gap to the next whole book."""

    def look(scene: Scene) -> Findings:
        return tuple(
            Finding("feed_gap", key, "warning", "off" if _is_whole(market) else "on", market.why_invalid)
            for key, market in scene.moment.markets.items()
            if market.gaps
        )

    return lift(look)


def _is_whole(market: Market) -> bool:
    return not market.why_invalid.startswith(("gap", "feed"))


def stale_feed(desk: Desk) -> Detector:
    """Nothing told of an instrument for `stale_ms`: on; off at half of it."""
    limit_ms = desk.monitoring.stale_ms

    def look(scene: Scene) -> Findings:
        found = []
        for key, market in scene.moment.markets.items():
            if market.quote_ns is not None:
                age_ms = (scene.moment.now_ns - market.quote_ns) // 1_000_000
                level = "on" if age_ms > limit_ms else "hold" if age_ms > limit_ms // 2 else "off"
                text = f"nothing told for {age_ms / 1000:.1f} s, limit {limit_ms / 1000:.1f} s"
                found.append(Finding("stale_feed", key, "warning", level, text))  # type: ignore[arg-type]  # one of three
        return tuple(found)

    return lift(look)


def crossed_book() -> Detector:
    """A book, or where there is none a quote, whose best bid meets its best ask, or that has one side only.

    Behind a gap nothing is known of it: what was raised stays until the next whole book.
    """

    def look(scene: Scene) -> Findings:
        return tuple(
            Finding("crossed_book", key, "warning", "on" if _is_crossed(market) else "off", market.why_invalid)
            for key, market in scene.moment.markets.items()
            if market.quote_ns is not None and _is_whole(market)
        )

    return lift(look)


def _is_crossed(market: Market) -> bool:
    return market.why_invalid.startswith(("crossed", "one-sided", "empty"))


def spread_outlier(desk: Desk) -> Detector:
    """The spread in bps against its own last samples, by median and MAD: on above `outlier_mads`, off at half."""

    def read(market: Market) -> float | None:
        half = market.mid_half_ticks
        if not half or market.ask_ticks is None or market.bid_ticks is None:
            return None
        return (market.ask_ticks - market.bid_ticks) * 20_000 / half

    def look(windows: Windows, scene: Scene) -> tuple[Windows, Findings]:
        readings = {key: value for key, m in scene.moment.markets.items() if (value := read(m)) is not None}
        return _outliers("spread", "bps", desk, windows, readings)

    return atom({}, look)


def volatility_outlier(desk: Desk) -> Detector:
    """The absolute return between samples in bps against its own last samples, by median and MAD."""

    def look(state: tuple[Windows, dict[str, int]], scene: Scene) -> tuple[Any, Findings]:
        windows, before = state
        mids = {key: half for key, m in scene.moment.markets.items() if (half := m.mid_half_ticks)}
        readings = {key: abs(log(half / before[key])) * 10_000 for key, half in mids.items() if key in before}
        windows, found = _outliers("volatility", "bps in 0.25 s", desk, windows, readings)
        return (windows, {**before, **mids}), found

    return atom(({}, {}), look)


def _outliers(
    kind: str, unit: str, desk: Desk, windows: Windows, readings: dict[str, float]
) -> tuple[Windows, Findings]:
    limit, length = desk.monitoring.outlier_mads, _window_length(desk)
    found, after = [], dict(windows)
    for key, value in readings.items():
        window = windows.get(key, NOTHING)
        away = distance_in_mads(value, window.ordered, LEAST_BPS)
        if away is not None:
            level = "on" if away.mads > limit else "hold" if away.mads > limit / 2 else "off"
            text = f"{kind} {value:.2f} {unit}, {away.mads:.1f} deviations above its median {away.median:.2f}"
            found.append(Finding(f"{kind}_outlier", key, "info", level, text))  # type: ignore[arg-type]  # one of three
        after[key] = newest(window, value, length)
    return after, tuple(found)


def _window_length(desk: Desk) -> int:
    """Samples that are kept: as many as wanted, and never too few to judge by."""
    return max(desk.monitoring.outlier_window, MIN_SAMPLES)


def venue_latency(desk: Desk) -> Detector:
    """Venue to us, above its own median: on above `latency_ms` more than usual, off at half.

    The median takes out what the two clocks differ by, which may be more than a second.
    """
    limit_ms, length = desk.monitoring.latency_ms, _window_length(desk)

    def look(windows: Windows, scene: Scene) -> tuple[Windows, Findings]:
        event, key = scene.moment.event, scene.moment.changed
        told_ns = getattr(event, "ts_event_ns", None)
        if key is None or told_ns is None:
            return windows, ()
        delay_ms = (event.ts_receive_ns - told_ns) / 1e6
        window = windows.get(key, NOTHING)
        windows = {**windows, key: newest(window, delay_ms, length)}
        if len(window.ordered) < MIN_SAMPLES:
            return windows, ()
        above = delay_ms - median(window.ordered)
        level = "on" if above > limit_ms else "hold" if above > limit_ms / 2 else "off"
        text = f"venue to us {above:.0f} ms more than usual, limit {limit_ms:.0f} ms"
        return windows, (Finding("latency", key, "warning", level, text),)  # type: ignore[arg-type]  # one of three

    return atom({}, look)


def reject_burst(desk: Desk) -> Detector:
    """Rejections by the venue in a row; off when one order is accepted again."""
    limit = desk.monitoring.rejects_in_row

    def look(scene: Scene) -> Findings:
        row = scene.booked.executed.handled.orders.rejects_in_row
        text = f"{row} rejections in a row, limit {limit}"
        return (Finding("reject_burst", "desk", "critical", "on" if row >= limit else "hold" if row else "off", text),)

    return lift(look)


def pnl_drop(desk: Desk) -> Detector:
    """The result fell by `pnl_drop_quote` within `pnl_drop_window_s`: on; off at half."""
    limit, window_ns = desk.money(desk.monitoring.pnl_drop_quote), desk.monitoring.pnl_drop_window_s * 1_000_000_000

    def look(ring: tuple[tuple[int, int], ...], scene: Scene) -> tuple[tuple[tuple[int, int], ...], Findings]:
        now_ns, pnl = scene.moment.now_ns, scene.booked.positions.performance.pnl_money
        ring = tuple(point for point in ring if point[0] >= now_ns - window_ns)
        if not ring or now_ns - ring[-1][0] >= window_ns // 60:
            ring = (*ring, (now_ns, pnl))
        drop = max(money for _, money in ring) - pnl
        level = "on" if drop >= limit else "hold" if drop >= limit // 2 else "off"
        lost = f"{drop / 10**desk.money_digits:,.2f} {desk.quote}"
        text = f"lost {lost} within {desk.monitoring.pnl_drop_window_s} s"
        return ring, (Finding("pnl_drop", "desk", "critical", level, text),)  # type: ignore[arg-type]  # one of three

    return atom((), look)


def limit_used(desk: Desk) -> Detector:
    """A limit is nearly used: on at `limit_used` of it, off a tenth of the limit below that.

    Off at half of `limit_used` where that is nearer. Where nothing is allowed, anything uses all of it.
    """
    share = desk.monitoring.limit_used
    clear = max(share - 0.1, share / 2)

    def look(scene: Scene) -> Findings:
        found = []
        for usage in scene.booked.executed.handled.risk.usage:
            used = usage.used / usage.limit if usage.limit else float(usage.used > 0)
            level = "on" if used >= share else "hold" if used >= clear else "off"
            text = f"{usage.check} {usage.code} {used:.0%} used"
            scope = f"{usage.check} {usage.scope}"
            found.append(Finding("limit_used", scope, "warning", level, text))  # type: ignore[arg-type]  # one of three
        return tuple(found)

    return lift(look)


def quarantined() -> Detector:
    """A strategy failed and was stopped; off when a person lets it run again."""

    def look(scene: Scene) -> Findings:
        return tuple(
            Finding("quarantined", name, "critical", "on" if _is_out(standing) else "off", standing.reason)
            for name, standing in scene.moment.control.strategies.items()
        )

    return lift(look)


def _is_out(standing: Standing) -> bool:
    return standing.state is StrategyState.QUARANTINE


def noted() -> Detector:
    """The desk's own word on how it runs, which a person should see: on until it is acknowledged."""

    def look(scene: Scene) -> Findings:
        match scene.moment.command:
            case Command(id=id, action=Note(text=text, is_alert=True)):
                return (Finding("note", id, "info", "on", text),)
            case _:
                return ()

    return lift(look)


def amended() -> Detector:
    """An order was cancelled for the sake of another one that does not come: its cancel took too long, or the gate
    refused the other one in the end. On until it is acknowledged.

    What the gate refuses before anything is cancelled is the answer to its command.
    """

    def look(scene: Scene) -> Findings:
        command, handled = scene.moment.command, scene.booked.executed.handled
        lapsed = tuple(_lapsed(id, handled.orders) for id in handled.lapsed)
        if command is not None and isinstance(command.action, ReplaceOrder):
            return lapsed
        return lapsed + tuple(
            Finding("note", f"amend {scene.moment.control.seq} {verdict.intent.instrument}", "warning", "on", text)
            for verdict in handled.verdicts
            if isinstance(verdict, Refused) and verdict.intent.purpose == "amend"
            for text in (f"cancelled to be amended, and then refused: {'; '.join(r.text for r in verdict.reasons)}",)
        )

    return lift(look)


def _lapsed(id: str, table: OrderTable) -> Finding:
    fate = "it may still fill" if id in table.working else "it has ended"
    text = f"amend lapsed: the cancel was not confirmed in time; {fate}, and nothing comes after it"
    return Finding("note", f"amend {id}", "warning", "on", text)


def override_ends() -> Detector:
    """An override has less than a minute left; off once it is over."""

    def look(open_scopes: tuple[str, ...], scene: Scene) -> tuple[tuple[str, ...], Findings]:
        ending = {
            f"{each.check} {each.scope}": f"override of {each.check} by {each.author} ends within {ENDING_NS // S} s"
            for each in scene.booked.executed.handled.risk.overrides
            if each.until_ns - scene.moment.now_ns <= ENDING_NS
        }
        if not ending and not open_scopes:
            return open_scopes, ()
        over = tuple(Finding("override_ends", at, "warning", "off", "") for at in open_scopes if at not in ending)
        told = tuple(Finding("override_ends", at, "warning", "on", text) for at, text in ending.items())
        return tuple(ending), over + told

    return atom((), look)


def integrity() -> Detector:
    """What must never be: a ledger that does not add up, a report that no row of the order table allows."""

    def look(scene: Scene) -> Findings:
        residual = scene.booked.positions.residual_money
        text = f"the ledgers differ by {residual}"
        found = [Finding("ledger", "desk", "critical", "on" if residual else "off", text)]
        for anomaly in scene.booked.executed.handled.anomalies:
            severity = "critical" if anomaly.is_integrity else "warning"
            found.append(Finding("anomaly", anomaly.kind, severity, "on", anomaly.text))  # type: ignore[arg-type]
        return tuple(found)

    return lift(look)
