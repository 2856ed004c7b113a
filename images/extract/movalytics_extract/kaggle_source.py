"""The movies dataset from Kaggle: which version is there, and its members as downloads."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import IO, Any, cast

from kagglesdk.datasets.types.dataset_api_service import (
    ApiDownloadDatasetRequest,
    ApiGetDatasetRequest,
    ApiListDatasetFilesRequest,
)
from movalytics_common.errors import InvalidData, InvalidSettings, StorageFailed, Unavailable

from movalytics_extract import layout
from movalytics_extract.download import CHUNK, Download
from movalytics_extract.kaggle_client import KaggleClient
from movalytics_extract.members import Member, Readable
from movalytics_extract.packed import GZIP, ZIP, File, unpacked
from movalytics_extract.progress import progress

PAGE_SIZE = 200


class KaggleSource:
    """One dataset, `OWNER/SLUG`."""

    def __init__(self, client: KaggleClient, owner: str, slug: str) -> None:
        self._client, self._owner, self._slug = client, owner, slug
        self._name = f"dataset {owner}/{slug}"

    def version(self, pin: str) -> str:
        """The pinned version, if Kaggle has it with all members, else the current one: its number as text."""
        if pin:
            self.members(pin)
            return pin
        request = self._about(ApiGetDatasetRequest())
        number = self._client.get_dataset(request, self._name).current_version_number
        if type(number) is not int or number < 1:
            raise InvalidData(f"{self._client.who} names no current version of {self._name}: pin one")
        return str(number)

    def members(self, version: str) -> list[Member]:
        """The members of one version. Raises MissingInput when the version or a required member is not there."""
        number = _number(version)
        listed = self._listing(number)
        where = f"version {number} of {self._name} at {self._client.who}"
        return [
            Member(name, f"{path} in {where}", self._opener(path, name, number, listed[path]), listed[path])
            for name, path in layout.movies(listed, where).items()
        ]

    def _listing(self, number: int) -> dict[str, int]:
        request = self._about(ApiListDatasetFilesRequest())
        request.dataset_version_number, request.page_size = number, PAGE_SIZE
        what, listed = f"version {number} of {self._name}", dict[str, int]()
        while True:
            page = self._client.list_dataset_files(request, what)
            if page.error_message:
                raise InvalidData(f"{self._client.who} does not list {self._name}: {page.error_message}")
            with self._client.understood(what):
                more = {str(file.name): _size(file.total_bytes) for file in page.dataset_files if file.name}
                if not page.next_page_token:
                    return listed | more
                request.page_token = page.next_page_token
            if more.keys() <= listed.keys():
                raise InvalidData(f"{self._client.who} lists {self._name} without end: run again later")
            listed |= more

    def _opener(self, path: str, name: str, number: int, listed: int) -> "Opener":
        request = self._about(ApiDownloadDatasetRequest())
        request.file_name, request.dataset_version_number = path, number
        return Opener(self._client, request, name, listed)

    def _about(self, request: Any) -> Any:
        request.owner_slug, request.dataset_slug = self._owner, self._slug
        return request


class Opener:
    """Opens the download of one file, unpacked when Kaggle sends it as `name.csv.zip` or gzipped."""

    def __init__(self, client: KaggleClient, request: ApiDownloadDatasetRequest, name: str, listed: int) -> None:
        self._client, self._request, self._name, self._listed = client, request, name, listed

    @contextmanager
    def __call__(self) -> Iterator[Readable]:
        """The file's content. Raises what a download raises, InvalidData (a damaged zip), StorageFailed."""
        path, client = self._request.file_name, self._client

        def request(headers: object) -> Any:
            return client.download_dataset(self._request, headers)  # type: ignore[arg-type]

        with closing(Download(request, client.who, path, client.credentials, client.patience)) as download:
            if not download.peek().startswith((ZIP, GZIP)):
                yield _NotShort(download, self._listed, f"{path} from {client.who}")
                return
            with tempfile.TemporaryFile() as spool:
                _spool(download, spool, self._listed)
                with unpacked(
                    cast("File", spool),
                    self._name,
                    f"{path}{'' if path.endswith(('.zip', '.gz')) else '.zip'} from {client.who}",
                ) as content:
                    yield content


class _NotShort:
    """Refuses a file shorter than Kaggle lists it; one that is longer may just be listed by its packed size."""

    def __init__(self, source: Readable, listed: int, what: str) -> None:
        self._source, self._listed, self._what, self._read = source, listed, what, 0

    def read(self, size: int, /) -> bytes:
        data = self._source.read(size)
        self._read += len(data)
        if not data and self._read < self._listed:
            raise Unavailable(f"{self._what} ended after {self._read} of {self._listed} bytes: run again later")
        return data


def _spool(download: Download, spool: IO[bytes], listed: int) -> None:
    """A zip's directory is at its end, so it must be here whole before it is read: on disk, not in memory."""
    with progress(listed) as advance:
        while chunk := download.read(CHUNK):
            try:
                spool.write(chunk)
            except OSError as error:
                raise StorageFailed(
                    f"cannot write to {tempfile.gettempdir()} ({error.strerror}): free some space or set TMPDIR"
                ) from error
            advance(len(chunk))
    spool.seek(0)


def _size(listed: object) -> int:
    """The bytes of a file, as Kaggle lists them: its protocol leaves out a 0."""
    return listed if isinstance(listed, int) and listed > 0 else 0


def _number(version: str) -> int:
    if not version.isdecimal():
        raise InvalidSettings(f"{version!r} is not a version of a Kaggle dataset: it must be a number, such as 7")
    return int(version)
