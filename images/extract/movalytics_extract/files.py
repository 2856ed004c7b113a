"""Directories and zip archives on this machine, read alike: a listing, and members as streams."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movalytics_common.errors import AccessDenied, InvalidData, MissingInput

from movalytics_extract.members import Readable


def listing(source: Path) -> dict[str, int]:
    """Path → bytes of the files in a directory (to a depth of one folder) or a zip archive.

    Raises MissingInput (not there, empty), AccessDenied, InvalidData (no archive, an archive cut short).
    """
    with explained(source):
        if source.is_dir():
            return _directory(source)
        if not source.is_file():
            raise MissingInput(f"{source} is not there: name a directory or a zip archive that is")
        with _archive(source) as archive:
            return {item.filename: item.file_size for item in archive.infolist() if not item.is_dir()}


@contextmanager
def opened(source: Path, path: str) -> Iterator[Readable]:
    """The member under `path` of a directory or archive as a stream whose errors are sentences."""
    with explained(source / path):
        if source.is_dir():
            stream = (source / path).open("rb")
        else:
            with _archive(source) as archive:
                stream = archive.open(path)  # type: ignore[assignment] # both are binary streams
    with stream:
        yield ExplainedStream(stream, source / path)


class ExplainedStream:
    """A stream whose read errors say which file and what to do."""

    def __init__(self, stream: Readable, origin: Path | str) -> None:
        self._stream, self._origin = stream, origin

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes. Raises InvalidData, AccessDenied."""
        with explained(self._origin):
            return self._stream.read(size)


@contextmanager
def explained(origin: Path | str) -> Iterator[None]:
    """What goes wrong while a source is read, as our errors."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InvalidData(f"{origin} is damaged ({error}): get the archive again") from error
    except (NotImplementedError, RuntimeError) as error:
        raise InvalidData(f"{origin} cannot be unpacked ({error}): pack it again without password, as zip") from error
    except PermissionError as error:
        raise AccessDenied(f"{origin} may not be read: give this user permission to read it") from error
    except FileNotFoundError as error:
        raise MissingInput(f"{origin} is not there any more: run again") from error
    except OSError as error:
        raise InvalidData(f"{origin} cannot be read ({error.strerror or error}): check the disk it is on") from error


def _directory(source: Path) -> dict[str, int]:
    entries = list(source.iterdir())
    if not entries:
        raise MissingInput(f"{source} is an empty directory: name one that holds the files")
    files = entries + [path for entry in entries if entry.is_dir() for path in _readable(entry)]
    return {path.relative_to(source).as_posix(): path.stat().st_size for path in files if path.is_file()}


def _readable(folder: Path) -> list[Path]:
    """A folder's entries; a neighbour that we may not read is not ours."""
    try:
        return list(folder.iterdir())
    except PermissionError:
        return []


def _archive(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        with source.open("rb") as stream:
            begins_as_zip = stream.read(4) == b"PK\x03\x04"
        if begins_as_zip:
            raise InvalidData(f"{source} is an archive cut short, or damaged at its end: get it again") from error
        raise InvalidData(f"{source} is neither a directory nor a zip archive: name one that is") from error
