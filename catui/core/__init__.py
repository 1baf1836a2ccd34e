"""Mathematics: causal machines on streams, and what is built of them. Knows nothing of trading."""
