"""genre: one row per genre, from the lists in movies_metadata.csv's `genres`."""

from typing import Final

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import movies
from movalytics_spark.validation import MERGED_DUPLICATE, OTHER_NAME

REJECTIONS: Final = (*movies.REJECTIONS, "invalid_genre")
MERGES: Final = (*movies.MERGES, MERGED_DUPLICATE, OTHER_NAME)
REPAIRS: Final = ()


def genre_pairs(films: DataFrame) -> DataFrame:
    """One row per film and genre in its list: row, place, movie_id, genre_id, genre_name, reason, record.

    A rejected film's pairs carry its reason: that is how production companies in a split record stay out. The record
    of a list that cannot be read holds all of it.
    """
    pairs = films.select("row", "movie_id", "reason", "genres", F.posexplode("genre_list").alias("place", "genre"))
    is_unreadable = F.col("genre.genre_id").isNull()
    return pairs.select(
        "row",
        "place",
        "movie_id",
        "genre.genre_id",
        "genre.genre_name",
        F.coalesce("reason", F.when(is_unreadable, F.lit("invalid_genre"))).alias("reason"),
        F.to_json(
            F.struct(
                "movie_id", "genre.genre_id", "genre.genre_name", F.when(is_unreadable, F.col("genres")).alias("genres")
            )
        ).alias("record"),
    )


def genres(pairs: DataFrame) -> DataFrame:
    """Validated genres: genre_id, genre_name, reason, record. An id has the name that most films give it."""
    same_name = Window.partitionBy("genre_id", "genre_name", "reason")
    best_first = Window.partitionBy("genre_id", "reason").orderBy(F.desc("films"), "genre_name", "row", "place")
    ranked = (
        pairs.withColumn("films", F.count("*").over(same_name))
        .withColumn("age", F.row_number().over(best_first))
        .withColumn("best_name", F.first("genre_name").over(best_first))
    )
    surplus = F.when(F.col("genre_name") == F.col("best_name"), MERGED_DUPLICATE).otherwise(OTHER_NAME)
    reason = F.coalesce("reason", F.when(F.col("age") > 1, surplus))
    return ranked.select("genre_id", "genre_name", reason.alias("reason"), "record")
