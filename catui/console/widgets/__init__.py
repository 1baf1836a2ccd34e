"""What the toolkit draws: a pane as a widget, and the body that places them all."""
