"""Monitoring: alerts, histories, and what the next step will know."""

from catui.monitoring.candles import SCALES_S, Series, recent
from catui.monitoring.metrics import Metrics
from catui.monitoring.stage import Watch, monitoring

__all__ = ["SCALES_S", "Metrics", "Series", "Watch", "monitoring", "recent"]
