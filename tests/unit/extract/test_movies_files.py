"""Directories and archives as sources of the movies dataset: versions, members, and what is refused."""

import os
import zipfile
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
from movalytics_extract.landing import Place, land

from tests.unit.extract.conftest import MEMBERS, pack


def land_movies(source: Path, lake: Path) -> dict[str, bytes]:
    version = sources.movies(str(source)).version("")
    place = Place(f"file://{lake}", "movies", version, str(source))
    land(place, lambda: sources.movies(str(source)).members(version))
    return {path.name: path.read_bytes() for path in lake.glob("*.csv")}


def test_a_directory_and_its_archive_are_the_same_version(directory: Path, archive: Path) -> None:
    version = sources.movies(str(directory)).version("")
    assert version.startswith("files-")
    assert len(version) == len("files-") + 12
    assert sources.movies(str(archive)).version("") == version
    assert sources.movies(f"file://{archive}").version("") == version


def test_an_archive_of_a_folder_is_the_same_version_as_one_of_files(archive: Path, tmp_path: Path) -> None:
    of_a_folder = pack(tmp_path / "folder.zip", {f"movies/{name}": content for name, content in MEMBERS.items()})
    assert sources.movies(str(of_a_folder)).version("") == sources.movies(str(archive)).version("")


def test_one_other_byte_is_another_version(directory: Path) -> None:
    version = sources.movies(str(directory)).version("")
    (directory / "links.csv").write_bytes(MEMBERS["links.csv"] + b"2,0113497,8844\r\n")
    assert sources.movies(str(directory)).version("") != version


def test_files_that_are_not_members_do_not_change_the_version(directory: Path) -> None:
    version = sources.movies(str(directory)).version("")
    (directory / "ratings_small.csv").write_bytes(b"x")
    assert sources.movies(str(directory)).version("") == version


def test_an_optional_member_changes_the_version_and_lands(directory: Path, tmp_path: Path) -> None:
    version = sources.movies(str(directory)).version("")
    (directory / "credits.csv").write_bytes(b"cast,crew,id\n")
    assert sources.movies(str(directory)).version("") != version
    assert land_movies(directory, tmp_path / "lake")["credits.csv"] == b"cast,crew,id\n"


def test_lands_members_byte_for_byte(directory: Path, archive: Path, tmp_path: Path) -> None:
    assert land_movies(directory, tmp_path / "lake one") == MEMBERS
    assert land_movies(archive, tmp_path / "lake two") == MEMBERS


def test_refuses_a_pin_that_the_files_are_not(directory: Path) -> None:
    with pytest.raises(MissingInput, match=r"is version files-.*, not files-000000000000"):
        sources.movies(str(directory)).version("files-000000000000")


def test_refuses_files_that_changed_since_they_were_discovered(directory: Path) -> None:
    version = sources.movies(str(directory)).version("")
    (directory / "links.csv").write_bytes(b"another content")
    with pytest.raises(Unavailable, match=f"changed since it was discovered as {version}: run again"):
        sources.movies(str(directory)).members(version)


def test_refuses_files_that_change_while_they_land(directory: Path, tmp_path: Path) -> None:
    version = sources.movies(str(directory)).version("")
    members = sources.movies(str(directory)).members(version)
    (directory / "links.csv").write_bytes(MEMBERS["links.csv"].swapcase())
    with pytest.raises(Unavailable, match=r"links\.csv changed since it was discovered: run again"):
        land(Place(f"file://{tmp_path}/lake", "movies", version, "x"), lambda: members)
    assert not (tmp_path / "lake" / "links.csv").exists()
    assert not (tmp_path / "lake" / "_files.json").exists()


def refused(source: Path, error: type[PipelineError], words: str) -> None:
    with pytest.raises(error, match=words) as raised:
        sources.movies(str(source)).version("")
    assert str(source) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_refuses_a_source_that_is_not_there(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", MissingInput, "is not there: name a directory or a zip archive that is")


def test_refuses_an_empty_directory(tmp_path: Path) -> None:
    refused(tmp_path, MissingInput, "is an empty directory: name one that holds the files")


def test_refuses_a_file_that_is_no_archive(directory: Path) -> None:
    refused(directory / "links.csv", InvalidData, "is neither a directory nor a zip archive")


def test_refuses_an_archive_cut_short(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-100])
    refused(archive, InvalidData, "is an archive cut short, or damaged at its end: get it again")


def test_refuses_an_empty_file_in_place_of_an_archive(tmp_path: Path) -> None:
    (tmp_path / "empty.zip").touch()
    refused(tmp_path / "empty.zip", InvalidData, "is neither a directory nor a zip archive")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_refuses_an_archive_with_a_damaged_member(tmp_path: Path, compression: int) -> None:
    archive = pack(tmp_path / "damaged.zip", MEMBERS, compression)
    content = bytearray(archive.read_bytes())
    middle = content.index(b"ratings.csv") + 60
    content[middle : middle + 8] = b"\xff" * 8
    archive.write_bytes(content)
    refused(archive, InvalidData, r"ratings\.csv is damaged \(.*\): get the archive again")


def test_refuses_a_member_with_a_password(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    content[local + 6] |= 1
    content[central + 8] |= 1
    archive.write_bytes(content)
    refused(archive, InvalidData, r"movies_metadata\.csv cannot be unpacked .*password")


def test_refuses_a_source_without_a_required_member(directory: Path) -> None:
    (directory / "ratings.csv").unlink()
    refused(
        directory, MissingInput, r"has no ratings\.csv: it must hold movies_metadata\.csv, links\.csv, ratings\.csv"
    )


def test_refuses_an_archive_with_other_members(tmp_path: Path) -> None:
    refused(pack(tmp_path / "other.zip", {"holiday.csv": b"x"}), MissingInput, r"has no movies_metadata\.csv and no")


def test_refuses_an_empty_member(directory: Path, tmp_path: Path) -> None:
    (directory / "links.csv").write_bytes(b"")
    with pytest.raises(InvalidData, match=r"links\.csv is empty: get a complete copy"):
        land_movies(directory, tmp_path / "lake")


def test_refuses_a_web_page_in_place_of_a_member(directory: Path, tmp_path: Path) -> None:
    (directory / "links.csv").write_bytes(b"\xef\xbb\xbf\n <html><body>Sign in</body></html>")
    with pytest.raises(InvalidData, match=r"links\.csv is a web page \(HTML\), not CSV"):
        land_movies(directory, tmp_path / "lake")


def test_refuses_a_file_that_may_not_be_read(directory: Path) -> None:
    for folder in [directory, *directory.parents[:4]]:
        folder.chmod(0o755)
    (directory / "links.csv").chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65534)  # root may read everything
    try:
        refused(directory, AccessDenied, r"links\.csv may not be read: give this user permission to read it")
    finally:
        os.seteuid(user)


def test_never_writes_outside_the_lake(tmp_path: Path) -> None:
    archive = pack(tmp_path / "evil.zip", MEMBERS | {"../links.csv": b"evil", "/tmp/ratings.csv": b"evil"})
    assert land_movies(archive, tmp_path / "deep" / "lake") == MEMBERS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "evil.zip"]


@pytest.mark.parametrize("source", ["", "https://example.org/movies.zip", "kaggle:", "kaggle:movies", "kaggle:a/b/c"])
def test_refuses_a_text_that_names_no_source(source: str) -> None:
    with pytest.raises(InvalidSettings, match=r"name a directory|write kaggle:OWNER/SLUG"):
        sources.movies(source)
