"""All declared tables and marts, each after those it needs."""

from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from movalytics_common.declaration.model import Table
from movalytics_common.declaration.reading import Declared, read_table
from movalytics_common.errors import InvalidSettings


@cache
def sql_folder() -> Path:
    """`sql/`, the nearest folder of that name above this package: the repository's, or the one in the image."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "sql" / "movies_ops").is_dir():
            return parent / "sql"
    raise FileNotFoundError("there is no folder sql/ above this package")


@cache
def tables() -> Mapping[str, Table]:
    """Our tables that are loaded from the lake, by name, each after those it refers to."""
    return read_tables(sql_folder())


@cache
def marts() -> Mapping[str, Table]:
    """Our marts, by name, each after the marts it reads."""
    return read_marts(sql_folder(), tables())


def inputs() -> Mapping[str, str]:
    """Files that feed a join and are no table: name → label."""
    return {name: one.label for each in tables().values() for name, one in each.inputs.items()}


def tables_and_marts() -> tuple[Table, ...]:
    """All of them, each after what it needs."""
    return (*tables().values(), *marts().values())


def read_tables(folder: Path) -> Mapping[str, Table]:
    """`<folder>/<table>/table.toml`. Raises InvalidSettings for nonsense, with file and line and what to write."""
    found = {path.parent.name: read_table(path) for path in sorted(folder.glob("*/table.toml"))}
    for name, one in found.items():
        _refuse_strangers(folder / name / "table.toml", one, found)
    return _ordered(
        {name: [parent for parent in _parents(one) if parent != name] for name, one in found.items()}, found
    )


def read_marts(folder: Path, known: Mapping[str, Table]) -> Mapping[str, Table]:
    """`<folder>/marts/<mart>/table.toml`; `known` are the tables. Raises InvalidSettings."""
    found = {path.name: read_table(path / "table.toml") for path in sorted(folder.glob("marts/*/"))}
    every = {**known, **found}
    for name, one in found.items():
        declared = Declared(folder / "marts" / name / "table.toml")
        if not one.reads:
            declared.refuse(f"reads must name what publish.sql reads: write some of {', '.join(every)}", "reads")
        if strange := sorted(set(one.reads) - every.keys()):
            words = f"write sql/{strange[0]}/table.toml, or one of {', '.join(every)}"
            declared.refuse(f"reads names {strange[0]}, which is not declared: {words}", "reads")
        _refuse_other_sql(declared, one)
        if name in known:
            declared.refuse(f"there is a table {name} already: give the mart another name", "label")
        _refuse_strangers(declared.path, one, every)
    return _ordered({name: [read for read in one.reads if read in found] for name, one in found.items()}, found)


def _refuse_other_sql(declared: Declared, mart: Table) -> None:
    """The statements are there, and go from event_time_start on when and only when the mart is incremental."""
    if not (sql := declared.path.parent / "publish.sql").is_file():
        declared.refuse("there is no publish.sql beside it: write the statements that fill the mart", "reads")
    said = [line for line in sql.read_text().splitlines() if not line.lstrip().startswith("--")]
    if mart.incremental != any("%(event_time_start)s" in line for line in said):
        words = "say incremental = true here and fill it from %(event_time_start)s on there, or neither"
        declared.refuse(f"{sql.name} and incremental do not agree: {words}", "incremental")
    if mart.incremental and not mart.primary_key:
        words = 'write primary_key = ["…"], by which rows that were not deleted before are found'
        declared.refuse(f"an incremental mart needs a key: {words}", "incremental")


def _parents(one: Table) -> list[str]:
    return [rule.argument.partition(".")[0] for rule in one.rules if rule.test == "relationships"]


def _refuse_strangers(path: Path, one: Table, known: Mapping[str, Table]) -> None:
    for rule in (rule for rule in one.rules if rule.test == "relationships"):
        parent, _, column = rule.argument.partition(".")
        if parent not in known or column not in [each.name for each in known[parent].columns]:
            section = f"columns.{rule.column}"
            Declared(path).refuse(
                f"relationships names {rule.argument}, which is nowhere: write a table and its column",
                "relationships",
                section,
            )


def _ordered(needs: Mapping[str, list[str]], found: Mapping[str, Table]) -> Mapping[str, Table]:
    try:
        return {name: found[name] for name in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        circle = ", ".join(dict.fromkeys(error.args[1]))
        raise InvalidSettings(f"the declarations of {circle} refer to each other in a circle: open it") from error
