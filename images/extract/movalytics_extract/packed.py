"""Zip and gzip: what a packed file holds, read as a stream that knows when the file is damaged."""

import errno
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from movalytics_common.errors import AccessDenied, InvalidData, MissingInput

from movalytics_extract import layout
from movalytics_extract.members import Readable

File = io.BufferedReader | io.BufferedRandom | zipfile.ZipExtFile
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_METHODS = {1: "shrink", 6: "implode", 9: "deflate64", 93: "zstd", 95: "xz", 98: "PPMd"}  # APPNOTE.TXT 4.4.5
HARMLESS, MOST_TIMES = 1 << 26, 200  # bytes that may always be unpacked; CSV shrinks to a third or a tenth
_AES = 99
_PASSWORD = 0x1 | 0x40  # APPNOTE.TXT 4.4.4: encrypted, strongly encrypted
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError),
    *(struct.error, ValueError, KeyError, OverflowError, NotImplementedError),
)


class Content:
    """A file's content as a stream whose errors are sentences about `origin`; `size` is what it must have, if known."""

    def __init__(self, stream: Readable, origin: str, size: int | None = None) -> None:
        self.origin = origin
        self._stream, self._size, self._read = stream, size, 0

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end. Raises InvalidData (also when the size is not right), AccessDenied."""
        with errors_translated(self.origin):
            data = self._stream.read(size)
        self._read += len(data)
        if not data and size and self._size not in {None, self._read}:
            raise InvalidData(
                f"{self.origin} is damaged (it has {self._read} bytes, its archive says {self._size}):"
                " get the archive again"
            )
        return data


@contextmanager
def unpacked(file: File, name: str, origin: str, size: int | None = None) -> Iterator[Content]:
    """The content of a file that should be `name` (of `size`, if known); a zip or gzip around it is taken off.

    Raises InvalidData for an archive that is damaged or holds anything else.
    """
    with errors_translated(origin):
        start = file.peek(len(ZIP))
    if start.startswith(ZIP):
        with _only_member(file, name, origin) as content:
            yield content
    elif start.startswith(GZIP):
        with gzip.GzipFile(fileobj=file) as stream:
            yield Content(stream, origin)
    else:
        yield Content(file, origin, size)


@contextmanager
def _only_member(file: File, name: str, origin: str) -> Iterator[Content]:
    with errors_translated(origin):
        archive = zipfile.ZipFile(file)
    with archive:
        info = _member(archive, name, origin)
        with opened(archive, info, origin) as stream:
            yield Content(stream, f"{origin}, member {info.filename}", info.file_size)


def opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, origin: str) -> zipfile.ZipExtFile:
    """A member as it is packed. Raises InvalidData when it has a password or is packed in a way we cannot read."""
    what = f"{origin}, member {info.filename}"
    if info.flag_bits & _PASSWORD or info.compress_type == _AES:
        raise InvalidData(f"{what} cannot be unpacked without its password: unpack the archive and name the directory")
    if info.compress_type not in _READABLE:
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        raise InvalidData(
            f"{what} is packed with {method}, which cannot be read here:"
            " unpack the archive and name the directory, or pack it again with deflate"
        )
    if info.file_size > max(HARMLESS, MOST_TIMES * info.compress_size):
        raise InvalidData(
            f"{what} would unpack to {info.file_size} bytes, {info.file_size // max(1, info.compress_size)} times its"
            " size, as no data do: get the archive again from where you trust"
        )
    with errors_translated(what):
        return cast("zipfile.ZipExtFile", archive.open(info))


def _member(archive: zipfile.ZipFile, name: str, origin: str) -> zipfile.ZipInfo:
    members = [info for info in archive.infolist() if not info.filename.endswith("/")]
    infos = {info.filename: info for info in members}
    if found := layout.locate([info.filename for info in members], name, origin):
        return infos[found]
    if "[Content_Types].xml" in infos:
        raise InvalidData(f"{origin} is a spreadsheet, not CSV: save it as CSV (UTF-8)")
    tables = [path for path in infos if path.lower().endswith(".csv")]
    if len(tables) != 1:
        held = ", ".join([*infos][:5]) or "nothing"
        raise InvalidData(f"{origin} is a zip archive that holds {held}, not {name}: unpack it")
    return infos[tables[0]]


@contextmanager
def errors_translated(origin: str) -> Iterator[None]:
    """What goes wrong while a source is read, as our errors."""
    try:
        yield
    except _DAMAGED as error:
        raise _damaged(origin, error) from error
    except PermissionError as error:
        raise AccessDenied(f"{origin} may not be read: give this user permission to read it") from error
    except FileNotFoundError as error:
        raise MissingInput(f"{origin} is not there any more: run again") from error
    except OSError as error:
        if error.errno in {None, errno.EINVAL}:  # bz2's word for damage, and what seeking to a false offset gives
            raise _damaged(origin, error) from error
        raise InvalidData(f"{origin} cannot be read ({error.strerror}): check the disk it is on") from error


def _damaged(origin: str, error: Exception) -> InvalidData:
    return InvalidData(f"{origin} is damaged ({str(error) or type(error).__name__}): get the archive again")
