"""How sure the answers are, in words."""

from dataclasses import replace
from decimal import Decimal

from movalytics_warehouse.report import certainty, headlines
from movalytics_warehouse.report.facts import Answers, EarningGenre, PopularGenre, RatedFilm, ReleasePeriod


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def period(number: int, mean: int, median: int, **real: object) -> ReleasePeriod:
    return ReleasePeriod(number, 10, 10 * mean, Decimal(mean), Decimal(median), **real)  # type: ignore[arg-type]


QUARTERS = [period(2, 1000, 900), period(4, 500, 400)]


def test_the_headline_stays_as_it_is_while_mean_and_median_agree() -> None:
    assert headlines.best_release([period(6, 1000, 500), period(7, 100, 50)], QUARTERS) == (
        "June is the best month to release a film, and the second quarter (April to June) the best quarter."
    )


def test_the_headline_says_so_where_the_median_calls_another_month_best() -> None:
    told = headlines.best_release([period(6, 1000, 500), period(7, 990, 600)], QUARTERS)
    assert told.endswith("the best quarter. So says the mean; the median says July.")


def test_the_headline_says_so_where_the_median_calls_another_quarter_best() -> None:
    quarters = [period(2, 1000, 300), period(4, 500, 400)]
    told = headlines.best_release([period(6, 1000, 500), period(7, 990, 600)], quarters)
    assert told.endswith("So says the mean; the median says July and the fourth quarter (October to December).")


def test_a_tie_of_medians_is_no_disagreement() -> None:
    assert "median" not in headlines.best_release([period(6, 1000, 500), period(1, 900, 500)], QUARTERS)


def test_months_within_a_tenth_of_the_best_are_named_nearest_first() -> None:
    months = [period(6, 1000, 1), period(5, 900, 1), period(7, 950, 1), period(1, 899, 1)]
    told = plain(certainty.release(months, QUARTERS))
    assert told.startswith("July and May come within 10 % of June by the mean.")
    assert "No other quarter comes within 10 % of April to June by the mean." in told


def test_many_close_months_are_counted() -> None:
    months = [period(number, 1000 - number, 1) for number in range(1, 7)]
    told = plain(certainty.release(months, QUARTERS))
    assert told.startswith("5 others come within 10 % of January by the mean, February nearest.")


def test_real_dollars_speak_for_the_films_whose_prices_are_known() -> None:
    def real(number: int, films: int, mean: int, median: int) -> ReleasePeriod:
        known = {"mean_real_revenue": Decimal(mean), "median_real_revenue": Decimal(median)}
        return period(number, 1000 - number, 1, real_movie_count=films, **known)

    months = [real(6, 3, 10, 90), real(5, 4, 20, 80), period(1, 2000, 1)]
    told = plain(certainty.release(months, [real(2, 7, 15, 85)]))
    assert told.endswith(
        "In real dollars, known for 7 films, May and April to June come first by the mean, "
        "June and April to June by the median."
    )
    agreeing = plain(certainty.release([real(5, 1, 20, 80)], [real(2, 1, 15, 85)]))
    assert agreeing.endswith("known for 1 film, May and April to June come first by the mean and the median.")


def test_without_real_dollars_nothing_is_said_of_them(answers: Answers) -> None:
    assert "real dollars" not in certainty.release([period(6, 10, 5)], QUARTERS)


def test_films_within_a_twentieth_of_a_star_are_close(answers: Answers) -> None:
    fargo = answers.films[0]

    def behind(title: str, stars: str) -> RatedFilm:
        return replace(fargo, title=title, bayesian_rating=fargo.bayesian_rating - Decimal(stars))

    assert certainty.films([fargo, behind("Heat", "0.05"), behind("Alien", "0.06")]) == (
        "Heat comes within 0.05 stars of it."
    )
    assert certainty.films([fargo, behind("Heat", "0.06")]) == "Heat comes next, 0.06 stars behind."
    assert certainty.films([fargo, replace(fargo, title="Heat")]) == ""  # they share the place


def test_genres_are_told_with_the_next_ones_distance(answers: Answers) -> None:
    drama: PopularGenre = answers.genres[0]
    assert plain(certainty.popular(answers.genres)) == "Comedy comes next with 22 % fewer ratings than Drama."
    assert plain(certainty.popular([drama, replace(drama, genre_name="War", rating_count=34_000)])) == (
        "War comes within 10 % of Drama."
    )
    best: EarningGenre = answers.earnings[0]
    next_one = replace(best, genre_name="War", real_revenue=best.real_revenue / 2)
    assert plain(certainty.earning([best, next_one])) == "War comes next with 50 % less than Adventure."
    assert certainty.earning([best]) == ""
