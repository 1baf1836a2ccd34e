"""A small desk that trades a lot, arbitrary days of it, and a watch that looks at every step."""

from typing import Any

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from catui.core.fuse import plain
from catui.core.machine import Machine
from catui.core.places import state_at
from catui.domain import events as ev
from catui.domain.events import Command, Event, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control
from catui.domain.orders import TICKETS, Cause, Execution, Side
from catui.domain.reports import Outputs, Reports
from catui.domain.settings import (
    Desk,
    ExecutionSettings,
    FeatureSettings,
    PlanningSettings,
    RiskSettings,
    StrategySettings,
)
from catui.pipeline import pipeline
from catui.runtime import statecodec

ONE = Instrument("paper", "ONEUSDT", "ONE", "USDT", "0.01", "0.001")
TWO = Instrument("paper", "TWOUSDT", "TWO", "USDT", "0.05", "0.1")
KEYS = (ONE.key, TWO.key)
MS = 1_000_000
START_MID = {ONE.key: 10_000, TWO.key: 400}  # 100.00 and 20.00

DESK = Desk(
    7,
    (ONE, TWO),
    (
        StrategySettings("always", "hold"),
        StrategySettings("back", "mean_reversion", {"half_life_ticks": 2.0, "full_z": 0.5}),
    ),
    start_equity_quote="10000",
    features=FeatureSettings(volatility_half_life_ticks=3.0, flow_half_life_s=1.0, warm_up_ticks=2),
    planning=PlanningSettings(position_quote="1000", style="cross", min_change=0.05, order_ttl_ms=300),
    risk=RiskSettings(duplicate_window_ms=0, max_daily_loss_quote="60", order_burst=200, order_rate_per_s=200),
    execution=ExecutionSettings(mode="paper", latency_ms=1, maker_fee_bps=-1.0, taker_fee_bps=5.0),
)

ACTIONS = st.one_of(
    st.sampled_from(TradingState).map(ev.SetTradingState),
    st.sampled_from(("always", "back", "nobody")).flatmap(
        lambda name: st.sampled_from(
            (ev.PauseStrategy(name), ev.ResumeStrategy(name), ev.DrainStrategy(name), ev.SetWeight(name, 0.7))
        )
    ),
    st.sampled_from((ev.PauseAll(), ev.ResumeAll(), ev.Kill(), ev.CancelAll(), ev.Flatten(), ev.AckAlert())),
    st.sampled_from((ev.Flatten(KEYS[0]), ev.CancelAll(KEYS[1]), ev.Note("hello"), ev.Quarantine("back", "test"))),
    st.tuples(st.sampled_from(KEYS), st.sampled_from(Side), st.integers(0, 30_000), st.integers(0, 12_000)).map(
        lambda of: ev.SubmitOrder(*of)
    ),
    st.sampled_from((("P18", 10**11), ("P28", 500), ("P29", 10**9), ("P28", 10**9), ("P99", 1))).map(
        lambda of: ev.OverrideLimit(of[0], "desk", of[1], 60, 10**12)
    ),
    st.sampled_from(("1", "100", "5000", "9000")).map(
        lambda most: ev.ReloadConfig(most, replace(DESK.settings, risk=replace(DESK.risk, max_order_quote=most)))
    ),
    st.sampled_from(("feed_gap", "quarantined")).map(ev.MuteAlert),
    st.just(ev.EndOverride("")),  # of the override in force, if there is one
    st.just(ev.CancelOrder("")),  # of an order that works, if there is one
    st.tuples(st.integers(0, 30_000), st.integers(0, 12_000)).map(lambda of: ev.ReplaceOrder("", *of)),
)


class Happening(Struct, frozen=True):
    """What happens next; prices are steps from the last mid, so that a day is a walk."""

    kind: str
    key: str = KEYS[0]
    step: int = 0
    half: int = 1
    lots: int = 1
    wait_ms: int = 1
    side: Side = Side.BUY
    action: ev.Action = ev.PauseAll()
    cause: Cause = Cause.ACCEPTED
    pick: int = 0


def happenings(kinds: tuple[str, ...]) -> st.SearchStrategy[Happening]:
    return st.builds(
        Happening,
        kind=st.sampled_from(kinds),
        key=st.sampled_from(KEYS),
        step=st.integers(-30, 30),
        half=st.integers(-1, 5),
        lots=st.integers(0, 50_000),
        wait_ms=st.sampled_from((0, 1, 1, 2, 50, 300, 1_000, 90_000_000)),
        side=st.sampled_from(Side),
        action=ACTIONS,
        cause=st.sampled_from(Cause),
        pick=st.integers(0, 5),
    )


MARKET = ("quote", "quote", "quote", "quote", "trade", "tick")
ODD = ("snapshot", "delta", "gap", "feed", "command", "command", "report")
days = st.lists(happenings(MARKET) | happenings(MARKET + ODD), max_size=60)


MACHINES: dict[str, Machine[Any, Event, Outputs]] = {}


def machine_of(desk: Desk) -> Machine[Any, Event, Outputs]:
    """The pipeline of a desk, which is a value: written as one text once, however many days are stepped through it."""
    if repr(desk) not in MACHINES:
        MACHINES[repr(desk)] = pipeline(desk)
    return MACHINES[repr(desk)]


