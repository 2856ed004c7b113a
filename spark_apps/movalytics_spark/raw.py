"""A raw file as people know it: by the name it has with them, and then by that of the lake's copy."""

import json
from dataclasses import dataclass
from typing import Final

from movalytics_common.errors import MissingInput

from movalytics_spark.storage import read_bytes

ORIGIN: Final = "origin.json"  # extract leaves it beside what it lands: {"source", "files": {name: where it came from}}


@dataclass(frozen=True)
class RawFile:
    """A file in a version of raw; as text it is what an error calls it."""

    uri: str
    origin: str = ""

    def __str__(self) -> str:
        name = self.uri.rpartition("/")[2]
        return f"{name} (from {self.origin}; the lake's copy is {self.uri})" if self.origin else self.uri


def raw_file(directory: str, name: str) -> RawFile:
    """The file of this name, with where it came from if extract said so."""
    uri = f"{directory}/{name}"
    try:
        return RawFile(uri, str(json.loads(read_bytes(f"{directory}/{ORIGIN}"))["files"][name]))
    except (MissingInput, ValueError, KeyError, TypeError, RecursionError):
        return RawFile(uri)  # a version that landed without it: errors name the lake's copy
