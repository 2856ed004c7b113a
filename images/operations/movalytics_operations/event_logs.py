"""Spark's event logs in the lake: which are of a run, and the events of one."""

import json
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, BinaryIO

from movalytics_common import lake
from movalytics_common.folders import list_folders

Event = dict[str, Any]
FOLDER = "eventlog_v2_"  # Spark's name for a log in pieces, before the application's id
_PIECE = re.compile(r"/events_(\d+)_[^/]*$")
_HEAD = b'{"Event":"'
_BLOCK = 1 << 18  # bytes: what comes before an application's name fits in
_START = "SparkListenerApplicationStart"


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


def events(pieces: Sequence[str], wanted: frozenset[str]) -> Generator[Event, None, None]:
    """The events of these kinds. A line that a killed driver left half written is none."""
    for piece in pieces:
        with lake.open_read(piece) as stream:
            for line in _lines(stream):
                if line[len(_HEAD) : line.find(b'"', len(_HEAD))].decode() in wanted:
                    yield json.loads(line)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Those that have an end. (S3's stream takes a kilobyte for a line, and closes itself too early for io's.)"""
    rest = b""
    while block := stream.read(_BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        yield from lines


def _log(folder: str, run: str) -> Log | None:
    """None for another run's, and before the first piece is there."""
    pieces = _pieces(folder)
    with closing(events(pieces, frozenset({_START}))) as found:
        start = next(found, None)
    if start is None:
        return None
    of_run, _, application = start["App Name"].rpartition("-transform-")
    return Log(application, start["Timestamp"], pieces) if of_run == run else None


def _pieces(folder: str) -> tuple[str, ...]:
    found = [(match, file.uri) for file in lake.list_files(folder) if (match := _PIECE.search(file.uri))]
    return tuple(uri for _, uri in sorted(found, key=lambda one: int(one[0][1])))
