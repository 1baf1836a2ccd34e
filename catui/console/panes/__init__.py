"""The panes by name: what there is to show, and the key that goes there."""

from catui.console.panes import (
    alerts,
    book,
    chart,
    footer,
    header,
    health,
    limits,
    log,
    orders,
    pnl,
    positions,
    small,
    strategies,
    timeline,
    trades,
)
from catui.console.panes.pane import Pane

PANES: dict[str, Pane] = {
    module.PANE.name: module.PANE
    for module in (
        header,
        book,
        trades,
        chart,
        positions,
        strategies,
        orders,
        alerts,
        health,
        log,
        pnl,
        limits,
        small,
        timeline,
        footer,
    )
}
