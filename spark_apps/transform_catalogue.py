"""Spark application: movies_metadata.csv and the CPI series to the tables that are declared for it."""

import argparse
import sys
from collections.abc import Mapping
from functools import partial

from movalytics_spark.application import require_declared, run_application, spark_session, step_parser
from movalytics_spark.cpi import SERIES, months, read_cpi
from movalytics_spark.date import dates
from movalytics_spark.earlier import take_over
from movalytics_spark.genre import genre_pairs, genres
from movalytics_spark.landed import landed, made_of
from movalytics_spark.movie_genre import movie_genres
from movalytics_spark.movies import films, read_movies
from movalytics_spark.series import require_series
from movalytics_spark.storage import require_lake
from movalytics_spark.writing import Account, Target, write_validated
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

Tables = Mapping[str, tuple[DataFrame, int]]
"""Table → its validated rows, and how many went in."""


def build_parser() -> argparse.ArgumentParser:
    parser = step_parser("transform-catalogue", transform_catalogue, __doc__ or "")
    parser.add_argument("--cpi", required=True, metavar="URI", help="directory of the raw CPI series")
    return parser


def transform_catalogue(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write the catalogue's tables; returns the record's rows and tables."""
    output, earlier = require_lake(arguments.output), require_lake(arguments.earlier)
    spark = spark_session(output)
    counts: dict[str, Account] = {}
    anew: dict[Target, tuple[DataFrame, int]] = {}
    for given, file, read in (
        (arguments.movies, "movies_metadata.csv", film_tables),
        (arguments.cpi, f"{SERIES}.csv", price_tables),
    ):
        raw = require_lake(given)
        origin = made_of(landed(raw), [file], arguments.code)
        target = partial(Target, arguments.run, arguments.made, output, made_of=origin, raw=raw)
        if same := take_over(earlier, arguments.step, target):
            counts |= {table: one.account for table, one in same.items()}
        else:
            anew |= {target(table): rows for table, rows in read(spark, raw).items()}
    require_declared(arguments.step, [*counts, *(one.table for one in anew)])
    counts |= {one.table: write_validated(one, *rows) for one, rows in anew.items()}
    return {"rows": sum(count["rows_out"] for count in counts.values()), "tables": counts}


def price_tables(spark: SparkSession, directory: str) -> Tables:
    """What is made of the CPI series."""
    cpi = read_cpi(spark, directory)
    series = months(cpi.frame)
    require_series(cpi.file, series.collect())
    return {"cpi": (series, cpi.rows)}


def film_tables(spark: SparkSession, directory: str) -> Tables:
    """What is made of the movies files."""
    movies = read_movies(spark, directory)
    catalogue = films(movies.frame).persist()  # some 45,000 films, used by several tables
    pairs = genre_pairs(catalogue)
    pairs_in = _count_pairs(catalogue)
    return {
        "movies": (catalogue, movies.rows),
        "genre": (genres(pairs), pairs_in),
        "movie_genre": (movie_genres(pairs), pairs_in),
        "date": (dates(catalogue), movies.rows),
    }


def _count_pairs(catalogue: DataFrame) -> int:
    """The (film, genre) pairs, counted before they are exploded."""
    counted = catalogue.agg(F.sum(F.size("genre_list"))).first()
    return int(counted[0]) if counted and counted[0] else 0


if __name__ == "__main__":
    sys.exit(run_application(build_parser()))
