"""Users, groups and grants."""

import psycopg2
import pytest

from tests.integration.redshift_local.conftest import Client


@pytest.fixture
def analyst(client: Client) -> Client:
    """The client, with a user ann in a group of readers."""
    client.run("CREATE GROUP readers")
    client.run("CREATE USER ann PASSWORD 'Secret123' IN GROUP readers")
    yield client
    client.connection.rollback()
    client.run("RESET search_path")
    for statement in (
        "DROP SCHEMA IF EXISTS secret CASCADE",
        "DROP SCHEMA shared CASCADE",
        "DROP USER ann",
        "DROP GROUP readers",
    ):
        client.run(statement)


def test_a_group_reads_what_it_is_granted_and_nothing_else(analyst: Client, redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html"""
    analyst.run("CREATE SCHEMA shared; CREATE SCHEMA secret")
    analyst.run("CREATE TABLE shared.films (title VARCHAR(5)); CREATE TABLE secret.films (title VARCHAR(5))")
    analyst.run("INSERT INTO shared.films VALUES ('Heat')")
    analyst.run("GRANT USAGE ON SCHEMA shared TO GROUP readers")
    analyst.run("GRANT SELECT ON ALL TABLES IN SCHEMA shared TO GROUP readers")
    ann = redshift_server.connect(user="ann")
    ann.autocommit = True
    with ann.cursor() as cursor:
        cursor.execute("SELECT title, len(title), avg(len(title)) FROM shared.films GROUP BY 1")
        assert cursor.fetchall() == [("Heat", 4, 4)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM shared.films")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("SELECT * FROM secret.films")
    ann.close()
    analyst.run("REVOKE ALL ON ALL TABLES IN SCHEMA shared FROM GROUP readers")
    analyst.run("REVOKE USAGE ON SCHEMA shared FROM GROUP readers")


def test_default_privileges_reach_tables_to_come(analyst: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_DEFAULT_PRIVILEGES.html"""
    analyst.run("CREATE SCHEMA shared")
    analyst.run("ALTER DEFAULT PRIVILEGES IN SCHEMA shared GRANT SELECT ON TABLES TO GROUP readers")
    analyst.run("CREATE TABLE shared.later (a INT)")
    assert analyst.value("has_table_privilege('ann', 'shared.later', 'select')") is True
    analyst.run("ALTER GROUP readers DROP USER ann")
    assert analyst.value("has_table_privilege('ann', 'shared.later', 'select')") is False
    analyst.run("ALTER GROUP readers ADD USER ann")
    analyst.run("ALTER DEFAULT PRIVILEGES IN SCHEMA shared REVOKE SELECT ON TABLES FROM GROUP readers")


def test_a_password_is_required_and_must_be_strong(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html"""
    assert "PASSWORD" in str(client.refusal("CREATE USER bob"))
    assert "between 8 and 64" in str(client.refusal("CREATE USER bob PASSWORD 'weak'"))
    client.run("CREATE USER bob PASSWORD DISABLE NOCREATEDB SYSLOG ACCESS RESTRICTED CONNECTION LIMIT 5")
    client.run("ALTER USER bob PASSWORD 'Stronger1'")
    client.run("DROP USER bob")
    assert client.refusal("CREATE USER bob PASSWORD 'Secret123' REPLICATION").pgcode == "42601"


def test_groups_get_no_grant_option(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html"""
    client.run("CREATE TABLE t (a INT)")
    assert client.refusal("GRANT SELECT ON t TO GROUP g WITH GRANT OPTION").pgcode == "0A000"


def test_roles_are_beyond_the_stand_in(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_ROLE.html"""
    assert "stand-in" in str(client.refusal("CREATE ROLE r"))
    assert "stand-in" in str(client.refusal("GRANT ROLE r TO ann"))


def test_a_wrong_database_is_named_in_the_error(redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-from-psql.html"""
    with pytest.raises(psycopg2.OperationalError, match='database "nowhere" does not exist'):
        redshift_server.connect(dbname="nowhere")


def test_a_database_is_created_and_dropped(client: Client, redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_DATABASE.html"""
    client.run("CREATE DATABASE other WITH OWNER awsuser CONNECTION LIMIT UNLIMITED")
    connection = redshift_server.connect(dbname="other")
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT getdate(), len('abc')")
    connection.close()
    client.run("DROP DATABASE other")
    client.run("BEGIN")
    assert client.refusal("CREATE DATABASE other").pgcode == "25001"
    client.run("ROLLBACK")


def test_the_internal_user_does_not_log_in(redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_superusers.html"""
    with pytest.raises(psycopg2.OperationalError, match="cannot connect"):
        redshift_server.connect(user="rdsdb")


def test_postgresql_s_parameters_are_unknown_at_the_start_too(redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html"""
    with pytest.raises(psycopg2.OperationalError, match="unrecognized configuration parameter"):
        redshift_server.connect(options="-c standard_conforming_strings=on")
    redshift_server.connect(options="-c statement_timeout=1000").close()


def test_redshift_s_own_parameters_are_taken_at_the_start(redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_query_group.html"""
    connection = redshift_server.connect(options=r"-c query_group=two\ words --statement_timeout=1000")
    with connection.cursor() as cursor:
        cursor.execute("SHOW query_group")
        assert cursor.fetchall() == [("two words",)]
    connection.close()
