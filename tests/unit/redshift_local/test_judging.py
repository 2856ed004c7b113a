"""What becomes of statements: their text for PostgreSQL, or a refusal."""

import pytest
from redshift_local.refusal import Refusal
from redshift_local.statements.judging import judge


def text(statement: str) -> str:
    (plan,) = judge(statement)
    return plan.text


DECLARED = """CONSTRAINT "t_pkey" CHECK (ROW('p', "a") IS NOT NULL) NOT ENFORCED"""  # a key, kept for the catalog


@pytest.mark.parametrize(
    ("redshift", "postgresql"),
    [
        ("create table t (a int distkey) sortkey(a)", 'CREATE TABLE "t" ("a" integer)'),
        ("create table s.t (a varchar(max) encode lzo not null)", 'CREATE TABLE "s"."t" ("a" varchar(65535) NOT NULL)'),
        ("create table t (a int primary key)", f'CREATE TABLE "t" ("a" integer NOT NULL, {DECLARED})'),
        ("create table t (a decimal default 1 encode raw)", 'CREATE TABLE "t" ("a" numeric(18,0) DEFAULT 1)'),
        ("select a::numeric, cast(b as decimal(5,2))", "select a::numeric(18,0), CAST(b AS numeric(5,2))"),
        ("select nvl(a, b)", "select coalesce(a, b)"),
        ("select pg_catalog.version()", "select rs_compat.version()"),
        ("select avg(len(a))", "select rs_compat.avg(rs_compat.len(a))"),
        ("select datediff(month, a, b)", "select rs_compat.datediff('month', a, b)"),
        ("delete t where a = 1", "DELETE FROM t where a = 1"),
        ("vacuum delete only t to 99 percent", 'VACUUM "t"'),
        ("end work", "COMMIT"),
        ("set query_group to 'x'", "SET  redshift.query_group TO 'x'"),
    ],
)
def test_redshift_s_words_become_postgresql_s(redshift: str, postgresql: str) -> None:
    assert text(redshift) == postgresql


@pytest.mark.parametrize(
    "statement",
    [
        "select a, count(*) c from s.t as x (a, b) where a in (1, 2) group by a having count(*) > 1 order by 2 desc",
        "with recursive t (n) as (select 1 union all select n + 1 from t), u (m) as (select 1) select n from t, u",
        "select case when a then (select 1) end, (a, b) in (select 1, 2), row_number() over (partition by a) from t",
        "insert into t (a, b) select a, b from u where not exists (select 1 from t)",
        "select trim(both ' ' from a), substring(a from 1 for 2), position('x' in a), interval '1 day' from t",
    ],
)
def test_common_sql_passes_untouched(statement: str) -> None:
    assert text(statement) == statement


def test_comments_and_blanks_stay_where_they_are() -> None:
    assert text("select /* nvl( */ 1,\n  nvl ( 2 )  -- x") == "select /* nvl( */ 1,\n  coalesce( 2 )".replace(
        "( 2 )", "(2)"
    )


def test_an_unknown_statement_is_refused_never_guessed() -> None:
    with pytest.raises(Refusal, match="syntax error"):
        judge("frobnicate the table")


def test_an_unknown_function_is_refused_never_guessed() -> None:
    with pytest.raises(Refusal, match="does not exist"):
        judge("select frobnicate(1)")


@pytest.mark.parametrize(
    "statement", ["select (1", "select 1)", "select cast(1)", "create table t (a int", "alter table"]
)
def test_broken_statements_are_syntax_errors(statement: str) -> None:
    with pytest.raises(Refusal) as caught:
        judge(statement)
    assert caught.value.code == "42601"


def test_statements_that_need_more_than_their_text_say_so() -> None:
    copy = "copy t from 'file:///m' iam_role default format parquet manifest"
    actions = [plan.action for plan in judge(f"begin; {copy}; truncate t; create table u as select 1 a; commit")]
    assert actions == ["begin", "copy", "truncate", "create_as", "finish"]
