"""New rows into a table that an earlier folder holds: months that get a row are written anew, the others copied."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from movalytics_common.declaration import tables
from movalytics_common.log import get_logger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import partitions, storage
from movalytics_spark.appended import Earlier
from movalytics_spark.columns import CURATED, REJECTED
from movalytics_spark.earlier import NotWhole, moved_manifest, read_manifest, require_files, sizes
from movalytics_spark.manifest import Manifest, Written
from movalytics_spark.storage import frame_of, literally
from movalytics_spark.writing import Account, Target, account, complete, exact, write_reasons, write_rows

MOST_BROADCAST: Final = 1 << 22  # rows whose keys each executor can hold in memory
COPIES: Final = 8  # files that are copied at once: on S3 each waits for answers most of the time
Facts = Mapping[str, Mapping[str, int]]  # month → rows, digest


class Added(NamedTuple):
    """The rows that the new lines become, those that are set aside (reason, record), the lines, the rows' key."""

    rows: DataFrame
    aside: DataFrame
    lines: int
    key: Sequence[str]


def add(earlier: Earlier, target: Target, added: Added, inputs: Mapping[str, Account]) -> Account:
    """Write the table with these rows more; returns its account.

    Raises NotWhole, before the manifest is written, when no row is new or one has the key of an earlier one, or when
    the earlier folder does not hold what its manifest says.
    """
    table = tables()[target.table]
    new = partitions.months(exact(added.rows, table), table)
    _require_other_keys(earlier, added, sum(month["rows"] for month in new.values()))
    written = write_rows(target, _read(earlier, new).unionByName(added.rows))
    _require_sums(earlier, new, written)
    kept = _keep(earlier, target, new)
    rows_out = written.rows + sum(entry["meta"]["record_count"] for entry in kept["entries"])
    aside = _set_aside(earlier, target, added.aside)
    told = account(target.table, earlier.account["rows_in"] + added.lines, rows_out, aside, {})
    require_files(target, sizes(kept) | {part.uri: part.bytes for part in written.parts})
    read_manifest(earlier.source.output, target.table)  # who removes a folder begins with the manifests
    get_logger().info("added", lines=added.lines, months=len(new), earlier=earlier.source.output)
    return complete(target, written, told, inputs, kept)


def _months(earlier: Earlier) -> Manifest:
    found: Manifest = earlier.manifest["movalytics"]["partitions"]
    return found


def _require_other_keys(earlier: Earlier, added: Added, count: int) -> None:
    """Which of two rows of a key counts is seen only where all are read. `count`: that of the new rows."""
    if not count:
        raise NotWhole("no new line becomes a row")
    key, keys = list(added.key), added.rows.select(*added.key)
    before = _before(earlier, keys).select(*key)
    if not before.join(F.broadcast(keys) if count < MOST_BROADCAST else keys, key, "left_semi").isEmpty():
        raise NotWhole("a new row has the key of an earlier one")


def _before(earlier: Earlier, keys: DataFrame) -> DataFrame:
    """The earlier rows among which a new key can be, by its first column: few, when most new users have new numbers."""
    first = keys.columns[0]
    bounds = keys.agg(F.min(first), F.max(first)).first()
    assert bounds is not None  # noqa: S101 an aggregate has a row
    rows = SparkSession.active().read.schema(CURATED[earlier.source.table]).parquet(literally(earlier.source.rows))
    return rows.where(F.col(first).between(*bounds))  # a file tells its least and greatest, and is passed over


def _read(earlier: Earlier, new: Facts) -> DataFrame:
    """The earlier rows of the months that get a row."""
    schema, spark = CURATED[earlier.source.table], SparkSession.active()
    uris = [uri for month, about in _months(earlier).items() if month in new for uri in about["files"]]
    return spark.read.schema(schema).parquet(*map(literally, uris)) if uris else frame_of(spark, [], schema)


def _require_sums(earlier: Earlier, new: Facts, written: Written) -> None:
    """What was written of a month is what its manifest told of, and the new rows: rows and digests are sums."""
    for month, found in written.partitions.items():
        before = _months(earlier).get(month, {"rows": 0, "digest": "0"})
        digest = (int(before["digest"], 16) + new[month]["digest"]) % 2**64
        if (found["rows"], found["digest"]) != (before["rows"] + new[month]["rows"], f"{digest:016x}"):
            raise NotWhole(f"{earlier.source.rows} holds other rows of {month} than its manifest tells of")


def _keep(earlier: Earlier, target: Target, new: Facts) -> Manifest:
    """Copy the other months' files; returns what a manifest says of them."""
    old = earlier.manifest
    kept = {month: about for month, about in _months(earlier).items() if month not in new}
    uris = {uri for about in kept.values() for uri in about["files"]}
    entries = [entry for entry in old["entries"] if entry["url"] in uris]
    manifest = {**old, "entries": entries, "movalytics": {**old["movalytics"], "partitions": kept}}
    moved = moved_manifest(manifest, earlier.source.output, target)
    with ThreadPoolExecutor(COPIES) as pool:
        list(pool.map(storage.copy, sizes(manifest), sizes(moved)))
    return moved


def _set_aside(earlier: Earlier, target: Target, rows: DataFrame) -> Mapping[str, int]:
    """Write what is set aside, before and of the new rows; returns the rows by reason."""
    uris = [literally(part.uri) for part in storage.parts(earlier.source.rejected)]
    spark = SparkSession.active()
    before = spark.read.schema(REJECTED).parquet(*uris) if uris else frame_of(spark, [], REJECTED)
    return write_reasons(target.rejected, before.unionByName(rows.coalesce(1)))
