"""What Amazon's own pages say a statement comes to, where PostgreSQL says something else."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from tests.integration.redshift_local.conftest import Client


@pytest.fixture
def sales(client: Client) -> Client:
    """A few of the rows that the documentation's examples are about."""
    client.run("CREATE TABLE sales (salesid INT, qtysold SMALLINT, pricepaid DECIMAL(8,2), commission DECIMAL(8,2))")
    client.run("INSERT INTO sales VALUES (1, 2, 7.00, 3.00), (2, 1, 4323.89, 11.50), (3, 4, 2.00, 3.00)")
    return client


def test_an_explicit_cast_of_a_column_cuts_and_an_insert_rounds(sales: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html, r_enable_numeric_rounding.html"""
    sales.run("CREATE TABLE exact (n DECIMAL(8,4))")
    sales.run("INSERT INTO exact VALUES (4323.8951)")
    assert sales.run("SELECT n::decimal(8,2), CAST(n AS DECIMAL(8,1)), n::int, CONVERT(BIGINT, n) FROM exact") == [
        (Decimal("4323.89"), Decimal("4323.8"), 4323, 4323)
    ]
    sales.run("CREATE TABLE rounded (n DECIMAL(8,2), i INT)")
    sales.run("INSERT INTO rounded SELECT n, n FROM exact")
    assert sales.run("SELECT n, i FROM rounded") == [(Decimal("4323.90"), 4324)]
    sales.run("UPDATE exact SET n = -1.5000")
    assert sales.run("SELECT n::int, n::decimal(10,0), n::decimal(10,5) FROM exact") == [(-1, -1, Decimal("-1.50000"))]


def test_a_constant_is_rounded_when_it_is_cast(sales: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html"""
    assert sales.run(
        "SELECT CAST(109.652 AS DECIMAL(4,1)), 1.5::int, (0.25 + 1.25)::decimal(3,0), '2.5'::decimal(2)"
    ) == [(Decimal("109.7"), 2, 2, 3)]
    assert sales.run("SELECT 1.5::int, 109.652::decimal(4,1)::decimal(3,0) FROM sales WHERE salesid = 1") == [(2, 110)]
    assert sales.refusal("SELECT 123.456::decimal(2,1)").pgcode == "22003"
    assert sales.refusal("SELECT 12345678::smallint").pgcode == "22003"


def test_a_double_is_rounded_when_it_becomes_a_decimal(sales: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html#r_Type_conversion"""
    assert sales.run(
        "SELECT CAST(CAST(pricepaid AS DOUBLE PRECISION) / 4 AS DECIMAL(8,2)) FROM sales WHERE salesid = 2"
    ) == [(Decimal("1080.97"),)]


def test_numeric_arithmetic_ends_at_38_digits(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html"""
    client.run("CREATE TABLE t (n NUMERIC(38, 0))")
    client.run("INSERT INTO t VALUES (99999999999999999999999999999999999999), (1)")
    for computed in ("n + 1", "n * 10", "n * n", "-n - 1", "sum(n)", "sum(n) OVER ()"):
        error = client.refusal(f"SELECT {computed} FROM t")
        assert error.pgcode == "22003", computed
    assert client.run("SELECT sum(n) FROM t WHERE n = 1") == [(1,)]


def test_milliseconds_and_microseconds_are_without_the_seconds(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html, r_DATE_PART_function.html"""
    assert client.value("extract(ms from timestamp '2009-09-09 12:08:43.101')") == 101
    assert client.value("extract(ms from time '18:25:33.123456')") == 123
    assert client.value("extract(ms from timetz '18:25:33.123456 EST')") == 123
    assert client.value("date_part(microsecond, timestamp '20220502 04:05:06.789')") == 789000
    client.run("CREATE TABLE seconds (micro TIMESTAMP)")
    client.run("INSERT INTO seconds VALUES ('2009-09-21 11:10:03.189717')")
    assert client.run(
        "SELECT extract(sec from micro), date_part(sec, micro), extract(msec from micro) FROM seconds"
    ) == [(3, 3.189717, 189)]


@pytest.mark.parametrize(
    ("part", "moment", "value"),
    [
        ("century", "2000-12-16 12:21:13", 20),
        ("century", "2001-12-16 12:21:13", 21),
        ("decade", "1999-02-16 20:38:40", 200),
        ("decade", "2000-02-16 20:38:40", 201),
        ("decs", "2010-02-16 20:38:40", 202),
        ("mil", "2000-12-16 12:21:13", 2),
        ("mil", "2001-12-16 12:21:13", 3),
        ("dow", "2022-05-02 00:00:00", 1),
        ("week", "2022-05-02 00:00:00", 18),
    ],
)
def test_date_parts_are_counted_as_redshift_counts_them(client: Client, part: str, moment: str, value: int) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html"""
    assert client.value(f"extract({part} from timestamp '{moment}')") == value
    assert client.value(f"date_part('{part}', timestamp '{moment}')") == value


def test_date_functions_take_times(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html, r_DATEDIFF_function.html"""
    assert client.value("dateadd(hour, 8, time '13:24:55')") == time(21, 24, 55)
    assert client.value("dateadd(hour, 12, time '13:24:55')") == time(1, 24, 55)
    assert client.value("dateadd(hour, 2, timetz '13:24:55 PST')::varchar") == "23:24:55+00"
    assert client.value("datediff(minute, time '20:00:00', time '21:00:00')") == 60
    assert client.value("datediff(hours, timetz '20:00:00 PST', timetz '00:58:00 EST')") == 1
    assert client.value("extract(timezone_hour from timetz '07:37:16.00 PDT')") == -7
    assert client.value("extract(year from timestamptz '1997-12-01 07:37:16.00 PST')") == 1997
    assert client.value("dateadd(day, 1, timestamptz '2020-01-31 10:00:00+00')::varchar") == "2020-02-01 10:00:00+00"
    assert (
        client.value("datediff(day, timestamptz '2020-01-31 10:00:00+00', timestamptz '2020-02-02 00:00:00+00')") == 2
    )
    assert client.refusal("SELECT dateadd(month, 1, time '13:24:55')").pgcode == "22023"


def test_dates_are_added_to_as_the_page_s_notes_say(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html"""
    assert client.value("dateadd(year, 1, '2016-02-29')") == datetime(2017, 3, 1)  # noqa: DTZ001
    assert client.value("dateadd(month, 12, '2016-02-29')") == datetime(2017, 2, 28)  # noqa: DTZ001
    assert client.value("dateadd(year, 4, DATE '2016-02-29')") == datetime(2020, 2, 29)  # noqa: DTZ001
    assert client.value("dateadd(m, 30, '2008-02-28')") == datetime(2008, 2, 28, 0, 30)  # noqa: DTZ001
    assert client.value("dateadd(month, 1, '2008-04-30')") == datetime(2008, 5, 30)  # noqa: DTZ001


def test_convert_timezone_takes_every_moment(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html"""
    assert client.value("convert_timezone('EST', 'PST', '20080305 12:25:29')") == datetime(2008, 3, 5, 9, 25, 29)  # noqa: DTZ001
    june = client.value("convert_timezone('America/New_York', timestamptz '2013-06-01 08:00:00+00')")
    assert june == datetime(2013, 6, 1, 4)  # noqa: DTZ001
    plus_two = client.value("convert_timezone('GMT', 'GMT+2', '2014-05-17 12:00:00')")
    assert plus_two == datetime(2014, 5, 17, 10)  # noqa: DTZ001


def test_to_date_and_to_timestamp_run_over_unless_they_are_strict(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_TO_DATE_function.html, r_TO_TIMESTAMP.html"""
    assert client.value("to_date('02 Oct 2001', 'DD Mon YYYY')") == date(2001, 10, 2)
    assert client.value("to_date('20010631', 'YYYYMMDD')") == date(2001, 7, 1)
    assert client.value("to_date('31 Jun 2001', 'DD Mon YYYY', FALSE)") == date(2001, 7, 1)
    assert (
        client.value("to_timestamp('2011-12-18 24:38:15', 'YYYY-MM-DD HH24:MI:SS')::varchar")
        == "2011-12-19 00:38:15+00"
    )
    assert client.value("to_timestamp('2017', 'YYYY')::varchar") == "2017-01-01 00:00:00+00"
    assert client.value("to_timestamp('05/06/2020 01:02:03.5 PM', 'MM/DD/YYYY HH12:MI:SS.MS AM')::varchar") == (
        "2020-05-06 13:02:03.5+00"
    )
    assert client.refusal("SELECT to_date('20010631', 'YYYYMMDD', TRUE)").pgcode == "22008"
    assert client.refusal("SELECT to_timestamp('2011-12-18 24:38:15', 'YYYY-MM-DD HH24:MI:SS', TRUE)").pgcode == "22008"
    assert client.refusal("SELECT to_date('abc', 'YYYYMMDD')").pgcode == "22007"


def test_letters_of_all_scripts_change_their_case(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LOWER.html, r_UPPER.html, r_INITCAP.html"""
    assert client.run("SELECT upper('é'), lower('ÀÉ'), initcap('élan vital'), upper('straße жук')") == [
        ("É", "àé", "Élan Vital", "STRASSE ЖУК")
        if client.value("upper('ß')") == "SS"
        else ("É", "àé", "Élan Vital", "STRAßE ЖУК")
    ]
    client.run("CREATE TABLE t (a VARCHAR(20), c CHAR(5))")
    client.run("INSERT INTO t VALUES ('Éa', 'Ab')")
    assert client.run("SELECT lower(a), upper(c) FROM t WHERE lower(a) = 'éa'") == [("éa", "AB")]


def test_regexp_substr_gives_the_subexpression(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_SUBSTR.html"""
    text = "'This is a cat, this is a dog. This is a mouse.'"
    assert client.value(rf"regexp_substr({text}, 'this is a (\\w+)', 1, 2, 'ie')") == "dog"
    assert client.value("regexp_substr('the fox', 'FOX', 1, 1, 'i')") == "fox"
    assert client.value("regexp_substr('the fox', 'fo.', 1, 1, 'e')") == "fox"
    assert client.value("regexp_substr('THE LOWERCASE PART OF 1931abc0EZ.', '[a-z]+', 1, 1, 'c')") == "abc"
    assert client.value(r"regexp_substr('a(b)', '\\(.', 1, 1, 'e')") == "(b"


def test_regexp_substr_without_a_match_is_empty(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_SUBSTR.html"""
    assert client.run(
        "SELECT regexp_substr('abc', 'x'), regexp_substr('abc', 'a', 9), regexp_substr('abc', 'a', 1, 0)"
    ) == [("", "", None)]
    assert client.value("regexp_substr(NULL, 'x')") is None


def test_regexp_functions_take_positions_and_flags(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_INSTR.html, REGEXP_COUNT.html, REGEXP_REPLACE.html"""
    assert client.value("regexp_instr('the fox', 'FOX', 1, 1, 0, 'i')") == 5
    assert client.value("regexp_instr('the fox', 'fox', 0, 1, 7)") == 8
    assert client.value("regexp_instr('the fox', 't(h)e', 1, 1, 0, 'e')") == 2
    assert client.value("regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}')") == 8
    assert client.value("regexp_count('the fox', 'FOX', 1, 'i')") == 1
    assert client.value("regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i')") == "the quick brown fox"
    assert client.value("regexp_replace('aXbXc', 'X', '-', 3)") == "aXb-c"


@pytest.mark.parametrize(
    "call",
    [
        "regexp_substr('a', '(?=a)', 1, 1, 'p')",
        "regexp_count('a', 'a', 1, 'p')",
        "regexp_replace('a', 'a', 'b', 1, 'ip')",
        "regexp_instr('a', 'a', 1, 1, 0, 'p')",
    ],
)
def test_the_perl_dialect_is_refused_in_the_stand_in_s_name(client: Client, call: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-posix.html"""
    assert "stand-in" in str(client.refusal(f"SELECT {call}"))
    assert client.refusal("SELECT regexp_substr('a1', '(?=a).')").pgcode == "2201B"
    assert client.refusal("SELECT regexp_count('a', 'a', 1, 'e')").pgcode == "2201B"


def test_strtol_reads_signs_blanks_and_0x(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html"""
    assert client.run("SELECT strtol('0xf', 16), strtol('abcd1234', 16), strtol(' -1f', 16), strtol('', 16)") == [
        (15, 2882343476, -31, 0)
    ]
    assert client.run("SELECT strtol('1234567', 8), strtol('110101', 2), strtol('+7', 10)") == [(342391, 53, 7)]
    assert client.refusal("SELECT strtol('ffffffffffffffff', 16)").pgcode == "22003"
    client.refusal("SELECT strtol('--1', 10)")


def test_trailing_blanks_do_not_count_in_comparisons(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks"""
    client.run("CREATE TABLE t (a VARCHAR(10), c CHAR(5), n INT)")
    client.run("INSERT INTO t VALUES ('x', 'x', 1), ('x  ', 'x', 2), ('y', 'y', 3)")
    assert client.value("count(*) FROM t WHERE a = 'x'") == 2
    assert client.value("count(*) FROM t WHERE a IN ('x ', 'q')") == 2
    assert client.value("count(DISTINCT a) FROM t") == 2
    assert client.value("count(*) FROM (SELECT DISTINCT a FROM t) AS d") == 2
    assert client.run("SELECT count(*) FROM t GROUP BY a ORDER BY 1") == [(1,), (2,)]
    assert client.value("count(*) FROM t JOIN t AS u ON t.a = u.a") == 5
    assert client.value("count(*) FROM t JOIN t AS u ON t.a = u.c") == 5
    assert client.run("SELECT 'a' = 'a  ', 'a ' < 'a', 'a' <> 'a ', CASE 'a ' WHEN 'a' THEN 1 END") == [
        (True, False, False, 1)
    ]
    assert client.value("count(*) FROM (SELECT 'a' UNION SELECT 'a ') AS u") == 1
    assert client.value("rank() OVER (ORDER BY a) FROM t ORDER BY 1 DESC LIMIT 1") == 3
    assert client.value("decode('a ', 'a', 1, 2)") == 1


def test_trailing_blanks_are_kept_and_counted_in_lengths_and_patterns(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html, r_patternmatching_condition_like.html"""
    client.run("CREATE TABLE t (a VARCHAR(10))")
    client.run("INSERT INTO t VALUES ('x  ')")
    assert client.run("SELECT len(a), a || '.', a LIKE 'x' FROM t") == [(3, "x  .", False)]


def test_listagg_ignores_blanks_nulls_and_empty_strings(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html"""
    client.run("CREATE TABLE t (a VARCHAR(10), n INT)")
    client.run("INSERT INTO t VALUES ('a', 380), ('a ', 1178), ('', 2731), (NULL, 380), ('b', 12905)")
    assert client.value("listagg(DISTINCT a, ',') WITHIN GROUP (ORDER BY a) FROM t") in {"a,b", "a ,b"}
    assert client.value("listagg(a, ',') WITHIN GROUP (ORDER BY n) FROM t") == "a,a ,b"
    assert client.value("listagg(DISTINCT n, ', ') WITHIN GROUP (ORDER BY n) FROM t") == "380, 1178, 2731, 12905"
    assert client.value("listagg(DISTINCT n, ', ') WITHIN GROUP (ORDER BY n DESC) FROM t") == "12905, 2731, 1178, 380"


def test_listagg_ends_at_65535_bytes(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html"""
    client.run("CREATE TABLE t (a VARCHAR(65535))")
    client.run("INSERT INTO t VALUES (repeat('a', 40000)), (repeat('b', 40000))")
    assert "LISTAGG limit" in str(client.refusal("SELECT listagg(a) FROM t"))


def test_listagg_runs_over_a_window(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_WF_LISTAGG.html"""
    client.run("CREATE TABLE winsales (sellerid INT, buyerid CHAR(1))")
    client.run("INSERT INTO winsales VALUES (3, 'b'), (1, 'a'), (2, 'b'), (1, 'a')")
    assert (
        client.run("SELECT listagg(sellerid) WITHIN GROUP (ORDER BY sellerid) OVER () FROM winsales") == [("1123",)] * 4
    )
    found = client.run(
        """SELECT DISTINCT buyerid,
               listagg(sellerid, ',') WITHIN GROUP (ORDER BY sellerid DESC) OVER (PARTITION BY buyerid)
           FROM winsales ORDER BY 1"""
    )
    assert found == [("a", "1,1"), ("b", "3,2")]
    assert "stand-in" in str(client.refusal("SELECT listagg(DISTINCT sellerid) OVER () FROM winsales"))
    assert client.refusal("SELECT listagg(sellerid) OVER (ORDER BY sellerid) FROM winsales").pgcode == "42601"


def test_percentiles_run_over_a_window(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_WF_PERCENTILE_CONT.html, r_WF_MEDIAN.html"""
    client.run("CREATE TABLE winsales (sellerid INT, qty INT)")
    client.run("INSERT INTO winsales VALUES (1, 10), (1, 10), (1, 30), (4, 10), (4, 40)")
    found = client.run(
        """SELECT DISTINCT sellerid, percentile_cont(0.5) WITHIN GROUP (ORDER BY qty) OVER (PARTITION BY sellerid),
               median(qty) OVER (PARTITION BY sellerid), percentile_cont(0.2) WITHIN GROUP (ORDER BY qty DESC) OVER ()
           FROM winsales ORDER BY 1"""
    )
    assert found == [(1, 10.0, 10.0, 32.0), (4, 25.0, 25.0, 32.0)]


@pytest.mark.parametrize(
    "expression",
    [
        "b::varchar",
        "CAST(b AS VARCHAR(5))",
        "b || 'x'",
        "'x' || b",
        "CAST(b AS CHAR(5))",
        "b::text",
        "CONVERT(VARCHAR(5), b)",
    ],
)
def test_a_boolean_is_not_cast_to_a_string(client: Client, expression: str) -> None:
    """https://github.com/dbt-labs/dbt-utils/issues/1016, https://github.com/datafold/data-diff/issues/280"""
    client.run("CREATE TABLE t (b BOOLEAN)")
    assert client.refusal(f"SELECT {expression} FROM t").pgcode == "42846"
    client.run("INSERT INTO t VALUES (true)")
    assert client.refusal(f"SELECT {expression} FROM t").pgcode == "42846"


def test_a_string_column_is_not_cast_to_boolean(client: Client) -> None:
    """https://github.com/fivetran/dbt_stripe/issues/79, https://github.com/dbcli/pgcli/issues/588"""
    client.run("CREATE TABLE t (a VARCHAR(5), c CHAR(5), b BOOLEAN)")
    client.run("INSERT INTO t VALUES ('true', 'true', 'true')")
    assert client.refusal("SELECT a::boolean FROM t").pgcode == "42846"
    assert client.refusal("SELECT c::boolean FROM t").pgcode == "42846"
    assert client.refusal("INSERT INTO t SELECT b, c, b FROM t").pgcode == "42846"
    assert client.run("SELECT 'true'::boolean, b::int FROM t") == [(True, 1)]


def test_a_created_table_s_strings_end_at_65535_bytes(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html"""
    assert client.refusal("CREATE TABLE long AS SELECT repeat('a', 70000) AS a").pgcode == "22001"
    client.run("CREATE TABLE t AS SELECT repeat('a', 65535) AS a, CAST('abc' AS VARCHAR(4)) AS b")
    assert client.run("SELECT len(a) FROM t") == [(65535,)]
    assert client.refusal("INSERT INTO t VALUES (repeat('é', 32768), 'a')").pgcode == "22001"
    assert client.refusal("INSERT INTO t VALUES ('a', 'abcde')").pgcode == "22001"


def test_create_table_as_tells_how_many_rows_it_made(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_AS.html"""
    client.run("CREATE TABLE t (a INT)")
    client.run("INSERT INTO t VALUES (1), (2)")
    client.run("CREATE TABLE u AS SELECT a FROM t")
    assert (client.cursor.statusmessage, client.cursor.rowcount) == ("SELECT 2", 2)
    client.refusal("CREATE TABLE v AS SELECT 1 / (a - 1) AS b FROM t")
    assert client.refusal("SELECT * FROM v").pgcode == "42P01"


def test_keys_of_a_created_table_may_be_places(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CTAS_examples.html"""
    client.run("CREATE TABLE event (eventid INT, venueid INT, dateid INT)")
    client.run("CREATE TABLE a DISTKEY (1) SORTKEY (1,3) AS SELECT eventid, venueid, dateid FROM event")
    client.run(
        "CREATE TABLE b DISTSTYLE KEY DISTKEY (eventid) SORTKEY (eventid, dateid) AS SELECT eventid, dateid FROM event"
    )
    assert client.refusal("CREATE TABLE c DISTKEY (nothing) AS SELECT eventid FROM event").pgcode == "42703"
    assert client.refusal("CREATE TABLE c SORTKEY (2) AS SELECT eventid FROM event").pgcode == "42703"


@pytest.mark.parametrize("level", ["READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_every_isolation_level_is_the_snapshot_s(client: Client, redshift_server, level: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html"""
    client.run("CREATE TABLE t (a INT)")
    (schema,) = client.run("SELECT current_schema()")[0]
    for begin in (f"BEGIN ISOLATION LEVEL {level}", f"START TRANSACTION ISOLATION LEVEL {level} READ WRITE"):
        client.run(begin)
        before = client.value("count(*) FROM t")
        other = redshift_server.connect()
        with other, other.cursor() as cursor:
            cursor.execute(f"INSERT INTO {schema}.t VALUES (1)")
        other.close()
        assert client.value("count(*) FROM t") == before
        client.run("COMMIT")
        assert client.value("count(*) FROM t") == before + 1


def test_isolation_levels_set_otherwise_are_the_snapshot_s_too(client: Client, redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html"""
    client.run("CREATE TABLE t (a INT)")
    (schema,) = client.run("SELECT current_schema()")[0]
    client.run("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED")
    for setting in ("SHOW transaction_isolation", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"):
        client.run("BEGIN")
        client.run(setting)
        before = client.value("count(*) FROM t")
        other = redshift_server.connect()
        with other, other.cursor() as cursor:
            cursor.execute(f"INSERT INTO {schema}.t VALUES (1)")
        other.close()
        assert client.value("count(*) FROM t") == before
        client.run("ROLLBACK")
    assert client.run("SHOW transaction_isolation") == [("serializable",)]


def test_a_transaction_may_be_read_only(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html"""
    client.run("BEGIN READ ONLY")
    assert client.refusal("CREATE TABLE t (a INT)").pgcode == "25006"
    client.run("ROLLBACK")
    assert client.refusal("BEGIN ISOLATION LEVEL CHAOS").pgcode == "42601"


def test_nothing_is_deallocated_or_closed_all_at_once(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DEALLOCATE.html, close.html"""
    for statement in ("DEALLOCATE ALL", "DEALLOCATE PREPARE ALL", "CLOSE ALL"):
        assert client.refusal(statement).pgcode == "42601"
    client.run("PREPARE p AS SELECT 1")
    client.run("DEALLOCATE PREPARE p")


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("enable_case_sensitive_identifier", "true"),
        ("downcase_delimited_identifier", "off"),
        ("enable_numeric_rounding", "on"),
        ("describe_field_name_in_uppercase", "TRUE"),
        ("error_on_nondeterministic_update", "'on'"),
    ],
)
def test_a_parameter_that_would_change_answers_is_refused(client: Client, parameter: str, value: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_enable_case_sensitive_identifier.html and the like"""
    assert "stand-in" in str(client.refusal(f"SET {parameter} TO {value}"))
    (default,) = client.run(f"SHOW {parameter}")[0]
    client.run(f"SET {parameter} TO {default}")
    client.run(f"RESET {parameter}")
    assert client.run(f"SHOW {parameter}") == [(default,)]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("cast_super_null_on_error", "on"),
        ("enable_vacuum_boost", "true"),
        ("json_serialization_enable", "true"),
        ("mv_enable_aqmv_for_session", "false"),
        ("pg_federation_repeatable_read", "false"),
        ("spectrum_query_maxerror", "5"),
        ("stored_proc_log_min_messages", "NOTICE"),
        ("navigate_super_null_on_error", "off"),
        ("wlm_query_slot_count", "3"),
    ],
)
def test_documented_parameters_are_set_and_shown(client: Client, parameter: str, value: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html"""
    client.run(f"SET {parameter} TO {value}")
    assert client.run(f"SHOW {parameter}") == [(value.lower() if value == "NOTICE" else value,)]
    assert client.run(f"SELECT current_setting('{parameter}')") == client.run(f"SHOW {parameter}")
    client.run(f"RESET {parameter}")


def test_current_setting_knows_the_query_group(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_SETTING.html"""
    assert client.value("current_setting('query_group')") == "unset"
    client.run("SET query_group TO 'nightly'")
    assert client.value("current_setting('query_group')") == "nightly"
    client.run("RESET query_group")


def test_insert_takes_default_values_and_names_of_three_parts(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html, cross-database-overview.html"""
    client.run("CREATE TABLE s1 (a INT DEFAULT 5, b VARCHAR(5))")
    client.run("INSERT INTO s1 DEFAULT VALUES")
    (schema,) = client.run("SELECT current_schema()")[0]
    client.run(f"INSERT INTO dev.{schema}.s1 (a, b) VALUES (1, 'x')")
    client.run(f"INSERT INTO dev.{schema}.s1 (a) SELECT a + 1 FROM dev.{schema}.s1 WHERE a = 1")
    assert client.run(f"SELECT a, b FROM dev.{schema}.s1 ORDER BY a") == [(1, "x"), (2, None), (5, None)]
    client.refusal(f"INSERT INTO elsewhere.{schema}.s1 (a) VALUES (1)")
    client.refusal(f"CREATE TABLE elsewhere.{schema}.s2 (a INT)")


def test_mathematics_is_of_double_precision(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_POWER.html, r_SQRT.html, r_STDDEV_functions.html"""
    client.run("CREATE TABLE t (n NUMERIC(8,2))")
    client.run("INSERT INTO t VALUES (1), (2), (4)")
    found = client.run("SELECT stddev(n), var_pop(n), sqrt(max(n)), power(max(n), 0.5), exp(0), log(100.0) FROM t")[0]
    assert found == pytest.approx((1.5275252316519468, 1.5555555555555556, 2.0, 2.0, 1.0, 2.0))
    assert {type(value) for value in found} == {float}
