"""What only a query's parse tree tells: the scale of divisions, correlated subqueries, aliases used as columns."""

from decimal import Decimal

import psycopg
import pytest

from tests.integration.redshift_local.conftest import Client


@pytest.fixture
def tickit(client: Client) -> Client:
    """The tables of the documentation's examples, with a few rows."""
    client.run("CREATE TABLE event (eventid INT, catid INT, eventname VARCHAR(20))")
    client.run("CREATE TABLE category (catid INT, catname VARCHAR(20))")
    client.run("CREATE TABLE listing (listid INT, eventid INT, numtickets SMALLINT)")
    client.run(
        """CREATE TABLE sales (salesid INT, listid INT, eventid INT, qtysold SMALLINT, pricepaid DECIMAL(8,2),
           commission DECIMAL(8,2), big BIGINT)"""
    )
    client.run("INSERT INTO sales VALUES (1, 10, 1, 3, 7.00, 3.00, 9), (2, 10, 2, 2, 20.00, -6.00, 7)")
    client.run("INSERT INTO listing VALUES (10, 1, 5)")
    client.run("INSERT INTO event VALUES (1, 1, 'Lollapalooza')")
    return client


@pytest.mark.parametrize(
    ("division", "quotients"),
    [
        ("pricepaid / commission", ("2.333333333", "-3.333333333")),  # DECIMAL(17,9), the page's example
        ("pricepaid / qtysold", ("2.33333333", "10.00000000")),  # DECIMAL(8,2) / DECIMAL(5,0), as in declare.html
        ("pricepaid / salesid", ("7.0000000000000", "10.0000000000000")),
        ("pricepaid / 3.00", ("2.3333", "6.6666")),
        ("big / 7.0", ("1.2857", "1.0000")),
        ("100.0 * qtysold / 7", ("42.857142857142", "28.571428571428")),
        ("(pricepaid + commission) / 30.0", ("0.33333", "0.46666")),
        ("-pricepaid / 300.00", ("-0.023333", "-0.066666")),
        ("pricepaid / commission / 3.00", ("0.77777777766", "-1.11111111100")),
        ("nvl(pricepaid, 0.00) / 3.00", ("2.3333", "6.6666")),
        ("CASE WHEN qtysold > 2 THEN pricepaid ELSE 0.5000 END / 3.00", ("2.333333", "0.166666")),
        ("round(pricepaid, 1) / 3.00", ("2.3333", "6.6666")),
        ("CAST(pricepaid AS DECIMAL(20,4)) / CAST(3 AS DECIMAL(12,0))", ("2.33333333333333333", "6.66666666666666666")),
        ("CAST(pricepaid AS DECIMAL(38,4)) / CAST(3 AS DECIMAL(12,0))", ("2.3333", "6.6666")),  # beyond 38 digits
    ],
)
def test_a_quotient_has_the_scale_of_redshift_s_formula(tickit: Client, division: str, quotients: list[str]) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html"""
    found = tickit.run(f"SELECT {division} FROM sales ORDER BY salesid")
    assert tuple(str(value) for (value,) in found) == quotients


def test_sums_are_divided_as_decimals_of_38_digits(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_SUM.html, r_numeric_computations201.html"""
    found = tickit.run("SELECT sum(pricepaid) / count(*), sum(big) / 3.0 FROM sales")
    assert [str(value) for value in found[0]] == ["13.5000", "5.3333"]
    assert str(tickit.run("SELECT sum(pricepaid) OVER () / 4.0 FROM sales")[0][0]) == "6.7500"


