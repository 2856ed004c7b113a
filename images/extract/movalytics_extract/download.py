"""One download as a stream that survives cut connections: it resumes where it was, and proves that it may."""

import hashlib
import re
from collections.abc import Callable, Generator, Mapping

import requests
from movalytics_common.errors import Unavailable

from movalytics_extract.patience import Patience, TryAgain, retrying
from movalytics_extract.refusals import FAILURES, as_pipeline_error

CHUNK = 1 << 14  # what a cut connection may cost us
Request = Callable[[Mapping[str, str]], requests.Response]


class Download:
    """Reads what `request(headers)` answers, in order and whole, through as many connections as it takes.

    Each connection is a new request, so a signed address that has expired is replaced. Range is asked with If-Range;
    a server that answers with the whole file again must repeat the bytes that we have, which their sha256 proves.
    """

    def __init__(self, request: Request, who: str, what: str, credentials: str, patience: Patience) -> None:
        self._request, self._who, self._what, self._patience = request, who, what, patience
        self._credentials = credentials
        self._response: requests.Response | None = None
        self._chunks: Generator[bytes, None, None] | None = None
        self._pending, self._position, self._digest = b"", 0, hashlib.sha256()
        self._validator = ""
        self._total: int | None = None

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end. Raises Unavailable, AccessDenied, MissingInput, InvalidData."""
        self.peek()
        data, self._pending = self._pending[:size], self._pending[size:]
        return data

    def peek(self) -> bytes:
        """What comes next, without taking it; none at the end. Raises as read does."""
        if not self._pending:
            self._pending = retrying(self._next, self._patience)
        return self._pending

    def close(self) -> None:
        """Let go of the connection."""
        if self._chunks is not None:
            self._chunks.close()
        if self._response is not None:
            self._response.close()
        self._response = self._chunks = None

    def _next(self) -> bytes:
        try:
            chunk = next(self._chunks or self._connect(), b"")
            if not chunk and self._total not in {None, self._position}:
                raise requests.exceptions.ChunkedEncodingError
        except FAILURES as error:
            self.close()
            raise as_pipeline_error(error, self._who, self._what, self._credentials) from error
        self._position += len(chunk)
        self._digest.update(chunk)
        return chunk

    def _connect(self) -> Generator[bytes, None, None]:
        headers = {"Accept-Encoding": "identity"}
        if self._position and self._validator:
            headers |= {"Range": f"bytes={self._position}-", "If-Range": self._validator}
        try:
            self._response = self._request(headers)
        except requests.HTTPError as error:
            if error.response.status_code != 416:
                raise
            error.response.close()
            self._validator = ""  # the length we were told is wrong: the next try reads the whole
            raise TryAgain(f"{self._who} has fewer bytes of {self._what} than it said: run again later") from error
        self._chunks = self._rest(self._response)
        return self._chunks

    def _rest(self, response: requests.Response) -> Generator[bytes, None, None]:
        if response.status_code == 206:
            self._refuse_another_range(response)
            yield from response.iter_content(CHUNK)
            return
        self._note(response)
        had, digest = self._position, hashlib.sha256()
        for chunk in response.iter_content(CHUNK):
            again, fresh = chunk[:had], chunk[had:]
            digest.update(again)
            had -= len(again)
            if had == 0 and again and digest.digest() != self._digest.digest():
                raise self._changed()
            if fresh:
                yield fresh
        if had:
            raise TryAgain(f"{self._who} now sends less of {self._what} than before: run again later")

    def _note(self, response: requests.Response) -> None:
        """Remember how long the file is and what names its content; weak validators do not name it."""
        headers = response.headers
        plain = "Content-Encoding" not in headers
        length = headers.get("Content-Length", "")
        if not length and headers.get("Transfer-Encoding", "").lower() != "chunked":
            raise Unavailable(f"{self._who} sent {self._what} without its length, so a cut would go unnoticed")
        self._total = int(length) if plain and length.isdecimal() else None
        etag = headers.get("ETag", "")
        strong = etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", "")
        self._validator = strong if plain else ""

    def _refuse_another_range(self, response: requests.Response) -> None:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not found or int(found[1]) != self._position or found[2] not in {"*", str(self._total)}:
            self._validator = ""
            self.close()
            raise TryAgain(f"{self._who} sent another part of {self._what} than was asked: run again later")

    def _changed(self) -> Unavailable:
        return Unavailable(f"{self._what} changed at {self._who} while it was read: run again")
