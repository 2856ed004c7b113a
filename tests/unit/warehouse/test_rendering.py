"""The strict renderer: only names that cannot be bound, and none that is missing, extra or unsafe."""

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.redshift.rendering import render, role_clause, source_literal

ROLE = "arn:aws:iam::123456789012:role/path/load"


def test_every_placeholder_is_replaced() -> None:
    assert (
        render("copy t from {{ a }} iam_role {{ b }}", {"a": "'x'", "b": "default"})
        == "copy t from 'x' iam_role default"
    )


@pytest.mark.parametrize("values", [{}, {"a": "1", "b": "2"}, {"b": "2"}])
def test_a_missing_or_an_extra_value_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(InvalidSettings, match="placeholders"):
        render("select {{ a }}", values)


def test_a_placeholder_of_another_form_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="not of the form"):
        render("select {{a}}", {})


def test_a_value_may_itself_hold_braces() -> None:
    assert render("from {{ a }}", {"a": "'s3://b/{{ a }}'"}) == "from 's3://b/{{ a }}'"


def test_a_source_may_hold_spaces_and_quotes() -> None:
    assert source_literal("file:///home/o'neil/my lake") == "'file:///home/o''neil/my lake'"


@pytest.mark.parametrize("uri", ["s3://b/\\'; drop", "s3://b/a\nb", "http://b/a", ""])
def test_an_unsafe_source_is_refused(uri: str) -> None:
    with pytest.raises(InvalidSettings, match="cannot be COPY's source"):
        source_literal(uri)


@pytest.mark.parametrize(
    ("role", "clause"), [("default", "default"), (ROLE, f"'{ROLE}'"), (f"{ROLE},{ROLE}", f"'{ROLE},{ROLE}'")]
)
def test_a_role_is_default_or_arns(role: str, clause: str) -> None:
    assert role_clause(role) == clause


@pytest.mark.parametrize("role", ["", "load", "default; drop", f"{ROLE}' manifest"])
def test_anything_else_is_no_role(role: str) -> None:
    with pytest.raises(InvalidSettings, match="not a role"):
        role_clause(role)
