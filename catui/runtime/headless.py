"""The desk without a screen: progress on stderr, JSON lines on stdout, the summary last."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import msgspec

from catui.domain.instrument import money_text
from catui.errors import CatuiError
from catui.runtime.collector import settle
from catui.runtime.desk import new_session, resume_session
from catui.runtime.ending import broken, sealed
from catui.runtime.engines import engines
from catui.runtime.listen import attended
from catui.runtime.logbook import libraries_heard
from catui.runtime.manifest import Seal
from catui.runtime.overtime import watched_steps
from catui.runtime.session import NOTE, Session
from catui.runtime.source import WARNING
from catui.runtime.startorder import Start
from catui.runtime.websocket import url_of
from catui.runtime.wire import Ended
from catui.text import printable

PROGRESS_S = 1.0


def headless(
    start: Start,
    duration_s: float | None,
    resume: Path | None = None,
    *,
    as_json: bool = False,
    web: socket.socket | None = None,
) -> int:
    """Run the desk to its end; the exit code: 0 done, 3 ended HALTED, else the error's.

    On `web`, a bound socket, consoles of other machines are let in by token.
    """
    if start.source.startswith("binance"):
        sys.stderr.write(f"{WARNING}\n")
    with watched_steps():
        return asyncio.run(_headless(start, duration_s, resume, web, as_json=as_json))


async def _headless(
    start: Start, duration_s: float | None, resume: Path | None, web: socket.socket | None, *, as_json: bool
) -> int:
    session = await (new_session(start) if resume is None else resume_session(resume, start.config, start.speed))
    for note in session.engine.notes:
        sys.stderr.write(f"{printable(note, NOTE)}\n")
    settle()
    _obey_signals(session)
    async with attended(session, _warn, web=web) as door:
        if web is not None:
            _say_where(url_of(web), as_json=as_json)
        watching = asyncio.create_task(_watch(session, as_json=as_json))
        ended = Ended(1, "the run failed")
        try:
            with libraries_heard(session.say):
                seal = await session.run(duration_s)
            ended = sealed(session, seal)
        except Exception as error:
            ended = broken(error)
            raise
        finally:
            watching.cancel()
            await door.close(ended)
            await asyncio.gather(watching, return_exceptions=True)
            session.engine.journal.close()
    summary = summarise(session, seal)
    if as_json:
        print(msgspec.json.encode(summary).decode(), flush=True)
    else:
        _tell(summary, session)
    if session.tally.fault:
        raise CatuiError(session.tally.fault) if session.fault_code == 1 else _coded(session)
    return ended.exit_code


def _say_where(url: str, *, as_json: bool) -> None:
    """Where a console of another machine finds this engine, and in which files the tokens are that let it in."""
    found = next((card for card in engines() if card.pid == os.getpid()), None)
    if found is None:
        return
    files = {role: str(found.file(role)) for role in ("control", "watch")}
    if as_json:
        print(msgspec.json.encode({"listening": url, **files}).decode(), flush=True)
    else:
        print(f"listening {url}", *(f"{role:<10}{file}" for role, file in files.items()), sep="\n", flush=True)


def _warn(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _coded(session: Session) -> CatuiError:
    error = CatuiError(session.tally.fault)
    error.exit_code = session.fault_code
    return error


def _obey_signals(session: Session) -> None:
    """The first signal ends cleanly; a second one at once, unsealed."""

    def stop(number: signal.Signals) -> None:
        if session.is_stopping:
            os._exit(128 + number)
        session.stop(number.name)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop, number)


async def _watch(session: Session, *, as_json: bool) -> None:
    """A line a second: on a terminal one that renews itself, with `--json` one that a machine reads."""
    if not as_json and not sys.stderr.isatty():
        return
    status = None
    if not as_json:
        from rich.console import Console

        status = Console(stderr=True, highlight=False).status("starting", spinner="line")
        status.start()
    try:
        while True:
            await asyncio.sleep(PROGRESS_S)
            now = progress(session)
            if status is None:
                print(msgspec.json.encode(now).decode(), flush=True)
            else:
                text = "  ".join(f"{name} {value}" for name, value in now.items() if name != "progress")
                status.update(text)
    finally:
        if status is not None:
            status.stop()


def progress(session: Session) -> dict[str, Any]:
    """The run so far, in a few numbers."""
    desk, positions, tally = session.engine.desk, session.engine.reports().positions, session.tally
    return {
        "progress": True,
        "events": tally.events,
        "orders": tally.orders,
        "fills": tally.fills,
        "refusals": tally.refusals,
        "equity": money_text(positions.equity_money, desk.money_digits),
        "state": session.engine.control().trading_state.value,
    }


def summarise(session: Session, seal: Seal) -> dict[str, Any]:
    """The run in numbers. Money is text in quote currency; `realised` is before fees."""
    engine, tally = session.engine, session.tally
    desk, positions = engine.desk, engine.reports().positions
    duration_s = tally.duration_s
    latency = {"p50": tally.latency.quantile_us(0.5), "p99": tally.latency.quantile_us(0.99)}
    return {
        "summary": True,
        "source": tally.source,
        "run": str(engine.journal.directory),
        "events": engine.journal.seq,
        "orders": tally.orders,
        "fills": tally.fills,
        "refusals": tally.refusals,
        "alerts": tally.alerts,
        "anomalies": tally.anomalies,
        "equity": money_text(positions.equity_money, desk.money_digits, desk.money_digits),
        "realised": money_text(positions.realised_money, desk.money_digits, desk.money_digits),
        "unrealised": money_text(positions.unrealised_money, desk.money_digits, desk.money_digits),
        "fees": money_text(positions.fees_money, desk.money_digits, desk.money_digits),
        "quote": desk.quote,
        "frames": session.frames(),
        "duration_s": round(duration_s, 3),
        "events_per_s": round(tally.events / duration_s, 1) if duration_s else None,
        "latency_us": {name: None if value is None else round(value, 1) for name, value in latency.items()},
        "state": engine.control().trading_state.value,
        "ended": seal.reason,
        "state_digest": seal.state_digest,
        "journal_digest": seal.journal_digest,
    }


def _tell(summary: dict[str, Any], session: Session) -> None:
    quote = summary["quote"]
    desk, positions = session.engine.desk, session.engine.reports().positions
    result = positions.equity_money - desk.money(desk.start_equity_quote)
    latency = summary["latency_us"]
    print(f"run       {summary['run']}")
    print(f"events    {summary['events']} in {summary['duration_s']} s ({summary['events_per_s']}/s)")
    print(f"orders    {summary['orders']}  fills {summary['fills']}  refusals {summary['refusals']}")
    fees = money_text(positions.fees_money, desk.money_digits)
    print(f"result    {money_text(result, desk.money_digits)} {quote}, fees {fees}")
    print(f"latency   p50 {latency['p50']} us, p99 {latency['p99']} us, receive to decision")
    print(f"ended     {summary['ended']}, {summary['state']}, {summary['alerts']} alerts")
    print(f"state     {summary['state_digest']}")
