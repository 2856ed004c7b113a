"""What ends the stand-in: each error has an exit code of its own, from sysexits.h."""


class StandInError(Exception):
    """What is wrong, where, and what to do about it, in one sentence for a person."""

    exit_code = 1


class InvalidData(StandInError):
    """A file or directory is there and readable but is not what it should be."""

    exit_code = 65


class MissingInput(StandInError):
    """A file that was named is not there."""

    exit_code = 66


class StorageFailed(StandInError):
    """Writing failed: disk full, read-only, not ours."""

    exit_code = 74


class Unavailable(StandInError):
    """A port, a directory or the embedded server is not to be had now. Another try may succeed."""

    exit_code = 75


class InvalidSettings(StandInError):
    """An option does not make sense."""

    exit_code = 78
