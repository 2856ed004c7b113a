"""The drivers, each set up as its documentation does it, behind what page.py asks of a session.

Imports stand in the functions: each environment has one driver.
"""
# ruff: noqa: PLC0415

import asyncio
import os
import ssl
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

Row = tuple[object, ...]
TABLES = "select table_name from information_schema.tables where table_schema = %s"
COLUMNS = "select column_name from information_schema.columns where table_schema = %s and table_name = 'films'"


class Session(Protocol):
    """A connection in a transaction; `listing` gives the names of a schema's tables and of the columns of films."""

    def run(self, statement: str, *values: object) -> list[Row]: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def listing(self, schema: str) -> tuple[list[str], list[str]]: ...
    def close(self) -> None: ...


class DbApi:
    """A session of PEP 249."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.commit, self.rollback, self.close = connection.commit, connection.rollback, connection.close

    def run(self, statement: str, *values: object) -> list[Row]:
        """Execute; the rows, if there are any."""
        cursor = self.connection.cursor()
        cursor.execute(statement, values) if values else cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def listing(self, schema: str) -> tuple[list[str], list[str]]:
        """By SQL: PEP 249 has no metadata."""
        tables, columns = self.run(TABLES, schema), self.run(COLUMNS, schema)
        return [str(name) for (name,) in tables], [str(name) for (name,) in columns]


class RedshiftConnector(DbApi):
    """Amazon's own, with its own metadata."""

    def listing(self, schema: str) -> tuple[list[str], list[str]]:
        """By get_tables and get_columns."""
        cursor = self.connection.cursor()
        tables = cursor.get_tables(schema_pattern=schema)
        columns = cursor.get_columns(schema_pattern=schema, tablename_pattern="films")
        return [row[2] for row in tables], [row[3] for row in columns]


class Asyncpg:
    """asyncpg, which has no transactions of its own accord: BEGIN is ours."""

    def __init__(self) -> None:
        import asyncpg

        self._loop = asyncio.new_event_loop()
        self._connection = self._wait(asyncpg.connect(ssl=_trusting()))
        self._in_transaction = False

    def _wait(self, doing: Any) -> Any:
        return self._loop.run_until_complete(doing)

    def run(self, statement: str, *values: object) -> list[Row]:
        """Execute with numbered parameters."""
        if not self._in_transaction:
            self._wait(self._connection.execute("begin"))
            self._in_transaction = True
        for number in range(1, len(values) + 1):
            statement = statement.replace("%s", f"${number}", 1)
        return [tuple(row) for row in self._wait(self._connection.fetch(statement, *values))]

    def _end(self, how: str) -> None:
        if self._in_transaction:
            self._wait(self._connection.execute(how))
        self._in_transaction = False

    def commit(self) -> None:
        """COMMIT."""
        self._end("commit")

    def rollback(self) -> None:
        """ROLLBACK."""
        self._end("rollback")

    listing = DbApi.listing

    def close(self) -> None:
        """End the connection."""
        self._wait(self._connection.close())


class Jdbc:
    """A JDBC driver, from Python."""

    def __init__(self, url: str) -> None:
        import jpype

        jpype.startJVM(classpath=os.environ["JARS"].split(os.pathsep))
        manager = jpype.JClass("java.sql.DriverManager")
        self._connection = manager.getConnection(url, os.environ["PGUSER"], os.environ["PGPASSWORD"])
        self._connection.setAutoCommit(False)
        self._timestamp = jpype.JClass("java.sql.Timestamp")
        self._decimal = jpype.JClass("java.math.BigDecimal")
        self.commit, self.rollback = self._connection.commit, self._connection.rollback
        self.close = self._connection.close

    def run(self, statement: str, *values: object) -> list[Row]:
        """By PreparedStatement, as programs do."""
        prepared = self._connection.prepareStatement(statement.replace("%s", "?"))
        for place, value in enumerate(values, start=1):
            prepared.setObject(place, self._given(value))
        return self._rows(prepared.getResultSet()) if prepared.execute() else []

    def _given(self, value: object) -> object:
        if isinstance(value, datetime):
            return self._timestamp.valueOf(str(value))
        return self._decimal(str(value)) if isinstance(value, Decimal) else value

    def _rows(self, result: Any) -> list[Row]:
        rows, width = [], result.getMetaData().getColumnCount()
        while result.next():
            rows.append(tuple(self._got(result.getObject(at + 1)) for at in range(width)))
        return rows

    def _got(self, value: Any) -> object:
        if isinstance(value, self._timestamp):
            return datetime.fromisoformat(str(value)[:19])
        if isinstance(value, self._decimal):
            return Decimal(str(value))
        return value if value is None else int(value) if hasattr(value, "intValue") else str(value)

    def listing(self, schema: str) -> tuple[list[str], list[str]]:
        """By DatabaseMetaData; the primary key and read-only transactions too."""
        data = self._connection.getMetaData()
        tables = self._rows(data.getTables(None, schema, "%", ["TABLE"]))
        columns = self._rows(data.getColumns(None, schema, "films", "%"))
        if [row[3] for row in self._rows(data.getPrimaryKeys(None, schema, "films"))] != ["id"]:
            raise AssertionError("the primary key is not listed")
        return [str(row[2]) for row in tables], [str(row[3]) for row in columns]


