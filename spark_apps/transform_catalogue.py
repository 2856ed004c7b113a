"""Spark application: movies_metadata.csv and the CPI series to the tables that are declared for it."""

import argparse
import sys
from collections.abc import Mapping

from movalytics_spark.application import require_declared, run_application, spark_session, step_parser
from movalytics_spark.cpi import months, read_cpi
from movalytics_spark.date import dates
from movalytics_spark.genre import genre_pairs, genres
from movalytics_spark.movie_genre import movie_genres
from movalytics_spark.movies import films, read_movies
from movalytics_spark.series import require_series
from movalytics_spark.storage import require_lake
from movalytics_spark.writing import Target, write_validated
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812


def build_parser() -> argparse.ArgumentParser:
    parser = step_parser("transform-catalogue", transform_catalogue, __doc__ or "")
    parser.add_argument("--cpi", required=True, metavar="URI", help="directory of the raw CPI series")
    return parser


def transform_catalogue(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write the catalogue's tables; returns the record's rows and tables."""
    output = require_lake(arguments.output)
    spark = spark_session(output)
    movies = read_movies(spark, require_lake(arguments.movies))
    cpi = read_cpi(spark, require_lake(arguments.cpi))
    series = months(cpi.frame)
    require_series(cpi.file, series.collect())
    catalogue = films(movies.frame).persist()  # some 45,000 films, used by several tables
    pairs = genre_pairs(catalogue)
    pairs_in = _count_pairs(catalogue)
    tables = {
        "movies": (catalogue, movies.rows),
        "genre": (genres(pairs), pairs_in),
        "movie_genre": (movie_genres(pairs), pairs_in),
        "date": (dates(catalogue), movies.rows),
        "cpi": (series, cpi.rows),
    }
    require_declared(arguments.step, tables)
    counts = {
        table: write_validated(Target(arguments.run, arguments.made, output, table), validated, rows_in)
        for table, (validated, rows_in) in tables.items()
    }
    return {"rows": sum(count["rows_out"] for count in counts.values()), "tables": counts}


def _count_pairs(catalogue: DataFrame) -> int:
    """The (film, genre) pairs, counted before they are exploded."""
    counted = catalogue.agg(F.sum(F.size("genre_list"))).first()
    return int(counted[0]) if counted and counted[0] else 0


if __name__ == "__main__":
    sys.exit(run_application(build_parser()))
