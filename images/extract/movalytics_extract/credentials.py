"""Kaggle's credentials, found where Kaggle's own client finds them: the environment, then the user's files."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from kagglesdk.kaggle_http_client import KaggleHttpClient
from movalytics_common.errors import AccessDenied

Authorization = tuple[str, str] | Callable[[object], object]


def find(environment: Mapping[str, str] = os.environ) -> Authorization:
    """What requests takes as `auth`: a token (bearer) or user name and key (basic).

    The first of KAGGLE_API_TOKEN (a token or a file with one), KAGGLE_USERNAME with KAGGLE_KEY, and in Kaggle's
    configuration directory access_token, access_token.txt, kaggle.json. Unlike Kaggle's client a stray file never
    outranks the environment, which is where a pod's Secret arrives. Raises AccessDenied.
    """
    if token := environment.get("KAGGLE_API_TOKEN"):
        return _bearer(_token_or_file(token))
    if environment.get("KAGGLE_USERNAME") and environment.get("KAGGLE_KEY"):
        return environment["KAGGLE_USERNAME"], environment["KAGGLE_KEY"]
    for directory in _directories(environment):
        for name, read in (("access_token", _token), ("access_token.txt", _token), ("kaggle.json", _username_and_key)):
            if (directory / name).is_file():
                return read(directory / name)
    raise AccessDenied(
        "there are no Kaggle credentials: set KAGGLE_USERNAME and KAGGLE_KEY, or KAGGLE_API_TOKEN,"
        " or save kaggle.json (from your Kaggle account's settings) in ~/.kaggle"
    )


def _directories(environment: Mapping[str, str]) -> list[Path]:
    if chosen := environment.get("KAGGLE_CONFIG_DIR"):
        return [Path(chosen)]
    home = Path(environment.get("HOME", "/nonexistent"))
    return [home / ".kaggle", Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "kaggle"]


def _token_or_file(value: str) -> str:
    if "/" in value and Path(value).is_file():
        return _content(Path(value)).strip()
    return value.strip()


def _token(path: Path) -> Authorization:
    return _bearer(_content(path).strip())


def _username_and_key(path: Path) -> Authorization:
    try:
        values = json.loads(_content(path))
        return str(values["username"]), str(values["key"])
    except (ValueError, KeyError, TypeError) as error:
        raise AccessDenied(f"{path} is not Kaggle's JSON with username and key: download it again") from error


def _bearer(token: str) -> Authorization:
    authorization: Authorization = KaggleHttpClient.BearerAuth(token)
    return authorization


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AccessDenied(f"the Kaggle credentials in {path} cannot be read: check the file") from error
