"""`retention`: what no run needs any more goes from the lake; the ledger's rows stay.

Safe beside runs that begin meanwhile. Each decision is taken under the ledger's lock, under which runs are registered,
too. What an application made is condemned in the ledger before its first file goes: a run that saw it whole and is
registered later makes it anew, and one that is registered in between takes the row away, at which it stays. Folders are
deleted under the lock, after another look: so a run that comes then, and lands or makes one anew, finds it gone, not
going. Killed at any moment the same command again goes on: what says that a folder is whole goes first.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

from movalytics_common.errors import InvalidSettings
from movalytics_common.folders import delete_folder
from movalytics_common.log import get_logger
from movalytics_warehouse.ledger import lock
from movalytics_warehouse.plan.condemning import condemn, condemned
from movalytics_warehouse.plan.migrate import migrate
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.transactions import in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.needs import read_needs
from movalytics_operations.stored import MADE, RAW, RUN, Folder, Place, places, stored
from movalytics_operations.terminal import plural, size, table

HEAD = ("folder", "files", "size", "written (UTC)")
# Manifests say that curated data are whole, _files.json that raw data are.
WHOLE = (".manifest", "_files.json")
AT_ONCE = 20  # folders under one lock: a run that begins meanwhile waits for seconds
Connect = Callable[[], Connection]


def retention(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Print what no run needs, and with `--apply` delete it. Raises InvalidSettings, and what the lake raises."""
    keep, apply = arguments.keep, arguments.apply == "true"
    if keep < 1:
        raise InvalidSettings(f"keep is {keep}: keep one published run at least, which is what the tables hold")
    connect = connector(arguments)
    migrate(connect)
    folders = stored(_places(arguments))
    doomed = in_transaction(connect, lambda connection: _doomed(connection, folders, keep, apply))
    starts = range(0, len(doomed), AT_ONCE) if apply else ()
    gone = [folder for start in starts for folder in _remove(connect, doomed[start : start + AT_ONCE], keep)]
    sys.stdout.write(_said(doomed, gone, apply))
    about = gone if apply else doomed
    return {"keep": keep, "applied": apply, "folders": len(about), "bytes": sum(folder.bytes for folder in about)}


def _places(arguments: argparse.Namespace) -> list[Place]:
    made, raw = places(MADE, arguments.application), places(RAW, arguments.source)
    return [*made, *raw, *places(RUN, (("", prefix) for prefix in arguments.run_folder))]


def _doomed(connection: Connection, folders: Sequence[Folder], keep: int, apply: bool) -> list[Folder]:
    lock(connection)
    needs = read_needs(connection, keep)
    doomed = [folder for folder in folders if not needs.keep(folder)]
    if apply:
        condemn(connection, [(folder.owner, folder.key) for folder in doomed if folder.kind == MADE])
    return doomed


def _remove(connect: Connect, doomed: Sequence[Folder], keep: int) -> list[Folder]:
    """Delete those that no run needs by now; which these were."""
    gone = in_transaction(connect, lambda connection: _remove_unless_needed(connection, doomed, keep))
    for folder in doomed:
        get_logger().info("removed" if folder in gone else "spared", folder=folder.uri, bytes=folder.bytes)
    return gone


def _remove_unless_needed(connection: Connection, doomed: Sequence[Folder], keep: int) -> list[Folder]:
    lock(connection)
    needs, still = read_needs(connection, keep), condemned(connection)
    gone = [one for one in doomed if not needs.keep(one) and (one.kind != MADE or (one.owner, one.key) in still)]
    for folder in gone:
        delete_folder(folder.uri, first=WHOLE)
    return gone


def _said(doomed: Sequence[Folder], gone: Sequence[Folder], apply: bool) -> str:
    if not doomed:
        return "nothing to delete: a run needs all that is there\n"
    lines = table([HEAD, *map(_row, doomed)])
    if not apply:
        return f"{lines}\n{_sum(doomed)} would go: --apply deletes them\n"
    spared = f"; {plural(len(doomed) - len(gone), 'folder')} stayed, since a run needs them by now"
    return f"{lines}\n{_sum(gone)} deleted{spared if len(gone) < len(doomed) else ''}\n"


def _sum(folders: Sequence[Folder]) -> str:
    return f"{plural(len(folders), 'folder')}, {size(sum(folder.bytes for folder in folders))},"


def _row(folder: Folder) -> tuple[str, ...]:
    written = f"{folder.written:%Y-%m-%d %H:%M}" if folder.written else ""
    return folder.uri, f"{folder.files:,}", size(folder.bytes), written
