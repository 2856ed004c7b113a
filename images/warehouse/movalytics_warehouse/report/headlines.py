"""The four answers, one sentence each; every function also answers when there is nothing to tell."""

from collections.abc import Sequence
from datetime import date

from movalytics_warehouse.report import formats, release
from movalytics_warehouse.report.certainty import CLOSE, name
from movalytics_warehouse.report.facts import EarningGenre, Facts, PopularGenre, RatedFilm, ReleasePeriod

# By the names that report.json and the page's sections use, in the order in which pages tell them.
NAMES = ("highest_rated_films", "most_popular_genres", "best_release_periods", "highest_earning_genres")


def highest_rated(films: Sequence[RatedFilm]) -> str:
    """Which film is rated highest; films of the same score share the place."""
    if not films:
        return "No film has been rated yet."
    best = [film for film in films if film.bayesian_rating == films[0].bayesian_rating]
    names = formats.listed([film.title for film in best])
    score = formats.stars(films[0].bayesian_rating)
    if len(best) > 1:
        return f"{names} are rated highest: {score} out of 5."
    return f"{names} is rated highest: {score} out of 5."


def most_popular(genres: Sequence[PopularGenre]) -> str:
    """Which genres users rate most."""
    if not genres:
        return "No genre has been rated yet."
    if len(genres) == 1:
        return f"{genres[0].genre_name} is the genre most popular with users."
    names = formats.listed([genre.genre_name for genre in genres[:3]])
    return f"{names} are the genres most popular with users."


def best_release(months: Sequence[ReleasePeriod], quarters: Sequence[ReleasePeriod]) -> str:
    """Which calendar month and which quarter earn a film most; where the median says another one, that too."""
    month, quarter = release.verdict(months, CLOSE), release.verdict(quarters, CLOSE)
    if month is None or quarter is None:
        return "No film has both a release date and a known box office yet."
    answer = (
        f"{name(month.by_mean, 'month')} is the best month to release a film, "
        f"and {name(quarter.by_mean, 'quarter')} the best quarter."
    )
    others = [
        name(found.by_median, kind) for found, kind in ((month, "month"), (quarter, "quarter")) if not found.agrees
    ]
    return f"{answer} So says the mean; the median says {formats.listed(others)}." if others else answer


def highest_earning(genres: Sequence[EarningGenre], first_month: date | None) -> str:
    """Which genres earned most, prices adjusted; `first_month` is the first one whose prices are known."""
    if not genres:
        return "No film\u2019s box office can be adjusted for prices yet."
    best = genres[0]
    since = f" since {_start(first_month)}" if first_month else ""
    earned = f"{formats.money(best.real_revenue)} in dollars of {formats.month_of_year(best.base_month)}"
    if len(genres) == 1:
        return f"{best.genre_name} films earned most{since}: {earned}."
    others = formats.listed([genre.genre_name for genre in genres[1:3]])
    return f"{best.genre_name} films earned most{since}: {earned}, ahead of {others}."


def _start(month: date) -> str:
    return str(month.year) if month.month == 1 else formats.month_of_year(month)


def all_four(facts: Facts) -> dict[str, str]:
    """The sentences by their names."""
    answers = facts.answers
    sentences = (
        highest_rated(answers.films),
        most_popular(answers.genres),
        best_release(answers.months, answers.quarters),
        highest_earning(answers.earnings, facts.box_office.first_cpi_month),
    )
    return dict(zip(NAMES, sentences, strict=True))


def place(name: str) -> tuple[int, str]:
    """Where an answer stands among all; one that is no longer asked for comes last."""
    return (NAMES.index(name) if name in NAMES else len(NAMES), name)


def plain(sentence: str) -> str:
    """The page keeps numbers and units on one line; a program would rather have plain blanks."""
    return sentence.replace("\u00a0", " ")
