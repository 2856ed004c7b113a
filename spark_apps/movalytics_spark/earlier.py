"""What stays the same is taken over: tables that an earlier folder holds, made of the same files by the same code.

A new month of prices makes one of the catalogue's tables anew. The others are copied, not referred to: a folder is
whole by itself, and an earlier one may go.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from movalytics_common.declaration import tables
from movalytics_common.errors import InvalidData, PipelineError
from movalytics_common.log import get_logger

from movalytics_spark import storage
from movalytics_spark.failures import errors_translated
from movalytics_spark.manifest import Manifest, encoded
from movalytics_spark.writing import Account, Target, reasons

# What a folder can do to whoever reads it, when it or its manifest is not there, or is none of ours.
STRANGE = (PipelineError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)


class NotWhole(InvalidData):
    """An earlier folder is not what its manifests say, so nothing of it is used."""


class Taken(NamedTuple):
    """The accounts of a table, and of files that fed a join to make it."""

    account: Account
    inputs: dict[str, Account]


def take_over(earlier: str, step: str, target: Callable[[str], Target]) -> dict[str, Taken]:
    """Copy the step's tables that `earlier` holds made of the same as `target` says; returns what they are.

    None of them when one of the folder's tables is not there, or is not what its manifest says: they are to be made.
    """
    if earlier == target("").output:
        return {}
    try:
        with errors_translated():
            taken = _taken(earlier, step, target)
    except STRANGE as error:
        get_logger().info("nothing is taken over", earlier=earlier, reason=str(error))
        return {}
    if taken:
        get_logger().info("taken over", tables=sorted(taken), earlier=earlier)
    return taken


def _taken(earlier: str, step: str, target: Callable[[str], Target]) -> dict[str, Taken]:
    found = {name: read_manifest(earlier, name) for name, table in tables().items() if table.application == step}
    same = {name: one for name, one in found.items() if one["movalytics"].get("made_of") == target(name).made_of}
    return {name: _copy(manifest, earlier, target(name)) for name, manifest in same.items()}


def read_manifest(folder: str, name: str) -> Manifest:
    """A table's manifest. Raises one of STRANGE."""
    manifest: Manifest = json.loads(storage.read_bytes(f"{folder}/{name}.manifest"))
    return manifest


def _copy(manifest: Manifest, earlier: str, target: Target) -> Taken:
    """Copy a table, its manifest last; returns its accounts. Raises one of STRANGE when it is not whole."""
    storage.delete(target.manifest)
    source = replace(target, output=earlier)
    account, inputs = account_of(manifest["movalytics"]), inputs_of(manifest)
    storage.copy(source.rows, target.rows)
    _copy_told(source.repaired, target.repaired, account["repaired"])
    for name, one in {target.table: account, **inputs}.items():
        old, new = replace(source, table=name), replace(target, table=name)
        _copy_told(old.rejected, new.rejected, one["rejected"] | one["merged"])
    moved = moved_manifest(manifest, earlier, target)
    require_files(target, sizes(moved))
    read_manifest(earlier, target.table)  # who removes a folder begins with the manifests
    storage.write_bytes(target.manifest, encoded(moved))
    return Taken(account, inputs)


def _copy_told(source: str, target: str, told: Mapping[str, int]) -> None:
    """Copy rows with their reasons. Raises NotWhole when there are others than so many by reason."""
    is_there = storage.copy(source, target)
    if told and not (is_there and reasons(target) == told):
        raise NotWhole(f"{source} does not have the rows that its manifest tells of")


def sizes(manifest: Manifest) -> dict[str, int]:
    """URI → bytes of the files that a manifest lists."""
    return {entry["url"]: entry["meta"]["content_length"] for entry in manifest["entries"]}


def require_files(target: Target, files: Mapping[str, int]) -> None:
    """Raises NotWhole unless just these files of the table are there; `files`: URI → bytes."""
    if {part.uri: part.bytes for part in storage.parts(target.rows)} != files:
        raise NotWhole(f"{target.rows} is not what its manifest says")


def moved_manifest(manifest: Manifest, earlier: str, target: Target) -> Manifest:
    """As the target's own: its files lie below the target's folder."""

    def there(uri: str) -> str:
        return target.output + uri.removeprefix(earlier)

    about = manifest["movalytics"]
    entries = [{**entry, "url": there(entry["url"])} for entry in manifest["entries"]]
    partitions = {
        name: {**one, "files": [there(uri) for uri in one["files"]]} for name, one in about["partitions"].items()
    }
    return {**manifest, "entries": entries, "movalytics": {**about, **target.about, "partitions": partitions}}


def account_of(about: Manifest) -> Account:
    """A table's account, of what its manifest says under "movalytics"."""
    return Account(
        rows_in=about["rows_in"],
        rows_out=about["rows_out"],
        rejected=about["rejected"],
        merged=about["merged"],
        repaired=about["repaired"],
    )


def inputs_of(manifest: Manifest) -> dict[str, Account]:
    """The accounts of the files that fed a join."""
    return {name: account_of(one) for name, one in manifest["movalytics"]["inputs"].items()}
