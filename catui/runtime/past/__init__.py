"""The past: any moment of a run, live or ended, by the very pipeline, in a process that only reads.

console --- Seek, Draw, Keep, Rest ---> seeker --- reads ---> run/journal.db
        <-- Moment, Timeline, Reach ---        --- writes --> checkpoints in the cache, bookmarks beside the run

messages     what passes between them
track        sequence numbers by time, times by sequence number
markers      marks by place, kind and direction
checkpoints  states to start from: the journal's, and the seeker's own in a side file
states       the state at a sequence number
branch       the events behind a moment stepped again beside the run, with something changed; it cannot send
changes      what may be changed: commands, and settings of a desk whose other values are equal
shape        whether a state goes on in the changed desk's machine
onpaper      from the venue's reports to the matching model, once orders differ
comparison   what came of both: equity, totals, the first event that differs
grower       a branch grown a slice at a time
seeker       answers, the newest request only, and works ahead in between
process      the seeker as a process
child        that process, as whoever started it has it
client       the console's end: keeps the newest answers
carried      the way to a seeker beside an engine that is somewhere else; relay is its other end
"""
