"""The lake on S3 (moto): whole objects, conditional creation, errors as sentences."""

import hashlib
import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType

import boto3
import pytest
from movalytics_common import folders, lake
from movalytics_common.errors import (
    AccessDenied,
    InvalidSettings,
    MissingInput,
    PipelineError,
    StorageFailed,
    Unavailable,
)
from movalytics_common.place import s3


def test_reads_what_was_written(bucket: str) -> None:
    lake.write_bytes(f"{bucket}/a b/c=1/x.csv", b"abc")
    assert lake.read_bytes(f"{bucket}/a b/c=1/x.csv") == b"abc"


def test_streams_more_than_one_part(bucket: str) -> None:
    content = bytes(range(256)) * (20 << 12)
    lake.write_stream(f"{bucket}/big", io.BytesIO(content))
    with lake.open_read(f"{bucket}/big") as stream:
        assert hashlib.file_digest(stream, "sha256").digest() == hashlib.sha256(content).digest()  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [10, 20 << 20])
def test_shows_nothing_when_a_stream_fails(bucket: str, size: int) -> None:
    class Failing(io.RawIOBase):
        left = size

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            if not self.left:
                raise MissingInput("the source ended")
            count = min(len(buffer), self.left)
            self.left -= count
            return count

    with pytest.raises(MissingInput, match="the source ended"):
        lake.write_stream(f"{bucket}/broken", io.BufferedReader(Failing()))  # type: ignore[arg-type]
    assert lake.list_files(bucket) == []
    assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket=bucket.removeprefix("s3://"))


def test_creates_only_what_is_not_there(bucket: str) -> None:
    assert lake.create_bytes(f"{bucket}/once", b"first")
    assert not lake.create_bytes(f"{bucket}/once", b"second")
    assert lake.read_bytes(f"{bucket}/once") == b"first"


def test_lists_objects_below_a_prefix_by_name(bucket: str) -> None:
    for name in ("run=1/b", "run=1/a", "run=10/c"):
        lake.write_bytes(f"{bucket}/{name}", name.encode())
    assert lake.list_files(f"{bucket}/run=1") == [
        lake.LakeFile(f"{bucket}/run=1/a", 7),
        lake.LakeFile(f"{bucket}/run=1/b", 7),
    ]


