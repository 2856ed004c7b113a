"""genre: one row per genre, from the lists in movies_metadata.csv's `genres`."""

import ast

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import ArrayType, StructType

from movalytics_spark.judging import MERGED_DUPLICATE

GENRE_NAME_BYTES = 100
GENRE_LIST = ArrayType(StructType().add("genre_id", "integer").add("genre_name", "string"))

Genre = tuple[int | None, str | None]
UNREADABLE: Genre = (None, None)


def genre_list(text: str | None) -> list[Genre]:
    """The (id, name) pairs of a Python literal such as "[{'id': 35, 'name': 'Comedy'}]"; it is not JSON.

    What cannot be read is a pair of nulls, so that it is counted and rejected instead of lost.
    """
    if text is None:
        return []
    try:
        items = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return [UNREADABLE]
    return [_genre(item) for item in items] if isinstance(items, list) else [UNREADABLE]


def _genre(item: object) -> Genre:
    match item:
        case {"id": int(number), "name": str(name)} if 0 <= number < 2**31 and name.strip():
            return (number, name) if len(name.encode()) <= GENRE_NAME_BYTES else UNREADABLE
    return UNREADABLE


def with_genre_lists(films: DataFrame) -> DataFrame:
    """Films with `genre_list`, an array of genre_id and genre_name."""
    return films.withColumn("genre_list", F.udf(genre_list, GENRE_LIST)("genres"))


def genre_pairs(films: DataFrame) -> DataFrame:
    """One row per film and genre in its list: row, place, movie_id, genre_id, genre_name, reason, record.

    A rejected film's pairs carry its reason: that is how production companies in a split record stay out.
    """
    pairs = films.select("row", "movie_id", "reason", F.posexplode("genre_list").alias("place", "genre"))
    unreadable = F.when(F.col("genre.genre_id").isNull(), F.lit("invalid_genre"))
    return pairs.select(
        "row",
        "place",
        "movie_id",
        "genre.genre_id",
        "genre.genre_name",
        F.coalesce("reason", unreadable).alias("reason"),
        F.to_json(F.struct("movie_id", "genre.genre_id", "genre.genre_name")).alias("record"),
    )


def genres(pairs: DataFrame) -> DataFrame:
    """Judged genres: genre_id, genre_name, reason, record. An id has the name that most films give it."""
    same_name = Window.partitionBy("genre_id", "genre_name", "reason")
    best_first = Window.partitionBy("genre_id", "reason").orderBy(F.desc("films"), "genre_name", "row", "place")
    ranked = (
        pairs.withColumn("films", F.count("*").over(same_name))
        .withColumn("age", F.row_number().over(best_first))
        .withColumn("best_name", F.first("genre_name").over(best_first))
    )
    surplus = F.when(F.col("genre_name") == F.col("best_name"), MERGED_DUPLICATE).otherwise("other_name")
    reason = F.coalesce("reason", F.when(F.col("age") > 1, surplus))
    return ranked.select("genre_id", "genre_name", reason.alias("reason"), "record")
