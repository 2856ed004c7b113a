"""Values: what Redshift's types hold, and what its functions make of them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.integration.redshift_local.conftest import Client


def test_numeric_without_precision_has_no_decimals(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html"""
    client.run("CREATE TABLE t (rating NUMERIC, other DECIMAL)")
    client.run("INSERT INTO t VALUES (3.5, 2.4)")
    assert client.run("SELECT rating, other FROM t") == [(Decimal(4), Decimal(2))]


def test_a_cast_to_bare_numeric_has_no_decimals(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html"""
    assert client.run("SELECT CAST(3.5 AS NUMERIC), 2.4::decimal, CONVERT(DECIMAL, 7.5)") == [(4, 2, 8)]


def test_numeric_has_at_most_38_digits(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html"""
    client.refusal("CREATE TABLE t (n NUMERIC(39, 0))")
    client.refusal("CREATE TABLE t (n NUMERIC(10, 11))")


def test_varchar_counts_bytes(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html"""
    client.run("CREATE TABLE t (title VARCHAR(4))")
    client.run("INSERT INTO t VALUES ('éé'), ('abcd')")
    error = client.refusal("INSERT INTO t VALUES ('ééa')")
    assert (error.pgcode, error.diag.message_primary) == ("22001", "Value too long for character type")
    assert client.refusal("UPDATE t SET title = 'ééé'").pgcode == "22001"
    assert client.refusal("INSERT INTO t SELECT 'ab' || 'éé'").pgcode == "22001"


def test_a_cast_to_varchar_cuts_at_bytes_without_breaking_a_character(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Examples_with_character_types.html"""
    assert client.run("SELECT CAST('ééé' AS VARCHAR(5)), 'abcdef'::varchar(3)") == [("éé", "abc")]


def test_varchar_and_text_without_length_hold_256_bytes(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html"""
    client.run("CREATE TABLE t (a VARCHAR, b TEXT, c VARCHAR(MAX))")
    client.run("INSERT INTO t VALUES (repeat('a', 256), repeat('b', 256), repeat('c', 65535))")
    assert client.refusal("INSERT INTO t (a) VALUES (repeat('a', 257))").pgcode == "22001"
    assert client.refusal("INSERT INTO t (b) VALUES (repeat('é', 129))").pgcode == "22001"
    assert client.refusal("INSERT INTO t (c) VALUES (repeat('c', 65536))").pgcode == "22001"
    client.refusal("CREATE TABLE u (a VARCHAR(65536))")


def test_char_takes_single_byte_characters_only(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html"""
    client.run("CREATE TABLE t (a CHAR(3))")
    client.run("INSERT INTO t VALUES ('ab')")
    assert client.refusal("INSERT INTO t VALUES ('é')").diag.message_hint == "Try using VARCHAR"


def test_a_backslash_escapes_in_every_literal(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-posix.html"""
    assert client.value(r"'a\\b'") == r"a\b"
    assert client.run("SELECT %s", (r"it's a\b",)) == [(r"it's a\b",)]


def test_avg_of_integers_is_cut_to_an_integer(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html"""
    client.run("CREATE TABLE t (i INT, b BIGINT, d DOUBLE PRECISION)")
    client.run("INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (NULL, NULL, NULL)")
    assert client.run("SELECT avg(i), avg(b), avg(d), AVG(CAST(i AS DOUBLE PRECISION)) FROM t") == [(1, 1, 1.5, 1.5)]
    assert client.run("SELECT avg(i), avg(b), avg(d) FROM t WHERE i > 5") == [(None, None, None)]


def test_avg_of_numeric_whose_scale_only_redshift_knows_is_refused(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html"""
    client.run("CREATE TABLE t (n NUMERIC(2, 1))")
    client.run("INSERT INTO t VALUES (3.5)")
    words = client.refusal("SELECT avg(n) FROM t").diag.message_primary or ""
    assert words.endswith(": write avg(cast(… as double precision))")
    assert client.run("SELECT avg(cast(n as double precision)) FROM t") == [(3.5,)]


def test_concat_takes_two_strings_and_null_swallows_both(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CONCAT.html"""
    assert client.run("SELECT concat('a', 'b'), concat('a', NULL)") == [("ab", None)]
    assert client.refusal("SELECT concat('a', 'b', 'c')").pgcode == "42883"


def test_datediff_counts_boundaries_not_elapsed_time(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html"""
    assert client.value("datediff(year, DATE '2019-12-31', DATE '2020-01-01')") == 1
    assert client.value("datediff(qtr, '2020-03-31', '2020-04-01')") == 1
    assert client.value("datediff(month, '2020-01-31', '2020-02-01')") == 1
    assert client.value("datediff('day', '2020-01-01 23:59:59', '2020-01-02 00:00:00')") == 1
    assert client.value("datediff(hour, '2020-01-01 01:59:59', '2020-01-01 02:00:00')") == 1
    assert client.value("datediff(second, '2020-01-01 00:00:01', '2020-01-01 00:00:00')") == -1


def test_datediff_in_weeks_is_refused_rather_than_guessed(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html"""
    assert client.refusal("SELECT datediff(week, '2020-01-01', '2020-02-01')").pgcode == "22023"


def test_dateadd_makes_a_timestamp_and_stays_in_the_month(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html"""
    assert client.value("dateadd(month, 1, DATE '2020-01-31')") == datetime(2020, 2, 29)  # noqa: DTZ001
    assert client.value("dateadd(day, -1, '2020-03-01')") == datetime(2020, 2, 29)  # noqa: DTZ001


def test_add_months_keeps_the_last_day(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_ADD_MONTHS.html"""
    assert client.value("add_months(DATE '2020-02-29', 1)") == datetime(2020, 3, 31)  # noqa: DTZ001


def test_last_day_and_months_between(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LAST_DAY.html, r_MONTHS_BETWEEN_function.html"""
    assert client.value("last_day(DATE '2020-02-03')") == date(2020, 2, 29)
    assert client.value("months_between(DATE '2020-03-31', DATE '2020-02-29')") == 1.0


def test_extract_is_an_integer_and_divides_like_one(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html"""
    assert client.value("(extract(month FROM DATE '2020-05-03') + 2) / 3") == 2
    assert client.value("extract(week FROM DATE '2021-01-03')") == 53


def test_date_part_is_a_double(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_PART_function.html"""
    assert client.value("date_part(month, DATE '2020-05-03') / 2") == 2.5


def test_date_trunc_of_a_date_is_a_timestamp_without_zone(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_TRUNC.html"""
    assert client.value("date_trunc('month', DATE '2020-05-03')") == datetime(2020, 5, 1)  # noqa: DTZ001


def test_trunc_of_a_timestamp_is_its_date(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNC_date.html"""
    assert client.value("trunc(TIMESTAMP '2020-05-03 10:00:00')") == date(2020, 5, 3)
    assert client.value("trunc(2.7)") == 2


def test_getdate_and_sysdate_are_utc_timestamps_without_zone(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_GETDATE.html, r_SYSDATE.html"""
    moment, other = client.run("SELECT getdate(), sysdate")[0]
    assert moment.tzinfo is None
    assert moment.microsecond == 0
    assert abs((other - moment).total_seconds()) < 2


def test_convert_timezone(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html"""
    expected = datetime(2008, 8, 21, 0, 23, 54)  # noqa: DTZ001
    assert client.value("convert_timezone('EST', TIMESTAMP '2008-08-21 05:23:54')") == expected


def test_strtol_reads_any_base_up_to_36(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html"""
    assert client.run("SELECT strtol('ff', 16), strtol('zz', 36), strtol('-101', 2)") == [(255, 1295, -5)]
    digest = "strtol(substring(md5('x'), 1, 15), 16)"
    assert client.value(digest) == int("9dd4e461268c803", 16)
    client.refusal("SELECT strtol('9', 8)")
    client.refusal("SELECT strtol('xyz', 16)")


def test_nvl_nvl2_and_decode(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_NVL_function.html, r_NVL2.html, r_DECODE_expression.html"""
    assert client.run("SELECT nvl(NULL, 3), nvl2(1, 'y', 'n'), nvl2(NULL, 'y', 'n')") == [(3, "y", "n")]
    assert client.value("decode(NULL, NULL, 'none', 1, 'one', 'many')") == "none"
    assert client.value("decode(2, 1, 'one', 2, 'two')") == "two"
    assert client.value("decode(5, 1, 'one', 2, 'two')") is None


def test_listagg_joins_in_order(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html"""
    client.run("CREATE TABLE t (a VARCHAR(5), n INT)")
    client.run("INSERT INTO t VALUES ('b', 1), ('a', 2), ('b', 3)")
    assert client.value("listagg(a, ', ') WITHIN GROUP (ORDER BY n DESC) FROM t") == "b, a, b"
    assert client.value("listagg(DISTINCT a) WITHIN GROUP (ORDER BY a) FROM t") == "ab"


def test_median_is_the_middle(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_MEDIAN.html"""
    client.run("CREATE TABLE t (n INT)")
    client.run("INSERT INTO t VALUES (1), (2), (4), (8)")
    assert client.value("median(n) FROM t") == 3.0


def test_regexp_replace_replaces_every_match(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_REPLACE.html"""
    assert client.value("regexp_replace('a-b-c', '-', '+')") == "a+b+c"


def test_len_charindex_and_sha2(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_LEN.html, r_CHARINDEX.html, SHA2.html"""
    assert client.run("SELECT len('éa'), charindex('b', 'abc')") == [(2, 2)]
    assert str(client.value("sha2('x', 256)")).startswith("2d711642b726b044")


def test_division_of_integers_is_cut(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html"""
    assert client.value("7 / 2") == 3


def test_version_names_postgresql_8_and_redshift(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_VERSION.html"""
    assert str(client.value("version()")).startswith("PostgreSQL 8.0.2")
    assert "Redshift" in str(client.value("version()"))
    assert client.connection.server_version == 80002


@pytest.mark.parametrize(
    "function",
    [
        "string_agg(a, ',')",
        "array_agg(a)",
        "json_agg(a)",
        "unnest(a)",
        "concat_ws(',', a, a)",
        "format('%s', a)",
        "gen_random_uuid()",
        "nextval('s')",
        "pg_advisory_lock(1)",
        "pg_sleep(1)",
        "pg_read_file('/etc/passwd')",
        "make_date(2020, 1, 1)",
        "pg_catalog.string_agg(a, ',')",
    ],
)
def test_functions_redshift_lacks_do_not_exist(client: Client, function: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-functions.html"""
    client.run("CREATE TABLE t (a VARCHAR(5))")
    assert client.refusal(f"SELECT {function.replace('%', '%%')} FROM t").pgcode == "42883"


def test_leader_node_functions_do_not_work_on_tables(client: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html"""
    client.run("CREATE TABLE t (a INT)")
    assert client.run("SELECT generate_series(1, 3)") == [(1,), (2,), (3,)]
    assert "not supported on Redshift tables" in str(client.refusal("SELECT now(), a FROM t"))
    assert "not supported on Redshift tables" in str(client.refusal("INSERT INTO t SELECT generate_series(1, 3)"))