def test_lists_more_objects_than_one_page_has(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    for number in range(5):
        lake.write_bytes(f"{bucket}/many/{number}", b"")
    assert len(lake.list_files(f"{bucket}/many")) == 5


def test_lists_the_folders_right_below_a_prefix(bucket: str) -> None:
    for name in ("curated/made=2/a/x", "curated/made=1/x", "curated/file", "curated-not/made=3/x"):
        lake.write_bytes(f"{bucket}/{name}", b"")
    assert folders.list_folders(f"{bucket}/curated") == ["made=1", "made=2"]
    assert folders.list_folders(f"{bucket}/nothing") == []


def test_deletes_a_folder_of_more_objects_than_one_request_takes_and_no_other(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_AT_ONCE", 2)
    for name in ("a.manifest", "a/1", "a/2", "a/3", "a/4"):
        lake.write_bytes(f"{bucket}/made=1/{name}", b"")
    lake.write_bytes(f"{bucket}/made=10/x", b"")
    folders.delete_folder(f"{bucket}/made=1", first=(".manifest",))
    assert [file.uri for file in lake.list_files(bucket)] == [f"{bucket}/made=10/x"]
    folders.delete_folder(f"{bucket}/made=1", first=(".manifest",))


@pytest.mark.parametrize(
    ("code", "expected"), [("AccessDenied", AccessDenied), ("InternalError", Unavailable), ("Strange", StorageFailed)]
)
def test_an_object_that_is_not_deleted_by_a_request_that_succeeds_is_an_error(
    bucket: str, monkeypatch: pytest.MonkeyPatch, code: str, expected: type[PipelineError]
) -> None:
    lake.write_bytes(f"{bucket}/made=1/x", b"")
    answer = {"Errors": [{"Key": "made=1/x", "Code": code, "Message": "said S3"}]}
    monkeypatch.setattr(s3(), "delete_objects", lambda **_: answer)
    with pytest.raises(expected, match=f"{bucket}/made=1/x"):
        folders.delete_folder(f"{bucket}/made=1")


def test_a_prefix_is_not_an_object(bucket: str) -> None:
    lake.write_bytes(f"{bucket}/directory/file", b"")
    assert lake.exists(f"{bucket}/directory/file")
    assert not lake.exists(f"{bucket}/directory")


def test_says_what_is_not_there(bucket: str) -> None:
    with pytest.raises(MissingInput, match=f"{bucket}/nothing is not there"):
        lake.read_bytes(f"{bucket}/nothing")


def test_says_that_the_bucket_does_not_exist(bucket: str) -> None:
    assert bucket
    with pytest.raises(MissingInput, match="the bucket of s3://nobodys/x does not exist: create it"):
        lake.write_bytes("s3://nobodys/x", b"")


def test_says_that_there_are_no_credentials(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    s3.cache_clear()
    with pytest.raises(AccessDenied, match=r"no AWS credentials for .*/x: set AWS_PROFILE"):
        lake.write_bytes(f"{bucket}/x", b"")


def test_says_that_s3_does_not_answer(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3.cache_clear()
    with pytest.raises(Unavailable, match="S3 did not answer for s3://lake"):
        lake.read_bytes(f"{bucket}/x")


@contextmanager
def answering(status: int, code: str, headers: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """The address of an S3 that answers every request with an error, or with a page, and with these headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<Error><Code>{code}</Code><Message>so it is</Message></Error>".encode() if code else b"<html>hello"
            self.send_response(status)
            for name, text in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # type: ignore[override]
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "code", "error", "words"),
    [
        (403, "RequestTimeTooSkewed", InvalidSettings, "this machine's clock is wrong: set it"),
        (400, "AuthorizationHeaderMalformed", InvalidSettings, r"is in another region .*: set AWS_REGION"),
        (301, "PermanentRedirect", InvalidSettings, r"is in another region .*: set AWS_REGION"),
        (400, "ExpiredToken", AccessDenied, r"refused access to s3://lake/x \(ExpiredToken\)"),
        (400, "InvalidToken", AccessDenied, "refused access to s3://lake/x"),
        (403, "AllAccessDisabled", AccessDenied, "refused access to s3://lake/x"),
        (401, "Whatever", AccessDenied, "refused access to s3://lake/x"),
        (429, "TooManyRequests", Unavailable, "could not serve s3://lake/x now"),
        (502, "BadGateway", Unavailable, "could not serve s3://lake/x now"),
        (503, "SlowDown", Unavailable, "could not serve s3://lake/x now"),
        (507, "XMinioStorageFull", StorageFailed, "has no space left for s3://lake/x"),
        (404, "NoSuchKey", MissingInput, "s3://lake/x is not there"),
        (404, "NoSuchBucket", MissingInput, "the bucket of s3://lake/x does not exist"),
        (400, "Unheard", StorageFailed, "S3 refused s3://lake/x"),
        (400, "", PipelineError, "s3://lake/x"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_each_answer_of_s3_is_a_sentence_with_a_fitting_code(
    monkeypatch: pytest.MonkeyPatch, status: int, code: str, error: type[PipelineError], words: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with answering(status, code) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        s3.cache_clear()
        with pytest.raises(error, match=words) as raised:
            lake.read_bytes("s3://lake/x")
    assert "\n" not in str(raised.value)


def read_through(uri: str, *size: int) -> None:
    """Read the object whole, or in pieces of a size."""
    with lake.open_read(uri) as body:
        while body.read(*size):
            pass


@pytest.mark.parametrize("headers", [{"Content-Length": "9999"}, {"x-amz-checksum-crc32": "AAAAAA=="}])
@pytest.mark.parametrize("size", [(), (4,)])
@pytest.mark.usefixtures("bucket")
def test_a_body_that_breaks_off_or_is_damaged_may_be_whole_the_next_time(
    monkeypatch: pytest.MonkeyPatch, headers: Mapping[str, str], size: tuple[int, ...]
) -> None:
    with answering(200, "", headers) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        s3.cache_clear()
        with pytest.raises(Unavailable, match="S3 did not answer for s3://lake/x"):
            read_through("s3://lake/x", *size)


@pytest.mark.parametrize(
    ("variables", "error", "words"),
    [
        ({"AWS_PROFILE": "nobody's"}, InvalidSettings, "nobody's"),
        ({"AWS_ACCESS_KEY_ID": ""}, AccessDenied, "credentials"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, AccessDenied, "credentials"),
        ({"AWS_ENDPOINT_URL": "not a url"}, InvalidSettings, "S3's address is none .*: correct AWS_ENDPOINT_URL"),
        ({"AWS_DEFAULT_REGION": "no region!"}, InvalidSettings, "region"),
        ({"AWS_CONFIG_FILE": "rubbish"}, InvalidSettings, "rubbish"),
        (
            {"AWS_ENDPOINT_URL": "https://127.0.0.1:9", "AWS_CA_BUNDLE": "/nowhere"},
            InvalidSettings,
            "AWS_CA_BUNDLE=/nowhere",
        ),
        (
            {"AWS_ENDPOINT_URL": "https://127.0.0.1:9", "REQUESTS_CA_BUNDLE": "/nowhere"},
            InvalidSettings,
            "REQUESTS_CA_BUN",
        ),
        ({"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}, Unavailable, "proxy"),
        ({"HTTP_PROXY": "foo://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}, PipelineError, "lake/x"),
    ],
)
def test_each_wrong_setting_is_a_sentence(
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variables: dict[str, str],
    error: type[PipelineError],
    words: str,
) -> None:
    (tmp_path / "rubbish").write_text("no section")
    for name, value in {"AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value == "rubbish" else value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    s3.cache_clear()
    with pytest.raises(error, match=words) as raised:
        lake.read_bytes("s3://lake/x")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["s3://", "s3:///key", "s3://A bucket/x"])
def test_a_bucket_that_cannot_be_one_is_a_sentence(bucket: str, name: str) -> None:
    with pytest.raises(PipelineError, match="S3 cannot be asked for"):
        lake.write_bytes(name, b"")
