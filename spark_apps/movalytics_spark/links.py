"""links.csv: the only way from MovieLens' film ids, which ratings carry, to TMDB's, which everything else carries."""

from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark.literals import whole

COLUMNS: Final = ["movieId", "imdbId", "tmdbId"]


def linked_films(links: DataFrame, movie_ids: DataFrame) -> DataFrame:
    """One row per MovieLens film: movielens_id, tmdb_id (null: unknown), movie_id (null: not in the catalogue), shared.

    `links`: the three columns as text. `shared` says that several MovieLens films are this one TMDB film.
    Of two rows with one movieId the lower tmdbId counts.
    """
    films = (
        links.select(_id("movieId").alias("movielens_id"), _id("tmdbId").alias("tmdb_id"))
        .where(F.col("movielens_id").isNotNull())
        .groupBy("movielens_id")
        .agg(F.min("tmdb_id").alias("tmdb_id"))
    )
    shared = films.groupBy("tmdb_id").agg((F.count("*") > 1).alias("shared")).where("tmdb_id is not null")
    catalogue = movie_ids.select("movie_id", F.col("movie_id").alias("tmdb_id"))
    return films.join(shared, "tmdb_id", "left").join(catalogue, "tmdb_id", "left")


def _id(name: str) -> Column:
    return whole(F.col(name)).try_cast("int")
