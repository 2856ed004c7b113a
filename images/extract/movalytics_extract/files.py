"""Directories and zip archives on this machine, read alike: a listing, and files as streams."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movalytics_common.errors import InvalidData, MissingInput

from movalytics_extract.members import format_of
from movalytics_extract.packed import ZIP, Content, errors_translated, opened, unpacked

DEPTH = 3  # folders: enough for what people unpack, little enough for a home directory named by mistake


def listing(source: Path) -> list[str]:
    """The paths of the files in a directory (three folders deep at most) or a zip archive.

    Raises MissingInput (not there, empty), AccessDenied, InvalidData (no archive, an archive cut short).
    """
    with errors_translated(str(source)):
        if source.is_dir():
            return _directory(source)
        if not source.is_file():
            raise MissingInput(f"{source} is not there: name a directory or a zip archive that is")
        with _archive(source) as archive:
            return [info.filename for info in archive.infolist() if not info.filename.endswith("/")]


def names(directory: Path) -> list[str]:
    """The names of the files in a directory itself; none when we may not look into it."""
    try:
        return [entry.name for entry in os.scandir(directory) if entry.is_file()]
    except OSError:
        return []


@contextmanager
def content(source: Path, path: str, name: str) -> Iterator[Content]:
    """The content of `path` in a directory or archive, which should be `name`; packed alone, it is unpacked."""
    if source.is_dir():
        with content_of_file(source / path, name) as found:
            yield found
        return
    with errors_translated(str(source)):
        archive = _archive(source)
        info = archive.getinfo(path)
    with (
        archive,
        opened(archive, info, str(source)) as stream,
        unpacked(stream, name, f"{source}, member {path}", info.file_size) as found,
    ):
        yield found


@contextmanager
def content_of_file(path: Path, name: str) -> Iterator[Content]:
    """The content of a file, which should be `name`; packed alone, it is unpacked."""
    with errors_translated(str(path)):
        file = path.open("rb")
    with file, unpacked(file, name, str(path)) as found:
        yield found


def _directory(source: Path) -> list[str]:
    if not any(source.iterdir()):
        raise MissingInput(f"{source} is an empty directory: name one that holds the files")
    paths = []
    # A folder that we may not read is not ours, so os.walk passing over it is right.
    for folder, folders, names in os.walk(source, followlinks=True):
        below = Path(folder).relative_to(source)
        folders[:] = [name for name in folders if len(below.parts) < DEPTH and not name.startswith(".")]
        paths += [(below / name).as_posix() for name in names if (source / below / name).is_file()]
    return paths


def _archive(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        with source.open("rb") as stream:
            start = stream.read(512)
        if start.startswith(ZIP):
            raise InvalidData(f"{source} is an archive cut short, or damaged at its end: get it again") from error
        what = format_of(start)
        said = f" (it is {what}: unpack it)" if what else " (it is empty)" if not start else ""
        raise InvalidData(f"{source} is neither a directory nor a zip archive{said}: name one that is") from error
