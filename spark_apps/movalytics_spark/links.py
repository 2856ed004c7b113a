"""links.csv: the only way from MovieLens' film ids, which ratings carry, to TMDB's, which everything else carries."""

from typing import Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark.literals import said, unreadable, whole
from movalytics_spark.reading import Source, read_small
from movalytics_spark.validation import MERGED_DUPLICATE, accepted, first_reason, without_duplicates

COLUMNS: Final = ["movieId", "imdbId", "tmdbId"]
REJECTIONS: Final = ("malformed", "no_movie_id", "invalid_tmdb_id", "no_tmdb_id", "other_tmdb_id")
MERGES: Final = (MERGED_DUPLICATE,)
REPAIRS: Final = ()


def read_links(spark: SparkSession, directory: str) -> Source:
    """links.csv: 3 columns (imdbId keeps its zeros), malformed, row."""
    return read_small(spark, directory, "links.csv", COLUMNS)


def validated_links(source: DataFrame) -> DataFrame:
    """Validated links: movielens_id, tmdb_id, reason, record. `source`: the three columns as text, `malformed`, `row`.

    Of rows with one movieId the lowest tmdbId is accepted; others of it contradict (other_tmdb_id) or repeat it.
    """
    ids = [_id("movieId").alias("movielens_id"), _id("tmdbId").alias("tmdb_id")]
    typed = said(source, ["movieId", "tmdbId"]).select("*", *ids)
    validated = typed.select(
        "movielens_id",
        "tmdb_id",
        "row",
        first_reason(_rules()).alias("reason"),
        F.to_json(F.struct(*COLUMNS, "malformed")).alias("record"),
    )
    once = without_duplicates(validated, ["movielens_id", "tmdb_id"], [F.asc("row")], MERGED_DUPLICATE)
    return without_duplicates(once, ["movielens_id"], [F.asc("tmdb_id")], "other_tmdb_id")


def linked_films(validated: DataFrame, movie_ids: DataFrame) -> DataFrame:
    """One row per MovieLens film: movielens_id, tmdb_id (null: unknown), movie_id (null: not in the catalogue)."""
    known = accepted(validated).select("movielens_id", "tmdb_id")
    named = validated.where(F.col("movielens_id") > 0).select("movielens_id").distinct()
    films = named.join(known, "movielens_id", "left")
    catalogue = movie_ids.select("movie_id", F.col("movie_id").alias("tmdb_id"))
    return films.join(catalogue, "tmdb_id", "left")


def _id(name: str) -> Column:
    return whole(F.col(f"said_{name}")).try_cast("int")


def _rules() -> dict[str, Column]:
    """Reasons for which a link leads nowhere, the first that holds counts."""
    return {
        "malformed": F.col("malformed").isNotNull(),
        "no_movie_id": ~F.coalesce(F.col("movielens_id") > 0, F.lit(False)),
        "invalid_tmdb_id": unreadable("tmdbId", F.col("tmdb_id")) | (F.col("tmdb_id") <= 0),
        "no_tmdb_id": F.col("tmdb_id").isNull(),
    }
