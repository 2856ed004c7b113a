"""Directories and archives as sources of the movies dataset: versions, members, and what is refused."""

import gzip
import os
import random
import zipfile
from contextlib import suppress
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

from tests.unit.extract.conftest import MEMBERS, pack, zip_of


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


def test_a_member_without_a_name_is_no_file_that_is_looked_for(archive: Path) -> None:
    before = sources.movies(str(archive)).version("")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("nobody", b"x")
    archive.write_bytes(archive.read_bytes().replace(b"nobody", b"\0obody"))  # zipfile ends a name at a NUL
    assert sources.movies(str(archive)).version("") == before


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


def test_refuses_an_empty_member(directory: Path) -> None:
    (directory / "links.csv").write_bytes(b"")
    refused(directory, InvalidData, r"links\.csv is empty: get a complete copy")


def test_refuses_a_web_page_in_place_of_a_member(directory: Path) -> None:
    (directory / "links.csv").write_bytes(b"\xef\xbb\xbf\n <html><body>Sign in</body></html>")
    refused(directory, InvalidData, r"links\.csv is a web page \(HTML\), not CSV")


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


@pytest.mark.parametrize(("content", "what"), [(gzip.compress(b"x"), "a gzip file: unpack it"), (b"", "empty")])
def test_says_what_a_source_is_that_is_no_zip(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "archive.tgz").write_bytes(content)
    refused(tmp_path / "archive.tgz", InvalidData, rf"is neither a directory nor a zip archive \(it is {what}\)")


@pytest.mark.parametrize(
    "secret",
    ["https://me:pa55word@example.org/x.zip", "https://h/x.zip?token=pa55word", "kaggle+http://me:pa55word@h/a/b"],
)
def test_a_text_that_names_no_source_is_told_without_its_secrets(secret: str) -> None:
    with pytest.raises(InvalidSettings) as raised:
        sources.movies(secret)
    assert "pa55word" not in str(raised.value)


def test_never_writes_outside_the_lake(tmp_path: Path) -> None:
    archive = pack(tmp_path / "evil.zip", MEMBERS | {"../links.csv": b"evil", "/tmp/ratings.csv": b"evil"})
    assert land_movies(archive, tmp_path / "deep" / "lake") == MEMBERS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "evil.zip"]


PACKED = {"zip": zip_of, "gz": lambda _, content: gzip.compress(content)}


@pytest.mark.parametrize("name", ["ratings.csv", "ratings.csv.zip", "RATINGS.CSV.ZIP", "ratings.csv.gz"])
@pytest.mark.parametrize("kind", ["zip", "gz"])
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_reads_a_member_that_is_packed_alone_under_any_name(
    directory: Path, tmp_path: Path, kind: str, name: str, compression: int
) -> None:
    packed = PACKED[kind]("ratings.csv", MEMBERS["ratings.csv"])
    members = {**MEMBERS, name: packed}
    if name != "ratings.csv":
        del members["ratings.csv"]
    (directory / "ratings.csv").unlink()
    (directory / name).write_bytes(packed)
    assert land_movies(directory, tmp_path / "lake one") == MEMBERS
    assert land_movies(pack(tmp_path / "outer.zip", members, compression), tmp_path / "lake two") == MEMBERS


def test_packing_does_not_change_the_version(directory: Path, archive: Path) -> None:
    (directory / "ratings.csv").write_bytes(zip_of("folder/ratings.csv", MEMBERS["ratings.csv"]))
    assert sources.movies(str(directory)).version("") == sources.movies(str(archive)).version("")


@pytest.mark.parametrize("prefix", ["./", "a\\", "/", "archive/", "one/two/", "C:\\data\\"])
def test_reads_archives_with_the_paths_that_tools_write(tmp_path: Path, prefix: str) -> None:
    source = pack(tmp_path / "odd.zip", {f"{prefix}{name.upper()}": content for name, content in MEMBERS.items()})
    assert land_movies(source, tmp_path / "lake") == MEMBERS


def test_reads_the_folder_that_has_all_beside_a_stray_file(directory: Path, tmp_path: Path) -> None:
    (directory / "links.csv").write_bytes(b"an old copy")
    (directory / "ratings.csv").unlink()
    for name, content in MEMBERS.items():
        (directory / "one/two").mkdir(parents=True, exist_ok=True)
        (directory / "one/two" / name).write_bytes(content)
    assert land_movies(directory, tmp_path / "lake") == MEMBERS


def test_names_the_member_of_the_archive_it_is_about(tmp_path: Path) -> None:
    source = pack(
        tmp_path / "data.zip", {f"a/{name}": content for name, content in MEMBERS.items()} | {"a/links.csv": b""}
    )
    refused(source, InvalidData, r"data\.zip, member a/links\.csv is empty")


