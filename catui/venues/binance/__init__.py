"""Binance Spot: codec and book synchroniser without sockets, and the adapter beside them."""
