"""The desk's settings: frozen numbers with their unit in the name, read from config.toml by `catui.config`.

Defaults here are the paper desk's. Money that people write (quote currency) is decimal text; see `money`.
"""

from msgspec import Struct, field

from catui.domain.instrument import Instrument
from catui.domain.units import parse_decimal


class FeatureSettings(Struct, frozen=True, forbid_unknown_fields=True):
    volatility_half_life_ticks: float = 100.0
    flow_half_life_s: float = 5.0
    warm_up_ticks: int = 50


class StrategySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One strategy: its name on the desk, its kind in the registry, its parameters by name."""

    name: str
    kind: str
    parameters: dict[str, float] = field(default_factory=dict)


class EnsembleSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`multiplicative` learns weights from realised, cost-adjusted returns; `fixed` keeps `weights`."""

    method: str = "multiplicative"
    weights: dict[str, float] = field(default_factory=dict)  # fixed weights, or where learning begins; else equal
    learning_rate: float = 20.0
    floor: float = 0.05  # the least weight of a running member
    cost_bps: float = 1.0  # charged to a member for each unit of signal it turns over


class PlanningSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """From target to orders. `join` rests at the near touch, `cross` takes the far one."""

    position_quote: str = "10000"  # worth of a full position of one instrument
    style: str = "join"
    min_change: float = 0.1  # of a full position: smaller differences wait
    order_ttl_ms: int = 2000  # a resting order older than this is cancelled and planned again
    collar_bps: int = 20  # how far past the far touch a crossing or flattening order may reach


class RiskSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits. Money in quote currency as decimal text; `checks` of the gate refer to these by name."""

    stale_ms: int = 2000  # P10
    price_collar_bps: int = 200  # P12
    max_order_notional_quote: str = "10000"  # P16: refused, never trimmed
    max_order_quote: str = "5000"  # P17: capped
    max_position_quote: str = "20000"  # P18: desk, per instrument
    max_strategy_position_quote: str = "20000"  # P18: strategy, per instrument
    max_gross_quote: str = "100000"  # P19
    max_open_orders: int = 50  # P25: desk
    max_open_orders_instrument: int = 20  # P25
    max_drawdown_bps: int = 1000  # P28: of start equity
    max_daily_loss_quote: str = "2500"  # P29: desk
    duplicate_window_ms: int = 500  # P31
    order_rate_per_s: int = 20  # P32
    order_burst: int = 40  # P32
    max_override_ttl_s: int = 14400  # P36
    max_override_factor: float = 2.0  # an override may at most multiply its limit by this


class ExecutionSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`paper` fills in process at the touch after `latency_ms`; `venue` sends to the venue and waits for its reports."""

    mode: str = "venue"
    latency_ms: int = 20
    maker_fee_bps: float = 2.0
    taker_fee_bps: float = 5.0
    recv_window_ms: int = 5000


class MonitoringSettings(Struct, frozen=True, forbid_unknown_fields=True):
    stale_ms: int = 3000
    outlier_mads: float = 8.0  # spread and volatility: distance from the median in median absolute deviations
    outlier_window: int = 240
    rejects_in_row: int = 5
    latency_ms: float = 50.0
    pnl_drop_quote: str = "500"
    pnl_drop_window_s: int = 60
    limit_used: float = 0.9


class Desk(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the pure pipeline is made from: equal desks and equal events give equal bytes.

    `run_id` is the 32-bit number of this run in client order ids. `instruments` come from the source.
    ValueError: no instrument, two of one key, different quote currencies, no strategy, two of one name.
    """

    run_id: int
    instruments: tuple[Instrument, ...]
    strategies: tuple[StrategySettings, ...]
    start_equity_quote: str = "100000"
    features: FeatureSettings = FeatureSettings()
    ensemble: EnsembleSettings = EnsembleSettings()
    planning: PlanningSettings = PlanningSettings()
    risk: RiskSettings = RiskSettings()
    execution: ExecutionSettings = ExecutionSettings()
    monitoring: MonitoringSettings = MonitoringSettings()

    def __post_init__(self) -> None:
        if not self.instruments:
            raise ValueError("a desk needs at least one instrument")
        if len({i.key for i in self.instruments}) < len(self.instruments):
            raise ValueError("two instruments of a desk have one key")
        if len({i.quote for i in self.instruments}) > 1:
            quotes = ", ".join(sorted({i.quote for i in self.instruments}))
            raise ValueError(f"the instruments of a desk must share one quote currency, got {quotes}")
        if not self.strategies or len({s.name for s in self.strategies}) < len(self.strategies):
            raise ValueError("a desk needs strategies, each with a name of its own")

    @property
    def quote(self) -> str:
        """The currency in which the desk counts its money."""
        return self.instruments[0].quote

    @property
    def money_digits(self) -> int:
        """All money of the desk is an int number of 10**-money_digits of `quote`: the finest tick x lot, at least 8."""
        return max(8, *(i.money_digits for i in self.instruments))

    @property
    def by_key(self) -> dict[str, Instrument]:
        """The instruments by their key."""
        return {i.key: i for i in self.instruments}

    @property
    def unit_money(self) -> dict[str, int]:
        """Money of one tick times one lot, by instrument key."""
        return {i.key: i.unit_money(self.money_digits) for i in self.instruments}

    @property
    def strategy_names(self) -> tuple[str, ...]:
        """The strategies in their order, which is the order of signals, weights and parts."""
        return tuple(s.name for s in self.strategies)

    def money(self, text: str) -> int:
        """Decimal text of quote currency as money, digits beyond the unit cut. ValueError: not a plain decimal."""
        parsed = parse_decimal(text)
        if parsed is None:
            raise ValueError(f"not a plain decimal amount of {self.quote}: {text!r}")
        digits, scale = parsed
        if scale <= self.money_digits:
            return digits * int(10 ** (self.money_digits - scale))
        return int(digits // 10 ** (scale - self.money_digits))
