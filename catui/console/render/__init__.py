"""Cells, rows and lines: from the values of a snapshot to exactly sized lines of styled text. All pure."""
