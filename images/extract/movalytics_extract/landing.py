"""Landing: members into one immutable place of the lake, complete when its `_files.json` is there.

`_files.json` lists their digests, of blocks too: by these a transform sees that a file is an earlier one and more.

`origin.json` beside it tells where each file came from, so that later steps name the user's own file in their errors:
{"source": as given, "files": {"ratings.csv": "/home/me/data.zip, member archive/ratings.csv"}}.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace

from movalytics_common import lake
from movalytics_common.errors import InvalidData

from movalytics_extract.digests import BLOCK_BYTES, Digests
from movalytics_extract.members import Member, checked, digests
from movalytics_extract.progress import progress

LISTING, ORIGIN = "_files.json", "origin.json"


@dataclass(frozen=True)
class Landed:
    """One file as `_files.json` lists it: name, bytes, sha256 (hexadecimal), and that of each of its blocks."""

    name: str
    bytes: int
    sha256: str
    blocks: tuple[str, ...] = field(default=(), compare=False)  # versions that landed before blocks were told lack them


@dataclass(frozen=True)
class Place:
    """Where a version of a source lands, and what `_files.json` says about it."""

    uri: str
    source: str
    version: str
    origin: str


def land(place: Place, offered: Callable[[], Sequence[Member]]) -> dict[str, object]:
    """Make the place complete and return the fields of the step's record (files, bytes, landed).

    Does nothing, and asks the source nothing, when it is complete already. Completes what a killed try left; one that
    runs at the same time writes the same bytes. Raises InvalidData when another content was landed there before.
    """
    recorded, present = _recorded(place), _present(place)
    if recorded and all(present.get(file.name) == file.bytes for file in recorded):
        return _fields(recorded, landed=False)
    members = [_pinned(member, recorded, place) for member in offered()]
    with progress(sum(member.bytes for member in members)) as advance:
        files = [_land(member, place, present.get(member.name), advance) for member in members]
    _tell_origin(place, members)
    _complete(place, files)
    return _fields(files, landed=True)


def _recorded(place: Place) -> list[Landed]:
    uri = lake.join(place.uri, LISTING)
    if not lake.exists(uri):
        return []
    try:
        return [_as_listed(file) for file in json.loads(lake.read_bytes(uri))["files"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidData(f"{uri} is damaged: delete {place.uri} and run again") from error


def _as_listed(file: object) -> Landed:
    match file:
        case {"name": str(name), "bytes": int(size), "sha256": str(sha256)}:
            return Landed(name, size, sha256)
    raise ValueError(file)


def _present(place: Place) -> dict[str, int]:
    return {file.uri.rpartition("/")[2]: file.bytes for file in lake.list_files(place.uri)}


def _pinned(member: Member, recorded: Sequence[Landed], place: Place) -> Member:
    """The member, bound to the digest under which it was landed before, if it was."""
    if not recorded:
        return member
    known = {file.name: file.sha256 for file in recorded}
    if member.name not in known or member.sha256 not in {"", known[member.name]}:
        raise _other_content(place)
    return replace(member, sha256=known[member.name])


def _land(member: Member, place: Place, present: int | None, advance: Callable[[int], None]) -> Landed:
    uri = lake.join(place.uri, member.name)
    if present == member.bytes:  # an object is there only whole: a killed try got this far
        with lake.open_read(uri) as landed:
            found = digests(landed)
        if member.sha256 in {"", found.sha256}:
            advance(member.bytes)
            return _landed(member, found)
    with member.open() as source:
        stream, buffered = checked(member, source, advance)
        lake.write_stream(uri, buffered)
    return _landed(member, stream.digests)


def _landed(member: Member, found: Digests) -> Landed:
    return Landed(member.name, found.bytes, found.sha256, found.blocks)


def _tell_origin(place: Place, members: Sequence[Member]) -> None:
    """The same content may come from elsewhere another time: the first to land it is whom the origin names."""
    origin = {"source": place.origin, "files": {member.name: member.origin for member in members}}
    lake.create_bytes(lake.join(place.uri, ORIGIN), json.dumps(origin, indent=1).encode())


def _complete(place: Place, files: Sequence[Landed]) -> None:
    listing = {
        "source": place.source,
        "version": place.version,
        "origin": place.origin,
        "block_bytes": BLOCK_BYTES,
        "files": [asdict(file) for file in files],
    }
    created = lake.create_bytes(lake.join(place.uri, LISTING), json.dumps(listing, indent=1).encode())
    if not created and {file.name: file for file in _recorded(place)} != {file.name: file for file in files}:
        raise _other_content(place)


def _other_content(place: Place) -> InvalidData:
    return InvalidData(
        f"{place.uri} holds another content under the same version, and what has landed never changes:"
        f" compare its {LISTING} with {place.origin}"
    )


def _fields(files: Sequence[Landed], landed: bool) -> dict[str, object]:
    return {"files": len(files), "bytes": sum(file.bytes for file in files), "landed": landed}
