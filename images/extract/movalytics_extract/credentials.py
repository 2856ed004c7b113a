"""Kaggle's credentials, found where Kaggle's own client finds them: the environment, then the user's files."""

import codecs
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
from movalytics_common.errors import AccessDenied
from movalytics_common.log import get_logger

Authorization = tuple[str, str] | Callable[[requests.PreparedRequest], requests.PreparedRequest]

TOKEN = "KGAT_"  # noqa: S105 how Kaggle's tokens of today begin; older keys are 32 hexadecimal digits
_VARIABLES = "the environment variables KAGGLE_USERNAME and KAGGLE_KEY"
_FILES = ("access_token", "access_token.txt", "kaggle.json")
# What editors, terminals and shells leave around a secret: byte-order marks, line ends, blanks, quotes.
_AROUND = " \t\r\n\f\v\0\x1a\ufeff\u200b\u00a0\"'`"


@dataclass(frozen=True)
class Credentials:
    """What requests takes as `auth`, and where it was found, in words for a sentence."""

    authorization: Authorization
    origin: str


def find(environment: Mapping[str, str] = os.environ) -> Credentials:
    """A token (bearer), or user name and key (basic).

    The first of KAGGLE_API_TOKEN (a token or a file with one), KAGGLE_USERNAME with KAGGLE_KEY, and in Kaggle's
    configuration directory access_token, access_token.txt, kaggle.json. Unlike Kaggle's client a stray file never
    outranks the environment, which is where a pod's Secret arrives. Raises AccessDenied, which names the place.
    """
    if token := clean(environment.get("KAGGLE_API_TOKEN", "")):
        return _token_or_file(token)
    user, key = (clean(environment.get(name, "")) for name in ("KAGGLE_USERNAME", "KAGGLE_KEY"))
    if user and key:
        return _credentials(user, key, _VARIABLES)
    for directory in _directories(environment):
        for path in (directory / name for name in _FILES):
            if found := _from_file(path):
                return found
    raise _none(user, key)


def clean(secret: str) -> str:
    """A secret without what an editor or a shell left around it."""
    return secret.strip(_AROUND)


def _none(user: str, key: str) -> AccessDenied:
    half = "KAGGLE_USERNAME is set without KAGGLE_KEY" if user else "KAGGLE_KEY is set without KAGGLE_USERNAME"
    return AccessDenied(
        "there are no Kaggle credentials: set KAGGLE_USERNAME and KAGGLE_KEY, or KAGGLE_API_TOKEN,"
        f" or save kaggle.json (from your Kaggle account's settings) in ~/.kaggle{f'; {half}' if user or key else ''}"
    )


def _directories(environment: Mapping[str, str]) -> list[Path]:
    if chosen := environment.get("KAGGLE_CONFIG_DIR"):
        if not Path(chosen).is_dir():
            raise AccessDenied(f"KAGGLE_CONFIG_DIR={chosen} is not a directory: name the one with Kaggle's credentials")
        return [Path(chosen)]
    home = Path(environment.get("HOME", "/nonexistent"))
    return [home / ".kaggle", Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "kaggle"]


def _token_or_file(value: str) -> Credentials:
    """KAGGLE_API_TOKEN's value: no token has a slash, every path to a file does here."""
    origin = "the environment variable KAGGLE_API_TOKEN"
    if "/" not in value or value.startswith("{"):
        return _parsed(value, origin)
    path = Path(value).expanduser()
    if found := _from_file(path):
        return found
    raise AccessDenied(f"{origin} names the file {path}, which is not there: correct it, or set the token itself")


def _from_file(path: Path) -> Credentials | None:
    try:
        content, mode = path.read_bytes(), path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError as error:
        raise AccessDenied(f"{path} is a directory and should be a file with Kaggle's credentials") from error
    except OSError as error:
        raise AccessDenied(f"the Kaggle credentials in {path} cannot be read ({error.strerror})") from error
    if mode & 0o004:
        get_logger().warning("credentials_readable_by_others", path=str(path), advice=f"chmod 600 '{path}'")
    return _parsed(clean(_text(content)), str(path))


def _text(content: bytes) -> str:
    """The text of a file that an editor or PowerShell wrote: UTF-8, or UTF-16 with its mark."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8", errors="replace")


def _parsed(text: str, origin: str) -> Credentials:
    """Kaggle's JSON or a token, whatever the place is called: people save either under the other's name."""
    if not text.startswith("{"):
        return _credentials("", text, origin)  # a token
    try:
        values = json.loads(text)
        user, key = clean(values["username"]), clean(values["key"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AccessDenied(f"{origin} is not Kaggle's JSON with username and key: download it again") from error
    return _credentials(user, key, origin)


def _credentials(user: str, key: str, origin: str) -> Credentials:
    """Raises AccessDenied for what cannot be sent: blanks, line ends or letters that no name, key or token has."""
    if not key or not re.fullmatch(r"[!-~]*", user + key):
        raise AccessDenied(
            f"{origin} cannot be Kaggle's username and key, or a token: copy it from your Kaggle account's"
            " settings again"
        )
    if user and not key.startswith(TOKEN):
        return Credentials((user, key), origin)
    return Credentials(_bearer(key), origin)


def _bearer(token: str) -> Authorization:
    def authorize(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return authorize
