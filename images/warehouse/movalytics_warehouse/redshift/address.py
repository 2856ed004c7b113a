"""The warehouse's address: `redshift://USER@HOST:PORT/DATABASE?credentials=…&sslmode=…`, never with a password."""

from dataclasses import dataclass
from typing import Literal, cast, get_args
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from movalytics_common.errors import InvalidSettings

Credentials = Literal["password", "provisioned", "serverless"]
SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
OPTIONS = {"credentials", "cluster", "workgroup", "region", "sslmode", "sslrootcert"}


@dataclass(frozen=True)
class Address:
    """Where the warehouse is, who connects, and how its certificate is proved."""

    user: str
    host: str
    port: int
    database: str
    credentials: Credentials = "password"
    cluster: str = ""
    workgroup: str = ""
    region: str = ""
    sslmode: str = "verify-full"
    sslrootcert: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.database}"


def parse_address(url: str) -> Address:
    """The address in a URL. Raises InvalidSettings that names what is wrong in it."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidSettings(f"--warehouse is no URL ({error}): write redshift://user@host:port/database") from error
    if parts.scheme != "redshift":
        raise InvalidSettings(f"--warehouse must start with redshift://, not {parts.scheme or 'nothing'}://")
    if parts.password is not None:
        raise InvalidSettings("--warehouse holds a password: take it out and set PGPASSWORD or PGPASSFILE")
    options = _options(parts)
    credentials = options.pop("credentials", "password")
    if credentials not in get_args(Credentials):
        raise InvalidSettings(f"credentials={credentials} in --warehouse must be password, provisioned or serverless")
    address = Address(
        user=unquote(parts.username or ""),
        host=parts.hostname or "",
        port=_port(parts),
        database=unquote(parts.path.removeprefix("/")),
        credentials=cast("Credentials", credentials),
        **options,
    )
    _require(address)
    return address


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(options) - OPTIONS):
        raise InvalidSettings(f"--warehouse has the unknown option {unknown[0]!r}: there are {sorted(OPTIONS)}")
    return options


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or 5439
    except ValueError as error:
        raise InvalidSettings(f"--warehouse has no usable port: {error}") from error


def _require(address: Address) -> None:
    needed = {"host": address.host, "database": address.database}
    # For serverless, IAM names the user.
    if address.credentials != "serverless":
        needed["user"] = address.user
    if address.credentials == "provisioned":
        needed["cluster"] = address.cluster
    if address.credentials == "serverless":
        needed["workgroup"] = address.workgroup
    if missing := [name for name, value in needed.items() if not value]:
        raise InvalidSettings(
            f"--warehouse names no {missing[0]}: redshift://USER@HOST:PORT/DATABASE?cluster=…|workgroup=…"
        )
    if address.sslmode not in SSL_MODES:
        raise InvalidSettings(f"sslmode={address.sslmode} in --warehouse must be one of {sorted(SSL_MODES)}")
