"""What lies in the lake, folder by folder: what applications made, what sources gave, what runs left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from movalytics_common import lake
from movalytics_common.folders import list_folders

# Whose folder it is: an application's, a source's, a run's.
MADE, RAW, RUN = "made", "raw", "run"


@dataclass(frozen=True)
class Place:
    """A kind of folders, whose they are (an application's, a source's; "" for runs), and their URI but for the key."""

    kind: str
    owner: str
    prefix: str


@dataclass(frozen=True)
class Folder:
    """One of them; `written` is when the newest of its files was (UTC, as the ledger has it), None without any."""

    kind: str
    owner: str
    key: str
    uri: str
    files: int
    bytes: int
    written: datetime | None


def places(kind: str, told: Iterable[Sequence[str]]) -> list[Place]:
    """`told`: an owner, and the folder but for the key."""
    return [Place(kind, owner, prefix) for owner, prefix in told]


def stored(every: Iterable[Place]) -> list[Folder]:
    """All folders of these places; others beside them are nobody's business here."""
    return [folder for place in every for folder in _in(place)]


def _in(place: Place) -> list[Folder]:
    parent, _, start = place.prefix.rpartition("/")
    names = [name for name in list_folders(parent) if name.startswith(start)]
    return [_folder(place, lake.join(parent, name), name.removeprefix(start)) for name in names]


def _folder(place: Place, uri: str, key: str) -> Folder:
    files = lake.list_files(uri)
    written = max((file.modified.replace(tzinfo=None) for file in files), default=None)
    return Folder(place.kind, place.owner, key, uri, len(files), sum(file.bytes for file in files), written)
