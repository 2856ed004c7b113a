"""`--allow`: what a person may raise for one run, and how a slip of the pen is told."""

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.plan.allowance import parse_allowance, raised, written
from movalytics_warehouse.plan.ceilings import Ceiling

CEILINGS = (
    Ceiling("ratings", "rejected", "total", 0.02),
    Ceiling("ratings", "rejected", "malformed", 0.01),
    Ceiling("ratings", "repaired", "malformed", 0.01),
    Ceiling("ratings", "history", "shrink", 0.001),
    Ceiling("ratings", "history", "drift", 0.0005),
    Ceiling("links", "rejected", "no_tmdb_id", 0.05),
)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", {}),
        (" , ", {}),
        ("ratings.malformed=0.3", {"ratings.malformed": 0.3}),
        ("ratings.malformed=.3,links.no_tmdb_id=1", {"ratings.malformed": 0.3, "links.no_tmdb_id": 1.0}),
        ("ratings.total=0\n\tratings.shrink=1.0 ", {"ratings.total": 0.0, "ratings.shrink": 1.0}),
        ("ratings.total=0.1 ratings.total=0.2", {"ratings.total": 0.2}),
    ],
)
def test_names_and_shares_are_separated_by_blanks_or_commas(text: str, allowed: dict[str, float]) -> None:
    assert parse_allowance(text, CEILINGS) == allowed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ratings.malformed", r"ratings\.malformed is no share: write it as"),
        ("ratings.malformed=30", "=30 is no share"),
        ("ratings.malformed=1.01", "is no share"),
        ("ratings.malformed=-0.1", "is no share"),
        ("ratings.malformed=nan", "is no share"),
        ("ratings.malformed=30%", "is no share"),
        ("ratings.malformed = 0.3", "ratings.malformed is no share"),
        ("ratings.malformed=0,3", "3 is no share"),
        ("ratings.malformd=0.3", "there is no ratings.malformd: ratings has malformed, shrink, total"),
        ("ratings.drift=0.3", "there is no ratings.drift"),
        ("rating.malformed=0.3", "there is no rating.malformed: the accounts are links, ratings"),
        ("malformed=0.3", "there is no malformed: the accounts are"),
    ],
)
def test_what_is_no_name_or_no_share_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidSettings, match=f"^allow: .*{words}"):
        parse_allowance(text, CEILINGS)


def test_the_ledgers_form_reads_back_as_the_same() -> None:
    allowed = {"ratings.malformed": 0.00001, "links.no_tmdb_id": 1.0, "ratings.shrink": 0.0}
    assert written(allowed) == "links.no_tmdb_id=1 ratings.malformed=0.00001 ratings.shrink=0"
    assert parse_allowance(written(allowed), CEILINGS) == allowed


def test_a_reason_is_raised_in_every_kind_and_all_others_stay() -> None:
    changed = raised(CEILINGS, {"ratings.malformed": 0.3})
    assert {(one.name, one.kind, one.share) for one in changed if one.allowed} == {
        ("ratings.malformed", "rejected", 0.3),
        ("ratings.malformed", "repaired", 0.3),
    }
    assert [one for one in changed if not one.allowed] == [one for one in CEILINGS if one.name != "ratings.malformed"]
