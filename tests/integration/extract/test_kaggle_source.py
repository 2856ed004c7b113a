"""Kaggle's protocol, spoken well and badly: what lands is right, or a sentence says what is wrong."""

import gzip
import hashlib
import json
import threading
from pathlib import Path

import pytest
from movalytics_common.errors import (
    AccessDenied,
    InvalidData,
    InvalidSettings,
    MissingInput,
    PipelineError,
    Unavailable,
)
from movalytics_extract import sources
from movalytics_extract.download import CHUNK
from movalytics_extract.landing import Place, land
from movalytics_extract.members import REQUIRED
from structlog.testing import capture_logs

from tests.integration.extract.conftest import IMPATIENT
from tests.integration.extract.sources_server import TOKEN, Fault, SourcesServer, zip_of

PART = CHUNK  # a download is resumed in whole chunks


def landed(server: SourcesServer, lake: Path, version: str = "7") -> dict[str, str]:
    """Land the dataset and return name → sha256 of what is in the lake."""
    place = Place(f"file://{lake}", "movies", version, server.kaggle)
    land(place, lambda: sources.movies(server.kaggle, IMPATIENT).members(version))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in lake.glob("*.csv")}


def served(server: SourcesServer) -> dict[str, str]:
    return {
        name: hashlib.sha256(content).hexdigest()
        for name, content in server.files.items()
        if not name.startswith("CUSR")
    }


def refused(server: SourcesServer, lake: Path, error: type[PipelineError], words: str, version: str = "7") -> str:
    """The sentence with which landing fails; nothing of the failing member and no listing is in the lake."""
    with pytest.raises(error, match=words) as raised:
        landed(server, lake, version)
    assert not (lake / "_files.json").exists()
    assert not list(lake.glob(".*"))
    return str(raised.value)


def test_discovers_the_current_version(server: SourcesServer) -> None:
    assert sources.movies(server.kaggle, IMPATIENT).version("") == "7"


def test_takes_a_pinned_version_that_exists(server: SourcesServer) -> None:
    assert sources.movies(server.kaggle, IMPATIENT).version("7") == "7"


def test_refuses_a_pinned_version_that_does_not_exist(server: SourcesServer) -> None:
    with pytest.raises(MissingInput, match="has no version 9 of dataset rounakbanik/the-movies-dataset"):
        sources.movies(server.kaggle, IMPATIENT).version("9")


def test_refuses_a_version_that_is_no_number(server: SourcesServer) -> None:
    with pytest.raises(InvalidSettings, match="'latest' is not a version of a Kaggle dataset"):
        sources.movies(server.kaggle, IMPATIENT).version("latest")


def test_lands_every_member_as_served_and_lists_it(server: SourcesServer, tmp_path: Path) -> None:
    assert landed(server, tmp_path) == served(server)
    listing = json.loads((tmp_path / "_files.json").read_text())
    assert (listing["source"], listing["version"], listing["origin"]) == ("movies", "7", server.kaggle)
    assert {file["name"]: file["sha256"] for file in listing["files"]} == served(server)
    assert all(file["bytes"] == (tmp_path / file["name"]).stat().st_size for file in listing["files"])


def test_reads_every_page_of_the_listing(server: SourcesServer, tmp_path: Path) -> None:
    server.page_size = 1
    landed(server, tmp_path)
    assert len(server.asked("ListDatasetFiles")) == len(served(server))


def test_asks_for_the_pinned_version_in_every_call(server: SourcesServer, tmp_path: Path) -> None:
    landed(server, tmp_path)
    calls = server.asked("ListDatasetFiles") + server.asked("DownloadDataset")
    assert {call.body["datasetVersionNumber"] for call in calls} == {7}


def test_ignores_members_that_are_not_ours(server: SourcesServer, tmp_path: Path) -> None:
    server.files |= {"links_small.csv": b"x", "../links.csv": b"x", "deep/er/ratings.csv": b"x"}
    assert set(landed(server, tmp_path)) == {*REQUIRED, "keywords.csv"}


def test_unpacks_a_member_that_arrives_zipped(server: SourcesServer, tmp_path: Path) -> None:
    server.zipped = {"ratings.csv", "movies_metadata.csv"}
    assert landed(server, tmp_path) == served(server)


