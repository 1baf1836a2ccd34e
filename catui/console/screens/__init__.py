"""The screens: the desk, and the dialogs over it. The emergency row works in each of them."""
