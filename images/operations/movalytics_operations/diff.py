"""`diff`: what is different in one run from another: sources, code, checks, rows, answers."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

from movalytics_warehouse.ledger import answers, made_for
from movalytics_warehouse.redshift.options import connector
from movalytics_warehouse.redshift.statements import execute
from movalytics_warehouse.redshift.transactions import in_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_operations.history import Row, differences, known_run
from movalytics_operations.show import partition_rows
from movalytics_operations.terminal import count, section

NONE = "none"
OF_THE_RUN = {"movies_version": "movies", "cpi_version": "CPI", "sample": "sample", "allowed": "allowed"}
Texts = Mapping[str, str]
Rows = list[tuple[str, ...]]


def diff(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Print what is different in `--run` from `--before`. Raises MissingInput for a run that nobody knows."""
    before, after = arguments.before, arguments.run
    sections = in_transaction(connector(arguments), lambda connection: compared(connection, before, after))
    sys.stdout.write("\n".join(sections) or f"there is no difference between {before} and {after}\n")
    return {"before": before, "run": after, "differences": len(sections)}


def compared(connection: Connection, before: str, after: str) -> list[str]:
    """Sections of lines, one for each kind of difference; none when nothing differs."""
    runs = [known_run(connection, run) for run in (before, after)]
    kinds = {title: [read(connection, run) for run in (before, after)] for title, read in KINDS.items()}
    found = [
        section("Sources and code", _changed(*map(_sources, runs))),
        section("What Spark makes", _changed(*(made_for(connection, run) for run in (before, after)))),
        *(section(title, _changed(*both)) for title, both in kinds.items() if all(both)),
        section("Partitions that differ", partition_rows(differences(connection, before, after))),
        _moved(connection, *runs),
        section("Not compared", _unknown(kinds, (before, after))),
    ]
    return [one for one in found if one]


def _unknown(kinds: Mapping[str, Sequence[Texts]], runs: Sequence[str]) -> Rows:
    """What only one of the two says anything of: the other did not come so far, or is from before it was kept."""
    return [
        (title, f"nothing is known of {run}")
        for title, both in kinds.items()
        for run, texts in zip(runs, both, strict=True)
        if any(both) and not texts
    ]


def _changed(before: Texts, after: Texts) -> Rows:
    """Name, what it was, what it is; a name that only one of them has is none in the other."""
    names = sorted(before.keys() | after.keys())
    rows = [(name, before.get(name, NONE), after.get(name, NONE)) for name in names]
    return [(name, was, "→", now) for name, was, now in rows if was != now]


def _sources(run: Row) -> Texts:
    return {label: str(run[column] or NONE) for column, label in OF_THE_RUN.items()} | {"code": run["code_digest"][:12]}


def _files(connection: Connection, run_id: str) -> Texts:
    """Path → the beginning of its digest, of the files below sql/."""
    return {
        f"sql/{row['path']}": row["digest"][:12] for row in execute(connection, "movies_ops/run_code", run_id=run_id)
    }


def _ceilings(connection: Connection, run_id: str) -> Texts:
    rows = execute(connection, "movies_ops/run_ceilings", run_id=run_id)
    return {f"{row['table_name']}.{row['reason']}": _ceiling(row) for row in rows}


def _ceiling(row: Row) -> str:
    return f"{100 * row['ceiling']:g} %" + (f" and {row['few']:,} rows" if row["few"] else "")


def _tables(connection: Connection, run_id: str) -> Texts:
    rows = execute(connection, "movies_ops/run_tables", run_id=run_id)
    return {name: text for row in rows for name, text in _counts(row) if text}


def _counts(row: Row) -> list[tuple[str, str]]:
    """A table's own rows, and what of its source did not become any."""
    kinds = {"published_rows": "", "rows_merged": " merged", "rows_rejected": " rejected"}
    return [(f"{row['table_name']}{words}", count(row[column])) for column, words in kinds.items()]


def _moved(connection: Connection, first: Row, second: Row) -> str:
    """What the publications after one up to the other did to the rows, whichever came first."""
    moments = [run["published_at"] for run in (first, second)]
    if None in moments:
        return ""
    after, until = sorted(moments)
    rows = execute(connection, "movies_ops/changes_between", after=after, until=until)
    columns = ("rows_added", "rows_changed", "rows_removed")
    told = [
        (row["table_name"], *(count(row[column]) for column in columns)) for row in rows if any(map(row.get, columns))
    ]
    earlier, later = (run["run_id"] for run in sorted((first, second), key=lambda run: run["published_at"]))
    head = [("", "added", "changed", "removed")] if told else []
    return section(f"Rows moved by the publications after {earlier} up to {later}", [*head, *told])


KINDS: Mapping[str, Callable[[Connection, str], Texts]] = {
    "Checks, marts and queries": _files,
    "Ceilings": _ceilings,
    "Rows": _tables,
    "Answers": answers,
}
