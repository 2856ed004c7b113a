"""A client's StartupMessage: whom it may name, what it may set, and what the embedded server hears of it."""

import shlex
import struct

from redshift_local.backend import INTERNAL_USER
from redshift_local.refusal import Refusal
from redshift_local.settings import SHARED

PASSED_ON = {"user", "database", *SHARED}
# What Redshift reports at the start; PostgreSQL 18 says more, and would give itself away.
REPORTED = {
    "server_version",
    "server_encoding",
    "client_encoding",
    "is_superuser",
    "session_authorization",
    "DateStyle",
    "integer_datetimes",
    "TimeZone",
    "application_name",
}
REPORTED_AS = {
    ("server_version", None): "8.0.2",
    ("server_encoding", "UTF8"): "UNICODE",
    ("client_encoding", "UTF8"): "UNICODE",
}


def prepared(body: bytes) -> tuple[bytes, str, str]:
    """The StartupMessage for the embedded server, the database and the user. Raises Refusal."""
    (version,) = struct.unpack_from("!i", body)
    if version >> 16 != 3:
        raise Refusal("0A000", "unsupported frontend protocol: version 3 is needed")
    strings = [part.decode(errors="replace") for part in body[4:].split(b"\0")]
    given = {name: value for name, value in zip(strings[::2], strings[1::2], strict=False) if name}
    if given.get("replication", "false") not in {"false", "off", "no", "0"}:
        raise Refusal("0A000", "Redshift has no replication connections")
    user = given.get("user", "")
    if not user or user == INTERNAL_USER:
        raise Refusal("28000", f'user "{user}" cannot connect')
    given = {**given, **_options(given.pop("options", ""))}
    passed = {name: value for name, value in given.items() if name.lower() in PASSED_ON or name.startswith("_pq_.")}
    passed.setdefault("database", user)
    pairs = b"".join(f"{name}\0{value}\0".encode() for name, value in passed.items())
    return struct.pack("!ii", len(pairs) + 9, version) + pairs + b"\0", passed["database"], user


def _options(text: str) -> dict[str, str]:
    """`-c name=value` and `--name=value`; a parameter Redshift does not have is refused."""
    found = {}
    words = shlex.split(text)
    for word in words:
        setting = word.removeprefix("-c").removeprefix("--").strip()
        name, equals, value = setting.partition("=")
        if not setting:
            continue
        if not equals or name.replace("-", "_").lower() not in SHARED:
            raise Refusal("42704", f'unrecognized configuration parameter "{name}"')
        found[name.replace("-", "_").lower()] = value
    return found


def reported(name: str, value: str) -> str | None:
    """The value of a parameter as Redshift reports it, None for one it does not report."""
    if name not in REPORTED:
        return None
    return REPORTED_AS.get((name, None)) or REPORTED_AS.get((name, value), value)
