"""Spark application: ratings.csv, through links.csv and the catalogue, to ratings."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace

from movalytics_spark.application import require_declared, run_application, spark_session, step_parser
from movalytics_spark.links import linked_films, read_links, validated_links
from movalytics_spark.movies import films, movie_ids, read_movies
from movalytics_spark.ratings import curated_ratings, ratings_aside, read_ratings, validated_ratings, with_superseded
from movalytics_spark.storage import require_lake
from movalytics_spark.validation import accepted, set_aside
from movalytics_spark.writing import Account, Target, account, complete, write_reasons, write_rows
from pyspark.sql import DataFrame


def build_parser() -> argparse.ArgumentParser:
    return step_parser("transform-ratings", transform_ratings, __doc__ or "")


def transform_ratings(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write ratings; returns the record's rows, tables and inputs."""
    target = Target(arguments.run, arguments.made, require_lake(arguments.output), "ratings")
    require_declared(arguments.step, [target.table])
    spark, raw = spark_session(target.output), require_lake(arguments.movies)
    source, links_source, movies = read_ratings(spark, raw), read_links(spark, raw), read_movies(spark, raw)
    links = validated_links(links_source.frame).persist()
    linked = linked_films(links, movie_ids(films(movies.frame)))
    latest = with_superseded(validated_ratings(source, linked.coalesce(1).persist()))
    written = write_rows(target, curated_ratings(latest))
    aside = write_reasons(target.rejected, ratings_aside(latest))
    counted = account("ratings", source.rows, written.rows, aside, {})
    inputs = {"links": _account_of_links(target, links, links_source.rows)}
    complete(target, written, counted, inputs)
    return {"rows": written.rows, "tables": {"ratings": counted}, "inputs": inputs}


def _account_of_links(target: Target, links: DataFrame, rows: int) -> Account:
    """links.csv feeds a join and becomes no table: its accepted rows are what ratings can be led by."""
    aside = write_reasons(replace(target, table="links").rejected, set_aside(links).coalesce(1))
    return account("links", rows, accepted(links).count(), aside, {})


if __name__ == "__main__":
    sys.exit(run_application(build_parser()))
