"""A directory with the members of a small movies dataset, and its archive."""

import io
import zipfile
from pathlib import Path

import pytest
from movalytics_extract.members import REQUIRED

CPI = b"DATE,CUSR0000SS62031\n1999-01-01,102.700\n1999-02-01,103.700\n"
KNOWN = {
    "movies_metadata.csv": b"id,title\n862,Toy Story\n",
    "links.csv": b"movieId,imdbId,tmdbId\r\n1,0114709,862\r\n",
    "ratings.csv": b"userId,movieId,rating,timestamp\r\n1,1,4.5,1425941529\r\n" * 2000,
}
MEMBERS = KNOWN | {name: b"id,name\n1,plain\n" for name in REQUIRED if name not in KNOWN}


def pytest_make_parametrize_id(val: object) -> str | None:
    """No bytes in a test's name: an archive holds the time at which it was made, and two workers make two."""
    return "content" if isinstance(val, bytes) else None


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The required members and the CPI series, as files."""
    directory = tmp_path / "a directory"
    directory.mkdir()
    for name, content in (MEMBERS | {"CUSR0000SS62031.csv": CPI}).items():
        (directory / name).write_bytes(content)
    return directory


def pack(archive: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip archive of these members."""
    with zipfile.ZipFile(archive, "w", compression) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return archive


def zip_of(name: str, content: bytes) -> bytes:
    """A zip archive of one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The required members, as a zip archive."""
    return pack(tmp_path / "archive.zip", MEMBERS)
