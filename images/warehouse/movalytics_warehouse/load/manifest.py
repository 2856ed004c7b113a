"""A table's manifest in the lake: what COPY reads, and the accounts of what came in."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from movalytics_common import lake
from movalytics_common.errors import InvalidData, MissingInput

from movalytics_warehouse.partitions import Content, Contents


@dataclass(frozen=True)
class Account:
    """What became of the rows of one input, by reason: in = out + merged + rejected; repaired rows are out."""

    name: str
    rows_in: int
    rows_out: int
    rejected: Mapping[str, int]
    merged: Mapping[str, int]
    repaired: Mapping[str, int]

    @property
    def reasons(self) -> Mapping[str, Mapping[str, int]]:
        """Rows by kind and reason."""
        return {"rejected": self.rejected, "merged": self.merged, "repaired": self.repaired}


@dataclass(frozen=True)
class Manifest:
    """One `<table>.manifest`; `digest` is the sha256 of its bytes, `account.rows_out` the rows that COPY must load.

    `inputs` are the accounts of files that feed a join and are no table; `entries` are each partition's, as COPY
    reads them.
    """

    table: str
    uri: str
    digest: str
    account: Account
    inputs: Sequence[Account]
    contents: Contents
    entries: Mapping[str, Sequence[Mapping[str, Any]]]

    @property
    def rows_out(self) -> int:
        """The table's accepted rows."""
        return self.account.rows_out

    def of(self, partitions: Collection[str]) -> bytes:
        """A manifest of these partitions alone."""
        entries = [entry for name in sorted(partitions) for entry in self.entries[name]]
        return json.dumps({"entries": entries}, indent=1, ensure_ascii=False).encode()


def read_manifest(folder: str, table: str) -> Manifest:
    """`<folder>/<table>.manifest`; the folder's name ends with `made=<key>`.

    Raises MissingInput when it is not there, InvalidData when it contradicts its place or itself.
    """
    uri = lake.join(folder, f"{table}.manifest")
    try:
        data = lake.read_bytes(uri)
    except MissingInput as error:
        raise MissingInput(f"{uri} is not there: the transform of {table} has not finished; run it first") from error
    try:
        content = json.loads(data)
        facts = content["movalytics"]
        manifest = Manifest(
            table=table,
            uri=uri,
            digest=hashlib.sha256(data).hexdigest(),
            account=_account(table, facts),
            inputs=[_account(str(name), account) for name, account in facts["inputs"].items()],
            contents={name: _content(one) for name, one in facts["partitions"].items()},
            entries=_entries(content),
        )
        _verify(manifest, content, folder.rstrip("/").rpartition("made=")[2])
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise InvalidData(f"{uri} is not a manifest of ours ({error!r}): run the transform of {table} again") from error
    return manifest


def _content(facts: Mapping[str, Any]) -> Content:
    return Content(int(facts["rows"]), str(facts["digest"]), {name: int(one) for name, one in facts["totals"].items()})


def _entries(content: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Partition → its files' entries."""
    by_file = {entry["url"]: entry for entry in content["entries"]}
    partitions = content["movalytics"]["partitions"]
    return {name: [by_file[url] for url in one["files"]] for name, one in partitions.items()}


def _account(name: str, facts: Mapping[str, Any]) -> Account:
    rejected, merged, repaired = (
        {str(reason): int(count) for reason, count in facts[kind].items()}
        for kind in ("rejected", "merged", "repaired")
    )
    return Account(name, int(facts["rows_in"]), int(facts["rows_out"]), rejected, merged, repaired)


def _verify(manifest: Manifest, content: Mapping[str, Any], made: str) -> None:
    facts = content["movalytics"]
    if (facts["made"], facts["table"]) != (made, manifest.table):
        raise InvalidData(
            f"{manifest.uri} belongs to {facts['table']} of made={facts['made']}, "
            f"not to {manifest.table} of made={made}"
        )
    counted = sum(entry["meta"]["record_count"] for entry in content["entries"])
    total = content["meta"]["record_count"]
    divided = sum(one.rows for one in manifest.contents.values())
    if not counted == total == divided == manifest.rows_out:
        raise InvalidData(
            f"{manifest.uri} counts its rows in ways that differ: entries {counted}, meta {total}, "
            f"partitions {divided}, movalytics {manifest.rows_out}"
        )
    if sum(map(len, manifest.entries.values())) != len(content["entries"]):
        raise InvalidData(f"{manifest.uri} has entries that are of no partition, or of two")
    if not content["entries"] or not all(entry["mandatory"] is True for entry in content["entries"]):
        raise InvalidData(f"{manifest.uri} has no entries, or one that is not mandatory: COPY would skip a lost file")
