"""Why a file that a COPY names cannot be read, in one sentence."""


class Unreadable(Exception):
    """The file may be there, and cannot be read."""


class Missing(Unreadable):
    """There is no such file or bucket."""
