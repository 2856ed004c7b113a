"""One command at a time in a home: a lock that the kernel frees when its holder dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from movalytics_workflows.local.errors import LockHeld


@dataclass(frozen=True)
class Holder:
    """Who holds the lock: `make run`, since when (local time), in which process."""

    command: str
    pid: int
    since: str


@contextmanager
def locked(path: Path, command: str) -> Iterator[None]:
    """Hold the lock. Raises LockHeld with the holder's name when somebody else does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeld(_sentence(path)) from error
        file.truncate(0)
        file.write(json.dumps({"command": command, "pid": os.getpid(), "since": _now()}))
        file.flush()
        yield


def holder(path: Path) -> Holder | None:
    """Who wrote itself into the lock last; None when it is empty or being written."""
    try:
        return Holder(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def _sentence(path: Path) -> str:
    found = holder(path)
    who = f"{found.command} (process {found.pid}, since {found.since})" if found else "another command"
    return f"{who} is at work in {path.parent}: wait for it, or end it with Ctrl-C or kill"


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
