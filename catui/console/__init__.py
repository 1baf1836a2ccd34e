"""The console: a replica of the desk that draws snapshots and sends commands.

layout.py, themes.py   where the panes stand, how they look: pure, and data
render/                text, numbers, tables, bars and curves as lines of cells
panes/                 one pure function a pane: a snapshot, a size and a palette give lines
"""
