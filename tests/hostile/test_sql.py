"""The stand-in's reading of SQL: a plan for each statement or a refusal, whatever the text is."""

from hypothesis import example, given
from hypothesis import strategies as st
from redshift_local.language.tokens import string_value, tokenize
from redshift_local.refusal import Refusal
from redshift_local.serving.startup import prepared
from redshift_local.statements.judging import STATEMENTS, judge

from tests.hostile.material import Text, hostile, octets, texts
from tests.hostile.told import inert, only

CALLS = [
    *("cast", "convert", "extract", "dateadd", "datediff", "date_part", "decode", "nvl", "nvl2", "strtol", "listagg"),
    *(
        "median",
        "percentile_cont",
        "convert_timezone",
        "current_setting",
        "count",
        "avg",
        "trim",
        "substring",
        "approximate",
    ),
]
WORDS = [
    *(
        "from",
        "where",
        "group by",
        "order by",
        "limit",
        "as",
        "with",
        "in",
        "not",
        "null",
        "and",
        "or",
        "case",
        "when",
        "end",
    ),
    *("table", "view", "schema", "user", "group", "database", "if not exists", "primary key", "references", "default"),
    *("distkey", "sortkey", "compound", "diststyle", "even", "encode", "identity", "like", "temp", "add column", "on"),
    *(
        "integer",
        "varchar",
        "numeric",
        "decimal",
        "double precision",
        "timestamp",
        "character varying",
        "float",
        "super",
    ),
    *(
        "into",
        "values",
        "set",
        "to",
        "all",
        "distinct",
        "over",
        "partition by",
        "union",
        "minus",
        "interval",
        "date",
        "json",
    ),
    *(
        "s3://x",
        "iam_role",
        "format",
        "parquet",
        "manifest",
        "password",
        "options",
        "owner",
        "rename",
        "drop",
        "type",
        "max",
    ),
]
MARKS = [
    "(",
    ")",
    ",",
    ";",
    ".",
    "::",
    "[",
    "]",
    ":",
    "{",
    "}",
    "=",
    "/",
    "*",
    "-",
    "+",
    "||",
    "~",
    "$1",
    "'a'",
    '"a"',
    "1",
    ".5",
    "a",
]
tokens = st.sampled_from([*STATEMENTS, *CALLS, *WORDS, *MARKS]) | texts(2)
calls = st.tuples(st.sampled_from(CALLS), st.lists(tokens, max_size=5)).map(
    lambda pair: f"{pair[0]}({' '.join(pair[1])})"
)
statements = st.tuples(st.sampled_from(list(STATEMENTS)), st.lists(tokens | calls, max_size=12)).map(
    lambda pair: " ".join([pair[0], *pair[1]])
)

REAL = [
    "create table s.t (a int distkey not null, b varchar(10) default 'x' encode lzo, primary key (a)) sortkey (a)",
    "create table if not exists t (like u including defaults) diststyle all compound sortkey (a, b)",
    "create table t (a) distkey(a) as select cast(b as numeric(12, 2)) / nvl(c, 1) from u",
    "alter table s.t add column c numeric(12, 6) default null encode az64",
    "alter table t alter column c type varchar(20)",
    "copy s.t (a, b) from 's3://x/y.manifest' iam_role 'arn:aws:iam::1:role/x' format as parquet manifest",
    "select decode(a, 1, 'x', 'y'), datediff(month, b, c::date), listagg(d, ',') within group (order by d) from t",
    "select extract(year from a), dateadd(day, 1, b), strtol(substring(md5(c), 1, 15), 16) from t where a ilike 'x%'",
    "insert into t (a, b) values (1, 'x'), (2, null)",
    "create user u password 'Abc12345' in group g valid until '2030-01-01'",
    "grant select on all tables in schema s to group g with grant option",
    "create or replace view v (a) as with x as (select 1) select * from x",
    "explain select percentile_cont(0.5) within group (order by a) over (partition by b) from t",
    "declare c cursor for select 1",
    "set query_group to 'x'",
    "lock table s.t",
    "vacuum delete only t to 99 percent",
    "merge into t using u on t.a = u.a when matched then update set b = 1 when not matched then insert values (1)",
]


@st.composite
def disfigured(draw: st.DrawFn) -> str:
    """A real statement in which tokens are taken out, doubled or replaced."""
    text = draw(st.sampled_from(REAL))
    parts = [text[token.start : token.end] for token in tokenize(text)]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(parts) - 1))
        parts[at : at + draw(st.integers(0, 2))] = draw(st.lists(tokens, max_size=2))
        parts = parts or ["select"]
    return " ".join(parts)


@hostile
@given(disfigured() | statements | texts())
@example(Text("select " + "(" * 20_000 + "1" + ")" * 20_000))
@example(Text("select " + "nvl(" * 5_000 + "1" + ", 1)" * 5_000))
@example(Text("select 1" + "::int" * 5_000))
@example(Text("explain " * 5_000 + "select 1"))
@example(Text("prepare a as " * 5_000 + "select 1"))
@example(Text("select '" + "x" * 10_000_000 + "'"))
@example(Text("select '" + "x" * 10_000_000))
@example(Text("insert into t values " + "(1, 'a')," * 20_000))
@example(Text("select 1;" * 5_000))
@example(Text("/*" * 100_000))
@example(Text("select " + "-" * 100_000 + "\n1"))
@example(Text("select " + "case when 1 then " * 5_000 + "1"))
@example("create table t (a varchar(" + "9" * 5_000 + "))")
@example("create table t (a varchar(٣))")
@example("alter database d connection limit " + "9" * 5_000)
@example("select a::")
@example("select cast(a as)")
def test_each_statement_is_planned_or_refused(text: str) -> None:
    with inert(), only(Refusal) as told:
        for plan in judge(text):
            assert plan.text
    assert len(told.sentence) < 100_000


@hostile
@given(texts())
def test_what_a_string_means_is_in_it(text: str) -> None:
    with only(Refusal):
        for token in tokenize(text):
            assert 0 <= token.start < token.end <= len(text)
            if token.kind == "string":
                assert len(string_value(text, token)) <= token.end - token.start


@hostile
@given(st.binary(min_size=4, max_size=4) | st.just(b"\0\3\0\0"), octets())
@example(b"\0\3\0\0", b"user\0a\0options\0" + b"-c a=b " * 1_000 + b"\0")
def test_a_startup_message_is_read_or_refused(version: bytes, body: bytes) -> None:
    with inert(), only(Refusal):
        assert prepared(version + body).message
