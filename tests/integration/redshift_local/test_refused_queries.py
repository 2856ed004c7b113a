"""Constructs of PostgreSQL that Redshift refuses, each with Redshift's kind of error."""

import pytest

from tests.integration.redshift_local.conftest import Client


@pytest.fixture
def films(client: Client) -> Client:
    """A table to query."""
    client.run("CREATE TABLE films (id INT, title VARCHAR(20))")
    client.run("INSERT INTO films VALUES (1, 'Heat'), (2, 'Alien')")
    return client


def test_insert_on_conflict_is_a_syntax_error(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html"""
    assert films.refusal("INSERT INTO films VALUES (1, 'x') ON CONFLICT DO NOTHING").pgcode == "42601"


def test_returning_is_a_syntax_error(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html"""
    assert films.refusal("INSERT INTO films VALUES (1, 'x') RETURNING id").pgcode == "42601"
    assert films.refusal("DELETE FROM films RETURNING id").pgcode == "42601"


def test_distinct_on_is_not_supported(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html"""
    assert films.refusal("SELECT DISTINCT ON (id) id, title FROM films").pgcode == "0A000"


def test_aggregates_take_no_filter(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_Aggregate_Functions.html"""
    assert films.refusal("SELECT count(*) FILTER (WHERE id = 1) FROM films").pgcode == "42601"


def test_is_distinct_from_is_a_syntax_error(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_comparison_condition.html"""
    assert films.refusal("SELECT 1 FROM films WHERE id IS DISTINCT FROM 1").pgcode == "42601"
    assert films.refusal("SELECT 1 FROM films WHERE id IS NOT DISTINCT FROM 1").pgcode == "42601"


def test_values_is_no_table(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html"""
    assert films.refusal("SELECT * FROM (VALUES (1), (2)) AS v (a)").pgcode == "42601"
    assert films.refusal("VALUES (1)").pgcode == "42601"
    assert films.refusal("INSERT INTO films SELECT * FROM (VALUES (1, 'x')) AS v").pgcode == "42601"


def test_lateral_is_a_syntax_error(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause30.html"""
    assert films.refusal("SELECT 1 FROM films, LATERAL (SELECT films.id) AS l").pgcode == "42601"


def test_select_for_update_is_not_supported(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_synopsis.html"""
    assert films.refusal("SELECT id FROM films FOR UPDATE").pgcode == "0A000"


def test_arrays_are_no_values(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-datatypes.html"""
    assert films.refusal("SELECT ARRAY[1, 2]").pgcode == "42601"
    assert films.refusal("SELECT 1 FROM films WHERE id = ANY('{1}'::int[])").pgcode == "0A000"


def test_an_aggregate_window_with_an_order_needs_a_frame(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Window_function_synopsis.html"""
    error = films.refusal("SELECT sum(id) OVER (ORDER BY title) FROM films")
    assert "require a frame clause" in str(error)
    assert films.run("SELECT sum(id) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) FROM films") == [(1,), (3,)]
    assert films.run("SELECT row_number() OVER (ORDER BY id DESC) FROM films WHERE id = 1") == [(1,)]


def test_window_frames_count_rows_only(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Window_function_synopsis.html"""
    assert films.refusal("SELECT sum(id) OVER (ORDER BY id RANGE UNBOUNDED PRECEDING) FROM films").pgcode == "0A000"


def test_named_windows_do_not_exist(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Window_function_synopsis.html"""
    assert films.refusal("SELECT rank() OVER w FROM films WINDOW w AS (ORDER BY id)").pgcode == "42601"


def test_with_changes_no_rows(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html"""
    assert films.refusal("WITH gone AS (DELETE FROM films) SELECT 1").pgcode == "42601"


def test_with_does_not_stand_before_insert(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html"""
    assert films.refusal("WITH a AS (SELECT 3 AS id) INSERT INTO films SELECT id, 'x' FROM a").pgcode == "42601"
    films.run("INSERT INTO films WITH a AS (SELECT 3 AS id) SELECT id, 'x' FROM a")


def test_fetch_first_is_spelled_limit(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ORDER_BY_clause.html"""
    assert films.refusal("SELECT id FROM films FETCH FIRST 1 ROWS ONLY").pgcode == "42601"
    assert films.run("SELECT id FROM films ORDER BY id LIMIT 1 OFFSET 1") == [(2,)]


def test_json_operators_do_not_exist(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/json-functions.html"""
    assert films.refusal("SELECT title -> 'a' FROM films").pgcode == "42883"
    assert films.refusal("SELECT title @> 'a' FROM films").pgcode == "42883"


def test_minus_is_except(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html"""
    assert films.run("SELECT id FROM films MINUS SELECT 1") == [(2,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT TOP 1 id FROM films",
        "SELECT id FROM films QUALIFY row_number() OVER (ORDER BY id) = 1",
        "SELECT * FROM films PIVOT (count(*) FOR id IN (1, 2))",
        "SELECT APPROXIMATE count(DISTINCT id) FROM films",
        "SELECT id INTO other FROM films",
        "SELECT id FROM films START WITH id = 1 CONNECT BY PRIOR id = id",
        "SELECT lag(id) IGNORE NULLS OVER (ORDER BY id) FROM films",
        "UNLOAD ('SELECT 1') TO 's3://b/x' IAM_ROLE default",
        "CREATE FUNCTION f() RETURNS INT AS 'SELECT 1' LANGUAGE sql",
        "CALL load()",
        "CREATE TABLE #temporary (a INT)",
        "SHOW TABLES FROM SCHEMA dev.public",
    ],
)
def test_what_redshift_has_and_the_stand_in_has_not_is_refused_by_name(films: Client, query: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_reference.html"""
    error = films.refusal(query)
    assert error.pgcode == "0A000"
    assert "stand-in" in str(error)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX i ON films (id)",
        "CREATE UNIQUE INDEX i ON films (id)",
        "CREATE SEQUENCE s",
        "CREATE TRIGGER t AFTER INSERT ON films EXECUTE FUNCTION f()",
        "CREATE RULE r AS ON INSERT TO films DO NOTHING",
        "CREATE DOMAIN d AS INT",
        "CREATE TYPE t AS (a INT)",
        "CREATE EXTENSION pgcrypto",
        "CREATE UNLOGGED TABLE t (a INT)",
        "CREATE TABLESPACE t LOCATION '/tmp'",
        "LISTEN channel",
        "NOTIFY channel",
        "REINDEX TABLE films",
        "CLUSTER films",
    ],
)
def test_postgresql_s_other_objects_are_not_supported(films: Client, statement: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html"""
    assert films.refusal(statement).pgcode == "0A000"


@pytest.mark.parametrize(
    "statement",
    [
        "DO $$ BEGIN END $$",
        "TABLE films",
        "PREPARE TRANSACTION 'x'",
        "COMMIT PREPARED 'x'",
        "COPY films FROM STDIN",
        "COPY films TO STDOUT",
        "EXPLAIN ANALYZE SELECT 1",
        "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c",
        "SECURITY LABEL ON TABLE films IS 'x'",
        "DISCARD ALL",
        "CHECKPOINT",
        "DROP INDEX i",
        "ALTER SYSTEM SET work_mem = '1GB'",
        "ALTER TABLE films ENABLE ROW LEVEL SECURITY",
        "ALTER INDEX i RENAME TO j",
        "utter nonsense",
    ],
)
def test_statements_redshift_does_not_have_are_syntax_errors(films: Client, statement: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html"""
    assert films.refusal(statement).pgcode == "42601"


def test_merge_takes_no_alias_for_its_target(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html"""
    films.run("CREATE TABLE news (LIKE films)")
    branches = (
        "WHEN MATCHED THEN UPDATE SET title = news.title WHEN NOT MATCHED THEN INSERT VALUES (news.id, news.title)"
    )
    assert films.refusal(f"MERGE INTO films f USING news ON f.id = news.id {branches}").pgcode == "42601"
    films.run("INSERT INTO news VALUES (2, 'Aliens'), (3, 'Big')")
    films.run(f"MERGE INTO films USING news ON films.id = news.id {branches}")
    assert films.run("SELECT title FROM films ORDER BY id") == [("Heat",), ("Aliens",), ("Big",)]


@pytest.mark.parametrize(
    "ending",
    [
        "USING news ON films.id = news.id WHEN MATCHED THEN DELETE",
        "USING news ON films.id = news.id WHEN NOT MATCHED THEN INSERT VALUES (1, 'x')",
        "USING news ON films.id = news.id WHEN MATCHED AND id > 1 THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)",
        "USING (SELECT * FROM news) n ON n.id = 1 WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)",
        "USING news ON films.id = news.id WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT VALUES (1, 'x')",
    ],
)
def test_merge_has_both_branches_and_a_table_as_its_source(films: Client, ending: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html"""
    films.run("CREATE TABLE news (LIKE films)")
    assert films.refusal(f"MERGE INTO films {ending}").pgcode == "42601"


def test_delete_using_and_update_from_work(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DELETE.html, r_UPDATE.html"""
    films.run("CREATE TABLE news (LIKE films)")
    films.run("INSERT INTO news VALUES (1, 'Ronin')")
    films.run("UPDATE films SET title = news.title FROM news WHERE films.id = news.id")
    assert films.run("SELECT title FROM films WHERE id = 1") == [("Ronin",)]
    films.run("DELETE FROM films USING news WHERE films.id = news.id")
    assert films.value("count(*) FROM films") == 1
    films.run("DELETE films WHERE id = 2")
    assert films.value("count(*) FROM films") == 0


def test_names_that_look_like_keywords_are_no_constructs(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_names.html"""
    text = "'ON CONFLICT RETURNING ARRAY[1] ; SAVEPOINT'"
    assert films.run(f'SELECT {text} AS "returning" /* DISTINCT ON */ -- LATERAL') == [(text.strip("'"),)]


def test_the_stand_in_s_own_schema_is_out_of_reach(films: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html"""
    assert films.refusal("SELECT * FROM rs_compat.load_errors").pgcode == "42501"
    assert films.refusal('SELECT * FROM "RS_COMPAT".load_errors').pgcode == "42501"
    assert films.refusal("DROP SCHEMA rs_compat CASCADE").pgcode == "42501"
