"""Venues: where market data comes from and where orders go, sans-IO codecs beside their sockets."""
