"""A table's manifest: which files a COPY must load, and what went in, out and aside; its presence says "complete"."""

import json
from collections.abc import Mapping, Sequence

from pyspark.sql.types import StructType

from movalytics_spark.storage import Part

REDSHIFT_TYPES = {
    "bigint": "bigint",
    "boolean": "boolean",
    "date": "date",
    "double": "double precision",
    "int": "integer",
    "string": "character varying",
    "timestamp": "timestamp without time zone",
}


def manifest(parts: Sequence[Part], schema: StructType, about: Mapping[str, object]) -> bytes:
    """JSON in the form of Redshift's UNLOAD … MANIFEST VERBOSE, with `about` under the key "movalytics".

    https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html (content_length is
    required for Parquet) and https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD_command_examples.html
    """
    entries = [
        {"url": part.uri, "mandatory": True, "meta": {"content_length": part.bytes, "record_count": part.rows}}
        for part in parts
    ]
    elements = [
        {"name": field.name, "type": {"base": REDSHIFT_TYPES[field.dataType.simpleString()]}} for field in schema
    ]
    total = {"content_length": sum(part.bytes for part in parts), "record_count": sum(part.rows for part in parts)}
    document = {"entries": entries, "schema": {"elements": elements}, "meta": total, "movalytics": dict(about)}
    return json.dumps(document, indent=1, ensure_ascii=False).encode()
