"""The curated tables' columns, said once: Redshift copies Parquet by position, so the order is part of the contract.

Types are limited to those that COPY takes without surprises: INT32, INT64, DOUBLE, BOOLEAN, UTF8, DATE and
TIMESTAMP in microseconds (decimals are made in the publish SQL).
"""

from typing import Final

from pyspark.sql.types import StructType

CURATED: Final = {
    "movies": StructType()
    .add("movie_id", "integer")
    .add("is_adult", "boolean")
    .add("budget", "long")
    .add("original_language", "string")
    .add("title", "string")
    .add("popularity", "double")
    .add("release_date", "date")
    .add("revenue", "long")
    .add("vote_count", "integer")
    .add("vote_average", "double"),
    "genre": StructType().add("genre_id", "integer").add("genre_name", "string"),
    "movie_genre": StructType().add("movie_id", "integer").add("genre_id", "integer"),
    "date": StructType()
    .add("release_date", "date")
    .add("day", "integer")
    .add("week", "integer")
    .add("month", "integer")
    .add("quarter", "integer")
    .add("year", "integer"),
    "ratings": StructType()
    .add("user_movie_id", "long")
    .add("user_id", "integer")
    .add("movie_id", "integer")
    .add("rating", "double")
    .add("rated_at", "timestamp"),
    "cpi": StructType().add("date", "date").add("consumer_price_index", "double"),
}

REJECTED: Final = StructType().add("reason", "string").add("record", "string")
