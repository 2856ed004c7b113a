"""A server that speaks Kaggle's and FRED's protocols over files of a directory, and misbehaves when told to.

`python tests/integration/extract/sources_server.py --directory tests/data --port 8080` serves the sample (the csv
files of the directory, or of the zip archives in it) as dataset rounakbanik/the-movies-dataset, version 7, and as
FRED's series CUSR0000SS62031. `kaggle+http://HOST:8080/rounakbanik/the-movies-dataset` and
`fred+http://HOST:8080/CUSR0000SS62031` name them. Credentials: user `cinephile` with key KEY, token TOKEN, FRED_KEY.
"""

import argparse
import base64
import hashlib
import io
import json
import signal
import threading
import zipfile
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

OWNER, SLUG, VERSION = "rounakbanik", "the-movies-dataset", 7
USERNAME, KEY, TOKEN = "cinephile", "0123456789abcdef", "KGAT_0123456789"
FRED_KEY = "abcdefghijklmnopqrstuvwxyz012345"
SERIES = "CUSR0000SS62031"
KAGGLE_PATH = "/v1/datasets.DatasetApiService/"


@dataclass(frozen=True)
class Fault:
    """How one answer goes wrong: a status with headers and body, a cut after some bytes, a false length, a wait."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut_after: int | None = None
    length_error: int = 0
    before: Callable[[], object] | None = None  # called before the answer: a barrier, a change of the content
    midway: Callable[[], object] | None = None  # called when half of the body is sent
    no_validators: bool = False


@dataclass(frozen=True)
class Request:
    """What one request asked: its kind (GetDataset, ListDatasetFiles, DownloadDataset, storage, graph, api)."""

    kind: str
    headers: dict[str, str]
    query: dict[str, str]
    body: dict[str, object]


class SourcesServer:
    """The API at `address` and, on another port as signed addresses are, the storage that downloads redirect to."""

    def __init__(self, directory: Path, port: int = 0, host: str = "127.0.0.1", storage_port: int = 0) -> None:
        self.files = read_directory(directory)
        self.zipped: set[str] = set()
        self.page_size = 2
        self.version = VERSION
        self.first_vintage = "1999-02-19"
        self.requests: list[Request] = []
        self.struck = 0  # how many of the faults came to pass
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._servers = [_Server((host, number), self) for number in (port, storage_port)]
        self._threads = [threading.Thread(target=server.serve_forever, args=(0.05,)) for server in self._servers]

    def __enter__(self) -> "SourcesServer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()

    @property
    def port(self) -> int:
        """The API's port."""
        return self._servers[0].server_address[1]

    @property
    def storage_port(self) -> int:
        """The storage's port."""
        return self._servers[1].server_address[1]

    @property
    def kaggle(self) -> str:
        """The movies dataset, as a source is named."""
        return f"kaggle+http://127.0.0.1:{self.port}/{OWNER}/{SLUG}"

    @property
    def fred(self) -> str:
        """The CPI series, as a source is named."""
        return f"fred+http://127.0.0.1:{self.port}/{SERIES}"

    def misbehave(self, kind: str, *faults: Fault) -> None:
        """Let the next requests of this kind (or `storage:<file>`) go wrong, each in its way."""
        self._faults[kind].extend(faults)

    def asked(self, kind: str) -> list[Request]:
        """The requests of one kind so far."""
        return [request for request in self.requests if request.kind == kind]

    def take_fault(self, *kinds: str) -> Fault:
        """The next fault planned for one of the kinds, or one that does no harm."""
        for kind in kinds:
            if self._faults[kind]:
                fault = self._faults[kind].popleft()
                self.struck += fault != Fault()
                return fault
        return Fault()

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()
        self.struck = 0


