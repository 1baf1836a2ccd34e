"""Monitoring: alerts, histories, and what the next step will know."""

from catui.monitoring.metrics import Metrics
from catui.monitoring.stage import monitoring

__all__ = ["Metrics", "monitoring"]
