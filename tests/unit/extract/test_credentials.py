"""Where Kaggle's credentials are found, in which order, and what is taken off them."""

import json
from pathlib import Path

import pytest
import requests
from movalytics_common.errors import AccessDenied
from movalytics_extract.credentials import find
from structlog.testing import capture_logs

SECRET = "secretsecret"


def header(environment: dict[str, str]) -> str:
    """What would be sent: `Bearer token`, or `user:key`."""
    found = find(environment).authorization
    if isinstance(found, tuple):
        return ":".join(found)
    request = requests.Request("GET", "http://127.0.0.1/").prepare()
    return found(request).headers["Authorization"]


def refused(environment: dict[str, str], words: str) -> None:
    with pytest.raises(AccessDenied, match=words) as raised:
        find(environment)
    assert SECRET not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with every kind of file in .kaggle."""
    directory = tmp_path / ".kaggle"
    directory.mkdir()
    (directory / "access_token").write_text("from-file\n")
    (directory / "kaggle.json").write_text('{"username": "file-user", "key": "file-key"}')
    return tmp_path


@pytest.fixture
def kaggle_json(home: Path) -> Path:
    """The path of kaggle.json, the only file in .kaggle."""
    (home / ".kaggle/access_token").unlink()
    return home / ".kaggle/kaggle.json"


def test_takes_a_token_from_the_environment(home: Path) -> None:
    environment = {"KAGGLE_API_TOKEN": "T", "KAGGLE_USERNAME": "u", "KAGGLE_KEY": "k", "HOME": str(home)}
    assert header(environment) == "Bearer T"
    assert find(environment).origin == "the environment variable KAGGLE_API_TOKEN"


def test_takes_a_token_from_the_file_that_the_environment_names(home: Path) -> None:
    environment = {"KAGGLE_API_TOKEN": str(home / ".kaggle/access_token")}
    assert header(environment) == "Bearer from-file"
    assert find(environment).origin == str(home / ".kaggle/access_token")


def test_takes_user_name_and_key_from_the_environment_before_any_file(home: Path) -> None:
    environment = {"KAGGLE_USERNAME": "u", "KAGGLE_KEY": "k", "HOME": str(home)}
    assert header(environment) == "u:k"
    assert find(environment).origin == "the environment variables KAGGLE_USERNAME and KAGGLE_KEY"


def test_takes_the_access_token_file(home: Path) -> None:
    assert header({"HOME": str(home)}) == "Bearer from-file"


def test_takes_kaggle_json(kaggle_json: Path, home: Path) -> None:
    assert header({"HOME": str(home)}) == "file-user:file-key"
    assert find({"HOME": str(home)}).origin == str(kaggle_json)


def test_takes_the_files_of_another_configuration_directory(home: Path) -> None:
    assert header({"KAGGLE_CONFIG_DIR": str(home / ".kaggle"), "HOME": "/nonexistent"}) == "Bearer from-file"


AROUND = ["{}\n", "{}\r\n", " {} ", "\ufeff{}", '"{}"', "'{}'\n", '\ufeff"{}"\r\n', "\t{}\x1a"]


@pytest.mark.parametrize("around", AROUND)
def test_takes_off_what_editors_and_shells_leave_around_a_secret(home: Path, around: str) -> None:
    assert header({"KAGGLE_API_TOKEN": around.format("T")}) == "Bearer T"
    assert header({"KAGGLE_USERNAME": around.format("u"), "KAGGLE_KEY": around.format("k")}) == "u:k"
    (home / ".kaggle/access_token").write_text(around.format("F"))
    assert header({"HOME": str(home)}) == "Bearer F"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_files_in_the_encodings_that_editors_write(kaggle_json: Path, home: Path, encoding: str) -> None:
    kaggle_json.write_text('\n{"username": " u", "key": "k\\n"}\n', encoding=encoding)
    assert header({"HOME": str(home)}) == "u:k"


def test_a_token_of_today_is_sent_as_one_wherever_it_is_kept(kaggle_json: Path, home: Path) -> None:
    assert header({"KAGGLE_USERNAME": "u", "KAGGLE_KEY": "KGAT_1"}) == "Bearer KGAT_1"
    kaggle_json.write_text("KGAT_2\n")
    assert header({"HOME": str(home)}) == "Bearer KGAT_2"
    kaggle_json.write_text(json.dumps({"username": "u", "key": "KGAT_3"}))
    assert header({"HOME": str(home)}) == "Bearer KGAT_3"


def test_kaggles_json_under_a_tokens_name_is_taken_for_what_it_is(home: Path) -> None:
    (home / ".kaggle/access_token").write_text('{"username": "u", "key": "k"}')
    assert header({"HOME": str(home)}) == "u:k"


def test_says_what_to_do_when_there_are_none(tmp_path: Path) -> None:
    refused(
        {"HOME": str(tmp_path), "KAGGLE_USERNAME": "alone", "KAGGLE_KEY": "\n"},
        "there are no Kaggle credentials: set KAGGLE_USERNAME and KAGGLE_KEY, .*KAGGLE_USERNAME is set without",
    )


@pytest.mark.parametrize("content", ["{}", '{"username": "u"}', '{"username": "u", "key": 1}', "{" * 9, "{'key': '"])
def test_names_a_kaggle_json_that_is_none(kaggle_json: Path, home: Path, content: str) -> None:
    kaggle_json.write_text(content)
    refused({"HOME": str(home)}, rf"{kaggle_json} (is not Kaggle's JSON|cannot be Kaggle's) .*username and key")


@pytest.mark.parametrize("content", ["", "\n", f"KAGGLE_KEY={SECRET} b", f"{SECRET}\n{SECRET}", f"{SECRET}é"])
def test_names_a_file_that_holds_no_token(home: Path, content: str) -> None:
    (home / ".kaggle/access_token").write_text(content)
    refused({"HOME": str(home)}, r"/\.kaggle/access_token cannot be Kaggle's username and key, or a token")


def test_names_a_variable_that_holds_no_key() -> None:
    refused({"KAGGLE_USERNAME": "u", "KAGGLE_KEY": f"{SECRET} {SECRET}"}, "KAGGLE_USERNAME and KAGGLE_KEY cannot be")


def test_names_a_directory_in_place_of_a_file(kaggle_json: Path, home: Path) -> None:
    kaggle_json.unlink()
    kaggle_json.mkdir()
    refused({"HOME": str(home)}, f"{kaggle_json} is a directory and should be a file")


def test_names_a_configuration_directory_that_is_none(kaggle_json: Path) -> None:
    refused({"KAGGLE_CONFIG_DIR": str(kaggle_json)}, f"KAGGLE_CONFIG_DIR={kaggle_json} is not a directory")


def test_names_a_token_file_that_is_not_there() -> None:
    refused(
        {"KAGGLE_API_TOKEN": "/nowhere/token"}, "KAGGLE_API_TOKEN names the file /nowhere/token, which is not there"
    )


def test_warns_of_a_file_that_everybody_may_read(kaggle_json: Path, home: Path) -> None:
    kaggle_json.chmod(0o600)
    with capture_logs() as quiet:
        find({"HOME": str(home)})
    kaggle_json.chmod(0o644)
    with capture_logs() as warned:
        find({"HOME": str(home)})
    assert quiet == []
    assert [(event["event"], event["path"]) for event in warned] == [
        ("credentials_readable_by_others", str(kaggle_json))
    ]
