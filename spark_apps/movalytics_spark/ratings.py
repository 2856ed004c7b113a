"""ratings: what a user thought of a film, from ratings.csv through links.csv; the table of 26 million rows."""

import re
from typing import Final

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from movalytics_spark import csv_text, splits
from movalytics_spark.header import columns
from movalytics_spark.literals import BLANKS, MOMENT, decimal, known, seconds, whole
from movalytics_spark.plain import Lines, integer, long_integer, read_plain
from movalytics_spark.raw import RawFile, raw_file
from movalytics_spark.reading import same_names
from movalytics_spark.validation import SUPERSEDED_RATING, accepted, first_reason, set_aside, without_duplicates

FILE: Final = "ratings.csv"
COLUMNS: Final = ("userId", "movieId", "rating", "timestamp")
KEY: Final = ("user_id", "movie_id")
VALUES: Final = ("user_id", "rated_id", "stars", "second")
REJECTIONS: Final = (
    *("malformed", "no_user_id", "no_movie_id", "rating_over_five", "invalid_rating", "invalid_timestamp"),
    *("not_in_links", "no_tmdb_id", "film_not_in_catalogue"),
)
MERGES: Final = (SUPERSEDED_RATING,)
REPAIRS: Final = ()

STARS: Final = (  # the ways in which half stars are written
    "0.5",
    "1",
    "1.0",
    "1.5",
    "2",
    "2.0",
    "2.5",
    "3",
    "3.0",
    "3.5",
    "4",
    "4.0",
    "4.5",
    "5",
    "5.0",
)
PLAIN_STARS: Final = tuple(text for text in STARS if "." in text)  # as MovieLens writes them
EARLIEST: Final = 788_918_400  # 1995-01-01, MovieLens' first year, in seconds since 1970
LATEST: Final = 4_102_444_800  # 2100-01-01: later ones are milliseconds


def header(file: RawFile) -> list[str]:
    """The columns of ratings.csv, in its order."""
    return columns(file, splits.first_record(file), same_names(COLUMNS))


def read_ratings(spark: SparkSession, directory: str) -> Lines:
    """ratings.csv, as plain.read_plain returns it. Its lines are its records, so Spark reads it in splits."""
    return read_lines(spark, raw_file(directory, FILE))


def read_lines(spark: SparkSession, file: RawFile) -> Lines:
    """A file with the header of ratings.csv, as read_ratings."""
    names = header(file)
    last = splits.last_line(file, len(names))
    if names[-1] == "timestamp" and not last.ends and is_cut_moment(last.cells[-1]):
        raise csv_text.cut_off(file, f"{csv_text.shown(last.text)} ends with no moment of a rating")
    plain = {"userId": integer, "movieId": integer, "rating": plain_stars, "timestamp": long_integer}
    return read_plain(spark, file, {name: plain[name] for name in names})


def plain_stars(cell: Column) -> Column:
    """The stars of a cell that is one of PLAIN_STARS, of its first and its last character: quicker than any cast."""
    stars = F.ascii(cell) - ord("0") + F.when(cell.endswith("5"), 0.5).otherwise(0.0)
    return F.when(cell.isin(*PLAIN_STARS), stars)


def validated_ratings(source: Lines, linked: DataFrame) -> DataFrame:
    """Ratings: texts, values, movie_id (TMDB) and the reason to reject each; repeated ones are accepted yet.

    `source`: what read_ratings returns; `linked`: what links.linked_films returns (broadcast: it is small).
    Values: user_id, rated_id (MovieLens' film), stars, second (since 1970).
    """
    plain, others = source.plain.select("*", *_plain_values()), source.others.select("*", *_values())
    return _validated(plain, linked).unionByName(_validated(others, linked))


def _validated(rated: DataFrame, linked: DataFrame) -> DataFrame:
    joined = rated.join(F.broadcast(linked), rated.rated_id == linked.movielens_id, "left")
    return joined.select(*COLUMNS, "malformed", *VALUES, "movie_id", first_reason(_rules()).alias("reason"))


def _plain_values() -> list[Column]:
    return [F.col(f"plain_{name}").alias(value) for name, value in zip(COLUMNS, VALUES, strict=True)]


