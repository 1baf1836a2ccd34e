"""Vocabulary: frozen types with arithmetic and nothing else. Prices are int ticks, quantities int lots."""
