"""What can go wrong with the program, as opposed to in the story.

    SandboxError                 every error a caller may expect; carries the exit code
    ├── UsageError       (2)     a flag, name or setting that cannot be used
    │   └── BusyError            another process is writing the run
    ├── InputError       (3)     a file that cannot be read as what it claims to be
    │   ├── LogError             a log that is torn, edited, or of an unknown version
    │   └── CardError            a character card or lorebook that cannot be read as one
    ├── IllegalError     (1)     an event or effect the state does not allow
    ├── ModelError       (4)     a model or its provider failed for good
    ├── BudgetError      (5)     the run has spent what it was given
    └── StoppedError     (130)   a person stopped it; everything so far is saved

Every message says what was wrong, where, and the mend. Failures *inside* the story (a locked door, an
unusable model reply) are events, never exceptions.
"""

__all__ = [
    "BudgetError",
    "BusyError",
    "CardError",
    "IllegalError",
    "InputError",
    "LogError",
    "ModelError",
    "SandboxError",
    "StoppedError",
    "UsageError",
]


class SandboxError(Exception):
    """An error with a message for a person and an exit code for a shell."""

    exit_code = 1


class UsageError(SandboxError):
    """The command, name or setting cannot be used as given."""

    exit_code = 2


class BusyError(UsageError):
    """The run is being written by another process."""


class InputError(SandboxError):
    """A file is not what it claims to be."""

    exit_code = 3


class LogError(InputError):
    """A log that cannot be trusted as it stands."""


class CardError(InputError):
    """A character card, lorebook or chat of another program that cannot be read as one."""


class IllegalError(SandboxError):
    """An event out of phase, or an effect the world forbids."""


class ModelError(SandboxError):
    """A model or its provider failed for good."""

    exit_code = 4


class BudgetError(SandboxError):
    """The run has spent its tokens, money or seconds."""

    exit_code = 5


class StoppedError(SandboxError):
    """A person stopped it; everything so far is saved."""

    exit_code = 130
