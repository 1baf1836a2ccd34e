"""What catui costs: each figure with the command that gives it. `make bench` runs them all."""
