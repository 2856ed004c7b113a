"""The frame of both mains: options, a Spark session, one sentence when something fails."""

import argparse
from collections.abc import Iterable, Sequence
from typing import Final

from movalytics_common.declaration import tables
from movalytics_common.errors import InvalidSettings
from movalytics_common.step import Work, add_common_options, run
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from movalytics_spark.failures import errors_translated
from movalytics_spark.progress import progress_reported
from movalytics_spark.storage import write_bytes

# A curated file is wrong without these. They are set in application.yaml alone and only looked at here.
REQUIRED: Final = {"spark.sql.session.timeZone": "UTC", "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS"}
# On S3 a rename is a copy, so Spark's default committer would write everything twice.
S3_COMMITTERS: Final = {
    "spark.sql.sources.commitProtocolClass": "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
    "spark.sql.parquet.output.committer.class": "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
}


def step_parser(step: str, work: Work, summary: str) -> argparse.ArgumentParser:
    """A parser with the options that both mains take; `work` returns the fields of the step's record."""
    parser = argparse.ArgumentParser(prog=step, description=summary, allow_abbrev=False)
    parser.add_argument("--run", required=True, metavar="ID", help="the run that makes these tables")
    parser.add_argument("--made", required=True, metavar="KEY", help="what they are made of, as plan names it")
    parser.add_argument("--movies", required=True, metavar="URI", help="directory of the raw movies files")
    parser.add_argument("--code", required=True, metavar="HEX", help="digest of the code that makes these tables")
    parser.add_argument("--earlier", required=True, metavar="URI", help="directory of what may be taken over, if there")
    parser.add_argument("--output", required=True, metavar="URI", help="directory of what is made of this")
    add_common_options(parser)
    parser.set_defaults(step=step, work=errors_translated()(progress_reported()(work)))
    return parser


def spark_session(output: str) -> SparkSession:
    """The session that spark-submit configured, ready to write to `output`. Raises InvalidSettings."""
    _make_event_log_directory()
    spark = SparkSession.builder.getOrCreate()
    for name, value in REQUIRED.items():
        if spark.conf.get(name) != value:
            raise InvalidSettings(f"{name} must be {value}: pass application.yaml's sparkConf to spark-submit")
    if output.startswith("s3://"):
        for name, value in S3_COMMITTERS.items():
            spark.conf.set(name, value)
    return spark


def _make_event_log_directory() -> None:
    """Spark begins only where the directory of its event logs is there already, on S3 too."""
    SparkContext._ensure_initialized()  # Java, which knows the settings, but no session yet
    conf, jvm = SparkConf(), SparkContext._jvm
    if jvm and conf.get("spark.eventLog.enabled") == "true":
        path = jvm.org.apache.hadoop.fs.Path(jvm.java.net.URI(conf.get("spark.eventLog.dir")))
        hadoop = jvm.org.apache.spark.deploy.SparkHadoopUtil.get().newConfiguration(conf._jconf)
        path.getFileSystem(hadoop).mkdirs(path)


def require_declared(step: str, written: Iterable[str]) -> None:
    """Raises InvalidSettings when a step writes other tables than those that are declared for it."""
    declared = {name for name, table in tables().items() if table.application == step}
    if lacking := sorted(declared - set(written)):
        raise InvalidSettings(
            f"{step} does not write {lacking[0]}, which sql/{lacking[0]}/table.toml declares for it: "
            f"add it to the tables of spark_apps/{step.replace('-', '_')}.py"
        )
    if strange := sorted(set(written) - declared):
        raise InvalidSettings(
            f"{step} writes {strange[0]}, which is not declared for it: "
            f'write sql/{strange[0]}/table.toml with application = "{step}"'
        )


def run_application(parser: argparse.ArgumentParser, argv: Sequence[str] | None = None) -> int:
    """Run the step, write its record through Hadoop, stop Spark; returns the exit code."""
    try:
        return run(parser, errors_translated()(write_bytes), argv)
    finally:
        spark = SparkSession.getActiveSession()
        if spark is not None:
            spark.stop()