def test_names_each_place_of_a_file_that_is_packed_twice_over(tmp_path: Path) -> None:
    inner = zip_of("ratings.csv", b"<html>")
    source = pack(tmp_path / "data.zip", MEMBERS | {"ratings.csv": inner})
    refused(source, InvalidData, r"data\.zip, member ratings\.csv, member ratings\.csv is a web page")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zip_of("ratings.csv", zip_of("ratings.csv", b"x")), "is not CSV text but a zip archive: unpack it"),
        (zip_of("[Content_Types].xml", b"x"), "is a spreadsheet, not CSV: save it as CSV"),
        (zip_of("holiday.jpg", b"x"), r"is a zip archive that holds holiday\.jpg, not ratings\.csv"),
        (zip_of("ratings.csv", b"x")[:-30], "is damaged .*: get the archive again"),
        (gzip.compress(b"x" * 9999)[:-8], "is damaged .*: get the archive again"),
        (gzip.compress(b"x" * 9999)[:-8] + bytes(8), "is damaged .*: get the archive again"),
        (b"7z\xbc\xaf\x27\x1c", "is not CSV text but a 7z archive: unpack it"),
        (b"\xfd7zXZ\0", "is not CSV text but an xz file: unpack it"),
        ("userId,movieId".encode("utf-16"), "is not CSV text but text in UTF-16"),
        (bytes(4096), "begins with zero bytes, so it was not written whole"),
        (b"", "is empty: get a complete copy"),
    ],
)
def test_refuses_a_member_that_is_something_else(directory: Path, content: bytes, words: str) -> None:
    (directory / "ratings.csv").write_bytes(content)
    refused(directory, InvalidData, rf"ratings\.csv(, member ratings\.csv)? {words}")


@pytest.mark.parametrize("inner", ["archive.zip", "deep/the-movies-dataset.zip", "ratings.7z"])
def test_names_an_archive_in_the_source_that_may_hold_the_members(directory: Path, inner: str) -> None:
    (directory / "links.csv").unlink()
    (directory / inner).parent.mkdir(exist_ok=True)
    (directory / inner).write_bytes(zip_of("links.csv", b"x"))
    refused(directory, MissingInput, rf"has no links\.csv: .*\(it holds {inner}: unpack that, or name it alone\)")


def change_method(archive: Path, method: int, flag: int = 0) -> None:
    """Write into the archive's directory and headers that every member is packed by another method."""
    content = bytearray(archive.read_bytes())
    for signature, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.find(signature)
        while at >= 0:
            content[at + place : at + place + 2] = method.to_bytes(2, "little")
            content[at + place - 2] |= flag
            at = content.find(signature, at + 4)
    archive.write_bytes(content)


@pytest.mark.parametrize(("method", "name"), [(9, "deflate64"), (93, "zstd"), (98, "PPMd"), (97, "method 97")])
def test_names_a_way_of_packing_that_cannot_be_read(archive: Path, method: int, name: str) -> None:
    change_method(archive, method)
    refused(
        archive, InvalidData, rf"{min(MEMBERS)} is packed with {name}, which cannot be read here: unpack the archive"
    )


def test_names_aes_encryption_as_a_password(archive: Path) -> None:
    change_method(archive, 99, flag=1)
    refused(archive, InvalidData, rf"{min(MEMBERS)} cannot be unpacked without its password: unpack the archive")


def test_refuses_a_member_whose_size_differs_from_what_the_archive_says(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    at = content.rindex(b"ratings.csv") - 46  # the name ends its entry of the directory: APPNOTE.TXT 4.3.12
    size = int.from_bytes(content[at + 24 : at + 28], "little")
    content[at + 24 : at + 28] = (size + 5).to_bytes(4, "little")
    archive.write_bytes(content)
    refused(archive, InvalidData, rf"ratings\.csv is damaged \(it has {size} bytes, its archive says {size + 5}\)")


def test_refuses_an_archive_that_has_a_member_twice(tmp_path: Path) -> None:
    source = pack(tmp_path / "twice.zip", MEMBERS)
    with zipfile.ZipFile(source, "a") as target, pytest.warns(UserWarning, match="Duplicate name"):
        target.writestr("links.csv", b"another")
    refused(source, InvalidData, r"has links\.csv 2 times, as links\.csv and as links\.csv: keep one of them")


def test_a_damaged_archive_is_refused_or_gives_the_members_as_they_were(tmp_path: Path) -> None:
    """Whatever three bytes of an archive are changed: no other error, and never another content."""
    chance = random.Random(20221231)
    small = {name: content[:400] for name, content in MEMBERS.items()}
    versions = set()
    for number in range(400):
        source = pack(
            tmp_path / "damaged.zip", small, chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
        )
        content = bytearray(source.read_bytes())
        for _ in range(3 if number else 0):
            content[chance.randrange(len(content))] = chance.choice([0, 1, 0x7F, 0xFF, chance.randrange(256)])
        source.write_bytes(content)
        with suppress(PipelineError):
            versions.add(sources.movies(str(source)).version(""))
    assert len(versions) == 1


@pytest.mark.parametrize("source", ["", "https://example.org/movies.zip", "kaggle:", "kaggle:movies", "kaggle:a/b/c"])
def test_refuses_a_text_that_names_no_source(source: str) -> None:
    with pytest.raises(InvalidSettings, match=r"name a directory|write kaggle:OWNER/SLUG"):
        sources.movies(source)
