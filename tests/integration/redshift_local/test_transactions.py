"""Transactions, sessions and upkeep as Redshift has them."""

import psycopg2
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS

from tests.integration.redshift_local.conftest import Client


def test_truncate_commits_the_open_transaction(transaction: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html"""
    transaction.run("CREATE TABLE t (a INT)")
    transaction.run("CREATE TABLE other (a INT)")
    transaction.run("INSERT INTO other VALUES (1)")
    transaction.run("TRUNCATE t")
    assert transaction.connection.info.transaction_status == TRANSACTION_STATUS_IDLE
    transaction.connection.rollback()
    assert transaction.value("count(*) FROM other") == 1


def test_truncate_takes_one_table_and_no_options(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html"""
    client.run("CREATE TABLE t (a INT)")
    assert client.refusal("TRUNCATE t CASCADE").pgcode == "42601"
    assert client.refusal("TRUNCATE t, t").pgcode == "42601"


def test_savepoints_do_not_exist_and_the_attempt_aborts_the_transaction(transaction: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html"""
    transaction.run("CREATE TABLE t (a INT)")
    assert transaction.refusal("SAVEPOINT here").pgcode == "0A000"
    assert transaction.connection.info.transaction_status == TRANSACTION_STATUS_INERROR
    assert transaction.refusal("SELECT 1").pgcode == "25P02"
    transaction.connection.rollback()
    assert transaction.refusal("ROLLBACK TO SAVEPOINT here").pgcode == "0A000"


def test_a_refused_statement_leaves_the_work_of_its_transaction_undone(transaction: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html"""
    transaction.run("CREATE TABLE t (a INT)")
    transaction.connection.commit()
    transaction.run("INSERT INTO t VALUES (1)")
    transaction.refusal("INSERT INTO t VALUES (2) ON CONFLICT DO NOTHING")
    transaction.connection.commit()
    assert transaction.value("count(*) FROM t") == 0


def test_statements_in_one_string_are_one_transaction(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html"""
    client.run("CREATE TABLE t (a VARCHAR(1))")
    client.refusal("INSERT INTO t VALUES ('a'); INSERT INTO t VALUES ('bb')")
    assert client.value("count(*) FROM t") == 0
    client.run("INSERT INTO t VALUES ('a'); TRUNCATE t; INSERT INTO t VALUES ('b')")
    assert client.run("SELECT a FROM t") == [("b",)]


def test_truncate_in_a_string_commits_what_went_before(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html"""
    client.run("CREATE TABLE t (a VARCHAR(1)); CREATE TABLE other (a INT)")
    client.refusal("INSERT INTO other VALUES (1); TRUNCATE t; INSERT INTO t VALUES ('bb')")
    assert client.run("SELECT a FROM other") == [(1,)]
    assert client.connection.info.transaction_status == TRANSACTION_STATUS_IDLE


def test_begin_and_its_synonyms(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html, r_END.html, r_ABORT.html"""
    client.run("BEGIN WORK")
    assert client.connection.info.transaction_status == TRANSACTION_STATUS_INTRANS
    client.run("END TRANSACTION")
    client.run("START TRANSACTION")
    client.run("ABORT")
    client.run("BEGIN ISOLATION LEVEL SERIALIZABLE")
    client.run("ROLLBACK")
    assert client.connection.info.transaction_status == TRANSACTION_STATUS_IDLE


def test_a_transaction_sees_one_snapshot(transaction: Client, redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html"""
    transaction.run("CREATE TABLE t (a INT)")
    schema = transaction.value("current_schema()")
    transaction.connection.commit()
    assert transaction.value("count(*) FROM t") == 0
    other = redshift_server.connect()
    with other, other.cursor() as cursor:
        cursor.execute(f"INSERT INTO {schema}.t VALUES (1)")
    other.close()
    assert transaction.value("count(*) FROM t") == 0
    transaction.connection.commit()
    assert transaction.value("count(*) FROM t") == 1


def test_lock_is_exclusive_and_takes_no_mode(transaction: Client, redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html"""
    transaction.run("CREATE TABLE t (a INT)")
    schema = transaction.value("current_schema()")
    transaction.connection.commit()
    assert transaction.refusal("LOCK TABLE t IN SHARE MODE").pgcode == "42601"
    transaction.connection.rollback()
    transaction.run("LOCK TABLE t")
    other = redshift_server.connect()
    with other.cursor() as cursor:
        cursor.execute("SET statement_timeout TO 200")
        with pytest.raises(psycopg2.errors.QueryCanceled):
            cursor.execute(f"SELECT * FROM {schema}.t")
    other.close()


@pytest.mark.parametrize("kind", ["", "FULL", "SORT ONLY", "DELETE ONLY", "REINDEX", "RECLUSTER"])
def test_every_kind_of_vacuum_runs_outside_transactions_only(client: Client, kind: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html"""
    client.run("CREATE TABLE t (a INT)")
    client.run(f"VACUUM {kind} t")
    client.run(f"VACUUM {kind} t TO 75 PERCENT BOOST")
    client.run("BEGIN")
    assert client.refusal(f"VACUUM {kind} t").pgcode == "25001"
    client.run("ROLLBACK")


def test_analyze_takes_columns_and_predicate_columns(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ANALYZE.html"""
    client.run("CREATE TABLE t (a INT)")
    client.run("ANALYZE t (a)")
    client.run("ANALYZE t PREDICATE COLUMNS")
    assert "stand-in" in str(client.refusal("ANALYZE COMPRESSION t"))


def test_session_parameters_are_redshift_s(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html"""
    client.run("SET query_group TO 'movalytics'")
    assert client.run("SHOW query_group") == [("movalytics",)]
    client.run("RESET query_group")
    client.run("SET enable_result_cache_for_session TO off")
    assert client.refusal("SET work_mem TO '1GB'").pgcode == "42704"
    assert client.refusal("SET standard_conforming_strings TO on").pgcode == "42704"


def test_statement_timeout_ends_a_statement(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_statement_timeout.html"""
    client.run("SET statement_timeout TO 100")
    slow = "SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d"
    assert client.refusal(slow).pgcode == "57014"
    client.run("SET statement_timeout TO 0")


def test_cursors_go_forward_within_a_transaction(transaction: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/declare.html, fetch.html"""
    named = transaction.connection.cursor("films")
    named.itersize = 2
    named.execute("SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3")
    assert sorted(row[0] for row in named) == [1, 2, 3]
    named.close()
    assert transaction.refusal("DECLARE c SCROLL CURSOR FOR SELECT 1").pgcode == "42601"
    transaction.connection.rollback()
    assert transaction.refusal("DECLARE c CURSOR WITH HOLD FOR SELECT 1").pgcode == "42601"


def test_a_big_insert_of_literal_rows_is_taken(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html"""
    client.run("CREATE TABLE t (a INT, b VARCHAR(20), c DATE, d DOUBLE PRECISION)")
    row = "(%s, %s, '2020-01-02'::date, -1.5e3)"
    values = ", ".join(client.cursor.mogrify(row, (n, f"it's {n}")).decode() for n in range(20_000))
    client.run(f"INSERT INTO t VALUES {values}")
    assert client.run("SELECT count(*), max(b), min(d) FROM t") == [(20_000, "it's 9999", -1500.0)]


def test_prepared_statements_by_name(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_PREPARE.html"""
    client.run("PREPARE half (INT) AS SELECT nvl($1::int, 0) / 2")
    assert client.run("EXECUTE half (5)") == [(2,)]
    client.run("DEALLOCATE half")
