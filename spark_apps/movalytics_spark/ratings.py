"""ratings: what a user thought of a film, from ratings.csv through links.csv; the table of 26 million rows."""

from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StructType

from movalytics_spark.judging import first_reason, standing, without_duplicates

SOURCE: Final = (
    StructType().add("userId", "integer").add("movieId", "integer").add("rating", "double").add("timestamp", "long")
)
EARLIEST: Final = 788_918_400  # 1995-01-01, MovieLens' first year, in seconds since 1970
LATEST: Final = 4_102_444_800  # 2100-01-01: later ones are milliseconds


def judged_ratings(source: DataFrame, linked: DataFrame) -> DataFrame:
    """Ratings with movie_id (TMDB), shared and the reason to reject each; repeated ones still stand.

    `source`: SOURCE's columns and `malformed`; `linked`: what links.linked_films returns (broadcast: it is small).
    """
    joined = source.join(F.broadcast(linked), source.movieId == linked.movielens_id, "left")
    rules = {
        "malformed": F.col("malformed").isNotNull() | ~F.coalesce(_has_ids(), F.lit(False)),
        "invalid_rating": ~F.coalesce(_is_in_half_stars(), F.lit(False)),
        "invalid_timestamp": ~F.coalesce(F.col("timestamp").between(EARLIEST, LATEST), F.lit(False)),
        "not_in_links": F.col("movielens_id").isNull(),
        "no_tmdb_id": F.col("tmdb_id").isNull(),
        "film_not_in_catalogue": F.col("movie_id").isNull(),
    }
    return joined.select(*source.columns, "movie_id", "shared", first_reason(rules).alias("reason"))


def _has_ids() -> Column:
    return (F.col("userId") > 0) & (F.col("movieId") > 0)


def _is_in_half_stars() -> Column:
    stars = F.col("rating")
    return stars.between(0.5, 5.0) & (stars * 2 == F.floor(stars * 2))


def with_superseded(judged: DataFrame) -> DataFrame:
    """Judged ratings, in which a user's later rating of a film supersedes the earlier ones.

    Of ratings made in one second the one under the higher MovieLens id stands, then the higher rating: so the same
    one every time.
    """
    film = F.coalesce("movie_id", -F.col("movieId"))  # spreads the rejected over the partitions
    latest_first = [F.desc("timestamp"), F.desc("movieId"), F.desc("rating")]
    return without_duplicates(judged.withColumn("film", film), ["userId", "film"], latest_first, "superseded_rating")


def curated_ratings(judged: DataFrame) -> DataFrame:
    """ratings' columns of those that stand. user_movie_id = user_id * 2^32 + movie_id."""
    latest = standing(with_superseded(standing(judged)))
    return latest.select(
        (F.shiftleft(F.col("userId").cast("bigint"), 32) + F.col("movie_id")).alias("user_movie_id"),
        F.col("userId").alias("user_id"),
        "movie_id",
        "rating",
        F.timestamp_seconds("timestamp").alias("rated_at"),
    )


def rejected_ratings(judged: DataFrame) -> DataFrame:
    """reason and record of those that do not stand."""
    rejected = with_superseded(judged).where(F.col("reason").isNotNull())
    return rejected.select("reason", F.to_json(F.struct(*SOURCE.names, "malformed")).alias("record"))


def suspects(judged: DataFrame) -> DataFrame:
    """All ratings that can be rejected at all if nobody rates one MovieLens film twice (nobody does in MovieLens).

    It saves sorting 26 million rows a second time to find the few superseded ones.
    """
    return judged.where(F.col("reason").isNotNull() | F.col("shared"))
