"""Monitoring: alerts, histories, and what the next step will know."""

from catui.monitoring.candles import SCALES_S, Series, recent
from catui.monitoring.metrics import HeldBack, Metrics
from catui.monitoring.queues import Place, Queues
from catui.monitoring.stage import Watch, monitoring

__all__ = ["SCALES_S", "HeldBack", "Metrics", "Place", "Queues", "Series", "Watch", "monitoring", "recent"]
