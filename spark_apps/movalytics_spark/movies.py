"""movies: one row per film of TMDB, from movies_metadata.csv."""

from collections.abc import Mapping
from typing import Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark.columns import CURATED
from movalytics_spark.genre_list import GENRE_LIST, genre_list
from movalytics_spark.literals import day, decimal, said, trimmed, unreadable, whole
from movalytics_spark.raw import raw_file
from movalytics_spark.reading import Source, read_content, same_names, source_of
from movalytics_spark.validation import DUPLICATE_FILM, accepted, all_reasons, first_reason, without_duplicates

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
REJECTIONS: Final = ("split_record", "malformed", "no_movie_id", "no_title", "title_too_long")
MERGES: Final = (DUPLICATE_FILM,)
OPTIONAL: Final = (
    *("adult", "budget", "original_language", "popularity", "release_date"),
    *("revenue", "vote_count", "vote_average"),
)
DECIMALS: Final = {"popularity": 6, "vote_average": 1}  # those that the published columns hold
REPAIRS: Final = (*[f"invalid_{name}" for name in OPTIONAL], *[f"rounded_{name}" for name in DECIMALS])

TITLE_BYTES: Final = 300  # VARCHAR counts bytes in Redshift; the longest title seen has 131
LANGUAGE: Final = r"^[A-Za-z]{2,3}([-_][A-Za-z]{2,6})?$"  # within VARCHAR(10)
GREATEST_INTEGER: Final = 2**31 - 1
HIGHEST_AMOUNT: Final = 10_000_000_000  # dollars; no film has earned three billion
HIGHEST_POPULARITY: Final = 999_999  # NUMERIC(12, 6)


def read_movies(spark: SparkSession, directory: str) -> Source:
    """movies_metadata.csv: 24 columns, malformed, row (place in the file), genre_list (what `genres` says)."""
    file = raw_file(directory, "movies_metadata.csv")
    content = read_content(file, same_names(COLUMNS), holds_texts=True)
    return source_of(spark, file, content, {"genre_list": (GENRE_LIST, _genre_list)})


def _genre_list(cells: Mapping[str, object]) -> list[dict[str, object]]:
    """As JSON; Python reads the literals here, in the driver, so that no executor needs a Python worker."""
    return [{"genre_id": number, "genre_name": name} for number, name in genre_list(str(cells.get("genres", "")))]


def films(source: DataFrame) -> DataFrame:
    """Validated films: movies' columns, genres (text), genre_list, row (place in the file), reason, repairs, record.

    `source`: what read_movies returns; `malformed` is the record when its number of columns is wrong.
    A film needs its id and title only: any other cell that cannot be read or believed becomes null, and is counted.
    Of rows with one id the one with most votes is accepted, then the first in the file.
    """
    record = F.to_json(F.struct(*COLUMNS, "malformed")).alias("record")
    read = said(source, ["id", *OPTIONAL]).select(
        "*", record, *[v.alias(f"_{name}") for name, v in _readings().items()]
    )
    validated = read.select(
        *[value.alias(name) for name, value in _curated().items()],
        "genres",
        "genre_list",
        "row",
        first_reason(_rules()).alias("reason"),
        all_reasons(_repairs()).alias("repairs"),
        "record",
    )
    most_votes_first = [F.desc_nulls_last("vote_count"), F.asc("row")]
    return without_duplicates(validated, ["movie_id"], most_votes_first, DUPLICATE_FILM)


def movie_ids(films: DataFrame) -> DataFrame:
    """movie_id of the accepted films: the catalogue."""
    return accepted(films).select("movie_id")


def _readings() -> dict[str, Column]:
    """What the cells of the file's columns say; null for what cannot be read or believed."""
    adult, language = F.lower("said_adult"), F.col("said_original_language")
    released = day(F.col("said_release_date"))
    return {
        "id": _between(whole(F.col("said_id")), 1, GREATEST_INTEGER),
        "title": trimmed(F.col("title")),
        "adult": F.when(adult.isin("true", "false"), adult == "true"),
        "budget": _between(whole(F.col("said_budget")), 0, HIGHEST_AMOUNT),
        "original_language": F.when(language.rlike(LANGUAGE), language),
        "popularity": _between(decimal(F.col("said_popularity")), 0, HIGHEST_POPULARITY),
        "release_date": F.when(F.year(released).between(1870, 2100), released),
        "revenue": _between(whole(F.col("said_revenue")), 0, HIGHEST_AMOUNT),
        "vote_count": _between(whole(F.col("said_vote_count")), 0, GREATEST_INTEGER),
        "vote_average": _between(decimal(F.col("said_vote_average")), 0, 10),
    }


def _between(value: Column, low: int, high: int) -> Column:
    return F.when(value.between(low, high), value)


def _curated() -> dict[str, Column]:
    """movies' columns in their order. 0 dollars means that nobody knows."""
    values = {
        "movie_id": F.col("_id").cast("int"),
        "is_adult": F.col("_adult"),
        "budget": F.nullif(F.col("_budget"), F.lit(0)),
        "original_language": F.col("_original_language"),
        "title": F.col("_title"),
        "popularity": _rounded("popularity"),
        "release_date": F.col("_release_date"),
        "revenue": F.nullif(F.col("_revenue"), F.lit(0)),
        "vote_count": F.col("_vote_count").cast("int"),
        "vote_average": _rounded("vote_average"),
    }
    return {name: values[name] for name in CURATED["movies"].names}


def _rules() -> dict[str, Column]:
    """Reasons to reject a film, the first that holds counts."""
    return {
        "split_record": _first_half() | _second_half(),
        "malformed": F.col("malformed").isNotNull(),
        "no_movie_id": F.col("_id").isNull(),
        "no_title": F.coalesce("_title", F.lit("")) == "",
        "title_too_long": F.octet_length("_title") > TITLE_BYTES,
    }


def _first_half() -> Column:
    """A record that a line break cut in its overview: an id, and nothing after the overview (facts: 3 in Kaggle's)."""
    return F.col("_id").isNotNull() & F.coalesce(*AFTER_OVERVIEW).isNull()


def _second_half() -> Column:
    """Its other half, shifted nine columns to the left: the release date is where the id should."""
    return day(F.col("said_id")).isNotNull()


def _repairs() -> dict[str, Column]:
    """Cells that are not what the file says: null instead, or rounded to what the published column holds."""
    invalid = {f"invalid_{name}": unreadable(name, F.col(f"_{name}")) for name in OPTIONAL}
    return invalid | {f"rounded_{name}": F.col(f"_{name}") != _rounded(name) for name in DECIMALS}


def _rounded(name: str) -> Column:
    return F.round(F.col(f"_{name}"), DECIMALS[name])
