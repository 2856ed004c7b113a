"""A file that only grew: an earlier folder's table, to which the rows of the new lines are added.

Nothing else may have changed, and none of the new rows may have a key of an earlier one: else the whole file is read.
Months that get no row are copied, the others written anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from movalytics_common.declaration import tables
from movalytics_common.log import get_logger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import storage
from movalytics_spark.columns import CURATED
from movalytics_spark.earlier import STRANGE, account_of, moved_manifest, read_manifest, require_files, sizes
from movalytics_spark.landed import has_grown, landed
from movalytics_spark.manifest import Manifest
from movalytics_spark.partitions import month, name
from movalytics_spark.raw import RawFile
from movalytics_spark.storage import frame_of, literally
from movalytics_spark.writing import Account, Target, account, complete, reasons, write_reasons, write_rows

MOST_BROADCAST: Final = 1 << 22  # rows whose keys each executor can hold in memory


@dataclass(frozen=True)
class Earlier:
    """A table in an earlier folder, its manifest, and the bytes of the file with which the new one begins."""

    source: Target
    manifest: Manifest
    bytes: int


def find_earlier(folder: str, target: Target) -> Earlier | None:
    """The table in `folder`, if its file is the beginning of target's and all else that it is made of is the same."""
    file = tables()[target.table].source
    if not target.made_of or not storage.exists(f"{folder}/{target.table}.manifest"):
        return None
    try:
        source, manifest = replace(target, output=folder), read_manifest(folder, target.table)
        about = manifest["movalytics"]
        before, now = landed(about["raw"])[file], landed(target.raw)[file]
        if target.made_of.replace(now.sha256, before.sha256) != about["made_of"]:
            return None
        if not has_grown(f"{target.raw}/{file}", now, before):
            return None
        require_files(source, sizes(manifest))
        return Earlier(source, manifest, before.bytes)
    except STRANGE as error:
        get_logger().info("nothing is added", earlier=folder, reason=repr(error))
        return None


def added_lines(earlier: Earlier, file: RawFile, header: str, uri: str) -> RawFile:
    """The lines that the file has more than the earlier one, as a file of their own with this header."""
    storage.write_rest(file.uri, earlier.bytes, f"{header}\n".encode(), uri)
    return replace(file, uri=uri)


def add(
    earlier: Earlier, target: Target, rows: DataFrame, aside: DataFrame, rows_in: int, inputs: Mapping[str, Account]
) -> Account | None:
    """Write the table with these rows more, of `rows_in` lines; returns its account.

    Nothing is written, and None returned, when no row is new or one has the key of an earlier one.
    """
    table = tables()[target.table]
    counts = rows.groupBy(month(table)).count().collect()
    if not counts or _meet(earlier, rows, sum(count for _, count in counts)):
        return None
    months = {name(first_day) for first_day, _ in counts}
    written = write_rows(target, _read(earlier, months).unionByName(rows))
    kept = _keep(earlier, target, months)
    before, set_aside = account_of(earlier.manifest["movalytics"]), _set_aside(earlier, target, aside)
    rows_out = written.rows + sum(entry["meta"]["record_count"] for entry in kept["entries"])
    told = account(target.table, before["rows_in"] + rows_in, rows_out, set_aside, {})
    require_files(target, sizes(kept) | {part.uri: part.bytes for part in written.parts})
    read_manifest(earlier.source.output, target.table)  # who removes a folder begins with the manifests
    return complete(target, written, told, inputs, kept)


def _partitions(earlier: Earlier) -> Manifest:
    found: Manifest = earlier.manifest["movalytics"]["partitions"]
    return found


def _read(earlier: Earlier, months: set[str]) -> DataFrame:
    """The earlier rows of these months."""
    schema, spark = CURATED[earlier.source.table], SparkSession.active()
    uris = [uri for one, about in _partitions(earlier).items() if one in months for uri in about["files"]]
    return spark.read.schema(schema).parquet(*map(literally, uris)) if uris else frame_of(spark, [], schema)


def _meet(earlier: Earlier, rows: DataFrame, count: int) -> bool:
    """Whether one of so many rows has the key of an earlier one."""
    key = list(tables()[earlier.source.table].primary_key)
    before = SparkSession.active().read.schema(CURATED[earlier.source.table]).parquet(literally(earlier.source.rows))
    keys = rows.select(*key)
    known = before.select(*key).join(F.broadcast(keys) if count < MOST_BROADCAST else keys, key, "left_semi")
    return not known.isEmpty()


def _keep(earlier: Earlier, target: Target, months: set[str]) -> Manifest:
    """Copy the other months' files; returns what a manifest says of them. Raises ValueError when one is not whole."""
    old = earlier.manifest
    kept = {one: about for one, about in _partitions(earlier).items() if one not in months}
    uris = {uri for about in kept.values() for uri in about["files"]}
    entries = [entry for entry in old["entries"] if entry["url"] in uris]
    manifest = {**old, "entries": entries, "movalytics": {**old["movalytics"], "partitions": kept}}
    moved = moved_manifest(manifest, earlier.source.output, target)
    for entry, copied in zip(entries, moved["entries"], strict=True):
        storage.copy(entry["url"], copied["url"])
    return moved


def _set_aside(earlier: Earlier, target: Target, rows: DataFrame) -> Mapping[str, int]:
    """Write what is set aside of the new rows, and copy what was before; returns the rows of both by reason."""
    write_reasons(target.rejected, rows)
    for part in storage.parts(earlier.source.rejected):
        storage.copy(part.uri, f"{target.rejected}/{part.name}")
    return reasons(target.rejected)
