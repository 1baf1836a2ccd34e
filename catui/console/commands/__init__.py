"""What a key does: a command to the desk, with what is asked before it and answered after it; a row picked or taken."""
