"""The way from which this project set out: Spark appends the CSV over JDBC to staging, SQL updates and inserts.

    python -m tests.benchmark.original --source=DIR --work=DIR

It loads the ratings alone, into the same stand-in. Needs Maven, for the JDBC driver. Prints the seconds of each step.
"""

import os
from pathlib import Path

from movalytics_workflows.local.java import java_home
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from tests.benchmark.contestant import TABLE, Steps, arguments
from tests.clients.run import Client, jar_of
from tests.integration.conftest import Standin, start_standin, stop_standin

JDBC = Client("postgresql-jdbc", jar="postgresql")
MEMORY = "4g"  # an executor's, as transform-ratings has it
MERGE = [
    """
    update ratings set rating = staging.rating, rated_at = staging.rated_at
    from staging where ratings.user_movie_id = staging.user_movie_id
    """,
    """
    insert into ratings select staging.* from staging
    left join ratings on staging.user_movie_id = ratings.user_movie_id where ratings.user_movie_id is null
    """,
]


def session(work: Path) -> SparkSession:
    """Spark on this machine, with the driver of the database."""
    os.environ["JAVA_HOME"] = str(java_home(os.environ, work / "java", MEMORY))
    builder = SparkSession.builder.master("local[*]").config("spark.driver.memory", MEMORY)
    conf: dict[str, bool | float | int | str | None] = {
        "spark.jars": str(jar_of(JDBC)),
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
    }
    return builder.config(map=conf).getOrCreate()


def ratings(spark: SparkSession, source: Path) -> DataFrame:
    """The ratings whose film is known, each once."""
    files = {
        name: spark.read.csv(str(source / f"{name}.csv"), header=True, inferSchema=True)
        for name in ("ratings", "links", "movies_metadata")
    }
    films = files["movies_metadata"].select(F.expr("try_cast(id as int) as tmdbId")).where("tmdbId > 0").distinct()
    known = files["ratings"].join(files["links"], "movieId").join(films, "tmdbId").dropDuplicates(["userId", "tmdbId"])
    return known.select(
        (F.shiftleft(F.col("userId").cast("bigint"), 32) + F.col("tmdbId")).alias("user_movie_id"),
        F.col("userId").alias("user_id"),
        F.col("tmdbId").cast("int").alias("movie_id"),
        F.col("rating").cast("decimal(2, 1)").alias("rating"),
        F.timestamp_seconds("timestamp").alias("rated_at"),
    )


def append(frame: DataFrame, server: Standin) -> None:
    """Over JDBC, into a table that is there."""
    url = f"jdbc:postgresql://{server.host}:{server.port}/{server.database}?sslmode=disable"
    properties = {"user": server.user, "driver": "org.postgresql.Driver", "batchsize": "10000"}
    frame.write.jdbc(url, "staging", mode="append", properties=properties)


def merge(server: Standin) -> None:
    """From staging into the table."""
    with server.connect() as connection, connection.cursor() as cursor:
        for statement in MERGE:
            cursor.execute(statement)


def main() -> None:
    source, work = arguments(__doc__)
    steps = Steps()
    process, server = start_standin(work)
    try:
        with server.connect() as connection:
            for name in ("staging", "ratings"):
                connection.cursor().execute(TABLE.format(name=name))
        steps.done("PostgreSQL starts")
        spark = session(work)
        steps.done("Spark starts")
        append(ratings(spark, source), server)
        steps.done("Spark: CSV, joins, dedup, JDBC")
        spark.stop()
        merge(server)
        steps.done("PostgreSQL: UPDATE, INSERT … LEFT JOIN")
    finally:
        stop_standin(process)
    steps.tell()


if __name__ == "__main__":
    main()
