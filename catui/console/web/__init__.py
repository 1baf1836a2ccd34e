"""The console in a browser: a page, and behind each tab a console in a process of its own."""