def test_resumes_a_zipped_member_that_was_cut(server: SourcesServer, tmp_path: Path) -> None:
    server.zipped = {"movies_metadata.csv"}
    server.misbehave("storage:movies_metadata.csv.zip", Fault(cut_after=PART))
    assert landed(server, tmp_path) == served(server)


def test_sends_no_credentials_to_the_signed_address(server: SourcesServer, tmp_path: Path) -> None:
    landed(server, tmp_path)
    assert all("Authorization" not in request.headers for request in server.asked("storage"))
    assert all("Authorization" in request.headers for request in server.asked("DownloadDataset"))


def test_resumes_where_the_connection_was_cut(server: SourcesServer, tmp_path: Path) -> None:
    server.misbehave("storage:movies_metadata.csv", Fault(cut_after=PART), Fault(cut_after=PART))
    assert landed(server, tmp_path) == served(server)
    resumed = [request.headers for request in server.asked("storage") if "Range" in request.headers]
    assert [headers["Range"] for headers in resumed] == [f"bytes={PART}-", f"bytes={2 * PART}-"]
    assert all(headers["If-Range"].startswith('"') for headers in resumed)


def test_a_download_may_be_cut_more_often_than_there_are_tries_while_it_moves_on(
    server: SourcesServer, tmp_path: Path
) -> None:
    server.files["movies_metadata.csv"] *= 10
    server.misbehave("storage:movies_metadata.csv", *[Fault(cut_after=PART)] * (IMPATIENT.attempts + 3))
    assert landed(server, tmp_path) == served(server)


def test_reads_again_from_the_start_when_nothing_names_the_content(server: SourcesServer, tmp_path: Path) -> None:
    server.misbehave("storage:movies_metadata.csv", Fault(cut_after=PART, no_validators=True))
    assert landed(server, tmp_path) == served(server)
    assert not [request for request in server.asked("storage") if "Range" in request.headers]


def test_refuses_content_that_changed_between_two_connections(server: SourcesServer, tmp_path: Path) -> None:
    def change() -> None:
        server.files["movies_metadata.csv"] = server.files["movies_metadata.csv"].replace(b"a", b"b")

    server.misbehave("storage:movies_metadata.csv", Fault(cut_after=PART), Fault(before=change))
    refused(server, tmp_path, Unavailable, "movies_metadata.csv changed at Kaggle's mirror .* run again")


def test_reads_on_when_the_length_was_overstated_once(server: SourcesServer, tmp_path: Path) -> None:
    server.misbehave("storage:links.csv", Fault(length_error=100))
    assert landed(server, tmp_path) == served(server)


def test_refuses_a_length_that_is_always_overstated(server: SourcesServer, tmp_path: Path) -> None:
    server.misbehave("storage:links.csv", *[Fault(length_error=100)] * 20)
    refused(server, tmp_path, Unavailable, r"links\.csv.* run again later")


def test_refuses_a_file_shorter_than_it_is_listed(server: SourcesServer, tmp_path: Path) -> None:
    server.misbehave("storage:links.csv", Fault(status=200, body=b"movieId,imdbId,tmdbId\r\n"))
    refused(server, tmp_path, Unavailable, r"links\.csv .*ended after 23 of 1121 bytes: run again later")


@pytest.mark.parametrize("kind", ["GetDataset", "ListDatasetFiles", "DownloadDataset", "storage"])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_tries_again_when_a_server_is_busy(server: SourcesServer, tmp_path: Path, kind: str, status: int) -> None:
    server.misbehave(kind, Fault(status=status), Fault(status=status, headers={"Retry-After": "0"}))
    assert sources.movies(server.kaggle, IMPATIENT).version("") == "7"
    assert landed(server, tmp_path) == served(server)


def test_waits_as_long_as_retry_after_says(server: SourcesServer) -> None:
    server.misbehave("GetDataset", Fault(status=429, headers={"Retry-After": "1"}))
    with capture_logs() as events:
        assert sources.movies(server.kaggle, IMPATIENT).version("") == "7"
    assert [(event["event"], event["pause"]) for event in events] == [("retry", 1.0)]


