"""From ticks and lots, in which money is counted, to the floats of the signal path."""

from catui.domain.instrument import Instrument


def tick_size(instrument: Instrument) -> float:
    """One tick in quote currency."""
    return _size_of(instrument.price_grid.step, instrument.price_grid.scale)


def lot_size(instrument: Instrument) -> float:
    """One lot in base."""
    return _size_of(instrument.quantity_grid.step, instrument.quantity_grid.scale)


def _size_of(step: int, scale: int) -> float:
    return float(step / 10**scale)
