"""A table's manifest in the lake: what COPY reads, and how many rows came in, went out and were rejected."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from movalytics_common import lake
from movalytics_common.errors import InvalidData, MissingInput


@dataclass(frozen=True)
class Manifest:
    """One `<table>.manifest`; `digest` is the sha256 of its bytes, `rows_out` the rows that COPY must load."""

    table: str
    uri: str
    digest: str
    rows_in: int
    rows_out: int
    rejected: Mapping[str, int]

    @property
    def rows_rejected(self) -> int:
        """The rejected rows of all reasons."""
        return sum(self.rejected.values())


def read_manifest(folder: str, table: str, run_id: str) -> Manifest:
    """`<folder>/<table>.manifest`. Raises MissingInput when it is not there, InvalidData when it contradicts itself."""
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
            rows_in=int(facts["rows_in"]),
            rows_out=int(content["meta"]["record_count"]),
            rejected={str(reason): int(count) for reason, count in facts["rejected"].items()},
        )
        _verify(manifest, content, run_id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidData(f"{uri} is not a manifest of ours ({error!r}): run the transform of {table} again") from error
    return manifest


def _verify(manifest: Manifest, content: Mapping[str, Any], run_id: str) -> None:
    facts = content["movalytics"]
    if (facts["run"], facts["table"]) != (run_id, manifest.table):
        raise InvalidData(
            f"{manifest.uri} belongs to {facts['table']} of run {facts['run']}, not to {manifest.table} of {run_id}"
        )
    counted = sum(entry["meta"]["record_count"] for entry in content["entries"])
    if not counted == manifest.rows_out == facts["rows_out"]:
        raise InvalidData(
            f"{manifest.uri} counts its rows in three ways that differ: entries {counted}, meta {manifest.rows_out}, "
            f"movalytics {facts['rows_out']}"
        )
    if not content["entries"] or not all(entry["mandatory"] is True for entry in content["entries"]):
        raise InvalidData(f"{manifest.uri} has no entries, or one that is not mandatory: COPY would skip a lost file")
