"""Plain words for the codes of the pipeline: reasons, tables, ceilings, stages and verdicts."""

from collections.abc import Mapping
from functools import cache

from movalytics_common.declaration import inputs, tables_and_marts

REASONS = {
    "duplicate_film": "the film is listed twice; the entry with most votes stands",
    "film_not_in_catalogue": "the film rated is not in the catalogue",
    "invalid_adult": "whether the film is for adults cannot be read",
    "invalid_budget": "the budget is not an amount of money",
    "invalid_genre": "the genre cannot be read",
    "invalid_index": "the price index is not a number above zero",
    "invalid_original_language": "the language is not a language code",
    "invalid_popularity": "the popularity is not a number",
    "invalid_rating": "not a rating between half a star and five stars",
    "invalid_release_date": "the release date is not a date",
    "invalid_revenue": "the box office is not an amount of money",
    "invalid_timestamp": "the moment of the rating cannot be read",
    "invalid_tmdb_id": "the film\u2019s number in the catalogue cannot be read",
    "invalid_vote_average": "the average vote is not between 0 and 10",
    "invalid_vote_count": "the number of votes is not a number",
    "malformed": "the line cannot be read",
    "merged_duplicate": "named more than once; kept once",
    "no_index": "the month has no price index",
    "no_movie_id": "the film has no usable number",
    "no_release_date": "the film has no release date",
    "no_title": "the film has no title",
    "no_tmdb_id": "the source does not say which film of the catalogue it is",
    "no_user_id": "the rating does not say by which user",
    "not_a_month": "not dated on the first day of a month",
    "not_in_links": "the film rated is missing from the source\u2019s list of links",
    "other_name": "named otherwise by fewer films; kept under the name that most give it",
    "other_tmdb_id": "the same film is linked to another film of the catalogue as well",
    "rating_over_five": "a rating above five stars",
    "rounded_index": "the price index has more decimals than its column; rounded",
    "rounded_popularity": "the popularity has more decimals than its column; rounded",
    "rounded_vote_average": "the average vote has more decimals than its column; rounded",
    "split_record": "half a film, from a line that is broken in two",
    "superseded_rating": "the user rated the same film again later; the later rating stands",
    "title_too_long": "the title is longer than its column",
}
# What a ceiling can bound beside the reasons: rows in all, against the last run, and the months of a series.
CEILINGS = {
    "total": "for all reasons together",
    "shrink": "fewer than in the last run",
    "changed": "others than in the last run",
    "missing_month": "months without a row",
    "missing_value": "months without a value",
    "monthly_change": "a change from one month to the next",
}
OF_ALL = {"movies_ops": "All tables"}
STAGES = {
    "staged": "Before publishing",
    "marts": "While publishing",
    "published": "After publishing",
}
VERDICTS = {"pass": "passed", "fail": "failed", "error": "could not run", "skip": "skipped", "warn": "warned"}


def spaced(code: str) -> str:
    """no_release_date → no release date."""
    return code.replace("_", " ")


def reason(code: str) -> str:
    """What a reason of rejection means; a code that is new here is at least readable."""
    return REASONS.get(code, spaced(code))


def table(name: str) -> str:
    """What a table holds."""
    return labels().get(name, spaced(name))


@cache
def labels() -> Mapping[str, str]:
    """What every table, file that feeds a join, and mart holds, in the order in which pages name them."""
    declared = {one.name: one.label for one in tables_and_marts()}
    return {**declared, **inputs(), **OF_ALL}


def stage(code: str) -> str:
    """When a check ran."""
    return STAGES.get(code, spaced(code))


def verdict(severity: str, state: str) -> str:
    """A check's outcome as its reader weighs it: an offence against a warning rule is `warned`, not `failed`."""
    return VERDICTS["warn"] if state == "fail" and severity == "warn" else VERDICTS.get(state, state)
