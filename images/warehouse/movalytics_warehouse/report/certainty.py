"""How sure each answer is: how close the others come, and where another measure says something else."""

from collections.abc import Sequence

from movalytics_warehouse.report import formats
from movalytics_warehouse.report.facts import EarningGenre, Facts, PopularGenre, RatedFilm, ReleasePeriod
from movalytics_warehouse.report.release import Verdict, real_verdict, verdict

# Who comes so close is named beside the winner: a tenth of an amount, a twentieth of a star.
CLOSE = 0.10
CLOSE_STARS = 0.05
NAMED = 3


def all_four(facts: Facts) -> dict[str, str]:
    """The sentences by the names that report.json and the page's sections use; empty where nothing can be said."""
    answers = facts.answers
    return {
        "highest_rated_films": films(answers.films),
        "most_popular_genres": popular(answers.genres),
        "best_release_periods": release(answers.months, answers.quarters),
        "highest_earning_genres": earning(answers.earnings),
    }


def films(ranked: Sequence[RatedFilm]) -> str:
    """How far the next film is behind, in stars."""
    rest = [film for film in ranked if film.bayesian_rating < ranked[0].bayesian_rating]
    if not rest:
        return ""
    gaps = [(film.title, float(ranked[0].bayesian_rating - film.bayesian_rating)) for film in rest]
    close = [name for name, gap in gaps if gap <= CLOSE_STARS]
    near = f"within {CLOSE_STARS} stars of it"
    return _race(close, near, f"{gaps[0][0]} comes next, {formats.stars(gaps[0][1])} stars behind")


def popular(ranked: Sequence[PopularGenre]) -> str:
    """How many ratings fewer the next genre has."""
    return _amounts([(genre.genre_name, float(genre.rating_count)) for genre in ranked], "fewer ratings")


def earning(ranked: Sequence[EarningGenre]) -> str:
    """How much less the next genre earned."""
    return _amounts([(genre.genre_name, float(genre.real_revenue)) for genre in ranked], "less")


def release(months: Sequence[ReleasePeriod], quarters: Sequence[ReleasePeriod]) -> str:
    """How close other months and quarters come, and what real dollars say."""
    sentences = [
        _period(verdict(months, CLOSE), "month"),
        _period(verdict(quarters, CLOSE), "quarter"),
        _in_real_dollars(months, quarters),
    ]
    return " ".join(filter(None, sentences))


def of_mean_and_median(month: Verdict, quarter: Verdict) -> str:
    """Whether the median agrees, for where there is room for one short sentence."""
    others = [formats.month(month.by_median.number)] if not month.agrees else []
    others += [formats.months_of(quarter.by_median.number)] if not quarter.agrees else []
    if others:
        return f"By the mean; by the median {formats.listed(others)}."
    return "The mean and the median agree."


def name(period: ReleasePeriod, kind: str) -> str:
    """June; the second quarter (April to June)."""
    return formats.month(period.number) if kind == "month" else f"the {formats.quarter(period.number)}"


def _period(found: Verdict | None, kind: str) -> str:
    if found is None:
        return ""
    call = formats.month if kind == "month" else formats.months_of
    near = f"within {formats.percent(CLOSE)} of {call(found.by_mean.number)} by the mean"
    return _race([call(one.number) for one in found.close], near, f"no other {kind} comes {near}")


def _in_real_dollars(months: Sequence[ReleasePeriod], quarters: Sequence[ReleasePeriod]) -> str:
    month, quarter = real_verdict(months, CLOSE), real_verdict(quarters, CLOSE)
    if month is None or quarter is None:
        return ""
    counted = formats.plural(sum(one.real_movie_count for one in months), "film")
    means = f"{formats.month(month.by_mean.number)} and {formats.months_of(quarter.by_mean.number)}"
    medians = f"{formats.month(month.by_median.number)} and {formats.months_of(quarter.by_median.number)}"
    if means == medians:
        return f"In real dollars, known for {counted}, {means} come first by the mean and the median."
    return f"In real dollars, known for {counted}, {means} come first by the mean, {medians} by the median."


def _amounts(ranked: Sequence[tuple[str, float]], less: str) -> str:
    """How far the next one is behind the first, in percent of it."""
    if len(ranked) < 2 or ranked[0][1] <= 0:
        return ""
    behind = [(name, 1 - value / ranked[0][1]) for name, value in ranked[1:]]
    close = [name for name, gap in behind if gap <= CLOSE]
    near = f"within {formats.percent(CLOSE)} of {ranked[0][0]}"
    return _race(
        close, near, f"{behind[0][0]} comes next with {formats.percent(behind[0][1])} {less} than {ranked[0][0]}"
    )


def _race(close: Sequence[str], near: str, clear: str) -> str:
    if not close:
        return f"{formats.sentence_case(clear)}."
    if len(close) > NAMED:
        return f"{len(close)} others come {near}, {close[0]} nearest."
    return f"{formats.listed(close)} {'comes' if len(close) == 1 else 'come'} {near}."
