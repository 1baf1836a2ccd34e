"""What a step leaves behind: the outputs that go to the world, and the reports that come back one step late."""

from msgspec import Struct, field

from catui.domain.events import AlertSeverity, Report, TradingState
from catui.domain.moment import CommandResult
from catui.domain.orders import Fill, Intent, Order, Request, Verdict


class Account(Struct, frozen=True):
    """One owner's holding of one instrument. Money in units of the desk's money digits.

    `cost_money` is what the open `lots` cost by average cost (signed as the position), so that
    `realised_money - fees_money + lots * mark - cost_money == cash_money + lots * mark` at every mark, exactly, where
    `cash_money` is the sum of all fill legs and fees. `fifo` is the same position as open lots by age, with
    `fifo_realised_money` its realised result.
    """

    lots: int = 0
    cost_money: int = 0
    realised_money: int = 0
    fees_money: int = 0
    cash_money: int = 0
    fifo: tuple[tuple[int, int], ...] = ()  # (signed lots, price_ticks), oldest first
    fifo_realised_money: int = 0
    fills: int = 0
    volume_lots: int = 0


class Performance(Struct, frozen=True):
    """A running result: profit and loss in money since the start, its peak, and where the UTC day began."""

    pnl_money: int = 0
    peak_money: int = 0
    day: int = 0  # days since the epoch
    day_start_money: int = 0

    @property
    def drawdown_money(self) -> int:
        return self.peak_money - self.pnl_money

    @property
    def day_money(self) -> int:
        """Profit and loss since 00:00 UTC."""
        return self.pnl_money - self.day_start_money


class Positions(Struct, frozen=True):
    """The ledger: `accounts[instrument][strategy]`, and `desk[instrument]` kept from the fills alone.

    `residual_money` is the difference between the two ways to count: always 0, or the desk halts.
    Unrealised results and equity are at the last marks; `equity_money` is the start equity plus the desk's result.
    """

    accounts: dict[str, dict[str, Account]] = field(default_factory=dict)
    desk: dict[str, Account] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)  # price_ticks
    equity_money: int = 0
    realised_money: int = 0
    unrealised_money: int = 0
    fees_money: int = 0
    performance: Performance = Performance()
    by_strategy: dict[str, Performance] = field(default_factory=dict)
    residual_money: int = 0


class Anomaly(Struct, frozen=True):
    """A report that no row of the order table allows: journaled, counted, and nothing changed but new fills booked."""

    kind: str
    order_id: str
    text: str
    is_integrity: bool = False  # HALT: crossed wires, an id collision, or a wrong rejection list


class OrderTable(Struct, frozen=True):
    """Every order that is not ended, by id, and the last ended ones; `sequence` counts all ids ever made."""

    working: dict[str, Order] = field(default_factory=dict)
    ended: dict[str, Order] = field(default_factory=dict)  # the last 1,000
    sequence: int = 0
    rejects_in_row: int = 0


class Override(Struct, frozen=True):
    """A limit that a person widened for a while."""

    id: str
    check: str
    scope: str
    extra: int
    until_ns: int
    budget_left: int
    author: str
    reason: str


class Usage(Struct, frozen=True):
    """How much of a limit is used."""

    check: str
    code: str
    scope: str
    used: int
    limit: int  # with overrides in force
    unit: str


class RiskState(Struct, frozen=True):
    """What the gate remembers and shows."""

    overrides: tuple[Override, ...] = ()
    usage: tuple[Usage, ...] = ()
    refusals: dict[str, int] = field(default_factory=dict)  # by check id


class Alert(Struct, frozen=True):
    """Something a person should know: raised once, with hysteresis, until it clears."""

    id: str  # kind and scope: "stale_feed binance:BTCUSDT"
    kind: str
    scope: str
    severity: AlertSeverity
    text: str
    since_ns: int
    count: int = 1
    is_acknowledged: bool = False
    cleared_ns: int | None = None


class Reports(Struct, frozen=True):
    """What the last step caused, beside the data of this one: the only way back."""

    positions: Positions = Positions()
    orders: OrderTable = OrderTable()
    risk: RiskState = RiskState()
    executions: tuple[Report, ...] = ()  # of the paper venue, to be met by the order table now
    alerts: dict[str, Alert] = field(default_factory=dict)
    tighten: tuple[TradingState, str] | None = None  # a monitor's demand on the trading state


class Amend(Struct, frozen=True):
    """An order that shall end, and what shall go out in its place once it has."""

    order_id: str
    intent: Intent


class Plan(Struct, frozen=True):
    """What planning wants done: new orders, orders to cancel by id, and orders to cancel for the sake of others.

    `lapsed` are orders whose cancel took too long for anything to come after them.
    """

    intents: tuple[Intent, ...] = ()
    cancels: tuple[str, ...] = ()
    amends: tuple[Amend, ...] = ()
    lapsed: tuple[str, ...] = ()


class Judged(Struct, frozen=True):
    """The plan after risk: a verdict for every intent; cancels pass untouched.

    An amend that the gate would let through is a cancel more; of another one the refusal stands among the verdicts.
    """

    verdicts: tuple[Verdict, ...]
    cancels: tuple[str, ...]
    risk: RiskState
    lapsed: tuple[str, ...] = ()


class Handled(Struct, frozen=True):
    """The order stage's work: requests to send, fills to book, the table after it."""

    verdicts: tuple[Verdict, ...]
    requests: tuple[Request, ...]
    fills: tuple[Fill, ...]
    anomalies: tuple[Anomaly, ...]
    orders: OrderTable
    risk: RiskState
    lapsed: tuple[str, ...] = ()


class Executed(Struct, frozen=True):
    """After execution: what still has to leave for a venue, and what the paper venue will report at the next step."""

    handled: Handled
    requests: tuple[Request, ...]
    executions: tuple[Report, ...]


class Booked(Struct, frozen=True):
    """After positions: the ledger with this step's fills in it."""

    executed: Executed
    positions: Positions


class Outputs(Struct, frozen=True):
    """What a step tells the world. Every part carries what caused it."""

    seq: int
    requests: tuple[Request, ...] = ()  # for a venue: the paper venue's never leave the pipeline
    orders: tuple[Order, ...] = ()  # approved in this step: to be durable before anything else happens
    verdicts: tuple[Verdict, ...] = ()
    fills: tuple[Fill, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    alerts: tuple[Alert, ...] = ()  # raised or cleared in this step
    results: tuple[CommandResult, ...] = ()
