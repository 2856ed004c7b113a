"""What Redshift refuses and PostgreSQL takes; and what is the stand-in's own refusal, which says so."""

import pytest
from redshift_local.queries.reserved import RESERVED

from tests.integration.redshift_local.conftest import Client


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_reserved_word_names_no_table_and_no_column_unless_it_is_quoted(client: Client, word: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html"""
    client.run("CREATE TABLE t (a INT)")
    for statement in (
        f"CREATE TABLE {word} (a INT)",
        f"CREATE TABLE u (a INT, {word} INT)" if word != "like" else "SELECT 1 FROM like",
        f"CREATE TABLE {word} AS SELECT 1 AS a",
        f"CREATE VIEW {word} AS SELECT 1 AS a",
        f"ALTER TABLE t ADD COLUMN {word} INT",
        f"ALTER TABLE t RENAME COLUMN a TO {word}",
        f"ALTER TABLE t RENAME TO {word}",
        f"INSERT INTO t ({word}) VALUES (1)",
    ):
        assert client.refusal(statement).pgcode == "42601", statement
    client.run(f'CREATE TABLE "{word}" ("{word}" INT)')
    client.run(f'INSERT INTO "{word}" ("{word}") VALUES (1)')
    assert client.run(f'SELECT t."{word}" AS "{word}" FROM "{word}" AS t') == [(1,)]


@pytest.mark.parametrize(
    "word", ["tag", "open", "percent", "system", "delta", "snapshot", "timestamp", "partition", "new"]
)
def test_a_reserved_word_is_no_column_and_no_table_s_alias_in_a_query(client: Client, word: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html"""
    client.run(f'CREATE TABLE t ("{word}" INT, a INT)')
    client.run("INSERT INTO t VALUES (1, 2)")
    for statement in (
        f"SELECT {word} FROM t",
        f"SELECT a FROM t WHERE {word} = 1",
        f"SELECT a FROM t ORDER BY {word}",
        f"SELECT a FROM t AS {word}",
        f"SELECT a FROM t {word}",
        f"UPDATE t SET {word} = 1",
        f"WITH {word} AS (SELECT 1) SELECT 1",
    ):
        assert client.refusal(statement).pgcode == "42601", statement
    assert client.run(f'SELECT t.{word}, "{word}", a AS {word} FROM t') == [(1, 1, 2)]


def test_words_that_mean_something_keep_meaning_it(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html"""
    client.run("CREATE TABLE t (a INT, b INT)")
    client.run("INSERT INTO t VALUES (1, NULL), (2, 5)")
    assert client.run("SELECT a, sum(b) OVER (PARTITION BY a) FROM t ORDER BY b NULLS FIRST LIMIT 1 OFFSET 0") == [
        (1, None)
    ]
    assert client.run("SELECT a FROM t MINUS SELECT 2") == [(1,)]
    assert client.value("timestamp '2020-01-02 00:00:00' - interval '1 day' < sysdate")
    assert client.value("cast('2020-01-02' as timestamp without time zone)::date::varchar") == "2020-01-02"


@pytest.mark.parametrize(
    "change",
    [
        "ALTER DISTKEY nothing",
        "ALTER DISTSTYLE KEY DISTKEY nothing",
        "ALTER SORTKEY (a, nothing)",
        "ALTER COMPOUND SORTKEY (nothing)",
        "ALTER COLUMN nothing ENCODE zstd",
        "ALTER COLUMN a ENCODE zstd, ALTER COLUMN nothing ENCODE raw",
        "ADD PRIMARY KEY (nothing)",
        "ADD CONSTRAINT u UNIQUE (a, nothing)",
        "ADD FOREIGN KEY (nothing) REFERENCES t (a)",
        "ALTER SORTKEY (nothing), ALTER DISTKEY a",
    ],
)
def test_a_key_must_be_a_column_of_the_table(client: Client, change: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html"""
    client.run("CREATE TABLE t (a INT, b VARCHAR(5))")
    assert client.refusal(f"ALTER TABLE t {change}").pgcode == "42703"


@pytest.mark.parametrize(
    "change",
    [
        "ALTER DISTSTYLE KEY DISTKEY a",
        "ALTER DISTKEY a",
        "ALTER DISTSTYLE AUTO",
        "ALTER DISTSTYLE EVEN",
        "ALTER SORTKEY (a, b)",
        "ALTER SORTKEY AUTO",
        "ALTER SORTKEY NONE",
        "ALTER ENCODE AUTO",
        "ALTER COLUMN a ENCODE az64",
        "ALTER COLUMN a ENCODE az64, ALTER COLUMN b ENCODE bytedict",
        "ALTER SORTKEY (a), ALTER DISTKEY b",
        "ALTER DISTKEY b, ALTER SORTKEY (a)",
        "ALTER SORTKEY (a), ALTER DISTSTYLE ALL",
        "ALTER DISTSTYLE ALL, ALTER SORTKEY (a)",
        "ADD PRIMARY KEY (a)",
        "ADD FOREIGN KEY (a) REFERENCES t (a)",
    ],
)
def test_every_documented_change_of_keys_and_encodings_is_taken(client: Client, change: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html, r_ALTER_TABLE_examples_basic.html"""
    client.run("CREATE TABLE t (a INT NOT NULL, b VARCHAR(5))")
    client.run("INSERT INTO t VALUES (1, 'x')")
    client.run(f"ALTER TABLE t {change}")
    assert client.run("SELECT * FROM t") == [(1, "x")]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER DISTSTYLE SIDEWAYS",
        "ALTER SORTKEY (a), ALTER SORTKEY (b)",
        "ALTER COLUMN a ENCODE nothing",
        "ALTER COLUMN a ENCODE raw, ALTER DISTKEY a",
        "ALTER COLUMN b TYPE VARCHAR(9), ALTER COLUMN a ENCODE raw",
        "ADD COLUMN c INT, ADD COLUMN d INT",
    ],
)
def test_changes_that_do_not_go_together_are_syntax_errors(client: Client, change: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html"""
    client.run("CREATE TABLE t (a INT, b VARCHAR(5))")
    assert client.refusal(f"ALTER TABLE t {change}").pgcode == "42601"


def test_a_schema_s_quota_can_be_altered(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_SCHEMA.html"""
    (schema,) = client.run("SELECT current_schema()")[0]
    client.run(f"ALTER SCHEMA {schema} QUOTA 100 GB")
    client.run(f"ALTER SCHEMA {schema} QUOTA UNLIMITED")
    assert client.refusal("ALTER SCHEMA nothing QUOTA 100 GB").pgcode == "3F000"


@pytest.mark.parametrize(
    "function",
    [
        "current_schema()",
        "current_schemas(true)",
        "now()",
        "age(timestamp '2020-01-01')",
        "isfinite(date '2020-01-01')",
    ],
)
def test_leader_node_functions_answer_without_tables_only(client: Client, function: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html"""
    client.run("CREATE TABLE t (a VARCHAR(20))")
    assert client.value(function) is not None
    for statement in (
        f"SELECT {function}, a FROM t",
        f"SELECT a FROM t WHERE {function} IS NULL",
        f"INSERT INTO t SELECT {function}::varchar",
        f"INSERT INTO t(a) SELECT {function}::varchar",
        f"CREATE TABLE u AS SELECT {function} AS b",
    ):
        assert "not supported on Redshift tables" in str(client.refusal(statement)), statement


def test_generate_series_fills_no_table(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-functions.html"""
    client.run("CREATE TABLE t (a INT)")
    for statement in (
        "CREATE TABLE u AS SELECT generate_series(1, 3) AS a",
        "CREATE TEMP TABLE u AS SELECT n FROM generate_series(1, 3) AS n",
        "INSERT INTO t(a) SELECT generate_series(1, 3)",
        "INSERT INTO t SELECT n FROM generate_series(1, 3) AS n",
    ):
        assert "not supported on Redshift tables" in str(client.refusal(statement)), statement
    assert client.run("SELECT n FROM generate_series(1, 2) AS n") == [(1,), (2,)]


@pytest.mark.parametrize(
    "call",
    [
        "json_extract_path_text('{}', 'a')",
        "ratio_to_report(1) OVER ()",
        "next_day('2020-01-01', 'Tue')",
        "fnv_hash('a')",
        "st_point(1, 2)",
        "is_valid_json('{}')",
        "sha1('a')",
        "hll(1)",
    ],
)
def test_a_documented_function_that_is_not_here_is_the_stand_in_s_lack(client: Client, call: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html"""
    error = client.refusal(f"SELECT {call}")
    assert error.pgcode == "0A000"
    assert str(error).startswith("the local stand-in for Redshift does not do")


@pytest.mark.parametrize(
    "options", ["CSV", "JSON 'auto'", "GZIP DELIMITER '|'", "DELIMITER ','", "REGION 'eu-west-1'", "FORMAT AS ORC"]
)
def test_a_copy_of_something_else_than_parquet_is_the_stand_in_s_lack(client: Client, options: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html"""
    client.run("CREATE TABLE t (a INT)")
    copy = "COPY t FROM 's3://bucket/data' IAM_ROLE 'arn:aws:iam::123456789012:role/copy'"
    error = client.refusal(f"{copy} {options}")
    assert str(error).startswith("the local stand-in for Redshift does not do"), error
    assert "not supported for columnar" in str(client.refusal(f"{copy} FORMAT AS PARQUET MANIFEST CSV"))
    assert "not supported for columnar" in str(client.refusal(f"{copy} MAXERROR 5 FORMAT AS PARQUET MANIFEST"))
