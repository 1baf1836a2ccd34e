"""The console: a replica of the desk that draws snapshots and sends commands.

    start show           the way in: a terminal, an engine's process, then the screen
    app                  the application: what it is made of, and how a key comes to whoever acts on it
    commands/ modes/     what a key does: to the live desk; elsewhere, in the past, its branches, why and the wiring
    bond picture pace    what ties it to its engine; one frame, and when it is drawn
    screens/             the desk's screen, every dialog, and the talk that puts one after another
    widgets/ words/      a pane as the toolkit draws it; what is said to a person and what a person types, as text
    panes/               one pure function a pane: a snapshot, a size and a palette give lines
    keys/ look/          the key table, and what a person made of it; where the panes stand, in which colours
    source frameclock    what stands in for an engine; what frames cost
    terminal toolkit     what the console stands on
    render/              text, numbers, tables, bars and curves as lines of cells

Each imports from below it alone, a contract in pyproject.toml; whoever acts for the application holds it, and imports
its type for the checker. Beside them: `checked`, the faults of keys and layouts for who opens no screen, and web/, the
console in a browser.
"""
