"""The lake on S3 (moto): whole objects, conditional creation, errors as sentences."""

import hashlib
import io

import boto3
import pytest
from movalytics_common import lake
from movalytics_common.errors import AccessDenied, MissingInput, Unavailable


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
    lake._s3.cache_clear()
    with pytest.raises(AccessDenied, match=r"no AWS credentials for .*/x: set AWS_PROFILE"):
        lake.write_bytes(f"{bucket}/x", b"")


def test_says_that_s3_does_not_answer(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    lake._s3.cache_clear()
    with pytest.raises(Unavailable, match="S3 did not answer for s3://lake"):
        lake.read_bytes(f"{bucket}/x")
