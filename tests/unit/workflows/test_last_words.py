"""What `make run` says at its end, from the records and the report that the steps leave in the lake."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from movalytics_workflows.house import DEFAULT_HOME
from movalytics_workflows.local.losses import loss_lines
from movalytics_workflows.local.settings import Home
from movalytics_workflows.local.summary import asking, last_words

RUN = "movalytics-daily-20260131-030000"


def account(rows_in: int, **more: object) -> dict[str, object]:
    return {"rows_in": rows_in, "rejected": {}, "merged": {}, "repaired": {}, **more}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def leave(home: Home, name: str, content: Mapping[str, object]) -> None:
    path = Path(home.lake.removeprefix("file://")) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def leave_record(home: Home, step: str, tables: Mapping[str, object], **more: object) -> None:
    leave(home, f"runs/run={RUN}/{step}.json", {"step": step, "tables": tables, **more})


def leave_report(home: Home, **more: object) -> None:
    data = {"sample": "", "ratings_until": "2016-10-16", "prices_until": "2022-04"}
    answers = {"film": {"headline": "It is The Godfather."}}
    report = {"answers": answers, "data": data, "warned": [], "allowed": [], **more}
    leave(home, f"reports/run={RUN}/report.json", report)


def test_losses_are_told_by_account_and_reason_the_greatest_first(home: Home) -> None:
    links = account(45_843, rejected={"no_tmdb_id": 219})
    rejected = {"not_in_links": 46, "film_not_in_catalogue": 28_289}
    ratings = account(100_004, rejected=rejected)
    leave_record(home, "transform-ratings", {"ratings": ratings}, inputs={"links": links})
    leave_record(home, "transform-catalogue", {"movies": account(4_627, repaired={"invalid_budget": 3})})
    assert loss_lines(home, RUN) == [
        "Rejected   28,335 of 100,004 in ratings: 28,289 film_not_in_catalogue, 46 not_in_links",
        "           219 of 45,843 in links: 219 no_tmdb_id",
        "Repaired   3 of 4,627 in movies: 3 invalid_budget",
    ]


def test_a_merged_row_is_no_loss(home: Home) -> None:
    leave_record(home, "transform-catalogue", {"movies": account(4_627, merged={"duplicate_film": 1})})
    assert loss_lines(home, RUN) == ["Rejected   nothing"]


def test_nothing_is_said_of_losses_before_there_is_a_transform(home: Home) -> None:
    assert loss_lines(home, RUN) == []


def test_the_end_says_that_it_was_a_sample_how_old_it_is_what_warned_and_what_was_allowed(home: Home) -> None:
    leave_report(
        home,
        data={"sample": "the first tenth of the films", "ratings_until": "2016-10-16", "prices_until": "2022-04"},
        warned=["index_is_at_most_75_days_old"],
        allowed=[{"name": "ratings.film_not_in_catalogue", "share": 0.3}],
    )
    words = last_words(home, RUN).splitlines()
    assert words[:3] == ["", "The four answers", "  1. It is The Godfather."]
    assert "Sample     the first tenth of the films" in words
    assert "Data       ratings until 2016-10-16, prices until 2022-04" in words
    assert "Allowed    ratings.film_not_in_catalogue up to 30 %" in words
    assert "Warned     index_is_at_most_75_days_old: the page says what they found" in words


def test_the_end_says_how_to_ask_the_warehouse_of_another_home_and_how_that_of_ours(tmp_path: Path) -> None:
    select = '"select * from movies.highest_rated_films where position <= 10 order by position"'
    other, ours = Home(tmp_path / "my home"), Home(DEFAULT_HOME)
    assert asking(other) == f"movalytics query --home='{tmp_path}/my home' --sql={select}"
    assert asking(ours) == f"make query SQL={select}"
    leave_report(other)
    assert last_words(other, RUN).endswith(f"Ask more   {asking(other)}")


def test_the_end_of_a_run_without_blemish_says_no_more_than_it_must(home: Home) -> None:
    leave_report(home)
    words = last_words(home, RUN)
    assert [word for word in ("Sample", "Warned", "Allowed") if word in words] == []
