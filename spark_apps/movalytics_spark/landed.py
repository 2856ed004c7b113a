"""What extract says of the files that it landed, in `_files.json`: by it one sees what is as before, or only grew."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from movalytics_common.errors import MissingInput

from movalytics_spark.storage import read_bytes, read_range, sha256

LISTING: Final = "_files.json"


@dataclass(frozen=True)
class Landed:
    """A file's bytes, its SHA-256, and that of each block of `block_bytes` of it; the last one may be shorter."""

    bytes: int
    sha256: str
    blocks: tuple[str, ...]
    block_bytes: int


def landed(directory: str) -> Mapping[str, Landed]:
    """Name → file; nothing where no listing tells of them, as where somebody put them by hand."""
    try:
        listing = json.loads(read_bytes(f"{directory}/{LISTING}"))
        size = int(listing.get("block_bytes", 0))
        return {
            one["name"]: Landed(one["bytes"], one["sha256"], tuple(one.get("blocks", ())), size)
            for one in listing["files"]
        }
    except (MissingInput, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return {}


def made_of(files: Mapping[str, Landed], names: Iterable[str], code: str) -> str:
    """What decides what a table holds that this code makes of these files; nothing when one is not listed."""
    used = sorted(names)
    if not all(name in files for name in used):
        return ""
    return " ".join([*(f"{name} {files[name].sha256}" for name in used), f"by {code}"])


def has_grown(uri: str, now: Landed, before: Landed) -> bool:
    """Whether the file at `uri`, which landed as `now`, is what landed before, and more lines after it.

    By the listed digests of whole blocks, and by the bytes of the last one that the earlier file had of it.
    """
    if not before.blocks or now.block_bytes != before.block_bytes or now.bytes <= before.bytes or not now.block_bytes:
        return False
    whole = before.bytes // before.block_bytes
    rest = before.bytes % before.block_bytes
    digests = [*now.blocks[:whole], *([sha256(uri, whole * before.block_bytes, rest)] if rest else [])]
    return digests == list(before.blocks) and read_range(uri, before.bytes - 1, 1) == b"\n"
