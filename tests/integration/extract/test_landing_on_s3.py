"""Landing in a lake on S3 (moto): the same as in files."""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer
from movalytics_common import lake
from movalytics_common.errors import InvalidData, Unavailable
from movalytics_common.place import s3
from movalytics_extract import sources
from movalytics_extract.landing import Place, land
from movalytics_extract.members import Member

from tests.integration.extract.conftest import IMPATIENT, Command
from tests.integration.extract.sources_server import Fault, SourcesServer


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A place in an empty bucket; AWS_ENDPOINT_URL and credentials are set for it."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3.cache_clear()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the credentials that it found first
    bucket = f"lake-{uuid4().hex}"  # all servers of one process share moto's memory
    boto3.client("s3").create_bucket(Bucket=bucket)
    yield Place(f"s3://{bucket}/raw/movies/version=7", "movies", "7", "kaggle:a/b")
    s3.cache_clear()
    server.stop()


def land_kaggle(server: SourcesServer, place: Place) -> dict[str, object]:
    return land(place, lambda: sources.movies(server.kaggle, IMPATIENT).members("7"))


def member(content: bytes, sha256: str = "") -> Member:
    return Member("links.csv", "links.csv", lambda: nullcontext(io.BytesIO(content)), len(content), sha256)


def test_lands_every_member_and_lists_it_last(server: SourcesServer, place: Place) -> None:
    server.files["ratings.csv"] *= 2000  # more than one part of a multipart upload
    assert land_kaggle(server, place)["landed"]
    listing = json.loads(lake.read_bytes(lake.join(place.uri, "_files.json")))
    for file in listing["files"]:
        content = lake.read_bytes(lake.join(place.uri, file["name"]))
        assert content == server.files[file["name"]]
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_does_nothing_when_everything_has_landed(server: SourcesServer, place: Place) -> None:
    land_kaggle(server, place)
    asked = len(server.requests)
    assert not land_kaggle(server, place)["landed"]
    assert len(server.requests) == asked


def test_a_download_that_fails_leaves_no_object_and_no_upload(server: SourcesServer, place: Place) -> None:
    server.files["ratings.csv"] *= 2000
    server.misbehave("storage:ratings.csv", *[Fault(cut_after=0)] * 20)
    with pytest.raises(Unavailable, match=r"ratings\.csv"):
        land_kaggle(server, place)
    names = {file.uri.rpartition("/")[2] for file in lake.list_files(place.uri)}
    assert not names & {"ratings.csv", "_files.json"}
    assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket=place.uri.split("/")[2])


def test_a_file_with_another_digest_does_not_land(place: Place) -> None:
    with pytest.raises(Unavailable, match=r"links\.csv changed since it was discovered"):
        land(place, lambda: [member(b"abc", sha256="0" * 64)])
    assert lake.list_files(place.uri) == []


def test_the_second_of_two_with_another_content_is_refused(place: Place) -> None:
    def land_meanwhile() -> Sequence[Member]:
        land(place, lambda: [member(b"abc")])
        return [member(b"xyz")]

    with pytest.raises(InvalidData, match="holds another content under the same version"):
        land(place, land_meanwhile)


def test_the_command_lands_on_s3(server: SourcesServer, place: Place, extract: Command) -> None:
    result = extract("extract-movies", f"--source={server.kaggle}", "--version=7", f"--output={place.uri}")
    assert result.exit_code == 0, result.stderr
    assert lake.exists(lake.join(place.uri, "_files.json"))


def test_a_bucket_that_is_not_there_is_said_before_anything_is_downloaded(
    server: SourcesServer, place: Place, extract: Command
) -> None:
    assert place
    result = extract("extract-movies", f"--source={server.kaggle}", "--version=7", "--output=s3://nobodys/raw")
    assert result.exit_code == 66
    assert "the bucket of s3://nobodys/raw" in result.error
    assert server.requests == []
