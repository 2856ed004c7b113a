"""log4j2.properties quietens classes that Spark has: a name of another version's quietens nothing."""

import re
from pathlib import Path

from pyspark.sql import SparkSession

SETTINGS = Path(__file__).parents[3] / "spark_apps/log4j2.properties"
OF_THE_IMAGE = "org.apache.hadoop.fs.s3a."  # not in the wheel


def test_each_class_that_is_quietened_is_there(spark: SparkSession) -> None:
    names = re.findall(r"^logger\.\w+\.name = (\S+)$", SETTINGS.read_text(), re.MULTILINE)
    assert spark.sparkContext._jvm
    classes = spark.sparkContext._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    lacking = [name for name in names if classes.getResource(f"{name.replace('.', '/')}.class") is None]
    assert [name for name in lacking if not name.startswith(OF_THE_IMAGE)] == []
    assert len(names) > len(lacking)
