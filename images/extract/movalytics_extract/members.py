"""A member: one file that a source offers, and the stream that checks it while it is read."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from movalytics_common.errors import InvalidData, Unavailable

from movalytics_extract.digests import Digests

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

REQUIRED = ("movies_metadata.csv", "links.csv", "ratings.csv")
OPTIONAL = ("keywords.csv", "credits.csv")
BLOCK = 1 << 20
# Files that people have under a csv file's name, by the bytes they begin with.
_FORMATS = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\0": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a rar archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Excel file",
    b"SQLite format 3": "an SQLite database",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


class Readable(Protocol):
    """Whatever gives at most `size` bytes, and none at its end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Member:
    """A file under its name in the lake; `bytes` as the source lists it; `sha256` where it is known beforehand."""

    name: str
    origin: str
    open: Callable[[], AbstractContextManager[Readable]]
    bytes: int
    sha256: str = ""


class CheckedStream(io.RawIOBase):
    """Passes a member on while it counts and hashes; at the end raises when it is not what it should be.

    Raises before its end is seen, so that a store which shows an object only when it is complete never shows a wrong
    one. Wrap it in io.BufferedReader: readers of plain streams take a short read for the end.
    """

    def __init__(self, member: Member, source: Readable, advance: Callable[[int], None]) -> None:
        super().__init__()
        self._member, self._source, self._advance = member, source, advance
        self.digests = Digests()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """At most the buffer's length. Raises InvalidData (empty, a web page), Unavailable (another content)."""
        view = memoryview(buffer)
        data = self._source.read(len(view))
        if self.digests.bytes == 0:
            refuse_what_is_no_csv(data, self._member.origin)
        if not data:
            self._refuse_other_content()
        view[: len(data)] = data
        self.digests.update(data)
        self._advance(len(data))
        return len(data)

    def _refuse_other_content(self) -> None:
        if self._member.sha256 not in {"", self.digests.sha256}:
            raise Unavailable(f"{self._member.origin} changed since it was discovered: run again")


def checked(
    member: Member, source: Readable, advance: Callable[[int], None]
) -> tuple[CheckedStream, io.BufferedReader]:
    """The checked stream of an opened member, and the buffered one to read from."""
    stream = CheckedStream(member, source, advance)
    return stream, io.BufferedReader(stream, BLOCK)


def digests(source: Readable) -> Digests:
    """Those of all that is left to read."""
    found = Digests()
    while block := source.read(BLOCK):
        found.update(block)
    return found


def refuse_what_is_no_csv(start: bytes, origin: str) -> None:
    """Raise InvalidData when a file's first bytes are none, or those of another format."""
    if not start:
        raise InvalidData(f"{origin} is empty: get a complete copy of it and run again")
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise InvalidData(f"{origin} is a web page (HTML), not CSV: open it in a browser to see what it says")
    if start.startswith(b"\0"):
        raise InvalidData(f"{origin} begins with zero bytes, so it was not written whole: get it again")
    if what := format_of(start):
        raise InvalidData(f"{origin} is not CSV text but {what}: unpack it, or save it as CSV (UTF-8)")


def format_of(start: bytes) -> str:
    """What a file is whose first bytes (some hundred) are these; nothing when they are none of a format we know."""
    if start[257:262] == b"ustar":
        return "a tar archive"
    return next((name for signature, name in _FORMATS.items() if start.startswith(signature)), "")
