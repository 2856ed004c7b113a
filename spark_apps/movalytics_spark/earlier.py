"""What stays the same is taken over: tables that an earlier folder holds, made of the same sources by the same code.

A new month of prices makes one of the catalogue's tables anew. The others are copied, not referred to: a folder is
whole by itself, and an earlier one may go.
"""

import json
from collections.abc import Callable
from typing import Any

from movalytics_common.declaration import tables
from movalytics_common.errors import MissingInput
from movalytics_common.log import get_logger

from movalytics_spark import storage
from movalytics_spark.writing import Account, Target

Manifest = dict[str, Any]


def take_over(earlier: str, step: str, target: Callable[[str], Target]) -> dict[str, Account]:
    """Copy the step's tables that `earlier` holds made of the same as `target` says; returns their accounts.

    Nothing is taken from a folder that is not whole. Raises MissingInput when it goes meanwhile.
    """
    found = _whole(earlier, [name for name, table in tables().items() if table.application == step])
    same = {name: one for name, one in found.items() if one["movalytics"].get("made_of") == target(name).made_of}
    for name, manifest in same.items():
        _copy(manifest, earlier, target(name))
        get_logger().info("taken over", table=name, earlier=earlier)
    return {name: _account(manifest) for name, manifest in same.items()}


def _whole(folder: str, names: list[str]) -> dict[str, Manifest]:
    """The manifests of these tables, or nothing when one is missing."""
    try:
        return {name: json.loads(storage.read_bytes(f"{folder}/{name}.manifest")) for name in names}
    except MissingInput:
        return {}


def _copy(manifest: Manifest, earlier: str, target: Target) -> None:
    """The manifest last; and who removes a folder begins with the manifests, so that what was copied was whole."""
    storage.delete(target.manifest)
    source = Target(target.run, target.made, earlier, target.table)
    for old, new in zip(source.directories, target.directories, strict=True):
        storage.copy(old, new)
    storage.read_bytes(source.manifest)
    storage.write_bytes(target.manifest, json.dumps(_moved(manifest, earlier, target), indent=1).encode())


def _moved(manifest: Manifest, earlier: str, target: Target) -> Manifest:
    """As the target's own: its files lie below the target's folder."""

    def there(uri: str) -> str:
        return target.output + uri.removeprefix(earlier)

    about = manifest["movalytics"]
    entries = [{**entry, "url": there(entry["url"])} for entry in manifest["entries"]]
    partitions = {
        name: {**one, "files": [there(uri) for uri in one["files"]]} for name, one in about["partitions"].items()
    }
    return {**manifest, "entries": entries, "movalytics": {**about, **target.about, "partitions": partitions}}


def _account(manifest: Manifest) -> Account:
    about = manifest["movalytics"]
    return Account(
        rows_in=about["rows_in"],
        rows_out=about["rows_out"],
        rejected=about["rejected"],
        merged=about["merged"],
        repaired=about["repaired"],
    )
