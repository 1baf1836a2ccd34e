"""The panes by name: what there is to show, and the key that goes there."""

from catui.console.pane_types import Pane
from catui.console.panes import (
    alerts,
    book,
    footer,
    header,
    health,
    limits,
    orders,
    pnl,
    positions,
    small,
    strategies,
    trades,
)

PANES: dict[str, Pane] = {
    pane.name: pane
    for pane in (
        Pane("header", header.NUMBER, header.TITLE, header.render),
        Pane("book", book.NUMBER, book.TITLE, book.render, book.rows, book.row_id, book.row_at),
        Pane("trades", trades.NUMBER, trades.TITLE, trades.render, trades.rows, trades.row_id, trades.row_at),
        Pane("pnl", pnl.NUMBER, pnl.TITLE, pnl.render),
        Pane(
            "positions",
            positions.NUMBER,
            positions.TITLE,
            positions.render,
            positions.rows,
            positions.row_id,
            positions.row_at,
            tuple(name for name, _ in positions.SORTS),
        ),
        Pane(
            "strategies",
            strategies.NUMBER,
            strategies.TITLE,
            strategies.render,
            strategies.rows,
            strategies.row_id,
            strategies.row_at,
            tuple(name for name, _ in strategies.SORTS),
        ),
        Pane(
            "orders",
            orders.NUMBER,
            orders.TITLE,
            orders.render,
            orders.rows,
            orders.row_id,
            orders.row_at,
            tuple(name for name, _ in orders.SORTS),
        ),
        Pane(
            "alerts",
            alerts.NUMBER,
            alerts.TITLE,
            alerts.render,
            alerts.rows,
            alerts.row_id,
            alerts.row_at,
            tuple(name for name, _ in alerts.SORTS),
        ),
        Pane("health", health.NUMBER, health.TITLE, health.render, health.rows, health.row_id, health.row_at),
        Pane(
            "limits",
            limits.NUMBER,
            limits.TITLE,
            limits.render,
            limits.rows,
            limits.row_id,
            limits.row_at,
            tuple(name for name, _ in limits.SORTS),
        ),
        Pane("small", small.NUMBER, small.TITLE, small.render),
        Pane("footer", footer.NUMBER, footer.TITLE, footer.render),
    )
}
