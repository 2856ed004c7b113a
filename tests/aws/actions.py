"""Which rights a request needs of IAM: the actions, on what, and what its conditions may ask.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html says what an S3 request needs.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from moto.s3.responses import ACTION_MAP

from tests.aws.recorder import Request

Context = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Call:
    """A role needs this action on this resource; `because` is the request."""

    role: str
    action: str
    resource: str
    because: str
    context: Context = ()

    def __str__(self) -> str:
        return f"{self.role} needs {self.action} on {self.resource} for {self.because}"


@dataclass(frozen=True)
class Place:
    """What the requests themselves do not tell: the stack's region, key and workgroup."""

    region: str
    key: str
    workgroup: str


def calls(request: Request, place: Place) -> Iterator[Call]:
    """All that one request needs."""
    if request.service == "redshift-serverless":
        action = f"redshift-serverless:{request.headers['X_AMZ_TARGET'].partition('.')[2]}"
        yield Call(request.role, action, place.workgroup, "its login")
    elif request.service == "sts":
        form = parse_qs(request.body.decode())
        told = _claims(form["WebIdentityToken"][0]) if "WebIdentityToken" in form else ()
        yield Call(request.role, f"sts:{form['Action'][0]}", form["RoleArn"][0], "its identity", told)
    else:
        yield from _of_s3(request, place)


def _of_s3(request: Request, place: Place) -> Iterator[Call]:
    bucket, _, key = request.path.removeprefix("/").partition("/")
    because = f"{request.method} {request.path}{'?' if request.query else ''}{request.query} ({request.status})"

    def call(action: str, resource: str, context: Context = ()) -> Call:
        return Call(request.role, action, resource, because, context)

    names = parse_qs(request.query, keep_blank_values=True).keys()
    if not key:
        for deleted in re.findall(rb"<Key>(.*?)</Key>", request.body):
            yield call("s3:DeleteObject", _object(bucket, deleted.decode()))
        if not request.body:
            yield call(f"s3:{_bucket_action(request.method, names)}", f"arn:aws:s3:::{bucket}")
        return
    action = _named(ACTION_MAP["KEY"][request.method], names)
    yield call(f"s3:{action}", _object(bucket, key))
    if source := request.headers.get("X_AMZ_COPY_SOURCE"):
        yield call("s3:GetObject", _object(*unquote(source).removeprefix("/").split("/", 1)))
    if request.status == 404 and request.method in {"GET", "HEAD"}:
        # Who may not list is told 403 for what is not there, and takes it for a refusal.
        yield call("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    via = (("kms:ViaService", f"s3.{place.region}.amazonaws.com"),)
    for needed in _of_the_key(request, action, bool(source), names):
        yield call(f"kms:{needed}", place.key, via)


def _claims(token: str) -> Context:
    """What a role's trust may ask of an account's token."""
    claims = json.loads(urlsafe_b64decode(f"{token.split('.')[1]}=="))
    issuer = claims["iss"].removeprefix("https://")
    return tuple((f"{issuer}:{name}", claims[name]) for name in ("aud", "sub"))


def _of_the_key(request: Request, action: str, is_copy: bool, names: Collection[str]) -> Iterator[str]:
    """What S3 does with the bucket's key in the caller's name; an upload in pieces is read back at its end."""
    if (action == "GetObject" and request.method == "GET" and request.status < 300) or is_copy:
        yield "Decrypt"
    if action == "PutObject":
        yield "GenerateDataKey"
        if {"uploads", "uploadId"} & {*names}:
            yield "Decrypt"


def _bucket_action(method: str, names: Collection[str]) -> str:
    """HEAD of a bucket asks for the same right as a list of it."""
    action = _named(ACTION_MAP["BUCKET"][method], names)
    return "ListBucket" if action == "HeadBucket" else action


def _named(actions: dict[str, str], names: Collection[str]) -> str:
    return next((action for name, action in actions.items() if name in names), actions.get("DEFAULT", ""))


def _object(bucket: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket}/{key}"
