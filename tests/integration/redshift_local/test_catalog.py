"""What clients read of the catalog: declared keys, Redshift's views, and the queries of psql and JDBC drivers."""

import psycopg2
import pytest

from tests.integration.redshift_local.conftest import Client


@pytest.fixture
def keyed(client: Client) -> Client:
    """The client, with films, and ratings that refer to them and to one another."""
    client.run("CREATE TABLE films (id INT PRIMARY KEY, title VARCHAR(20), UNIQUE (title))")
    client.run(
        "CREATE TABLE ratings (person INT NOT NULL, film INT NOT NULL REFERENCES films (id), origin INT,"
        " CONSTRAINT one_each PRIMARY KEY (person, film), FOREIGN KEY (origin) REFERENCES ratings (person))"
    )
    return client


def schema(client: Client) -> str:
    """The test's own schema."""
    return str(client.value("current_schema()"))


def constraints(client: Client) -> list[tuple]:
    """Name, kind and columns of the schema's keys."""
    return client.run(
        "SELECT c.constraint_name, c.constraint_type,"
        " listagg(k.column_name, ',') WITHIN GROUP (ORDER BY k.ordinal_position)"
        " FROM information_schema.table_constraints c JOIN information_schema.key_column_usage k"
        " ON k.constraint_name = c.constraint_name AND k.table_schema = c.table_schema"
        " WHERE c.table_schema = %s GROUP BY 1, 2 ORDER BY 1",
        (schema(client),),
    )


