"""Sources: what the texts `--movies`, `--cpi` and `--source` name, opened."""

import hashlib
import io
import os
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from movalytics_common.errors import InvalidSettings, MissingInput, Unavailable

from movalytics_extract import credentials, files, fred, layout, series
from movalytics_extract.members import BLOCK, Member, checked, digests
from movalytics_extract.packed import Content
from movalytics_extract.patience import Patience

PATIENCE = Patience()
KAGGLE = re.compile(r"kaggle(?::|\+(https?://[^/@?#\s]+)/)([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)")
FRED = re.compile(r"fred(?::|\+(https?://[^/@?#\s]+)/)([A-Z0-9]+)")


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
        raise InvalidSettings(f"{_shown(source)} is not a Kaggle dataset: write kaggle:OWNER/SLUG")
    # kagglesdk takes half a second to import, which runs on files need not pay.
    from movalytics_extract import kaggle_client, kaggle_source  # noqa: PLC0415

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
        return CpiSeries(source, partial(_read_cpi, _path(source)))
    parts = FRED.fullmatch(source)
    if not parts or parts[2] != series.SERIES:
        raise InvalidSettings(f"{_shown(source)} is not the series of this pipeline: write fred:{series.SERIES}")
    day = _date(vintage)
    key = credentials.clean(os.environ.get("FRED_API_KEY", ""))
    client = fred.Fred(parts[1] or fred.GRAPH, parts[1] or fred.API, key, patience)
    return CpiSeries(source, lambda: (client.fetch(day), f"{source} as of {day}" if day else source))


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
        found = layout.movies(files.listing(self._path), str(self._path))
        return [self._member(name, path) for name, path in sorted(found.items())]

    def _member(self, name: str, path: str) -> Member:
        """The member as it is when it is read whole, which also finds what is damaged or no CSV."""
        opener = partial(files.content, self._path, path, name)
        with opener() as content:
            unknown = Member(name, content.origin, opener, 0)
            found = digests(checked(unknown, content, lambda _: None)[1])
            return replace(unknown, sha256=found.sha256, bytes=found.bytes)


class CpiSeries:
    """The CPI series, wherever its few kilobytes come from; `fetch` gives them and what a person calls that place."""

    def __init__(self, name: str, fetch: Callable[[], tuple[bytes, str]]) -> None:
        self._name, self._fetch = name, fetch

    def version(self, pin: str) -> str:
        """`<last observation>-<8 hex>`. A pin is a vintage, which the source was opened with."""
        del pin
        return series.version(*self._landed)

    def members(self, version: str) -> Sequence[Member]:
        """The one CSV file. Raises Unavailable when the series is no longer that version."""
        if self.version("") != version:
            raise Unavailable(f"{self._name} changed since it was discovered as {version}: run again")
        content, origin = self._landed
        sha256 = hashlib.sha256(content).hexdigest()
        return [Member(series.FILE, origin, lambda: nullcontext(io.BytesIO(content)), len(content), sha256)]

    @cached_property
    def _landed(self) -> tuple[bytes, str]:
        content, origin = self._fetch()
        return series.landed(content, origin), origin


def _read_cpi(path: Path) -> tuple[bytes, str]:
    """The series and where it was: a directory, an archive, what lies beside these, or the file itself."""
    if path.is_file() and (path.suffix.lower() == ".csv" or layout.cpi([path.name], str(path))):
        return _whole(files.content_of_file(path, series.FILE))
    if found := layout.cpi(files.listing(path), str(path)):
        return _whole(files.content(path, found, series.FILE))
    if beside := layout.cpi(files.names(path.parent), str(path.parent)):
        return _whole(files.content_of_file(path.parent / beside, series.FILE))
    where = f"{path} and the directory it is in have" if path.is_file() else f"{path} has"
    raise MissingInput(f"{where} no {series.FILE}: put FRED's series {series.SERIES} in it or beside it, or use fred:")


def _whole(opened: AbstractContextManager[Content]) -> tuple[bytes, str]:
    with opened as content:
        found = b"".join(iter(lambda: content.read(BLOCK), b""))
        return found, content.origin


def _path(source: str) -> Path:
    if not source:
        raise InvalidSettings("SOURCE is empty: name a directory, a zip archive, kaggle:OWNER/SLUG or fred:SERIES")
    if "://" in source and not source.startswith("file:///"):
        raise InvalidSettings(f"{_shown(source)} is no source: name a directory, a zip archive, kaggle:… or fred:…")
    return Path(source.removeprefix("file://")).absolute()


def _shown(source: str) -> str:
    """A text that names no source, without what may be a secret in it: user and password, a query."""
    return repr(re.sub(r"(?<=://)[^/]*@|[?#].*", "…", source))


def _date(vintage: str) -> str:
    try:
        return vintage and date.fromisoformat(vintage).isoformat()
    except ValueError:
        raise InvalidSettings(f"{vintage!r} is not a vintage: write a date as 2024-06-30, or nothing") from None
