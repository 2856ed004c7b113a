"""Spark application: ratings.csv, through links.csv and the catalogue, to ratings."""

import argparse
import sys
from collections.abc import Mapping

from movalytics_spark.application import run_application, spark_session, step_parser
from movalytics_spark.links import linked_films
from movalytics_spark.movies import films, movie_ids
from movalytics_spark.ratings import curated_ratings, judged_ratings, rejected_ratings, suspects
from movalytics_spark.reading import read_links, read_movies, read_ratings
from movalytics_spark.storage import require_lake
from movalytics_spark.writing import Target, complete, write_rejected, write_rows


def build_parser() -> argparse.ArgumentParser:
    return step_parser("transform-ratings", transform_ratings, __doc__ or "")


def transform_ratings(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write ratings; returns the record's rows and tables."""
    target = Target(arguments.run, require_lake(arguments.output), "ratings")
    spark, raw = spark_session(target.output), require_lake(arguments.movies)
    source = read_ratings(spark, raw)
    linked = linked_films(read_links(spark, raw).frame, movie_ids(films(read_movies(spark, raw).frame)))
    judged = judged_ratings(source.frame, linked.persist())
    parts = write_rows(target, curated_ratings(judged))
    rejected = write_rejected(target, rejected_ratings(suspects(judged)))
    if source.rows != sum(part.rows for part in parts) + sum(rejected.values()):
        rejected = write_rejected(target, rejected_ratings(judged))  # somebody did rate one film twice
    counts = complete(target, parts, source.rows, rejected)
    return {"rows": counts["rows_out"], "tables": {"ratings": counts}}


if __name__ == "__main__":
    sys.exit(run_application(build_parser()))
