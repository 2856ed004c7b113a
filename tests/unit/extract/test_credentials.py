"""Where Kaggle's credentials are found, and in which order."""

from pathlib import Path

import pytest
from movalytics_common.errors import AccessDenied
from movalytics_extract.credentials import find


def header(environment: dict[str, str]) -> str:
    """What would be sent: `Bearer token`, or `user:key`."""
    found = find(environment)
    if isinstance(found, tuple):
        return ":".join(found)

    class Request:
        headers: dict[str, str] = {}  # noqa: RUF012 one request

    found(Request)
    return Request.headers["Authorization"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with every kind of file in .kaggle."""
    directory = tmp_path / ".kaggle"
    directory.mkdir()
    (directory / "access_token").write_text("from-file\n")
    (directory / "kaggle.json").write_text('{"username": "file-user", "key": "file-key"}')
    return tmp_path


def test_takes_a_token_from_the_environment(home: Path) -> None:
    environment = {"KAGGLE_API_TOKEN": "T", "KAGGLE_USERNAME": "u", "KAGGLE_KEY": "k", "HOME": str(home)}
    assert header(environment) == "Bearer T"


def test_takes_a_token_from_the_file_that_the_environment_names(home: Path) -> None:
    assert header({"KAGGLE_API_TOKEN": str(home / ".kaggle/access_token")}) == "Bearer from-file"


def test_takes_user_name_and_key_from_the_environment_before_any_file(home: Path) -> None:
    assert header({"KAGGLE_USERNAME": "u", "KAGGLE_KEY": "k", "HOME": str(home)}) == "u:k"


def test_takes_the_access_token_file(home: Path) -> None:
    assert header({"HOME": str(home)}) == "Bearer from-file"


def test_takes_kaggle_json(home: Path) -> None:
    (home / ".kaggle/access_token").unlink()
    assert header({"HOME": str(home)}) == "file-user:file-key"


def test_takes_the_files_of_another_configuration_directory(home: Path) -> None:
    assert header({"KAGGLE_CONFIG_DIR": str(home / ".kaggle"), "HOME": "/nonexistent"}) == "Bearer from-file"


def test_says_what_to_do_when_there_are_none(tmp_path: Path) -> None:
    with pytest.raises(AccessDenied, match="there are no Kaggle credentials: set KAGGLE_USERNAME and KAGGLE_KEY"):
        find({"HOME": str(tmp_path), "KAGGLE_USERNAME": "alone"})


def test_refuses_a_kaggle_json_that_is_none(home: Path) -> None:
    (home / ".kaggle/access_token").unlink()
    (home / ".kaggle/kaggle.json").write_text("{}")
    with pytest.raises(AccessDenied, match=r"kaggle\.json is not Kaggle's JSON with username and key"):
        find({"HOME": str(home)})
