"""The SQL that a table's declaration says already: how it is made, filled, counted, measured and compared."""

from collections.abc import Iterable

from movalytics_common.declaration import Column, Kind, Table

TARGET, STAGING = "movies", "movies_staging"
# Conditions.
EVERY_ROW, NO_ROW = "1 = 1", "1 = 0"
# A cell as text that only its value decides; everything else is cast.
AS_TEXT = {
    "varchar": "{}",
    "date": "to_char({}, 'YYYY-MM-DD')",
    "timestamp": "to_char({}, 'YYYY-MM-DD HH24:MI:SS')",
}
BOOLEAN = "case when {0} then '=t' when not {0} then '=f' else '~' end"


def quoted(names: Iterable[str]) -> str:
    """Names as SQL lists them; quoted, because a column may be called as a word of SQL's."""
    return ", ".join(f'"{name}"' for name in names)


def literal(value: object) -> str:
    """A number, or a string of Redshift's, which reads a backslash as an escape."""
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def names(table: Table) -> str:
    """All columns, in the order of the files."""
    return quoted(column.name for column in table.columns)


def target(table: Table) -> str:
    """What analysts read."""
    return f'{TARGET}."{table.name}"'


def staging(table: Table) -> str:
    """One run's rows as they came."""
    return f'{STAGING}."{table.name}"'


def create_target(table: Table) -> str:
    """Redshift enforces no key but its planner trusts it: the checks prove it before anything is published."""
    columns = [f"{_column(one, one.kind)}{' not null' * one.is_required}" for one in table.columns]
    key = [f"primary key ({quoted(table.primary_key)})"] if table.primary_key else []
    return f"create table {target(table)} ({', '.join(columns + key)}){_layout(table)}"


def create_staging(table: Table) -> str:
    """The same columns in the same order (COPY goes by position), wide and nullable."""
    columns = [_column(one, one.kind.staging) for one in table.columns]
    return f"create table {staging(table)} ({', '.join(columns)}){_layout(table)}"


def add_column(table: Table, column: Column) -> str:
    """The ALTER that a migration lacks."""
    return f"alter table {TARGET}.{table.name} add column {column.name} {column.kind.text}"


def _column(column: Column, kind: Kind) -> str:
    return f'"{column.name}" {kind.text}'


def _layout(table: Table) -> str:
    distribution = f'distkey ("{table.distkey}")' if table.distkey else "diststyle all"
    return f" {distribution}" + (f" sortkey ({quoted(table.sortkey)})" if table.sortkey else "")


def copy(table: Table) -> str:
    """COPY of a manifest; `rendering` fills in where it is and by which role."""
    return f"copy {staging(table)} from {{{{ copy_source }}}} iam_role {{{{ copy_role }}}} format as parquet manifest"


def clear(name: str, where: str = EVERY_ROW) -> str:
    """DELETE, not TRUNCATE: that commits on Redshift."""
    return f"delete from {name} where {where}"


def count(name: str) -> str:
    """row_count of a table."""
    return f"select count(*) as row_count from {name}"


def insert(table: Table, where: str = EVERY_ROW) -> str:
    """From staging into the table, each column cast to what it is there."""
    casts = ", ".join(cast_to_target(column) for column in table.columns)
    return f"insert into {target(table)} ({names(table)}) select {casts} from {staging(table)} where {where}"


def cast_to_target(column: Column, alias: str = "") -> str:
    """A cell of staging as it is in the table."""
    cell = f'{alias}"{column.name}"'
    return f"cast({cell} as {column.kind.text})" if column.kind != column.kind.staging else cell


def digest(table: Table) -> str:
    """Order-independent and null-aware: the rows' MD5s (their first 60 bits) summed, beside the number of rows."""
    cells = " || chr(31) || ".join(_fingerprint(column) for column in table.columns)
    return (
        "select count(*) as row_count, cast(count(*) as varchar(20)) || '-' || "
        "cast(coalesce(sum(fingerprint), 0) as varchar(40)) as table_digest from ("
        f"select cast(strtol(substring(md5({cells}), 1, 15), 16) as numeric(38, 0)) as fingerprint "
        f"from {target(table)}) as fingerprints"
    )


def _fingerprint(column: Column) -> str:
    if column.kind.name == "boolean":
        return BOOLEAN.format(f'"{column.name}"')
    text = AS_TEXT.get(column.kind.name, "cast({} as varchar(40))").format(f'"{column.name}"')
    return f"coalesce('=' || {text}, '~')"


def metrics(table: Table) -> dict[str, str]:
    """Name → SQL of what later runs are compared with: row_count, the share of nulls, the mean of each NUMERIC."""
    shares = {
        f"{one.name}_null_share": f'avg(case when "{one.name}" is null then cast(1 as double precision) else 0 end)'
        for one in table.columns
        if not one.is_required
    }
    means = {
        f"mean_{one.name}": f'avg(cast("{one.name}" as double precision))'
        for one in table.columns
        if one.kind.name == "numeric"
    }
    return {"row_count": "cast(count(*) as double precision)", **shares, **means}


def measured(table: Table) -> str:
    """One row of the table's metrics."""
    columns = ", ".join(f'{sql} as "{name}"' for name, sql in metrics(table).items())
    return f"select {columns} from {target(table)}"


def published_counts(tables: Iterable[Table]) -> str:
    """table_name and row_count of what readers see."""
    return " union all ".join(
        f"select '{table.name}' as table_name, count(*) as row_count from {target(table)}" for table in tables
    )