def test_keys_are_listed_as_declared(keyed: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/t_Defining_constraints.html"""
    assert constraints(keyed) == [
        ("films_pkey", "PRIMARY KEY", "id"),
        ("films_title_key", "UNIQUE", "title"),
        ("one_each", "PRIMARY KEY", "person,film"),
        ("ratings_film_fkey", "FOREIGN KEY", "film"),
        ("ratings_origin_fkey", "FOREIGN KEY", "origin"),
    ]


def test_keys_follow_their_tables_and_columns(keyed: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html"""
    keyed.run("ALTER TABLE films RENAME TO movies")
    keyed.run("ALTER TABLE movies RENAME COLUMN id TO movie_id")
    assert ("films_pkey", "PRIMARY KEY", "movie_id") in constraints(keyed)
    target = keyed.run(
        "SELECT confrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ratings_film_fkey'"
        " AND connamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s)",
        (schema(keyed),),
    )
    assert target[0][0] == "movies"
    keyed.run("DROP TABLE ratings")
    assert len(constraints(keyed)) == 2


def test_keys_are_added_and_dropped(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html"""
    client.run("CREATE TABLE t (a INT NOT NULL, b INT)")
    client.run("ALTER TABLE t ADD CONSTRAINT alone PRIMARY KEY (a)")
    client.run("ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES t (a)")
    assert constraints(client) == [("alone", "PRIMARY KEY", "a"), ("t_b_fkey", "FOREIGN KEY", "b")]
    client.run("ALTER TABLE t DROP CONSTRAINT alone")
    assert constraints(client) == [("t_b_fkey", "FOREIGN KEY", "b")]
    client.run("INSERT INTO t VALUES (1, 5), (1, 6)")
    client.run("CREATE TABLE u (LIKE t)")
    assert len(constraints(client)) == 1


def test_a_key_rolls_back_with_its_table(transaction: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ROLLBACK.html"""
    transaction.run("CREATE TABLE t (a INT PRIMARY KEY)")
    assert len(constraints(transaction)) == 1
    transaction.connection.rollback()
    assert constraints(transaction) == []


def test_a_table_that_is_referred_to_is_dropped_with_cascade_only(keyed: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_TABLE.html"""
    assert "other objects depend on it" in str(keyed.refusal("DROP TABLE films"))
    keyed.run("DROP TABLE films CASCADE")
    assert [name for name, _, _ in constraints(keyed)] == ["one_each", "ratings_origin_fkey"]


def test_a_foreign_key_needs_its_target(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html"""
    assert client.refusal("CREATE TABLE t (a INT REFERENCES nowhere (a))").pgcode == "42P01"


def test_the_stand_in_s_own_objects_do_not_show(client: Client) -> None:
    for listing in (
        "SELECT nspname FROM pg_namespace",
        "SELECT schema_name FROM information_schema.schemata",
        "SELECT table_schema FROM information_schema.tables",
        "SELECT table_schema FROM svv_tables",
        "SELECT table_schema FROM svv_columns",
        "SELECT schemaname FROM pg_tables",
        "SELECT schema_name FROM svv_all_schemas",
        "SELECT specific_schema FROM information_schema.routines",
    ):
        names = {name for (name,) in client.run(listing)}
        assert names
        assert "rs_compat" not in names
    assert client.run("SELECT conname FROM pg_constraint WHERE conname LIKE '%_not_null'") == []


def test_svv_table_info_counts_rows(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html"""
    client.run("CREATE TABLE t (a INT, b VARCHAR(30))")
    client.run("CREATE TABLE empty (a INT)")
    client.run("INSERT INTO t VALUES (1, 'a'), (2, 'b')")
    found = client.run(
        'SELECT "table", tbl_rows, max_varchar FROM svv_table_info WHERE "schema" = %s', (schema(client),)
    )
    assert found == [("t", 2, 30)]


def test_pg_table_def_lists_the_search_path_s_columns(keyed: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html"""
    found = keyed.run("""SELECT "column", type, "notnull" FROM pg_table_def WHERE tablename = 'films' ORDER BY 1""")
    assert found == [("id", "integer", True), ("title", "character varying(20)", False)]


@pytest.mark.parametrize(
    "view",
    [
        "svv_external_schemas",
        "svv_external_tables",
        "svv_external_columns",
        "pg_get_late_binding_view_cols() cols(a name, b name, c name, d varchar, e int)",
    ],
)
def test_what_the_stand_in_cannot_have_is_empty(client: Client, view: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html"""
    assert client.run(f"SELECT * FROM {view}") == []


@pytest.mark.parametrize("view", ["stv_recents", "svl_qlog", "sys_query_history", "svv_vacuum_progress", "stl_query"])
def test_a_system_view_it_lacks_is_refused_in_the_stand_in_s_own_name(client: Client, view: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html"""
    error = client.refusal(f"SELECT * FROM {view}")
    assert str(error).startswith(f"the local stand-in for Redshift does not do the system view {view.upper()}")
    assert client.refusal("SELECT * FROM nowhere").pgcode == "42P01"


PSQL = {
    "table": """SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname OPERATOR(pg_catalog.~) '^(films)$' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 2, 3""",
    "details": """SELECT c.relchecks, c.relkind, c.relhasindex, c.relhasrules, c.relhastriggers, false, c.relhasoids,
        pg_catalog.array_to_string(c.reloptions ||
            array(select 'toast.' || x from pg_catalog.unnest(tc.reloptions) x), ', '),
        c.reltablespace, CASE WHEN c.reloftype = 0 THEN '' ELSE c.reloftype::pg_catalog.regtype::pg_catalog.text END,
        c.relpersistence FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_class tc ON (c.reltoastrelid = tc.oid)
        WHERE c.relname = 'films'""",
    "indexes": """SELECT c2.relname, i.indisprimary, i.indisunique, pg_catalog.pg_get_indexdef(i.indexrelid, 0, true)
        FROM pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_index i
        WHERE c.relname = 'films' AND c.oid = i.indrelid AND i.indexrelid = c2.oid ORDER BY i.indisprimary DESC""",
    "databases": """SELECT d.datname as "Name", pg_catalog.pg_encoding_to_char(d.encoding) as "Encoding",
        pg_catalog.array_to_string(d.datacl, E'\\n') AS "Access privileges" FROM pg_catalog.pg_database d ORDER BY 1""",
    "users": """SELECT r.rolname, ARRAY(SELECT b.rolname FROM pg_catalog.pg_auth_members m
        JOIN pg_catalog.pg_roles b ON (m.roleid = b.oid) WHERE m.member = r.oid) as memberof
        FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY 1""",
}


@pytest.mark.parametrize("text", PSQL.values(), ids=PSQL)
def test_psql_s_queries_are_answered(keyed: Client, text: str) -> None:
    assert keyed.run(text)


def test_psql_and_jdbc_see_the_keys(keyed: Client) -> None:
    """describe.c; RedshiftDatabaseMetaData.getImportedKeys"""
    assert keyed.run(PSQL["indexes"])[0][:3] == ("films_pkey", True, True)
    imported = keyed.run(
        """SELECT pkc.relname, pka.attname, fkc.relname, fka.attname, pkic.relname
        FROM pg_catalog.pg_namespace pkn, pg_catalog.pg_class pkc, pg_catalog.pg_attribute pka,
        pg_catalog.pg_namespace fkn, pg_catalog.pg_class fkc, pg_catalog.pg_attribute fka,
        pg_catalog.pg_constraint con, pg_catalog.generate_series(1, 32) pos(n),
        pg_catalog.pg_class pkic, pg_catalog.pg_depend dep
        WHERE pkn.oid = pkc.relnamespace AND pkc.oid = pka.attrelid AND pka.attnum = con.confkey[pos.n]
        AND con.confrelid = pkc.oid AND fkn.oid = fkc.relnamespace AND fkc.oid = fka.attrelid
        AND fka.attnum = con.conkey[pos.n] AND con.conrelid = fkc.oid AND con.contype = 'f' AND pkic.relkind = 'i'
        AND con.oid = dep.objid AND pkic.oid = dep.refobjid AND dep.classid = 'pg_constraint'::regclass::oid
        AND dep.refclassid = 'pg_class'::regclass::oid AND fkn.nspname = %s""",
        (schema(keyed),),
    )
    assert imported == [("films", "id", "ratings", "film", "films_pkey")]


def test_an_alias_serves_in_where_as_amazon_s_drivers_use_it(keyed: Client) -> None:
    """https://github.com/aws/amazon-redshift-python-driver: cursor.py, get_tables"""
    found = keyed.run(
        "SELECT n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,"
        " CASE c.relkind WHEN 'r' THEN 4WHEN 'v' THEN 5 END AS KIND, KIND AS AGAIN"
        " FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c WHERE c.relnamespace = n.oid"
        " AND TABLE_SCHEM LIKE %s AND TABLE_NAME LIKE %s ORDER BY TABLE_NAME",
        (schema(keyed), "film%"),
    )
    assert [row[1:] for row in found if row[2]] == [("films", 4, 4)]


def test_a_query_named_by_with_is_no_table(keyed: Client) -> None:
    """dbt-redshift's catalog query reads queries of the catalog that WITH names, and calls leader-node functions."""
    found = keyed.run(
        "WITH relations AS (SELECT oid, relname FROM pg_class WHERE relname = 'films'),"
        " described AS (SELECT r.relname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS kind"
        " FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid WHERE a.attname = 'title')"
        " SELECT relname, kind FROM described"
    )
    assert set(found) == {("films", "character varying(20)")}


def test_a_read_only_session_writes_nothing(redshift_server) -> None:
    """Connection.setReadOnly of Amazon's JDBC driver sends it."""
    connection = redshift_server.connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET readonly = 1")
        with pytest.raises(psycopg2.Error, match="read-only"):
            cursor.execute("CREATE TABLE never (a INT)")
        cursor.execute("SET readonly = 0")
    connection.close()


def test_psql_s_cursors_are_taken(transaction: Client) -> None:
    """FETCH_COUNT; https://docs.aws.amazon.com/redshift/latest/dg/declare.html"""
    transaction.run("DECLARE _psql_cursor NO SCROLL CURSOR FOR\nSELECT 1 AS a UNION ALL SELECT 2")
    assert transaction.run("FETCH FORWARD 1 FROM _psql_cursor") == [(1,)]