def test_a_quotient_whose_scale_cannot_be_known_is_refused(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html"""
    for division in (
        "pricepaid / 0.5",
        "pricepaid / ln(commission + 9)",
        "pricepaid / CAST('3' AS VARCHAR)::numeric / ln(2.5)",
    ):
        error = tickit.refusal(f"SELECT {division} FROM sales")
        assert str(error).startswith("the local stand-in for Redshift does not do"), division


def test_a_quotient_s_scale_is_known_through_queries_and_groups(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html"""
    tickit.run("CREATE VIEW paid AS SELECT pricepaid AS paid, pricepaid / commission AS ratio FROM sales")
    for source in (
        "(SELECT pricepaid AS paid FROM sales) AS s",
        "(SELECT pricepaid AS paid FROM sales UNION ALL SELECT pricepaid FROM sales) AS s",
        "paid",
        "(SELECT a.pricepaid AS paid FROM sales AS a LEFT JOIN sales AS b USING (salesid)) AS s",
        "(SELECT max(pricepaid) AS paid FROM sales GROUP BY salesid) AS s",
    ):
        assert {str(value) for (value,) in tickit.run(f"SELECT paid / 3.00 FROM {source}")} == {"2.3333", "6.6666"}
    assert (
        str(
            tickit.value(
                "max(paid / 3.00) FROM (WITH w AS (SELECT pricepaid AS paid FROM sales) SELECT paid FROM w) AS s"
            )
        )
        == "6.6666"
    )
    assert tickit.run("SELECT ratio FROM paid ORDER BY 1 DESC LIMIT 1") == [(Decimal("2.333333333"),)]
    grouped = "SELECT pricepaid / commission, count(*) FROM sales GROUP BY pricepaid / commission"
    assert tickit.run(f"{grouped} HAVING pricepaid / commission > 0") == [(Decimal("2.333333333"), 1)]
    assert "stand-in" in str(tickit.refusal("SELECT ratio / 2 FROM paid"))


def test_quotients_are_written_with_that_scale_too(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html"""
    tickit.run("CREATE TABLE made AS SELECT CAST(pricepaid / commission AS DECIMAL(17,9)) AS ratio FROM sales")
    tickit.run("CREATE TABLE filled (ratio DECIMAL(20,12))")
    tickit.run("INSERT INTO filled SELECT pricepaid / commission FROM sales")
    assert tickit.run("SELECT max(ratio) FROM made UNION ALL SELECT max(ratio) FROM filled") == [
        (Decimal("2.333333333"),),
        (Decimal("2.333333333000"),),
    ]
    tickit.run("UPDATE filled SET ratio = (SELECT max(pricepaid / 3.00) FROM sales)")
    tickit.run("DELETE FROM filled WHERE ratio / 2.0 > 100")
    assert tickit.run("SELECT DISTINCT ratio FROM filled") == [(Decimal("6.666600000000"),)]


def test_other_divisions_are_as_they_were(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html"""
    assert tickit.run("SELECT qtysold / 2, CAST(pricepaid AS DOUBLE PRECISION) / 4 FROM sales WHERE salesid = 1") == [
        (1, 1.75)
    ]
    assert tickit.refusal("SELECT pricepaid / 0.00 FROM sales").pgcode in {"22012", "0A000"}
    assert tickit.refusal("SELECT pricepaid / (commission - commission) FROM sales").pgcode == "22012"
    assert tickit.refusal("SELECT nothing / 2 FROM sales").pgcode == "42703"


def test_a_division_in_a_transaction_leaves_it_as_it_was(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html"""
    tickit.run("BEGIN")
    tickit.run("CREATE TEMP TABLE here AS SELECT pricepaid FROM sales")
    assert {str(value) for (value,) in tickit.run("SELECT pricepaid / 3.00 FROM here")} == {"2.3333", "6.6666"}
    assert tickit.run("SHOW client_min_messages") == [("notice",)]
    tickit.run("COMMIT")
    tickit.run("BEGIN")
    assert tickit.refusal("SELECT nothing / 2 FROM sales").pgcode == "42703"
    assert tickit.refusal("SELECT 1").pgcode == "25P02"
    tickit.run("ROLLBACK")


def test_several_statements_at_once_are_divided_each_in_its_turn(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html"""
    found = tickit.run(
        "CREATE TABLE fresh (n DECIMAL(4,1)); INSERT INTO fresh VALUES (7.0); SELECT n / 3.00 FROM fresh"
    )
    assert [str(value) for (value,) in found] == ["2.3333"]


@pytest.mark.parametrize(
    "query",
    [
        """select event.eventname from event where not exists (select * from listing
           where not exists (select * from sales where event.eventid = sales.eventid))""",
        """select * from category left join event on category.catid = event.catid and eventid =
           (select max(eventid) from sales where sales.eventid = event.eventid)""",
        """select listid, qtysold from sales s where qtysold not in
           (select sum(numtickets) over () from listing l where s.listid = l.listid)""",
        """select listing.listid, (select count(sales.listid) from sales where sales.listid = listing.listid) as list
           from listing group by list, listing.listid""",
        """select * from listing where listid in
           (select sum(qtysold) from sales where numtickets > 4 group by salesid)""",
        """create table t as select * from listing where exists (select 1 from event
           where exists (select 1 from sales where listing.listid = sales.listid))""",
        "delete from listing where listid in (select sum(qtysold) from sales where numtickets > 4 group by salesid)",
    ],
)
def test_correlations_that_redshift_cannot_resolve_are_refused(tickit: Client, query: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html"""
    error = tickit.refusal(query)
    assert (error.pgcode, error.diag.message_primary) == (
        "0A000",
        "This type of correlated subquery pattern is not supported yet",
    )


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (
            "select 1 from sales s where qtysold = (select max(numtickets)-2 from listing l where s.listid=l.listid)",
            1,
        ),
        ("select listid from listing where listid in (select sum(qtysold) from sales group by salesid)", 0),
        (
            "select 1 from listing where 5 in (select max(qtysold)+2 from sales where numtickets > 4 group by salesid)",
            1,
        ),
        ("select eventid from event where exists (select 1 from sales where sales.eventid = event.eventid)", 1),
        ("select listid, (select count(*) from sales where sales.listid = listing.listid) as n from listing", 1),
        ("select s.n from (select count(*) as n from sales) as s where s.n > (select 1)", 1),
    ],
)
def test_correlations_that_redshift_resolves_are_answered(tickit: Client, query: str, rows: int) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html"""
    assert len(tickit.run(query)) == rows


def test_an_alias_serves_later_items_of_the_same_list(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html"""
    assert tickit.run("SELECT qtysold + 1 AS z, z * 2 AS y, y - z FROM sales WHERE salesid = 1") == [(4, 8, 4)]
    clicks = "SELECT qtysold / pricepaid AS probability, round(100 * probability, 1) AS p FROM sales WHERE salesid = 1"
    assert tickit.run(clicks) == [(Decimal("0.4285714"), Decimal("42.9"))]
    tickit.run("CREATE TABLE made AS SELECT salesid AS a, a + 1 AS b FROM sales")
    assert tickit.run("SELECT a, b FROM made ORDER BY a") == [(1, 2), (2, 3)]


def test_a_column_comes_before_an_alias_of_its_name(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html"""
    assert tickit.run("SELECT listid AS salesid, salesid + 1 FROM sales WHERE sales.salesid = 1") == [(10, 2)]
    assert tickit.refusal("SELECT nothing AS a, nowhere FROM sales").pgcode == "42703"


def test_an_alias_works_in_a_transaction_and_by_parameters(tickit: Client) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html"""
    tickit.run("BEGIN")
    assert tickit.run("SELECT qtysold + %s AS z, z * 2 FROM sales WHERE salesid = 1", (1,)) == [(4, 8)]
    tickit.run("COMMIT")


def test_the_extended_protocol_is_examined_too(tickit: Client, redshift_server) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html, r_SELECT_list.html"""
    (schema,) = tickit.run("SELECT current_schema()")[0]
    where = f"host={redshift_server.host} port={redshift_server.port} user={redshift_server.user}"
    with psycopg.connect(f"{where} dbname={redshift_server.database}", autocommit=True) as connection:
        connection.prepare_threshold = None  # its DEALLOCATE ALL is none of Redshift's
        cursor = connection.cursor()
        cursor.execute(f"SET search_path TO {schema}")
        for _ in range(2):  # outside a block, and in one
            found = cursor.execute("SELECT pricepaid / 3.00, qtysold / %s FROM sales WHERE salesid = 1", (2,))
            assert [str(value) for value in found.fetchone()] == ["2.3333", "1"]
            found = cursor.execute("SELECT qtysold + %s AS z, z * 2 FROM sales WHERE salesid = 1", (1,))
            assert found.fetchall() == [(4, 8)]
            cursor.execute("BEGIN")
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="correlated"):
            cursor.execute(
                """select listid from listing
                   where listid in (select sum(qtysold) from sales where numtickets > %s group by salesid)""",
                (1,),
            )
        cursor.execute("ROLLBACK")


def test_a_long_expression_is_examined_as_well(tickit: Client) -> None:
    """A chain of operators is a deep tree."""
    chain = " + ".join(["pricepaid / 3.00"] * 500)
    assert str(tickit.value(f"{chain} FROM sales WHERE salesid = 1")) == "1166.6500"
    assert len(str(tickit.value(" || ".join(["'a'"] * 1500) + " || (SELECT 'b')"))) == 1501
