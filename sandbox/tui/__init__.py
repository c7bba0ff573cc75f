"""The terminal theatre: a run watched live, stepped, rewound, forked, taken over and questioned.

One screen, one cursor: what is drawn is a function of the log up to the cursor. The log comes out of the run's file,
whoever writes it, or out of the engine that plays here; the screen only reads.
"""
