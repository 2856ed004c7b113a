"""Archives made to do harm: refused in one sentence; nothing is written outside, followed or unpacked without end."""

import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from movalytics_common.errors import InvalidData, MissingInput, PipelineError
from movalytics_extract.sources import movies

from tests.hostile.material import hostile
from tests.hostile.told import is_a_sentence, only
from tests.unit.extract.conftest import MEMBERS, pack, zip_of


def refused(source: Path, *kinds: type[PipelineError]) -> str:
    """The sentence with which an archive is refused."""
    with pytest.raises(kinds) as caught:
        movies(str(source)).version("")
    assert is_a_sentence(str(caught.value))
    return str(caught.value)


def test_a_member_that_unpacks_to_hundreds_of_times_its_size_is_not_unpacked(tmp_path: Path) -> None:
    bomb = b"userId,movieId,rating,timestamp\n" + b"1,1,4.5,1425941529\n" * 7_000_000
    source = pack(tmp_path / "bomb.zip", MEMBERS | {"ratings.csv": bomb})
    assert "times its size" in refused(source, InvalidData)


def test_a_member_that_is_longer_than_its_archive_says_is_damaged(tmp_path: Path) -> None:
    source = pack(tmp_path / "false.zip", MEMBERS)
    content = bytearray(source.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    source.write_bytes(content)
    assert "is damaged" in refused(source, InvalidData)


def test_paths_that_lead_out_are_nobody_s(tmp_path: Path) -> None:
    away = {f"../../{name}": content for name, content in MEMBERS.items()}
    refused(pack(tmp_path / "out.zip", away), MissingInput)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["out.zip"]


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("of another user")
    source = tmp_path / "link.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name, content in MEMBERS.items():
            link = zipfile.ZipInfo(name)
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, str(tmp_path / "secret.csv") if name == "ratings.csv" else content)
    (rating,) = [
        member
        for member in movies(str(source)).members(movies(str(source)).version(""))
        if member.name == "ratings.csv"
    ]
    with rating.open() as content_of_link:
        assert content_of_link.read(1 << 20) == str(tmp_path / "secret.csv").encode()


def test_an_archive_in_an_archive_in_an_archive_is_not_unpacked(tmp_path: Path) -> None:
    nested = zip_of("ratings.csv", zip_of("ratings.csv", zip_of("ratings.csv", MEMBERS["ratings.csv"])))
    assert "zip archive" in refused(pack(tmp_path / "nested.zip", MEMBERS | {"ratings.csv": nested}), InvalidData)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the required members, where each example may leave its own."""
    return pack(tmp_path_factory.mktemp("archives") / "whole.zip", MEMBERS)


@hostile
@given(data=st.data())
def test_an_archive_with_other_bytes_holds_the_same_or_is_refused(whole: Path, data: st.DataObject) -> None:
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    changed = whole.with_name("changed.zip")
    changed.write_bytes(content)
    with only(PipelineError) as told:
        assert movies(str(changed)).version("") == movies(str(whole)).version("")
    assert is_a_sentence(told.sentence or "read")