def read_directory(directory: Path) -> dict[str, bytes]:
    """Name → content of the csv files in a directory and in the zip archives in it."""
    files: dict[str, bytes] = {}
    for path in sorted(directory.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            files |= {name: archive.read(name) for name in archive.namelist() if name.endswith(".csv")}
    return files | {path.name: path.read_bytes() for path in sorted(directory.glob("*.csv"))}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], sources: SourcesServer) -> None:
        self.sources = sources
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what our tests do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the standard library's name
        """Quiet: tests read `requests`."""

    def do_POST(self) -> None:
        """Kaggle's API."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        kind = self.path.removeprefix(KAGGLE_PATH)
        fault = self._received(kind, body)
        if self._failed(fault):
            return
        if not self._authorized():
            self._json({"code": 401, "message": "Unauthenticated"}, 401)
        elif (body.get("ownerSlug"), body.get("datasetSlug")) != (OWNER, SLUG):
            self._json({"code": 404, "message": "Dataset not found"}, 404)
        elif body.get("datasetVersionNumber", self.server.sources.version) != self.server.sources.version:
            self._json({"code": 404, "message": "Version not found"}, 404)
        else:
            getattr(self, f"_{kind}")(body)

    def do_GET(self) -> None:
        """FRED, and the storage."""
        path = urlsplit(self.path).path
        kinds = {
            "/graph/fredgraph.csv": "graph",
            "/fred/series/observations": "api",
            "/fred/series/vintagedates": "vintages",
            "/healthz": "healthz",
        }
        kind = kinds.get(path, "storage")
        fault = self._received(kind, {}, f"storage:{path.rpartition('/')[2]}")
        if not self._failed(fault):
            getattr(self, f"_{kind}")(fault)

    def _GetDataset(self, _: dict[str, object]) -> None:  # noqa: N802 as Kaggle calls it
        dataset = {"id": 1, "ref": f"{OWNER}/{SLUG}", "title": "The Movies Dataset"}
        version = self.server.sources.version
        versions = [{"versionNumber": number} for number in range(version, 0, -1)]
        self._json(dataset | {"currentVersionNumber": version, "versions": versions})

    def _ListDatasetFiles(self, body: dict[str, object]) -> None:  # noqa: N802
        sources = self.server.sources
        names = [name for name in sources.files if name != f"{SERIES}.csv"]
        start = int(str(body.get("pageToken", "0")))
        page = names[start : start + sources.page_size]
        answer: dict[str, object] = {
            "datasetFiles": [{"name": name, "totalBytes": len(sources.files[name])} for name in page]
        }
        if start + sources.page_size < len(names):
            answer["nextPageToken"] = str(start + sources.page_size)
        self._json(answer)

    def _DownloadDataset(self, body: dict[str, object]) -> None:  # noqa: N802
        name = str(body.get("fileName"))
        if name not in self.server.sources.files:
            self._json({"code": 404, "message": "File not found"}, 404)
            return
        suffix = ".zip" if name in self.server.sources.zipped else ""
        host = (self.headers["Host"] or "").partition(":")[0]
        address = f"http://{host}:{self.server.sources.storage_port}/storage/{name}{suffix}?signature=0123"
        self._answer(302, b"", {"Location": address})

    def _storage(self, fault: Fault) -> None:
        name = urlsplit(self.path).path.removeprefix("/storage/")
        sources = self.server.sources
        if "Authorization" in self.headers or "signature=0123" not in self.path:
            self._answer(400, b"<Error><Code>InvalidArgument</Code></Error>", {"Content-Type": "application/xml"})
            return
        content = sources.files.get(name)
        if content is None:
            content = zip_of(name.removesuffix(".zip"), sources.files[name.removesuffix(".zip")])
        self._content(content, "text/csv", fault)

    def _graph(self, fault: Fault) -> None:
        query = self.server.sources.requests[-1].query
        if not self.headers.get("User-Agent", "").startswith("movalytics"):
            self._answer(403, b"<html>Access Denied</html>", {"Content-Type": "text/html"})
        elif query.get("id") != SERIES or query.get("vintage_date", "9999") < self.server.sources.first_vintage:
            self._answer(404, b"<!DOCTYPE html><html>Error - St. Louis Fed</html>", {"Content-Type": "text/html"})
        else:
            rows = self._observations(query.get("vintage_date", "9999"))
            lines = [f"observation_date,{SERIES}", *(f"{date},{value}" for date, value in rows)]
            self._content("".join(f"{line}\n" for line in lines).encode(), "application/csv", fault)

    def _api(self, fault: Fault) -> None:
        query = self._query()
        if query.get("api_key") != FRED_KEY:
            self._fred_error("Bad Request.  The value for variable api_key is not registered.")
        elif query.get("series_id") != SERIES:
            self._fred_error("Bad Request.  The series does not exist.")
        elif query.get("realtime_end", "9999") < self.server.sources.first_vintage:
            self._fred_error("Bad Request.  The series does not exist in ALFRED but may exist in FRED.")
        else:
            rows = self._observations(query.get("realtime_end", "9999"))
            observations = [{"date": date, "value": value or "."} for date, value in rows]
            answer = {"units": "lin", "count": len(observations), "observations": observations}
            self._content(json.dumps(answer).encode(), "application/json", fault)

    def _vintages(self, _: Fault) -> None:
        self._json({"vintage_dates": [self.server.sources.first_vintage, "1999-03-18"][: int(self._query()["limit"])]})

    def _healthz(self, _: Fault) -> None:
        self._answer(200, b"ok", {})

    def _observations(self, vintage: str) -> list[tuple[str, str]]:
        """A month's index is published in the next month: a vintage knows the months before its own."""
        lines = self.server.sources.files[f"{SERIES}.csv"].decode().splitlines()[1:]
        rows = [(date, value) for date, _, value in (line.partition(",") for line in lines)]
        return [(date, value) for date, value in rows if date[:7] < vintage[:7]]

    def _fred_error(self, message: str) -> None:
        self._json({"error_code": 400, "error_message": message}, 400)

    def _query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def _received(self, kind: str, body: dict[str, object], *kinds: str) -> Fault:
        sources = self.server.sources
        sources.requests.append(Request(kind, dict(self.headers.items()), self._query(), body))
        fault = sources.take_fault(kind, *kinds)
        if fault.before:
            fault.before()
        return fault

    def _failed(self, fault: Fault) -> bool:
        if fault.status:
            self._answer(fault.status, fault.body, fault.headers)
        return bool(fault.status)

    def _authorized(self) -> bool:
        basic = base64.b64encode(f"{USERNAME}:{KEY}".encode()).decode()
        return self.headers.get("Authorization") in {f"Basic {basic}", f"Bearer {TOKEN}"}

    def _json(self, value: object, status: int = 200) -> None:
        self._answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _content(self, content: bytes, media_type: str, fault: Fault) -> None:
        """The content or, asked with Range and a fitting If-Range, its rest."""
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"Content-Type": media_type} | ({} if fault.no_validators else {"ETag": etag})
        start = self.headers.get("Range", "").removeprefix("bytes=").removesuffix("-")
        if not start or self.headers.get("If-Range", etag) != etag:
            self._answer(200, content, headers, fault)
        elif int(start) >= len(content):
            self._answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
        else:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self._answer(206, content[int(start) :], headers, fault)

    def _answer(self, status: int, body: bytes, headers: dict[str, str], fault: Fault | None = None) -> None:
        fault = fault or Fault()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + fault.length_error))
        self.end_headers()
        middle = len(body) // 2 if fault.midway else 0
        self.wfile.write(body[:middle])
        if fault.midway:
            self.wfile.flush()
            fault.midway()
        self.wfile.write(body[middle : fault.cut_after])
        if fault.cut_after is not None or fault.length_error:
            self.close_connection = True


def zip_of(name: str, content: bytes) -> bytes:
    """A zip archive of one file, as Kaggle packs the large ones."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--storage-port", type=int, default=8081)
    arguments = parser.parse_args()
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with SourcesServer(arguments.directory, arguments.port, arguments.host, arguments.storage_port) as server:
        print("serving", server.port, server.storage_port, flush=True)  # noqa: T201 a program's answer
        signal.sigwait(signals)


if __name__ == "__main__":
    main()
