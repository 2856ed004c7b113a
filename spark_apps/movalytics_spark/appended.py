"""A file that only grew: is an earlier folder's table made of its beginning, and which lines are new?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from movalytics_common.log import get_logger

from movalytics_spark import storage
from movalytics_spark.earlier import STRANGE, NotWhole, account_of, read_manifest, require_files, sizes
from movalytics_spark.failures import errors_translated
from movalytics_spark.landed import Landed, has_grown, landed
from movalytics_spark.manifest import Manifest
from movalytics_spark.raw import RawFile
from movalytics_spark.writing import Account, Target

MOST: Final = 0.5  # of the earlier file's bytes: where more came, to read all in splits is quicker
Origin = Callable[[Mapping[str, Landed]], str]
"""What a table is made of, by its files, as landed.made_of says it."""


@dataclass(frozen=True)
class Earlier:
    """A table in an earlier folder, its manifest and its account, and the bytes of the file of which it was made."""

    source: Target
    manifest: Manifest
    account: Account
    file_bytes: int


def find_earlier(folder: str, target: Target, file: str, origin: Origin) -> Earlier | None:
    """The table in `folder`, if its `file` is the beginning of target's and all else that it is made of is the same."""
    if not target.made_of or not storage.exists(f"{folder}/{target.table}.manifest"):
        return None
    try:
        with errors_translated():
            return _found(replace(target, output=folder), file, origin)
    except STRANGE as error:
        get_logger().info("nothing is added to", earlier=folder, reason=repr(error))
        return None


def _found(source: Target, file: str, origin: Origin) -> Earlier:
    """Raises one of STRANGE, which says why it cannot be used."""
    manifest, now = read_manifest(source.output, source.table), landed(source.raw)
    about = manifest["movalytics"]
    before = landed(about["raw"])[file]
    if origin({**now, file: before}) != about["made_of"]:
        raise NotWhole(f"{source.rows} is made of other files than {file}, too, or by other code")
    if now[file].bytes > (1 + MOST) * before.bytes or not has_grown(f"{source.raw}/{file}", now[file], before):
        raise NotWhole(f"{file} is not as it was with some lines more")
    require_files(source, sizes(manifest))
    return Earlier(source, manifest, account_of(about), before.bytes)


def added_lines(earlier: Earlier, file: RawFile, header: str, folder: str) -> RawFile:
    """The lines that the file has more than the earlier one, as a file with this header below `folder`.

    Each try has its own, as another one may be at work still.
    """
    uri = f"{folder}/{uuid4().hex}.csv"
    storage.write_rest(file.uri, earlier.file_bytes, f"{header}\n".encode(), uri)
    return replace(file, uri=uri)
