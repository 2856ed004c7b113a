"""Adds the Spark image's jars, as jars.sha256 has them, to the CycloneDX document of its Python packages.

`python images/spark/jars_bom.py sbom/spark_apps.json` writes that file anew.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

LISTED = Path(__file__).with_name("jars.sha256")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)-(\d[\w.]*)\.jar")  # digest, artifact, version


def components() -> Iterator[Mapping[str, object]]:
    """A component for each jar. Raises ValueError for a line that names none."""
    for line in LISTED.read_text().splitlines():
        found = _LINE.fullmatch(line)
        if not found:
            raise ValueError(f"{LISTED}: {line!r} is no digest and jar with a version")
        digest, name, version = found.groups()
        hashes = [{"alg": "SHA-256", "content": digest}]
        yield {
            "type": "library",
            "bom-ref": f"{name}-{version}.jar",
            "name": name,
            "version": version,
            "hashes": hashes,
        }


def main(path: Path) -> None:
    """Write the document with the jars in it."""
    document = json.loads(path.read_text())
    document["components"] += components()
    path.write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