class Psql:
    """psql in a pipe: a statement's rows come back between two marks."""

    MARK = "page-mark"

    def __init__(self) -> None:
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t"]
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self._psql: subprocess.Popen[str] = subprocess.Popen([*command, "--set=AUTOCOMMIT=off"], **options)
        self._say("select 1")

    def _say(self, text: str, ending: str = ";") -> list[str]:
        self._psql.stdin.write(f"{text}{ending}\n\\echo {self.MARK}\n")
        self._psql.stdin.flush()
        lines = list(iter(lambda: self._psql.stdout.readline().rstrip("\n"), self.MARK))
        if any("ERROR:" in line for line in lines) or self._psql.poll() is not None:
            raise RuntimeError(" ".join(lines))
        return lines

    def run(self, statement: str, *values: object) -> list[Row]:
        """Values are set as variables, and quoted by psql."""
        for number, value in enumerate(values):
            text = str(value).replace("'", "''")
            self._say(f"\\set v{number} '{text}'", "")
            statement = statement.replace("%s", "null" if value is None else f":'v{number}'", 1)
        return [tuple(map(_read, line.split("\t"))) for line in self._say(statement) if not line.startswith("INFO:")]

    def commit(self) -> None:
        """COMMIT."""
        self._say("commit")

    def rollback(self) -> None:
        """ROLLBACK."""
        self._say("rollback")

    def listing(self, schema: str) -> tuple[list[str], list[str]]:
        r"""By \dt and \d."""
        tables = [line.split("\t")[1] for line in self._say(f"\\dt {schema}.*", "")]
        return tables, [line.split("\t")[0] for line in self._say(f"\\d {schema}.films", "") if "\t" in line]

    def close(self) -> None:
        """Leave."""
        self._psql.communicate("\\q\n")


def _read(text: str) -> object:
    """A value of psql's output, of the kinds that the page uses."""
    readers: Sequence[Callable[[str], object]] = (int, Decimal, datetime.fromisoformat)
    for reader in readers:
        try:
            return reader(text)
        except (ValueError, ArithmeticError):
            continue
    return text or None


def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ["PGSSLROOTCERT"])


def _psycopg2() -> Session:
    import psycopg2

    return DbApi(psycopg2.connect(""))  # libpq reads the environment


def _psycopg(options: str = "") -> Session:
    import psycopg

    return DbApi(psycopg.connect(options, prepare_threshold=None))


def _pg8000() -> Session:
    import pg8000.dbapi

    where = {"host": os.environ["PGHOST"], "port": int(os.environ["PGPORT"]), "database": os.environ["PGDATABASE"]}
    login = {"user": os.environ["PGUSER"], "password": os.environ["PGPASSWORD"]}
    return DbApi(pg8000.dbapi.connect(**where, **login, ssl_context=_trusting()))


def _redshift_connector() -> Session:
    import redshift_connector

    where = {"host": os.environ["PGHOST"], "port": int(os.environ["PGPORT"]), "database": os.environ["PGDATABASE"]}
    login = {"user": os.environ["PGUSER"], "password": os.environ["PGPASSWORD"]}
    return RedshiftConnector(redshift_connector.connect(**where, **login))  # trusts SSL_CERT_FILE, as OpenSSL does


def _jdbc(subprotocol: str, options: str) -> Session:
    where = "{PGHOST}:{PGPORT}/{PGDATABASE}".format_map(os.environ)
    return Jdbc(f"jdbc:{subprotocol}://{where}?sslrootcert={os.environ['PGSSLROOTCERT']}{options}")


DRIVERS: dict[str, Callable[[], Session]] = {
    "redshift_connector": _redshift_connector,
    "redshift-jdbc42": lambda: _jdbc("redshift", ""),
    "postgresql-jdbc": lambda: _jdbc("postgresql", "&sslmode=verify-full"),
    "psycopg2": _psycopg2,
    "psycopg": _psycopg,
    "psycopg-utf8": lambda: _psycopg("client_encoding=utf8"),  # which old versions need on Redshift, and so here
    "asyncpg": Asyncpg,
    "pg8000": _pg8000,
    "psql": Psql,
}
