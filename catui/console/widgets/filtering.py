"""A filter being typed: the list shows at every key what it leaves."""

from catui.console.widgets.pane import PaneWidget

MOST = 60  # characters


class Filtering:
    """At most one pane's filter is typed at a time; meanwhile no key means anything else but the emergency row."""

    def __init__(self) -> None:
        self._widget: PaneWidget | None = None
        self._before = ""

    @property
    def is_on(self) -> bool:
        """Whether keys go into a filter."""
        return self._widget is not None

    def begin(self, widget: PaneWidget) -> None:
        """Type the filter of this pane from here on; what stood there is the beginning."""
        if widget.pane.walk(widget.view).is_list:
            self._widget, self._before = widget, widget.view.filter

    def end(self) -> None:
        """Keep what was typed."""
        self._widget = None

    def hear(self, key: str, character: str | None) -> None:
        """Enter keeps it, escape puts back what was there before."""
        widget = self._widget
        if widget is None:
            return
        text = widget.view.filter
        match key:
            case "enter":
                self.end()
            case "escape":
                self.end()
                widget.rearrange(filter=self._before)
            case "backspace":
                widget.rearrange(filter=text[:-1])
            case "ctrl+u":
                widget.rearrange(filter="")
            case _ if character is not None and character.isprintable() and len(text) < MOST:
                widget.rearrange(filter=text + character)

    def words(self) -> str:
        """What the footer says meanwhile; empty while nothing is typed."""
        if self._widget is None:
            return ""
        return f"/{self._widget.view.filter}_   rows that hold all these words; Enter keeps, escape ends"
