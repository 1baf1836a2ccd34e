"""The desk, the dialogs over it, and the talk in which they follow one another. The emergency row works in each."""
