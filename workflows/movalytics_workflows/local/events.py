"""What a running step says: its log followed, event by event."""

import json
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class Events:
    """The JSON lines that appear in a log from now on; other lines (Spark's own) are passed over."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._position = log.stat().st_size if log.exists() else 0
        self._rest = b""

    def new(self) -> list[Event]:
        """The events of the lines that were completed since the last call."""
        if not self._log.exists():
            return []
        with self._log.open("rb") as file:
            file.seek(self._position)
            data = file.read()
        self._position += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [event for event in map(_event, lines) if event]


def last_line(log: Path) -> str:
    """The last line of a log that says something, at most 300 characters; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        lines = file.read().decode(errors="replace").splitlines()
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def _event(line: bytes) -> Event:
    if not line.startswith(b'{"'):
        return {}
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) and "event" in event else {}