def _values() -> list[Column]:
    """What the texts say; most cells are written as a cast takes them, and trying that first is quick."""
    user, film, stars, moment = [F.col(name) for name in COLUMNS]
    half_stars = F.when(stars.isin(*STARS), stars.try_cast("double"))
    values = (
        F.coalesce(user.try_cast("int"), whole(known(user)).try_cast("int")),
        F.coalesce(film.try_cast("int"), whole(known(film)).try_cast("int")),
        F.coalesce(half_stars, decimal(known(stars))),
        F.coalesce(moment.try_cast("bigint"), seconds(known(moment))),
    )
    return [value.alias(name) for name, value in zip(VALUES, values, strict=True)]


def _rules() -> dict[str, Column]:
    """Reasons to reject a rating, the first that holds counts."""
    return {
        "malformed": F.col("malformed").isNotNull(),
        "no_user_id": ~F.coalesce(F.col("user_id") > 0, F.lit(False)),
        "no_movie_id": ~F.coalesce(F.col("rated_id") > 0, F.lit(False)),
        "rating_over_five": F.coalesce(F.col("stars") > 5.0, F.lit(False)),
        "invalid_rating": ~F.coalesce(_is_in_half_stars(), F.lit(False)),
        "invalid_timestamp": ~F.coalesce(F.col("second").between(EARLIEST, LATEST), F.lit(False)),
        "not_in_links": F.col("movielens_id").isNull(),
        "no_tmdb_id": F.col("tmdb_id").isNull(),
        "film_not_in_catalogue": F.col("movie_id").isNull(),
    }


def _is_in_half_stars() -> Column:
    stars = F.col("stars")
    return stars.between(0.5, 5.0) & (stars * 2 == F.floor(stars * 2))


def is_cut_moment(text: str) -> bool:
    """A value that lacks its last digits, if it is the last of a file: no moment, or one before MovieLens."""
    said = text.strip(BLANKS)
    number = re.fullmatch(r"([0-9]{1,18})(\.0*)?", said)
    return int(number[1]) < EARLIEST if number else not re.fullmatch(MOMENT, said, re.ASCII)


def repeating_users(validated: DataFrame) -> DataFrame:
    """user_id of those who rated a film more than once: no row but theirs needs to be compared with another.

    In MovieLens they are few, and a user's films, gathered, are far less to shuffle and sort than 26 million rows.
    """
    films = accepted(validated).groupBy("user_id").agg(F.collect_list("movie_id").alias("films"))
    return films.where(F.size("films") > F.size(F.array_distinct("films"))).select("user_id")


def with_superseded(validated: DataFrame) -> DataFrame:
    """Validated ratings, in which a user's later rating of a film supersedes the earlier ones.

    Of ratings made in one second the one under the higher MovieLens id is accepted, then the higher rating: so the same
    one every time. Reads all ratings once, to find the repeating users.
    """
    repeating = repeating_users(validated).coalesce(1).persist()
    repeating.count()  # so Spark knows how few they are before it plans what is joined with them
    others = validated.join(repeating, "user_id", "left_anti").select(*validated.columns)
    theirs = validated.join(repeating, "user_id", "left_semi").select(*validated.columns)
    latest_first = [F.desc("second"), F.desc("rated_id"), F.desc("stars")]
    once = without_duplicates(theirs, list(KEY), latest_first, SUPERSEDED_RATING)
    return others.unionByName(once.persist())  # those that are accepted and those that are not are made of it


def curated_ratings(validated: DataFrame) -> DataFrame:
    """ratings' columns of the accepted ones. user_movie_id = user_id * 2^32 + movie_id."""
    return accepted(validated).select(
        (F.shiftleft(F.col("user_id").cast("bigint"), 32) + F.col("movie_id")).alias("user_movie_id"),
        "user_id",
        "movie_id",
        F.col("stars").alias("rating"),
        F.timestamp_seconds("second").alias("rated_at"),
    )


def ratings_aside(validated: DataFrame) -> DataFrame:
    """reason and record of those that are not accepted."""
    return set_aside(validated.withColumn("record", F.to_json(F.struct(*COLUMNS, "malformed"))))
