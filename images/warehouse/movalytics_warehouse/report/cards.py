"""The four answers in brief, as the first screen shows them."""

from dataclasses import dataclass

from movalytics_warehouse.report import certainty, formats, release
from movalytics_warehouse.report.facts import Facts


@dataclass(frozen=True)
class Card:
    """A question, its answer in a word, the figure behind it and how sure it is; `anchor` is the section's name."""

    anchor: str
    question: str
    answer: str = formats.NONE
    figure: str = ""
    certainty: str = ""


def cards(facts: Facts) -> list[Card]:
    """One card for each answer."""
    return [_film(facts), _genre(facts), _period(facts), _earning(facts)]


def _film(facts: Facts) -> Card:
    anchor, question, films = "films", "Highest-rated film", facts.answers.films
    if not films:
        return Card(anchor, question)
    return Card(
        anchor,
        question,
        films[0].title,
        f"{formats.stars(films[0].bayesian_rating)} out of 5",
        certainty.films(films),
    )


def _genre(facts: Facts) -> Card:
    anchor, question, genres = "genres", "Most popular genre", facts.answers.genres
    if not genres:
        return Card(anchor, question)
    ratings = formats.plural(genres[0].rating_count, "rating")
    return Card(anchor, question, genres[0].genre_name, ratings, certainty.popular(genres))


def _period(facts: Facts) -> Card:
    anchor, question, answers = "release", "Best time to release", facts.answers
    month = release.verdict(answers.months, certainty.CLOSE)
    quarter = release.verdict(answers.quarters, certainty.CLOSE)
    if month is None or quarter is None:
        return Card(anchor, question)
    best, figure = month.by_mean, f"Best quarter: {formats.months_of(quarter.by_mean.number)}"
    return Card(anchor, question, formats.month(best.number), figure, certainty.of_mean_and_median(month, quarter))


def _earning(facts: Facts) -> Card:
    anchor, question, earnings = "earnings", "Highest-earning genre", facts.answers.earnings
    if not earnings:
        return Card(anchor, question)
    best, money = earnings[0], facts.box_office
    figure = f"{formats.money(best.real_revenue)} in dollars of {formats.month_of_year(best.base_month)}"
    films = formats.plural(money.films_in_real_dollars, "film")
    rests = f"From {films} with {formats.percent(money.share_in_real_dollars)} of the known box office."
    return Card(anchor, question, best.genre_name, figure, rests)
