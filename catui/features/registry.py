"""The registry: every kind of feature by its name. A new one is a file, and a line here."""

from typing import Any

from catui.domain.kind import Kind
from catui.features.book import book_pressure
from catui.features.channels import bollinger, donchian
from catui.features.flow import trade_flow, trade_imbalance
from catui.features.levels import level_imbalance, weighted_mid
from catui.features.macd import macd
from catui.features.order_flow import level_order_flow, order_flow_imbalance
from catui.features.price import bar_return, log_return, microprice, price
from catui.features.ranges import garman_klass, parkinson, rogers_satchell
from catui.features.realised import bipower_variation, jump_share, realised_variance
from catui.features.reversion import reversion_half_life
from catui.features.spread import effective_spread, quoted_spread, realised_spread, relative_spread
from catui.features.toxicity import bulk_volume, vpin
from catui.features.variance_ratio import hurst, variance_ratio
from catui.features.volatility import volatility
from catui.features.wilder import atr, rsi

ALL: tuple[Kind[..., Any], ...] = (
    price,
    microprice,
    weighted_mid,
    log_return,
    bar_return,
    quoted_spread,
    relative_spread,
    effective_spread,
    realised_spread,
    book_pressure,
    level_imbalance,
    order_flow_imbalance,
    level_order_flow,
    trade_flow,
    trade_imbalance,
    vpin,
    bulk_volume,
    volatility,
    realised_variance,
    bipower_variation,
    jump_share,
    parkinson,
    garman_klass,
    rogers_satchell,
    reversion_half_life,
    variance_ratio,
    hurst,
    rsi,
    macd,
    bollinger,
    donchian,
    atr,
)

KINDS: dict[str, Kind[..., Any]] = {kind.name: kind for kind in ALL}
