"""Reads a COPY manifest as strictly as Redshift does for columnar files.

https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html,
https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redshift_local.copying.files import open_file, path_of
from redshift_local.copying.unreadable import Missing, Unreadable
from redshift_local.refusal import LoadFailure


@dataclass(frozen=True)
class Entry:
    """One file to load; the same one twice loads twice."""

    url: str
    content_length: int
    mandatory: bool


def read_manifest(uri: str) -> list[Entry]:
    """The manifest's entries in order. Raises LoadFailure."""
    try:
        document = json.loads(_content(uri))
    except Missing as error:
        raise LoadFailure(
            f"The specified S3 object does not exist: manifest {uri} ({error})", uri, code=8001
        ) from error
    except Unreadable as error:
        raise LoadFailure(str(error), uri, code=8001) from error
    except (ValueError, RecursionError) as error:
        raise LoadFailure(f"Manifest file {uri} is not in JSON format", uri, code=8001) from error
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not entries:
        raise LoadFailure(f'Manifest file {uri} must contain a list "entries" of files', uri, code=8001)
    return [_entry(uri, entry) for entry in entries]


def _content(uri: str) -> bytes:
    with open_file(uri) as file:
        return file.read()


def _entry(uri: str, entry: Any) -> Entry:
    url = entry.get("url") if isinstance(entry, dict) else None
    if not isinstance(url, str) or not url.startswith(("s3://", "file:///")):
        raise LoadFailure(
            f'Manifest file {uri}: an entry needs a "url" with an s3:// or file:/// prefix', uri, code=8001
        )
    meta = entry.get("meta")
    length = meta.get("content_length") if isinstance(meta, dict) else None
    if not isinstance(length, int) or isinstance(length, bool):
        raise LoadFailure(f"Manifest file {uri} does not contain meta.content_length for {url}", uri, code=8001)
    mandatory = entry.get("mandatory", False)
    if not isinstance(mandatory, bool):
        raise LoadFailure(f'Manifest file {uri}: "mandatory" of {url} must be true or false', uri, code=8001)
    return Entry(url, length, mandatory)


@contextmanager
def local_file(entry: Entry) -> Iterator[Path | None]:
    """The entry's file on this machine, None when it is missing and need not be there. Raises LoadFailure."""
    with TemporaryDirectory(prefix="redshift-local-") as directory:
        try:
            path = _fetched(entry.url, Path(directory))
        except Missing as error:
            if entry.mandatory:
                raise LoadFailure(
                    f"The specified S3 object does not exist: mandatory file {entry.url}", entry.url
                ) from error
            yield None
            return
        except Unreadable as error:
            raise LoadFailure(str(error), entry.url) from error
        size = path.stat().st_size
        if size != entry.content_length:
            message = (
                f"content_length of {entry.url} in the manifest is {entry.content_length}, the file has {size} bytes"
            )
            raise LoadFailure(message, entry.url)
        yield path


def _fetched(url: str, directory: Path) -> Path:
    if url.startswith("file://"):
        with open_file(url):
            return path_of(url)
    path = directory / "part.parquet"
    with open_file(url) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return path
