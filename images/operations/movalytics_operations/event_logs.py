"""Spark's event logs in the lake: which are of a run, and the events of one."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from movalytics_common import lake
from movalytics_common.folders import list_folders

Event = dict[str, Any]
FOLDER = "eventlog_v2_"  # Spark's name for a log in pieces, before the application's id
_PIECE = re.compile(r"/events_(\d+)_[^/]*$")
_HEAD = b'{"Event":"'
_START, _END = "SparkListenerApplicationStart", "SparkListenerApplicationEnd"


@dataclass(frozen=True)
class Log:
    """One attempt of an application: its name without the run's, when it began (ms since 1970), its pieces in order."""

    application: str
    started: int
    pieces: tuple[str, ...]


def logs_of(directory: str, run: str) -> list[Log]:
    """The logs of the run's applications, of each attempt one, in the order in which they began."""
    found = [_log(lake.join(directory, name), run) for name in list_folders(directory) if name.startswith(FOLDER)]
    return sorted((log for log in found if log), key=lambda log: log.started)


def events(pieces: Sequence[str], wanted: frozenset[str]) -> Iterator[Event]:
    """The events of these kinds. A line that a killed driver left half written is none."""
    for piece in pieces:
        with lake.open_read(piece) as lines:
            for line in lines:
                kind = line[len(_HEAD) : line.find(b'"', len(_HEAD))].decode()
                if kind in wanted and line.endswith(b"\n"):
                    yield json.loads(line)


def _log(folder: str, run: str) -> Log | None:
    """None for another run's, and before the first piece is there."""
    pieces = _pieces(folder)
    start = next(events(pieces, frozenset({_START, _END})), None)
    name = start.get("App Name", "") if start else ""
    of_run, _, application = name.rpartition("-transform-")
    return Log(application, start["Timestamp"], pieces) if start and of_run == run else None


def _pieces(folder: str) -> tuple[str, ...]:
    found = [(match, file.uri) for file in lake.list_files(folder) if (match := _PIECE.search(file.uri))]
    return tuple(uri for _, uri in sorted(found, key=lambda one: int(one[0][1])))
