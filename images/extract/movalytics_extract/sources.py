"""Sources: what the texts `--movies`, `--cpi` and `--source` name, opened."""

import hashlib
import io
import os
import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from movalytics_common.errors import InvalidSettings, MissingInput, Unavailable

from movalytics_extract import files, fred, layout, series
from movalytics_extract.members import Member, digest
from movalytics_extract.patience import Patience

PATIENCE = Patience()
KAGGLE = re.compile(r"kaggle(?::|\+(https?://[^/@]+)/)([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)")
FRED = re.compile(r"fred(?::|\+(https?://[^/@]+)/)([A-Z0-9]+)")


class Source(Protocol):
    """A source of one dataset: its version (the pinned one, or the current one) and the members of a version."""

    def version(self, pin: str) -> str: ...

    def members(self, version: str) -> Sequence[Member]: ...


def movies(source: str, patience: Patience = PATIENCE) -> Source:
    """`kaggle:OWNER/SLUG`, `kaggle+http://HOST:PORT/OWNER/SLUG`, or a directory or zip archive.

    Raises InvalidSettings for anything else, AccessDenied without Kaggle credentials.
    """
    if not source.startswith(("kaggle:", "kaggle+")):
        return MoviesFiles(_path(source))
    parts = KAGGLE.fullmatch(source)
    if not parts:
        raise InvalidSettings(f"{source!r} is not a Kaggle dataset: write kaggle:OWNER/SLUG")
    # kagglesdk takes half a second to import, which runs on files need not pay.
    from movalytics_extract import credentials, kaggle_client, kaggle_source  # noqa: PLC0415

    client = kaggle_client.KaggleClient(parts[1] or kaggle_client.ENDPOINT, credentials.find(), patience)
    return kaggle_source.KaggleSource(client, parts[2], parts[3])


def cpi(source: str, vintage: str = "", patience: Patience = PATIENCE) -> Source:
    """`fred:SERIES`, `fred+http://HOST:PORT/SERIES`, or a directory, zip archive (or its neighbour) or csv file.

    A vintage (YYYY-MM-DD) is FRED's alone. Raises InvalidSettings.
    """
    if not source.startswith(("fred:", "fred+")):
        if vintage:
            raise InvalidSettings(
                f"{source} has no vintages: leave the CPI vintage empty, or take the series from FRED"
            )
        return CpiSeries(f"{series.FILE} of {source}", partial(_read_cpi, _path(source)))
    parts = FRED.fullmatch(source)
    if not parts or parts[2] != series.SERIES:
        raise InvalidSettings(f"{source!r} is not the series of this pipeline: write fred:{series.SERIES}")
    client = fred.Fred(parts[1] or fred.GRAPH, parts[1] or fred.API, os.environ.get("FRED_API_KEY", ""), patience)
    return CpiSeries(source, partial(client.fetch, _date(vintage)))


class MoviesFiles:
    """A directory or zip archive laid out as Kaggle's; its version is made of its members' content."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def version(self, pin: str) -> str:
        """`files-<12 hex>` over names and digests of the members: the same for a directory and its archive."""
        content = "\n".join(f"{member.name} {member.sha256}" for member in sorted(self._members, key=lambda m: m.name))
        version = f"files-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        if pin not in {"", version}:
            raise MissingInput(f"{self._path} is version {version}, not {pin}: name the files of that version")
        return version

    def members(self, version: str) -> Sequence[Member]:
        """The members with their digests. Raises Unavailable when the content is no longer that version."""
        if self.version("") != version:
            raise Unavailable(f"{self._path} changed since it was discovered as {version}: run again")
        return self._members

    @cached_property
    def _members(self) -> list[Member]:
        listed = files.listing(self._path)
        return [
            self._member(name, path, listed[path])
            for name, path in sorted(layout.movies(listed, str(self._path)).items())
        ]

    def _member(self, name: str, path: str, size: int) -> Member:
        opener = partial(files.opened, self._path, path)
        with opener() as stream:
            return Member(name, str(self._path / path), opener, size, digest(stream))


class CpiSeries:
    """The CPI series, wherever its few kilobytes come from."""

    def __init__(self, origin: str, fetch: Callable[[], bytes]) -> None:
        self._origin, self._fetch = origin, fetch

    def version(self, pin: str) -> str:
        """`<last observation>-<8 hex>`. A pin is a vintage, which the source was opened with."""
        del pin
        return series.version(self._content, self._origin)

    def members(self, version: str) -> Sequence[Member]:
        """The one CSV file. Raises Unavailable when the series is no longer that version."""
        if self.version("") != version:
            raise Unavailable(f"{self._origin} changed since it was discovered as {version}: run again")
        content = self._content
        sha256 = hashlib.sha256(content).hexdigest()
        return [Member(series.FILE, self._origin, lambda: nullcontext(io.BytesIO(content)), len(content), sha256)]

    @cached_property
    def _content(self) -> bytes:
        return self._fetch()


def _read_cpi(path: Path) -> bytes:
    """The series from a directory, an archive or the file beside it, or the file itself."""
    if path.is_file() and path.suffix.lower() == ".csv":
        with files.explained(path):
            return path.read_bytes()
    found = layout.locate(files.listing(path), [series.FILE], str(path))
    beside = path.with_name(series.FILE)
    if not found and path.is_file() and beside.is_file():
        return _read_cpi(beside)
    if not found:
        where = f"{path} and the directory it is in have" if path.is_file() else f"{path} has"
        raise MissingInput(f"{where} no {series.FILE}: put FRED's series {series.SERIES} there, or use fred:")
    with files.opened(path, found[series.FILE]) as stream:
        return stream.read(1 << 24)


def _path(source: str) -> Path:
    if not source:
        raise InvalidSettings("SOURCE is empty: name a directory, a zip archive, kaggle:OWNER/SLUG or fred:SERIES")
    if "://" in source and not source.startswith("file:///"):
        raise InvalidSettings(f"{source!r} is no source: name a directory, a zip archive, kaggle:… or fred:…")
    return Path(source.removeprefix("file://")).absolute()


def _date(vintage: str) -> str:
    try:
        return vintage and date.fromisoformat(vintage).isoformat()
    except ValueError:
        raise InvalidSettings(f"{vintage!r} is not a vintage: write a date as 2024-06-30, or nothing") from None
