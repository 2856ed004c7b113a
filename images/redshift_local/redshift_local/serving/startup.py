"""A client's StartupMessage: whom it may name, what it may set, and what the embedded server hears of it."""

import re
import struct
from dataclasses import dataclass

from redshift_local.embedded.backend import INTERNAL_USER
from redshift_local.language.parameters import OWN, SHARED, check
from redshift_local.refusal import Refusal

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
}
UNICODE = "UNICODE"  # what PostgreSQL 8.0 called UTF8


@dataclass(frozen=True)
class Startup:
    """What a client says first: the StartupMessage for the embedded server, and what the session must know of it."""

    message: bytes
    database: str
    user: str
    unicode_name: str  # what this client hears UTF8 called: PostgreSQL's drivers insist on the name they asked for


def prepared(body: bytes) -> Startup:
    """The client's StartupMessage, read. Raises Refusal."""
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
    passed = {name: value for name, value in given.items() if _passed_on(name)}
    passed.setdefault("database", user)
    pairs = b"".join(f"{name}\0{value}\0".encode() for name, value in passed.items())
    message = struct.pack("!ii", len(pairs) + 9, version) + pairs + b"\0"
    asked = re.sub("[^a-z0-9]", "", given.get("client_encoding", "").lower())
    return Startup(message, passed["database"], user, "UTF8" if asked == "utf8" else UNICODE)


def _passed_on(name: str) -> bool:
    return name.lower() in PASSED_ON or name.startswith(("_pq_.", "redshift."))


def _options(text: str) -> dict[str, str]:
    """`-c name=value` and `--name=value`; a parameter Redshift does not have is refused."""
    found = {}
    for word in re.findall(r"(?:\\.|\S)+", text):  # as PostgreSQL splits them: a backslash keeps a blank
        setting = re.sub(r"\\(.)", r"\1", word).removeprefix("-c").removeprefix("--")
        name, equals, value = setting.partition("=")
        if not setting:
            continue
        name = name.replace("-", "_").lower()
        if not equals or name not in {*SHARED, *OWN}:
            raise Refusal("42704", f'unrecognized configuration parameter "{name}"')
        check(name, value)
        found[f"redshift.{name}" if name in OWN else name] = value
    return found


def reported(name: str, value: str, unicode_name: str) -> str | None:
    """The value of a parameter as Redshift reports it, None for one it does not report."""
    if name not in REPORTED:
        return None
    if name == "client_encoding" and value == "UTF8":
        return unicode_name
    return REPORTED_AS.get((name, None)) or REPORTED_AS.get((name, value), value)
