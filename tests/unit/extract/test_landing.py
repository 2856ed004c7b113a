"""Landing in a lake of files: once, whole, and never another content."""

import io
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from movalytics_common.errors import InvalidData
from movalytics_extract import progress
from movalytics_extract.digests import BLOCK_BYTES
from movalytics_extract.landing import Place, land
from movalytics_extract.members import Member
from structlog.testing import capture_logs


def member(content: bytes, name: str = "links.csv") -> Member:
    return Member(name, name, lambda: nullcontext(io.BytesIO(content)), len(content))


def nothing() -> Sequence[Member]:
    raise AssertionError("the source was asked")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place whose path has a space in it."""
    return Place(f"file://{tmp_path}/a lake/raw", "movies", "7", "kaggle:a/b")


def path(place: Place, name: str) -> Path:
    return Path(place.uri.removeprefix("file://")) / name


def test_lists_name_bytes_and_digest_of_what_landed(place: Place) -> None:
    assert land(place, lambda: [member(b"abc")]) == {"files": 1, "bytes": 3, "landed": True}
    assert json.loads(path(place, "_files.json").read_text()) == {
        "source": "movies",
        "version": "7",
        "origin": "kaggle:a/b",
        "block_bytes": BLOCK_BYTES,
        "files": [
            {
                "name": "links.csv",
                "bytes": 3,
                "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "blocks": ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
            }
        ],
    }


def test_does_nothing_when_everything_has_landed(place: Place) -> None:
    land(place, lambda: [member(b"abc")])
    assert land(place, nothing) == {"files": 1, "bytes": 3, "landed": False}


def test_lands_a_lost_file_again(place: Place) -> None:
    land(place, lambda: [member(b"abc"), member(b"def", "ratings.csv")])
    path(place, "ratings.csv").unlink()
    land(place, lambda: [member(b"abc"), member(b"def", "ratings.csv")])
    assert path(place, "ratings.csv").read_bytes() == b"def"


def test_never_changes_what_has_landed(place: Place) -> None:
    land(place, lambda: [member(b"abc"), member(b"def", "ratings.csv")])
    listing = path(place, "_files.json").read_bytes()
    path(place, "ratings.csv").unlink()
    with pytest.raises(Exception, match=r"ratings\.csv changed since it was discovered"):
        land(place, lambda: [member(b"abc"), member(b"xyz", "ratings.csv")])
    assert path(place, "links.csv").read_bytes() == b"abc"
    assert not path(place, "ratings.csv").exists()
    assert path(place, "_files.json").read_bytes() == listing


def test_the_second_of_two_with_another_content_is_refused(place: Place) -> None:
    def land_meanwhile() -> Sequence[Member]:
        land(place, lambda: [member(b"abc")])
        return [member(b"xyz")]

    with pytest.raises(InvalidData, match="holds another content under the same version"):
        land(place, land_meanwhile)


def test_the_second_of_two_with_the_same_content_succeeds(place: Place) -> None:
    def land_meanwhile() -> Sequence[Member]:
        land(place, lambda: [member(b"abc")])
        return [member(b"abc")]

    assert land(place, land_meanwhile)["landed"]


def test_replaces_a_file_of_a_killed_try_that_has_another_length(place: Place) -> None:
    path(place, "links.csv").parent.mkdir(parents=True)
    path(place, "links.csv").write_bytes(b"from an older try")
    land(place, lambda: [member(b"abc")])
    assert path(place, "links.csv").read_bytes() == b"abc"


def test_a_file_of_a_killed_try_is_not_asked_for_again_when_the_source_knows_its_digest(place: Place) -> None:
    path(place, "links.csv").parent.mkdir(parents=True)
    path(place, "links.csv").write_bytes(b"abc")
    known = replace(member(b"abc"), sha256=sha256(b"abc").hexdigest(), open=nothing)
    assert land(place, lambda: [known])["landed"]


def test_a_file_of_the_right_length_and_another_digest_than_the_sources_is_replaced(place: Place) -> None:
    path(place, "links.csv").parent.mkdir(parents=True)
    path(place, "links.csv").write_bytes(b"xyz")
    land(place, lambda: [replace(member(b"abc"), sha256=sha256(b"abc").hexdigest())])
    assert path(place, "links.csv").read_bytes() == b"abc"


def test_a_version_that_has_another_file_now_is_refused(place: Place) -> None:
    land(place, lambda: [member(b"abc")])
    path(place, "links.csv").unlink()
    with pytest.raises(InvalidData, match="holds another content under the same version"):
        land(place, lambda: [member(b"abc", "keywords.csv")])


def test_refuses_a_damaged_listing(place: Place) -> None:
    land(place, lambda: [member(b"abc")])
    path(place, "_files.json").write_text("{")
    with pytest.raises(InvalidData, match=r"_files\.json is damaged: delete .* and run again"):
        land(place, nothing)


def test_reports_progress_when_a_second_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.4, 1.1, 1.1, 1.5])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with capture_logs() as events, progress.progress(90) as advance:
        for _ in range(3):
            advance(30)
    assert events == [{"event": "progress", "done": 60, "total": 90, "unit": "bytes", "log_level": "info"}]


def test_tells_where_each_file_came_from(place: Place) -> None:
    land(place, lambda: [replace(member(b"abc"), origin="/home/é/data.zip, member a/links.csv")])
    assert json.loads(path(place, "origin.json").read_bytes()) == {
        "source": "kaggle:a/b",
        "files": {"links.csv": "/home/é/data.zip, member a/links.csv"},
    }


def test_the_first_to_land_is_whom_the_origin_names(place: Place) -> None:
    land(place, lambda: [member(b"abc")])
    origin = path(place, "origin.json").read_bytes()
    path(place, "_files.json").unlink()
    elsewhere = replace(place, origin="/another/place")
    assert land(elsewhere, lambda: [replace(member(b"abc"), origin="/another/place/links.csv")])["landed"]
    assert path(place, "origin.json").read_bytes() == origin
