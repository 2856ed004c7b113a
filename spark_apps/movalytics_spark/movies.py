"""movies: one row per film of TMDB, from movies_metadata.csv."""

from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark.columns import CURATED
from movalytics_spark.judging import first_reason, standing, without_duplicates
from movalytics_spark.literals import day, decimal, unreadable, whole

COLUMNS: Final = [
    "adult",
    "belongs_to_collection",
    "budget",
    "genres",
    "homepage",
    "id",
    "imdb_id",
    "original_language",
    "original_title",
    "overview",
    "popularity",
    "poster_path",
    "production_companies",
    "production_countries",
    "release_date",
    "revenue",
    "runtime",
    "spoken_languages",
    "status",
    "tagline",
    "title",
    "video",
    "vote_average",
    "vote_count",
]
AFTER_OVERVIEW: Final = COLUMNS[COLUMNS.index("overview") + 1 :]
TITLE_BYTES: Final = 300  # VARCHAR counts bytes in Redshift; the longest title seen has 131
LANGUAGE_BYTES: Final = 10


def films(source: DataFrame) -> DataFrame:
    """Judged films: movies' columns, `genres` (text), `row` (place in the file), reason, record.

    `source`: the 24 columns as text, `malformed` (the line, when its number of columns is wrong) and `row`.
    Of rows with one id the one with most votes stands, then the first in the file.
    """
    record = F.to_json(F.struct(*COLUMNS, "malformed"))
    typed = source.select("*", *_values(), record.alias("record"))
    judged = typed.select(
        *[F.col(f"_{name}").alias(name) for name in CURATED["movies"].names],
        "genres",
        "row",
        first_reason(_rules()).alias("reason"),
        "record",
    )
    most_votes_first = [F.desc_nulls_last("vote_count"), F.asc("row")]
    return without_duplicates(judged, ["movie_id"], most_votes_first, "duplicate_film")


def movie_ids(films: DataFrame) -> DataFrame:
    """movie_id of the films that stand: the catalogue."""
    return standing(films).select("movie_id")


def _values() -> list[Column]:
    """The curated values under names with an underscore, beside the raw text they come from."""
    values = {
        "movie_id": whole(F.col("id")).try_cast("int"),
        "is_adult": F.when(F.col("adult").isin("True", "False"), F.col("adult") == "True"),
        "budget": _known(whole(F.col("budget"))),
        "original_language": F.col("original_language"),
        "title": F.col("title"),
        "popularity": decimal(F.col("popularity")),
        "release_date": day(F.col("release_date")),
        "revenue": _known(whole(F.col("revenue"))),
        "vote_count": whole(F.col("vote_count")).try_cast("int"),
        "vote_average": decimal(F.col("vote_average")),
    }
    return [value.alias(f"_{name}") for name, value in values.items()]


def _known(money: Column) -> Column:
    """0 dollars means that nobody knows."""
    return F.nullif(money, F.lit(0))


def _rules() -> dict[str, Column]:
    """Reasons to reject a film, the first that holds counts; limits are those of the published columns."""
    return {
        "split_record": _first_half() | _second_half(),
        "malformed": F.col("malformed").isNotNull(),
        "no_movie_id": ~F.coalesce(F.col("_movie_id") > 0, F.lit(False)),
        "no_title": F.coalesce(F.trim("title"), F.lit("")) == "",
        "title_too_long": F.octet_length("title") > TITLE_BYTES,
        "invalid_adult": unreadable(F.col("adult"), F.col("_is_adult")),
        "invalid_budget": _not_money("budget"),
        "invalid_original_language": F.octet_length("original_language") > LANGUAGE_BYTES,
        "invalid_popularity": _outside("popularity", 0, 999_999),
        "invalid_release_date": _not_a_release_date(),
        "invalid_revenue": _not_money("revenue"),
        "invalid_vote_count": _outside("vote_count", 0, 2**31 - 1),
        "invalid_vote_average": _outside("vote_average", 0, 10),
    }


def _first_half() -> Column:
    """A record that a line break cut in its overview: an id, and nothing after the overview (facts: 3 in Kaggle's)."""
    return F.col("_movie_id").isNotNull() & F.coalesce(*AFTER_OVERVIEW).isNull()


def _second_half() -> Column:
    """Its other half, shifted nine columns to the left: the release date stands where the id should."""
    return day(F.col("id")).isNotNull()


def _not_money(name: str) -> Column:
    amount = whole(F.col(name))
    return unreadable(F.col(name), amount) | (amount < 0)


def _outside(name: str, low: int, high: int) -> Column:
    value = F.col(f"_{name}")
    return unreadable(F.col(name), value) | ~value.between(low, high)


def _not_a_release_date() -> Column:
    value = F.col("_release_date")
    return unreadable(F.col("release_date"), value) | ~F.year(value).between(1870, 2100)
