"""Monitoring: alerts, histories, and what the next step will know."""

from catui.monitoring.stage import monitoring

__all__ = ["monitoring"]
