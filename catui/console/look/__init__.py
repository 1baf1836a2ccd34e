"""How the screen looks: where the panes stand, and in which colours."""
