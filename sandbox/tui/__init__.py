"""The terminal theatre: a run watched live, stepped, rewound, forked, taken over and questioned.

One screen, one cursor: what is drawn is a function of the log up to the cursor. The log comes out of the run's file,
whoever writes it, or out of the engine that plays here; the screen only reads.
"""

import os

# Textual reads this once, as it is imported. A picture waits for the next frame: at 60 a second a key that lays the
# screen out again, and so draws two or three, takes 50 ms.
_ = os.environ.setdefault("TEXTUAL_FPS", "250")
