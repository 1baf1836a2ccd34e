"""Elsewhere than the live desk: the past, its branches, why, and the wiring."""
