"""genre: one row per genre, from the lists in movies_metadata.csv's `genres`."""

import ast
import re
import warnings
from typing import Final

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import ArrayType, StructType

from movalytics_spark import movies
from movalytics_spark.literals import BLANKS, MISSING
from movalytics_spark.validation import MERGED_DUPLICATE, OTHER_NAME

REJECTIONS: Final = (*movies.REJECTIONS, "invalid_genre")
MERGES: Final = (*movies.MERGES, MERGED_DUPLICATE, OTHER_NAME)
REPAIRS: Final = ()

GENRE_NAME_BYTES: Final = 100
LONGEST_LIST: Final = 10_000  # the longest seen has 264 bytes, and Python takes a thousandfold to read a literal
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")  # NUL and half a surrogate pair, which no database takes
GENRE_LIST: Final = ArrayType(StructType().add("genre_id", "integer").add("genre_name", "string"))

Genre = tuple[int | None, str | None]
UNREADABLE: Genre = (None, None)


def genre_list(text: str | None) -> list[Genre]:
    """The (id, name) pairs of a Python literal such as "[{'id': 35, 'name': 'Comedy'}]"; it is not JSON.

    What cannot be read is a pair of nulls, so that it is counted and rejected instead of lost.
    """
    said = (text or "").strip(BLANKS)
    if said in MISSING:
        return []
    try:
        return [_genre(item) for item in _items(said)]
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return [UNREADABLE]


def _items(said: str) -> list[object]:
    if len(said) > LONGEST_LIST:
        raise ValueError("too long for a list of genres")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's advice on how such a literal should be written
        items = ast.literal_eval(said)
    if not isinstance(items, list):
        raise TypeError("not a list")
    return items


def _genre(item: object) -> Genre:
    match item:
        case {"id": int(number), "name": str(name)} if 0 <= number < 2**31 and not isinstance(number, bool):
            return (number, name.strip(BLANKS)) if _is_name(name.strip(BLANKS)) else UNREADABLE
    return UNREADABLE


def _is_name(name: str) -> bool:
    return not UNSTORABLE.search(name) and 0 < len(name.encode()) <= GENRE_NAME_BYTES


def with_genre_lists(films: DataFrame) -> DataFrame:
    """Films with `genre_list`, an array of genre_id and genre_name."""
    return films.withColumn("genre_list", F.udf(genre_list, GENRE_LIST)("genres"))


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
