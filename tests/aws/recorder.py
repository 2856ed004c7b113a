"""An AWS on loopback that writes down who asked what: moto, and the one call of Redshift Serverless that moto lacks."""

import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from movalytics_workflows.local.warehouse import USER
from werkzeug.serving import make_server

Environ = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """Who asked which service what: `role` is its name, "" for who has none."""

    role: str
    service: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int


@dataclass
class Recorder:
    """A WSGI application that asks moto and keeps what it was asked; it knows roles by the keys that STS gave them."""

    user: str = USER
    password: str = ""
    requests: list[Request] = field(default_factory=list)
    _roles: dict[str, str] = field(default_factory=dict)
    _moto: DomainDispatcherApplication = field(default_factory=lambda: DomainDispatcherApplication(create_backend_app))

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        body = _small_body(environ)
        key, service = _signer(environ)
        if service == "redshift-serverless":
            self._keep(environ, body, self._roles.get(key, ""), service, 200)
            return self._credentials(start_response)
        said: list[str] = []

        def started(status: str, headers: Any, *rest: Any) -> Any:
            said.append(status)
            return start_response(status, headers, *rest)

        answer = list(self._moto(environ, started))
        role = self._learn(body, b"".join(answer)) if b"Action=AssumeRole" in body else self._roles.get(key, "")
        self._keep(environ, body, role, service or "sts", int(said[0].split()[0]))
        return answer

    def _learn(self, body: bytes, answer: bytes) -> str:
        """The role that is assumed here; from now on its key stands for it."""
        role = parse_qs(body.decode())["RoleArn"][0].rpartition("/")[2]
        self._roles.update((key, role) for key in re.findall(r"<AccessKeyId>(\w+)<", answer.decode()))
        return role

    def _credentials(self, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps({"dbUser": self.user, "dbPassword": self.password}).encode()]

    def _keep(self, environ: Environ, body: bytes, role: str, service: str, status: int) -> None:
        headers = {name.removeprefix("HTTP_"): text for name, text in environ.items() if name.startswith("HTTP_X_AMZ")}
        asked = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        self.requests.append(Request(role, service, *asked, headers, body, status))


class Silent(MotoRequestHandler):
    """Says nothing of each request: there are thousands."""

    def log_request(self, *_: object) -> None: ...


@contextmanager
def serving(recorder: Recorder) -> Iterator[str]:
    """Serve it on loopback; its URL."""
    server = make_server("127.0.0.1", 0, recorder, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _signer(environ: Environ) -> tuple[str, str]:
    """The access key and the service that a request is signed for; empty for the ones without signature."""
    found = re.search(r"Credential=(\w+)/\d+/[\w-]+/([\w-]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return (found[1], found[2]) if found else ("", "")


def _small_body(environ: Environ) -> bytes:
    """The body where it says what is asked: a form, or the keys that a request deletes."""
    is_form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    if not is_form and environ.get("QUERY_STRING", "").split("=")[0] != "delete":
        return b""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    return body
