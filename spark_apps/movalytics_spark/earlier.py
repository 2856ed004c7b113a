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

    None of them when one of the folder's tables is not there, or is not what its manifest says: they are to be made.
    """
    if earlier == target("").output:
        return {}
    try:
        found = {name: _manifest(earlier, name) for name, table in tables().items() if table.application == step}
        same = {name: one for name, one in found.items() if one["movalytics"].get("made_of") == target(name).made_of}
        accounts = {name: _copy(manifest, earlier, target(name)) for name, manifest in same.items()}
    except (MissingInput, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        get_logger().info("nothing is taken over", earlier=earlier, reason=str(error))
        return {}
    if accounts:
        get_logger().info("taken over", tables=sorted(accounts), earlier=earlier)
    return accounts


def _manifest(folder: str, name: str) -> Manifest:
    manifest: Manifest = json.loads(storage.read_bytes(f"{folder}/{name}.manifest"))
    return manifest


def _copy(manifest: Manifest, earlier: str, target: Target) -> Account:
    """Copy a table, its manifest last; returns its account. Raises MissingInput, ValueError when it is not whole."""
    storage.delete(target.manifest)
    source = Target(target.run, target.made, earlier, target.table)
    moved, account = _moved(manifest, earlier, target), _account(manifest)
    is_needed = (True, bool(account["rejected"] or account["merged"]), bool(account["repaired"]))
    for old, new, is_told_of in zip(source.directories, target.directories, is_needed, strict=True):
        if not storage.copy(old, new) and is_told_of:
            raise ValueError(f"{old} is not there")
    there = {part.uri: part.bytes for part in storage.parts(target.rows)}
    if there != {entry["url"]: entry["meta"]["content_length"] for entry in moved["entries"]}:
        raise ValueError(f"{source.rows} is not what its manifest says")
    _manifest(earlier, target.table)  # who removes a folder begins with the manifests
    storage.write_bytes(target.manifest, json.dumps(moved, indent=1, ensure_ascii=False).encode())
    return account


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
