"""The desk's settings: frozen numbers with their unit in the name, read from config.toml by `catui.config`.

Defaults here are the paper desk's. Money that people write (quote currency) is decimal text; see `money`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from catui.domain.ensembles import EnsembleSettings, GroupSettings, RegimeSettings, group_faults, regime_faults
from catui.domain.instrument import Instrument
from catui.domain.units import parse_decimal

Amount = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$")]  # quote currency, decimal text
Millis = Annotated[int, Meta(ge=0, le=3_600_000)]
Bps = Annotated[float, Meta(ge=0, le=10_000)]
T = TypeVar("T")


class FeatureSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How fast features forget, and when they may first be believed."""

    volatility_half_life_ticks: Annotated[float, Meta(gt=0, le=1e6, description="of the return's EWMA variance")] = (
        100.0
    )
    flow_half_life_s: Annotated[float, Meta(gt=0, le=86_400, description="of the trade flow")] = 5.0
    warm_up_ticks: Annotated[int, Meta(ge=2, le=1_000_000, description="quotes before anything trades")] = 50


class StrategySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One strategy: its name on the desk, its kind in the registry, its parameters by name."""

    name: str
    kind: str
    parameters: dict[str, float] = field(default_factory=dict)


class PlanningSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """From target to orders. `join` rests at the near touch, `cross` takes the far one."""

    position_quote: Annotated[Amount, Meta(description="worth of a full position of one instrument")] = "10000"
    style: Annotated[Literal["join", "cross"], Meta(description="where an order is priced")] = "join"
    min_change: Annotated[float, Meta(gt=0, le=1, description="of a full position: smaller differences wait")] = 0.35
    order_ttl_ms: Annotated[int, Meta(ge=1, le=3_600_000, description="age at which an order is replanned")] = 2000
    collar_bps: Annotated[int, Meta(ge=0, le=1000, description="past the far touch, for crossing orders")] = 20


class RiskSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits. Money in quote currency as decimal text.

    These alone can be taken over by a desk that runs (`ctrl+o` in the console): tighter ones always, looser ones up to
    `max_override_factor` times what the run was started with. All else needs a restart.
    """

    stale_ms: Annotated[int, Meta(ge=1, le=3_600_000, description="P10: oldest book that may open a position")] = 2000
    price_collar_bps: Annotated[int, Meta(ge=1, le=10_000, description="P12: from the reference price")] = 200
    max_order_notional_quote: Annotated[Amount, Meta(description="P16: refused, never trimmed")] = "10000"
    max_order_quote: Annotated[Amount, Meta(description="P17: capped")] = "5000"
    max_position_quote: Annotated[Amount, Meta(description="P18: desk, per instrument")] = "20000"
    max_strategy_position_quote: Annotated[Amount, Meta(description="P18: strategy, per instrument")] = "20000"
    max_gross_quote: Annotated[Amount, Meta(description="P19: sum of worst cases")] = "100000"
    max_open_orders: Annotated[int, Meta(ge=0, le=10_000, description="P25: desk")] = 50
    max_open_orders_instrument: Annotated[int, Meta(ge=0, le=10_000, description="P25: per instrument")] = 20
    max_drawdown_bps: Annotated[int, Meta(ge=1, le=10_000, description="P28: of the start equity")] = 1000
    max_daily_loss_quote: Annotated[Amount, Meta(description="P29: since 00:00 UTC")] = "2500"
    duplicate_window_ms: Annotated[Millis, Meta(description="P31: no second equal order within")] = 500
    order_rate_per_s: Annotated[int, Meta(ge=1, le=10_000, description="P32: refill of the bucket")] = 20
    order_burst: Annotated[int, Meta(ge=1, le=10_000, description="P32: size of the bucket")] = 40
    max_override_ttl_s: Annotated[int, Meta(ge=1, le=86_400, description="P36: longest override")] = 14400
    max_override_factor: Annotated[float, Meta(ge=1, le=10, description="P36: of the limit, at most")] = 2.0


class ExecutionSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`paper` fills in process at the touch after `latency_ms`; `venue` sends, and waits for the venue's reports."""

    mode: Annotated[
        Literal["paper", "venue"], Meta(description="the source decides: tapes and real venues are filled on paper")
    ] = "venue"
    latency_ms: Annotated[Millis, Meta(description="paper: from request to the venue")] = 20
    maker_fee_bps: Annotated[Bps, Meta(description="paper: of the notional")] = 2.0
    taker_fee_bps: Annotated[Bps, Meta(description="paper: of the notional")] = 5.0
    recv_window_ms: Annotated[int, Meta(ge=1, le=60_000, description="a request's life at the venue")] = 5000


class MonitoringSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """When a person is told."""

    stale_ms: Annotated[int, Meta(ge=1, le=3_600_000, description="silence of a feed")] = 3000
    outlier_mads: Annotated[float, Meta(gt=0, le=1000, description="distance from the median, in MADs")] = 8.0
    outlier_window: Annotated[int, Meta(ge=32, le=10_000, description="samples of spread and volatility")] = 240
    rejects_in_row: Annotated[int, Meta(ge=1, le=1000, description="rejections by the venue")] = 5
    latency_ms: Annotated[float, Meta(gt=0, le=60_000, description="above the usual, venue to us")] = 50.0
    pnl_drop_quote: Annotated[Amount, Meta(description="lost within the window")] = "500"
    pnl_drop_window_s: Annotated[int, Meta(ge=1, le=86_400, description="of pnl_drop_quote")] = 60
    limit_used: Annotated[float, Meta(gt=0, le=1, description="share of a limit")] = 0.9


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a configuration says of a desk; what is missing is the run's number and its instruments."""

    strategies: tuple[StrategySettings, ...]
    start_equity_quote: Amount = "100000"
    features: FeatureSettings = FeatureSettings()
    ensemble: EnsembleSettings = EnsembleSettings()
    ensembles: dict[str, GroupSettings] = field(default_factory=dict)
    regime: RegimeSettings = RegimeSettings()
    planning: PlanningSettings = PlanningSettings()
    risk: RiskSettings = RiskSettings()
    execution: ExecutionSettings = ExecutionSettings()
    monitoring: MonitoringSettings = MonitoringSettings()


class Desk(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the pure pipeline is made from: equal desks and equal events give equal bytes.

    `run_id` is the 32-bit number of this run in client order ids. `instruments` come from the source.
    ValueError: no instrument, two of one key, different quote currencies, no strategy, two of one name, a group that
    is empty, or of members that are none or are in two, a regime of a strategy that is none.
    """

    run_id: int
    instruments: tuple[Instrument, ...]
    strategies: tuple[StrategySettings, ...]
    start_equity_quote: Amount = "100000"
    features: FeatureSettings = FeatureSettings()
    ensemble: EnsembleSettings = EnsembleSettings()
    ensembles: dict[str, GroupSettings] = field(default_factory=dict)
    regime: RegimeSettings = RegimeSettings()
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
        names = self.strategy_names
        for path, fault, mend, _ in (*group_faults(self.ensembles, names), *regime_faults(self.regime, names)):
            raise ValueError(f"{'.'.join(path)}: {fault}; {mend}")

    @property
    def settings(self) -> Settings:
        """What its configuration said."""
        return Settings(**{name: getattr(self, name) for name in Settings.__struct_fields__})

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


def under(desk: Desk, make: Callable[[Desk], T]) -> Callable[[RiskSettings | None], T]:
    """What is made of a desk, by the limits in force; None: those that it was started with. Made once for each."""
    at_start = make(desk)
    made: Callable[[RiskSettings], T] = lru_cache(maxsize=4)(lambda limits: make(replace(desk, risk=limits)))
    return lambda limits: at_start if limits is None else made(limits)
