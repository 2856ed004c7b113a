"""A table's manifest: which files a COPY must load, and what went in, out and aside; its presence says "complete"."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyspark.sql.types import StructType

from movalytics_spark.partitions import MONTH, Facts, name, summed
from movalytics_spark.storage import Part

Manifest = dict[str, Any]

REDSHIFT_TYPES: Final = {
    "bigint": "bigint",
    "boolean": "boolean",
    "date": "date",
    "double": "double precision",
    "int": "integer",
    "string": "character varying",
    "timestamp": "timestamp without time zone",
}


@dataclass(frozen=True)
class Written:
    """A table's files and what is in them."""

    parts: Sequence[Part]
    facts: Facts

    @property
    def rows(self) -> int:
        """The rows in all files."""
        return sum(facts["rows"] for facts in self.facts.values())

    def rows_of(self, part: Part) -> int:
        """The rows of one file."""
        return self.facts.get((partition(part), part.name), {"rows": 0})["rows"]

    @property
    def partitions(self) -> dict[str, dict[str, object]]:
        """Partition → `rows`, `digest`, `totals` by column, and the `files` that hold it."""
        files: dict[str, list[Part]] = {}
        for part in self.parts:
            files.setdefault(partition(part), []).append(part)
        return {
            name: {
                **summed([self.facts[name, part.name] for part in found if (name, part.name) in self.facts]),
                "files": [part.uri for part in found],
            }
            for name, found in sorted(files.items())
        }


def partition(part: Part) -> str:
    """The partition that a file belongs to, by its directory."""
    return name(part.directory.removeprefix(f"{MONTH}="))


def manifest(written: Written, schema: StructType, about: Mapping[str, object]) -> Manifest:
    """In the form of Redshift's UNLOAD … MANIFEST VERBOSE, with `about` and `partitions` under "movalytics".

    https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html (content_length is
    required for Parquet) and https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD_command_examples.html
    """
    entries = [
        {
            "url": part.uri,
            "mandatory": True,
            "meta": {"content_length": part.bytes, "record_count": written.rows_of(part)},
        }
        for part in written.parts
    ]
    elements = [
        {"name": field.name, "type": {"base": REDSHIFT_TYPES[field.dataType.simpleString()]}} for field in schema
    ]
    ours = {**about, "partitions": written.partitions}
    return {"entries": entries, "schema": {"elements": elements}, "meta": _total(entries), "movalytics": ours}


def joined(kept: Manifest, made: Manifest) -> Manifest:
    """`made`, with the files and the partitions of `kept` beside its own."""
    entries = sorted([*kept["entries"], *made["entries"]], key=lambda entry: str(entry["url"]))
    partitions = dict(sorted((kept["movalytics"]["partitions"] | made["movalytics"]["partitions"]).items()))
    ours = {**made["movalytics"], "partitions": partitions}
    return {**made, "entries": entries, "meta": _total(entries), "movalytics": ours}


def _total(entries: Sequence[Manifest]) -> dict[str, int]:
    return {name: sum(entry["meta"][name] for entry in entries) for name in ("content_length", "record_count")}


def encoded(document: Manifest) -> bytes:
    """As the lake has it."""
    return json.dumps(document, indent=1, ensure_ascii=False).encode()