class Watch:
    """The pipeline with its state; after every event it looks at what must always hold."""

    def __init__(self, desk: Desk = DESK, machine: Machine[Any, Event, Outputs] | None = None) -> None:
        self.desk = desk
        self.machine = machine or machine_of(desk)
        self.state: Any = self.machine.init
        self.now_ns = 1_700_000_000_000_000_000
        self.mids = dict(START_MID)
        self.book_id = 0
        self.events: list[Event] = []
        self.outputs: list[Outputs] = []
        self.approved: set[str] = set()
        self.fills = 0

    def happen(self, of: Happening) -> Outputs:
        return self.step(self.event(of))

    def event(self, of: Happening) -> Event:
        self.now_ns += of.wait_ms * MS
        now = self.now_ns
        self.mids[of.key] = mid = max(20, self.mids[of.key] + of.step)
        bid, ask = mid - of.half, mid + of.half
        match of.kind:
            case "quote":
                return ev.Quote(of.key, now, None, bid, of.lots, ask, of.lots + 1)
            case "trade":
                return ev.Trade(of.key, now, None, len(self.events), mid, of.lots, of.side)
            case "snapshot" | "delta":
                self.book_id += 1
                make = ev.BookSnapshot if of.kind == "snapshot" else ev.BookDelta
                return make(of.key, now, None, self.book_id, ((bid, of.lots),), ((ask, of.lots),))
            case "gap":
                return ev.Gap(of.key, now, "test", 1, 3)
            case "feed":
                return ev.FeedStatus("paper market", now, ev.FeedState.DOWN)
            case "command":
                return Command(f"c-{len(self.events)}", "operator", now, self.aimed(of), "because of a test")
            case "report":
                return self.report(of, now)
            case _:
                return ev.Tick(now)

    def aimed(self, of: Happening) -> ev.Action:
        """The action; where it names something of the desk, something that is there at this moment."""
        match of.action:
            case ev.CancelOrder():
                return ev.CancelOrder(self.some_order(of.pick))
            case ev.ReplaceOrder():
                tickets = [o.id for o in self.reports().orders.working.values() if o.intent.purpose in TICKETS]
                return replace(of.action, order_id=tickets[of.pick % len(tickets)] if tickets else "never-was")
            case ev.EndOverride():
                return ev.EndOverride(next((o.id for o in self.reports().risk.overrides), "never-was"))
            case action:
                return action

    def some_order(self, pick: int) -> str:
        working = list(self.reports().orders.working)
        return working[pick % len(working)] if working and pick else "never-was"

    def report(self, of: Happening, now: int) -> Event:
        """A report that nobody expects: of an order that is at work, or of one that never was."""
        told = None
        if of.cause is Cause.FILL:
            told = Execution(f"f-{of.pick}", max(1, self.mids[of.key]), max(1, of.lots), 7, 8, "USDT", True)
        return ev.Report(
            self.some_order(of.pick), now, None, of.cause, "paper", cum_lots=of.lots, execution=told, text="odd"
        )

    def step(self, event: Event) -> Outputs:
        self.events.append(event)
        self.state, outputs = self.machine.step(self.state, event)
        self.outputs.append(outputs)
        self.look(outputs)
        return outputs

    def reports(self) -> Reports:
        reports = self.state[1]
        assert isinstance(reports, Reports)
        return reports

    def control(self) -> Control:
        control = state_at(self.machine, self.state, "desk/control")
        assert isinstance(control, Control)
        return control

    def state_digest(self) -> str:
        return statecodec.digest(plain(self.machine, self.state))

    def look(self, outputs: Outputs) -> None:
        """Every law of a single step."""
        assert outputs.seq == len(self.events)
        positions, orders = self.reports().positions, self.reports().orders
        start = self.desk.money(self.desk.start_equity_quote)
        result = positions.realised_money - positions.fees_money + positions.unrealised_money
        assert positions.residual_money == 0
        assert positions.equity_money == start + result
        assert positions.performance.pnl_money == result
        assert sum(strategy.pnl_money for strategy in positions.by_strategy.values()) == result
        for key, desk in positions.desk.items():
            owned = positions.accounts[key].values()
            assert sum(account.lots for account in owned) == desk.lots
            assert sum(account.cash_money for account in owned) == desk.cash_money
            assert sum(account.realised_money - account.cost_money for account in owned) == (
                desk.realised_money - desk.cost_money
            )
            assert sum(account.fees_money for account in owned) == desk.fees_money
            assert desk.realised_money - desk.fees_money - desk.cost_money == desk.cash_money
            assert sum(lots for lots, _ in desk.fifo) == desk.lots
        if self.control().trading_state is TradingState.HALTED:
            assert outputs.orders == ()
        for order in outputs.orders:
            assert order.id not in self.approved
            self.approved.add(order.id)
        for fill in outputs.fills:
            self.fills += 1
            assert fill.order_id in self.approved
            assert sum(leg.lots for leg in fill.legs) == fill.side.sign * fill.execution.lots
        assert set(orders.working) | set(orders.ended) <= self.approved
        assert not set(orders.working) & set(orders.ended)
