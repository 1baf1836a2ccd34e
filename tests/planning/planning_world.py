"""A desk of two strategies on one instrument at 60,000.00, and hand-made steps, for the tests of planning."""

from typing import Any

from catui.core.machine import Machine
from catui.domain.events import Action, Command, Event, Quote, Tick, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Market, Moment, Standing, StrategyState
from catui.domain.orders import Intent, Leg, Order, Side, Status
from catui.domain.reports import Account, OrderTable, Plan, Positions, Reports
from catui.domain.settings import Desk, PlanningSettings, StrategySettings
from catui.domain.signals import Features, Target
from catui.planning import planning

KEY = "paper:BTCUSDT"
BTC = Instrument("paper", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001", min_notional="5")
MS = 1_000_000
S = 1_000_000_000
BID, ASK = 6_000_000, 6_000_002  # mark 6,000,001 ticks, so that a full position of 10,000 is 16,666 lots
FULL = 16_666
FEATURES = Features(0.0, 60_000.0, 60_000.0, 0.0, 0.0, None, 0.0, 0.0, None, None)


def desk(**changes: Any) -> Desk:
    strategies = (StrategySettings("up", "momentum"), StrategySettings("down", "mean_reversion"))
    return Desk(7, (BTC,), strategies, planning=PlanningSettings(**{"min_change": 0.1, **changes}))


def target(up: float, down: float = 0.0) -> tuple[tuple[str, Target], ...]:
    return ((KEY, Target(FEATURES, (up, down), (0.5, 0.5), (up, down), up + down)),)


def working(side: Side = Side.BUY, order_id: str = "o-1", **wanted: Any) -> Order:
    """A live order for 100 lots of the ensemble, of the time 0; `wanted` replaces parts of its intent."""
    parts: dict[str, Any] = {"legs": (Leg("up", side.sign * 100),), "owner": "ensemble", "purpose": "target"}
    intent = Intent(KEY, side, 100, BID, cause_seq=0, **(parts | wanted))
    return Order(order_id, intent, 100, Status.LIVE, created_ns=0, updated_ns=0, valid_until_ns=0, seq=0)


def held(up: int = 0, down: int = 0, manual: int = 0) -> Positions:
    accounts = {"up": Account(up), "down": Account(down), "manual": Account(manual)}
    return Positions(accounts={KEY: accounts}, desk={KEY: Account(up + down + manual)})


class Session:
    """The planning stage with its state; every step says the whole of what the stage reads."""

    def __init__(self, of: Desk | None = None) -> None:
        self.machine: Machine[Any, Any, Any] = planning(of or desk())
        self.state: Any = self.machine.init
        self.trading = TradingState.ACTIVE
        self.strategies = {"up": Standing(), "down": Standing()}
        self.market = Market(KEY, bid_ticks=BID, bid_lots=10, ask_ticks=ASK, ask_lots=10, is_valid=True)
        self.sequence = 0

    def stand(self, strategy: str, state: StrategyState) -> None:
        self.strategies = {**self.strategies, strategy: Standing(state)}

    def step(
        self,
        wanted: tuple[tuple[str, Target], ...] = (),
        at_ns: int = 0,
        positions: Positions | None = None,
        orders: tuple[Order, ...] = (),
        action: Action | None = None,
        gone: tuple[Order, ...] = (),
    ) -> Plan:
        command = None if action is None else Command("c", "operator", at_ns, action)
        quote = Quote(KEY, at_ns, None, BID, 10, ASK, 10)
        event: Event = command or (quote if wanted else Tick(at_ns))
        control = Control(self.trading, "", self.strategies, seq=41)
        moment = Moment(event, at_ns, control, command, (), {KEY: self.market}, KEY if wanted else None)
        table = OrderTable({o.id: o for o in orders}, {o.id: o for o in gone}, sequence=self.sequence)
        reports = Reports(positions=positions or Positions(), orders=table)
        self.state, ((_, plan), _) = self.machine.step(self.state, ((moment, wanted), reports))
        assert isinstance(plan, Plan)
        return plan
