"""`python -m catui` is `catui`."""

from catui.cli import main

main()
