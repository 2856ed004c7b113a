"""movie_genre: which film is of which genres."""

from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import genre, movies
from movalytics_spark.validation import MERGED_DUPLICATE, without_duplicates

REJECTIONS: Final = genre.REJECTIONS
MERGES: Final = (*movies.MERGES, MERGED_DUPLICATE)
REPAIRS: Final = ()


def movie_genres(pairs: DataFrame) -> DataFrame:
    """Validated pairs: movie_id, genre_id, reason, record. `pairs` is what genre.genre_pairs returns."""
    once = without_duplicates(pairs, ["movie_id", "genre_id"], [F.asc("row"), F.asc("place")], MERGED_DUPLICATE)
    return once.select("movie_id", "genre_id", "reason", "record")
