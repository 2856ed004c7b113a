"""The few paths of the Kubernetes API that finish uses, served on loopback from what a test puts there."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Document = dict[str, Any]
NAMESPACE = "films"
CONFIG = """{{"apiVersion": "v1", "kind": "Config", "current-context": "t",
"clusters": [{{"name": "t", "cluster": {{"server": "{server}"}}}}],
"contexts": [{{"name": "t", "context": {{"cluster": "t", "user": "t"}}}}],
"users": [{{"name": "t", "user": {{"token": "unused"}}}}]}}"""


@dataclass
class Api:
    """What the namespace holds, and what was done to it.

    `refused` names the kinds that answer 403; `garbled` is what everything answers instead; `watch` sees each change.
    """

    objects: dict[str, list[Document]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    logs: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    garbled: str = ""
    lingering: bool = False
    watch: Callable[[str], None] = lambda _change: None
    deleted: list[tuple[str, Document]] = field(default_factory=list)
    patched: list[tuple[str, str, Document]] = field(default_factory=list)

    def add(self, kind: str, name: str, **rest: object) -> Document:
        """Put an object there; `labels` and `annotations` are its metadata."""
        metadata: Document = {"name": name, "uid": f"uid-of-{name}"}
        metadata |= {key: rest.pop(key) for key in ("labels", "annotations") if key in rest}
        self.objects[kind].append({"metadata": metadata, **rest})
        return self.objects[kind][-1]

    def find(self, kind: str, name: str) -> Document | None:
        return next((item for item in self.objects[kind] if item["metadata"]["name"] == name), None)

    def select(self, kind: str, labels: str, fields: str) -> list[Document]:
        """By `name=value`, `name in (…)` or `name` of labels, and by the fields that events are asked by."""
        found = [item for item in self.objects[kind] if _fits(item["metadata"].get("labels") or {}, labels)]
        wanted = dict(term.split("=") for term in fields.split(",") if term)
        if kind == "events":
            found = [
                item
                for item in found
                if (item["involvedObject"]["name"], item["type"]) == (wanted["involvedObject.name"], wanted["type"])
            ]
        return found

    def remove(self, name: str, options: Document) -> None:
        """Delete an application; its pods go with it unless they linger."""
        self.watch("deleted")
        self.deleted.append((name, options))
        self.objects["sparkapplications"].remove(self.find("sparkapplications", name) or {})
        if not self.lingering:
            label = "sparkoperator.k8s.io/app-name"
            pods = self.objects["pods"]
            self.objects["pods"] = [pod for pod in pods if pod["metadata"].get("labels", {}).get(label) != name]


KINDS = {
    "workflows": "/apis/argoproj.io/v1alpha1",
    "sparkapplications": "/apis/sparkoperator.k8s.io/v1beta2",
    "pods": "/api/v1",
    "events": "/api/v1",
}


def _fits(labels: Document, selector: str) -> bool:
    if " in (" in selector:
        name, _, values = selector.partition(" in (")
        return labels.get(name) in values.rstrip(")").split(",")
    name, equals, value = selector.partition("=")
    return not selector or (labels.get(name) == value if equals else name in labels)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Api, Path]]:
    """The API, and the kubeconfig that leads to it."""
    api = Api()
    service = ThreadingHTTPServer(("127.0.0.1", 0), type("Served", (_Handler,), {"api": api}))
    threading.Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield api, kubeconfig(folder, service.server_port)
    finally:
        service.shutdown()
        service.server_close()


def kubeconfig(folder: Path, port: int) -> Path:
    path = folder / "kubeconfig"
    path.write_text(CONFIG.format(server=f"http://127.0.0.1:{port}"))
    return path


class _Handler(BaseHTTPRequestHandler):
    api: Api

    def do_GET(self) -> None:
        self._serve(lambda kind, name, query, _: self._read(kind, name, query))

    def do_DELETE(self) -> None:
        self._serve(lambda _kind, name, _query, body: self._answer(200, {}, self.api.remove(name, body)))

    def do_PATCH(self) -> None:
        self._serve(lambda _kind, name, _query, body: self._answer(200, {}, self._patch(name, body)))

    def _serve(self, work: Any) -> None:
        parts = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        group, _, rest = parts.path.partition(f"/namespaces/{NAMESPACE}/")
        kind, _, name = rest.partition("/")
        if self.headers["Authorization"] != "Bearer unused":
            self._refuse(401, "Unauthorized")
        elif self.api.garbled:
            self._answer(200, self.api.garbled)
        elif KINDS.get(kind) != group:
            self._refuse(404, f"the server could not find {parts.path}")
        elif kind in self.api.refused or f"{self.command} {kind}" in self.api.refused:
            self._refuse(403, f'{kind} is forbidden: User "finish" cannot do this')
        elif name and not self.api.find(kind, name.partition("/")[0]):
            self._refuse(404, f'{kind} "{name}" not found')
        else:
            work(kind, name, {key: values[0] for key, values in parse_qs(parts.query).items()}, body)

    def _read(self, kind: str, name: str, query: dict[str, str]) -> None:
        if name.endswith("/log"):
            lines = self.api.logs[name.removesuffix("/log")].splitlines()[-int(query["tailLines"]) :]
            self._answer(200, "\n".join(lines))
        elif name:
            self._answer(200, self.api.find(kind, name))
        else:
            items = self.api.select(kind, query.get("labelSelector", ""), query.get("fieldSelector", ""))
            self._answer(200, {"items": items})

    def _patch(self, name: str, body: Document) -> None:
        self.api.watch("patched")
        self.api.patched.append((name, self.headers["Content-Type"], body))

    def _refuse(self, code: int, message: str) -> None:
        self._answer(code, {"kind": "Status", "message": message, "code": code})

    def _answer(self, code: int, answer: object, _done: None = None) -> None:
        # A log's bytes need not be UTF-8.
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode(errors="surrogateescape")
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...
