"""Spark application: ratings.csv, through links.csv and the catalogue, to ratings."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from movalytics_common.errors import PipelineError
from movalytics_common.log import get_logger
from movalytics_spark.adding import Added, add
from movalytics_spark.appended import Earlier, Origin, added_lines, find_earlier
from movalytics_spark.application import require_declared, run_application, spark_session, step_parser
from movalytics_spark.earlier import Taken, take_over
from movalytics_spark.failures import errors_translated
from movalytics_spark.landed import landed, made_of
from movalytics_spark.links import linked_films, read_links, validated_links
from movalytics_spark.movies import films, movie_ids, read_movies
from movalytics_spark.ratings import (
    FILE,
    KEY,
    curated_ratings,
    header,
    ratings_aside,
    read_lines,
    read_ratings,
    validated_ratings,
    with_superseded,
)
from movalytics_spark.raw import raw_file
from movalytics_spark.storage import delete, require_lake
from movalytics_spark.validation import accepted, set_aside
from movalytics_spark.writing import Account, Target, account, complete, write_reasons, write_rows
from pyspark.sql import DataFrame, SparkSession

FILES: Final = (FILE, "links.csv", "movies_metadata.csv")
ADDED: Final = "added"  # below the output, while it is written: the new lines as a file


def build_parser() -> argparse.ArgumentParser:
    return step_parser("transform-ratings", transform_ratings, __doc__ or "")


def transform_ratings(arguments: argparse.Namespace) -> Mapping[str, object]:
    """Write ratings; returns the record's rows, tables and inputs."""
    output, raw, earlier = (require_lake(uri) for uri in (arguments.output, arguments.movies, arguments.earlier))
    spark = spark_session(output)
    origin = partial(made_of, names=FILES, code=arguments.code)
    target = Target(arguments.run, arguments.made, output, "ratings", origin(landed(raw)), raw)
    require_declared(arguments.step, [target.table])
    taken = take_over(earlier, arguments.step, lambda _: target)
    counted, inputs = taken[target.table] if taken else _made(spark, target, earlier, origin)
    return {"rows": counted["rows_out"], "tables": {target.table: counted}, "inputs": inputs}


def _made(spark: SparkSession, target: Target, earlier: str, origin: Origin) -> Taken:
    """Write the earlier ratings and those that are new, or all of them."""
    delete(f"{target.output}/{ADDED}")  # a killed try leaves it
    links_source = read_links(spark, target.raw)
    links = validated_links(links_source.frame).persist()
    linked = linked_films(links, movie_ids(films(read_movies(spark, target.raw).frame))).coalesce(1).persist()
    inputs = {"links": _account_of_links(target, links, links_source.rows)}
    before = find_earlier(earlier, target, FILE, origin)
    counted = _extended(spark, before, target, linked, inputs) if before else None
    return Taken(counted or _whole(spark, target, linked, inputs), inputs)


def _whole(spark: SparkSession, target: Target, linked: DataFrame, inputs: Mapping[str, Account]) -> Account:
    source = read_ratings(spark, target.raw)
    latest = with_superseded(validated_ratings(source, linked))
    written = write_rows(target, curated_ratings(latest))
    aside = write_reasons(target.rejected, ratings_aside(latest))
    return complete(target, written, account(target.table, source.rows, written.rows, aside, {}), inputs)


def _extended(
    spark: SparkSession, before: Earlier, target: Target, linked: DataFrame, inputs: Mapping[str, Account]
) -> Account | None:
    """The earlier ratings and those of the new lines; None when all lines are to be read, as when one has a fault."""
    file, folder = raw_file(target.raw, FILE), f"{target.output}/{ADDED}"
    try:
        with errors_translated():
            source = read_lines(spark, added_lines(before, file, ",".join(header(file)), folder))
            latest = with_superseded(validated_ratings(source, linked)).persist()
            added = Added(curated_ratings(latest), ratings_aside(latest), source.rows, KEY)
            return add(before, target, added, inputs)
    except PipelineError as error:  # where all is read, the file tells in which of its lines
        get_logger().info("all lines are read", reason=str(error))
        return None
    finally:
        delete(folder)


def _account_of_links(target: Target, links: DataFrame, rows: int) -> Account:
    """links.csv feeds a join and becomes no table: its accepted rows are what ratings can be led by."""
    aside = write_reasons(replace(target, table="links").rejected, set_aside(links).coalesce(1))
    return account("links", rows, accepted(links).count(), aside, {})


if __name__ == "__main__":
    sys.exit(run_application(build_parser()))
