"""Sentences of the answers where the page's own test does not reach."""

from dataclasses import replace
from datetime import date

from movalytics_warehouse.report import headlines
from movalytics_warehouse.report.facts import Answers


def test_films_of_the_same_score_share_the_first_place(answers: Answers) -> None:
    fargo = answers.films[0]
    other = replace(fargo, title="Heat")
    assert (
        headlines.highest_rated([fargo, other, answers.films[1]]) == "Fargo and Heat are rated highest: 4.13 out of 5."
    )


def test_the_genres_behind_the_first_are_named(answers: Answers) -> None:
    best = answers.earnings[0]
    genres = [best, *(replace(best, genre_name=name) for name in ("Action", "Drama", "War"))]
    assert headlines.highest_earning(genres, None).endswith("ahead of Action and Drama.")


def test_earnings_say_since_when_prices_are_known(answers: Answers) -> None:
    assert "films earned most since June\u00a02000:" in headlines.highest_earning(answers.earnings, date(2000, 6, 1))