def test_does_not_wait_when_retry_after_is_longer_than_our_patience(server: SourcesServer) -> None:
    server.misbehave("GetDataset", Fault(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(Unavailable, match=r"HTTP 429.*run again in 3600 seconds"):
        sources.movies(server.kaggle, IMPATIENT).version("")
    assert len(server.asked("GetDataset")) == 1


def test_gives_up_after_as_many_tries_as_patience_allows(server: SourcesServer) -> None:
    server.misbehave("GetDataset", *[Fault(status=503)] * 10)
    with pytest.raises(Unavailable, match=r"could not serve dataset rounakbanik/the-movies-dataset now .HTTP 503"):
        sources.movies(server.kaggle, IMPATIENT).version("")
    assert len(server.asked("GetDataset")) == IMPATIENT.attempts


def test_tries_again_when_an_answer_does_not_come(server: SourcesServer) -> None:
    never = threading.Event()
    server.misbehave("GetDataset", Fault(before=lambda: never.wait(5)))
    assert sources.movies(server.kaggle, IMPATIENT).version("") == "7"
    never.set()


def test_resumes_when_a_download_stands_still(server: SourcesServer, tmp_path: Path) -> None:
    never = threading.Event()
    server.misbehave("storage:movies_metadata.csv", Fault(midway=lambda: never.wait(5)))
    assert landed(server, tmp_path) == served(server)
    never.set()


def test_refuses_wrong_credentials_without_a_second_try(
    server: SourcesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAGGLE_KEY", "wrong-key")
    sentence = refused(server, tmp_path, AccessDenied, "refused the credentials .*HTTP 401")
    assert "wrong-key" not in sentence
    assert len(server.requests) == 1


def test_says_which_credentials_were_refused_and_where_they_are_from(
    server: SourcesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAGGLE_KEY", "wrong-key")
    variables = "the environment variables KAGGLE_USERNAME and KAGGLE_KEY"
    refused(server, tmp_path, AccessDenied, rf"refused the credentials from {variables} .*HTTP 401")
    monkeypatch.delenv("KAGGLE_KEY")
    (tmp_path / "access_token").write_text("wrong-token")
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(tmp_path))
    sentence = refused(server, tmp_path / "lake", AccessDenied, rf"the credentials from {tmp_path}/access_token .*401")
    assert "wrong-token" not in sentence
    server.misbehave("ListDatasetFiles", Fault(status=403))
    refused(server, tmp_path / "lake", AccessDenied, rf"with the credentials from {tmp_path}/access_token \(HTTP 403")


@pytest.mark.parametrize("around", ["{}\n", "\ufeff{}\r\n", " {} ", '"{}"'])
def test_takes_off_what_is_around_a_token(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, around: str
) -> None:
    (tmp_path / "access_token").write_text(around.format(TOKEN))
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(tmp_path))
    monkeypatch.delenv("KAGGLE_KEY")
    assert sources.movies(server.kaggle, IMPATIENT).version("") == "7"


@pytest.mark.parametrize("packed", ["zip", "gz"])
def test_unpacks_a_member_that_its_owner_packed(server: SourcesServer, tmp_path: Path, packed: str) -> None:
    ratings = server.files.pop("ratings.csv")
    server.files[f"ratings.csv.{packed}"] = (
        zip_of("ratings.csv", ratings) if packed == "zip" else gzip.compress(ratings)
    )
    assert landed(server, tmp_path)["ratings.csv"] == hashlib.sha256(ratings).hexdigest()


@pytest.mark.parametrize("kind", ["GetDataset", "ListDatasetFiles", "DownloadDataset"])
@pytest.mark.parametrize("body", [b"null", b"[1]", b'"x"', b'{"code": "x"}', b'{"code": 500}', b"{", b"\xff", b""])
def test_an_answer_that_is_not_kaggles_is_a_sentence(
    server: SourcesServer, tmp_path: Path, kind: str, body: bytes
) -> None:
    answer = Fault(200, {"Content-Type": "application/json"}, body)
    server.misbehave(kind, *[answer] * (IMPATIENT.attempts + 1))
    with pytest.raises(PipelineError, match="Kaggle's mirror"):
        landed(server, tmp_path, sources.movies(server.kaggle, IMPATIENT).version(""))


def test_tells_where_each_file_came_from(server: SourcesServer, tmp_path: Path) -> None:
    landed(server, tmp_path)
    origin = json.loads((tmp_path / "origin.json").read_text())
    assert origin["source"] == server.kaggle
    assert origin["files"].keys() == served(server).keys()
    assert origin["files"]["links.csv"].startswith("links.csv in version 7 of dataset rounakbanik/the-movies-dataset")


def test_takes_a_token(server: SourcesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAGGLE_API_TOKEN", TOKEN)
    landed(server, tmp_path)
    assert {request.headers["Authorization"] for request in server.asked("DownloadDataset")} == {f"Bearer {TOKEN}"}


def test_refuses_a_dataset_that_is_forbidden(server: SourcesServer, tmp_path: Path) -> None:
    body = json.dumps({"code": 403, "message": "Permission 'datasets.get' was denied"}).encode()
    server.misbehave("ListDatasetFiles", Fault(403, {"Content-Type": "application/json"}, body))
    refused(server, tmp_path, AccessDenied, "HTTP 403, Permission 'datasets.get' was denied")


def test_refuses_an_unknown_dataset(server: SourcesServer) -> None:
    unknown = f"kaggle+http://127.0.0.1:{server.port}/nobody/nothing"
    with pytest.raises(MissingInput, match=r"has no dataset nobody/nothing .*check the name"):
        sources.movies(unknown, IMPATIENT).version("")


def test_refuses_a_dataset_without_a_required_member(server: SourcesServer, tmp_path: Path) -> None:
    del server.files["ratings.csv"]
    refused(server, tmp_path, MissingInput, r"has no ratings\.csv: it must hold")
    assert server.asked("DownloadDataset") == []


def test_refuses_a_web_page_in_place_of_a_member(server: SourcesServer, tmp_path: Path) -> None:
    page = b"<!DOCTYPE html>" + b"<p>Sign in to Kaggle</p>" * 10_000
    server.misbehave("storage:links.csv", Fault(status=200, body=page))
    refused(server, tmp_path, InvalidData, r"links\.csv .* is a web page")


def test_refuses_an_empty_member(server: SourcesServer, tmp_path: Path) -> None:
    server.files["links.csv"] = b""
    refused(server, tmp_path, InvalidData, r"links\.csv .* is empty")


def test_refuses_a_web_page_in_place_of_the_api(server: SourcesServer) -> None:
    page = Fault(status=200, headers={"Content-Type": "text/html"}, body=b"<html>proxy</html>")
    server.misbehave("GetDataset", *[page] * IMPATIENT.attempts)
    with pytest.raises(Unavailable, match="something that is not JSON: check the proxy"):
        sources.movies(server.kaggle, IMPATIENT).version("")


def test_refuses_a_zipped_member_that_is_damaged(server: SourcesServer, tmp_path: Path) -> None:
    server.misbehave("storage:links.csv", Fault(status=200, body=b"PK\x03\x04" + bytes(2000)))
    refused(server, tmp_path, InvalidData, r"links\.csv\.zip from .* is damaged")


def test_says_that_a_host_is_unreachable() -> None:
    with pytest.raises(Unavailable, match=r"http://127\.0\.0\.1:9 is unreachable .*check the network and the proxy"):
        sources.movies("kaggle+http://127.0.0.1:9/owner/slug", IMPATIENT).version("")


def test_a_version_that_has_landed_asks_kaggle_nothing(server: SourcesServer, tmp_path: Path) -> None:
    landed(server, tmp_path)
    asked = len(server.requests)
    landed(server, tmp_path)
    assert len(server.requests) == asked


def test_completes_what_a_killed_try_left_without_downloading_it_again(server: SourcesServer, tmp_path: Path) -> None:
    landed(server, tmp_path)
    (tmp_path / "_files.json").unlink()
    (tmp_path / "links.csv").unlink()
    server.requests.clear()
    assert landed(server, tmp_path) == served(server)
    assert [request.body["fileName"] for request in server.asked("DownloadDataset")] == ["links.csv"]
