"""How SQL is split: what is one token, what is one statement, and that big INSERTs cost little."""

import pytest
from redshift_local.language.tokens import statements, string_value, tokenize
from redshift_local.refusal import Refusal


def values(text: str) -> list[str]:
    return [token.value for token in tokenize(text)]


def test_semicolons_in_strings_names_and_comments_end_no_statement() -> None:
    text = """select ';' , ";" /* ; /* ; */ ; */ -- ;\n; select $$;$$; ; select 'it''s \\'; '"""
    assert [len(each) for each in statements(tokenize(text))] == [4, 2, 2]


def test_a_quoted_keyword_is_no_keyword() -> None:
    assert values('select "SELECT"') == ["select", "quoted"]
    assert tokenize('"SELECT"')[0].name == "select"


def test_a_sign_after_an_operator_is_its_own_token() -> None:
    assert values("a=-1") == ["a", "=", "-", "1"]
    assert values("a->>1") == ["a", "->>", "1"]
    assert values("a--1") == ["a"]


def test_casts_parameters_and_numbers() -> None:
    assert values("x::int, $1, 1.5e-3, .5") == ["x", "::", "int", ",", "$1", ",", "1.5e-3", ",", ".5"]


@pytest.mark.parametrize("text", ["'open", '"open', "/* open", "$$ open", "select \\"])
def test_what_is_not_closed_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        tokenize(text)


def test_rows_of_literals_are_one_token() -> None:
    text = "insert into t values " + ", ".join(["(1, 'it''s (a) ;', null, -2.5, E'\\\\', '2020-01-01'::date)"] * 50_000)
    assert [token.kind for token in tokenize(text)] == ["word"] * 4 + ["rows"]


def test_rows_with_expressions_are_read_token_by_token() -> None:
    assert "rows" not in values("insert into t values (getdate())")
    assert "rows" not in [token.kind for token in tokenize("insert into t values (1) on conflict do nothing")]


def test_a_string_means_what_redshift_says_it_means() -> None:
    for text, meaning in {r"'it''s'": "it's", r"'a\\b'": r"a\b", r"'\''": "'", "$x$a$x$": "a"}.items():
        assert string_value(text, tokenize(text)[0]) == meaning
