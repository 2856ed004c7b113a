"""The lake on a file system: whole objects, conditional creation, errors as sentences."""

import io
import os
from pathlib import Path

import pytest
from movalytics_common import folders, lake
from movalytics_common.errors import AccessDenied, InvalidSettings, MissingInput, StorageFailed


@pytest.fixture
def root(tmp_path: Path) -> str:
    """A lake whose path has a space and a percent sign, which a URI of ours takes literally."""
    return f"file://{tmp_path}/a lake%20"


def test_joins_with_single_slashes() -> None:
    assert lake.join("s3://lake/", "/raw/", "movies") == "s3://lake/raw/movies"


def test_reads_what_was_written(root: str, tmp_path: Path) -> None:
    lake.write_bytes(f"{root}/version=1/x", b"abc")
    assert lake.read_bytes(f"{root}/version=1/x") == b"abc"
    assert (tmp_path / "a lake%20/version=1/x").read_bytes() == b"abc"


def test_replaces_what_was_written(root: str) -> None:
    lake.write_bytes(f"{root}/x", b"abc")
    lake.write_stream(f"{root}/x", io.BytesIO(b"def"))
    assert lake.read_bytes(f"{root}/x") == b"def"


def test_creates_only_what_is_not_there(root: str) -> None:
    assert lake.create_bytes(f"{root}/once", b"first")
    assert not lake.create_bytes(f"{root}/once", b"second")
    assert lake.read_bytes(f"{root}/once") == b"first"
    assert [file.uri for file in lake.list_files(root)] == [f"{root}/once"]


def test_keeps_the_old_object_and_no_remains_when_a_stream_fails(root: str, tmp_path: Path) -> None:
    class Failing(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            raise MissingInput("the source ended")

    lake.write_bytes(f"{root}/x", b"old")
    with pytest.raises(MissingInput, match="the source ended"):
        lake.write_stream(f"{root}/x", Failing())
    assert lake.read_bytes(f"{root}/x") == b"old"
    assert len(list((tmp_path / "a lake%20").iterdir())) == 1


def test_lists_objects_by_name_at_any_depth(root: str) -> None:
    for name in ("b", "a/c"):
        lake.write_bytes(f"{root}/{name}", b"abc")
    assert lake.list_files(root) == [lake.LakeFile(f"{root}/a/c", 3), lake.LakeFile(f"{root}/b", 3)]


def test_does_not_list_what_a_killed_writer_left(root: str, tmp_path: Path) -> None:
    lake.write_bytes(f"{root}/x", b"")
    (tmp_path / "a lake%20" / ".x.0123").touch()
    assert [file.uri for file in lake.list_files(root)] == [f"{root}/x"]


def test_a_directory_that_is_not_there_has_no_objects(root: str) -> None:
    assert lake.list_files(f"{root}/nothing") == []


def test_a_directory_is_not_an_object(root: str) -> None:
    lake.write_bytes(f"{root}/directory/x", b"")
    assert lake.exists(f"{root}/directory/x")
    assert not lake.exists(f"{root}/directory")
    with pytest.raises(MissingInput, match="/directory is not there"):
        lake.read_bytes(f"{root}/directory")


def test_says_what_is_not_there(root: str) -> None:
    with pytest.raises(MissingInput, match="a lake%20/nothing is not there"):
        lake.read_bytes(f"{root}/nothing")


def test_says_what_may_not_be_read(tmp_path: Path) -> None:
    for folder in [tmp_path, *tmp_path.parents[:2]]:
        folder.chmod(0o755)
    (tmp_path / "secret").touch(mode=0)
    user = os.geteuid()
    os.seteuid(user or 65534)  # root may read everything
    try:
        with pytest.raises(AccessDenied, match="secret may not be read: give this user permission"):
            lake.read_bytes(f"file://{tmp_path}/secret")
    finally:
        os.seteuid(user)


def test_says_what_cannot_be_written(root: str) -> None:
    lake.write_bytes(f"{root}/file", b"")
    with pytest.raises(StorageFailed, match=r"cannot write file://.*/file/below \(.*\): check the lake's directory"):
        lake.write_bytes(f"{root}/file/below", b"")


def test_refuses_what_is_no_place_in_a_lake() -> None:
    with pytest.raises(
        InvalidSettings, match="'/tmp/x' is not a place in a lake: it must start with s3:// or file:///"
    ):
        lake.exists("/tmp/x")


def test_lists_the_folders_right_below_also_one_that_a_killed_deletion_left(root: str, tmp_path: Path) -> None:
    for name in ("made=2/a/x", "made=1/x", "file"):
        lake.write_bytes(f"{root}/{name}", b"")
    (tmp_path / "a lake%20/made=3/.spark-staging").mkdir(parents=True)
    assert folders.list_folders(root) == ["made=1", "made=2", "made=3"]
    assert folders.list_folders(f"{root}/nothing") == []


def test_deletes_a_folder_with_what_it_does_not_list_and_no_other(root: str, tmp_path: Path) -> None:
    for name in ("made=1/a/x", "made=1/a.manifest", "made=10/x"):
        lake.write_bytes(f"{root}/{name}", b"")
    (tmp_path / "a lake%20/made=1/.a.crc").touch()
    folders.delete_folder(f"{root}/made=1", first=(".manifest",))
    assert folders.list_folders(root) == ["made=10"]
    folders.delete_folder(f"{root}/made=1", first=(".manifest",))


def test_what_says_that_a_folder_is_whole_is_deleted_before_a_part_of_it(
    root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/part", "a.manifest"):
        lake.write_bytes(f"{root}/made=1/{name}", b"")

    def killed(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folders.shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        folders.delete_folder(f"{root}/made=1", first=(".manifest",))
    assert [file.uri for file in lake.list_files(root)] == [f"{root}/made=1/a/part"]
