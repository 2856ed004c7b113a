"""Files as extract lands them: with a listing that tells their digests."""

from functools import partial
from io import BytesIO
from pathlib import Path

from movalytics_extract.landing import Place, land
from movalytics_extract.members import Member


def land_files(files: dict[str, bytes], place: Path) -> str:
    """Land files of these names and contents; the place's URI."""
    members = [Member(name, name, partial(BytesIO, content), len(content)) for name, content in sorted(files.items())]
    land(Place(f"file://{place}", "movies", place.name, "here"), lambda: members)
    return f"file://{place}"
