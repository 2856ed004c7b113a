"""Whatever a person has set for another Spark, Java or Python, our children get ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = {
    "PYTHONPATH": "{elsewhere}",
    "PYTHONHOME": "",
    "PYTHONSTARTUP": "/nowhere",
    "SPARK_HOME": "{elsewhere}",
    "SPARK_CONF_DIR": "{elsewhere}",
    "SPARK_MASTER": "spark://nobody:7077",
    "PYSPARK_SUBMIT_ARGS": "--master yarn nonsense",
    "PYSPARK_PYTHON": "/nowhere/python",
    "PYSPARK_DRIVER_PYTHON": "jupyter",
    "HADOOP_CONF_DIR": "{elsewhere}",
    "YARN_CONF_DIR": "{elsewhere}",
    "CLASSPATH": "{elsewhere}",
    "JAVA_TOOL_OPTIONS": "-Djava.net.preferIPv6Addresses=true",
    "_JAVA_OPTIONS": "-Xmx16m",
    "JDK_JAVA_OPTIONS": "-Dfile.encoding=UTF-16",
    "LC_ALL": "C",
    "LANG": "tr_TR.UTF-8",
}
# Rows written and read by Spark as a step would be started, in a directory whose name is not ASCII.
LAUNCH = """
import os, subprocess, sys
from pathlib import Path
from movalytics_workflows.local.java import java_home
from movalytics_workflows.local.processes import base_environment
from movalytics_workflows.local.spark import spark_home
here = Path(sys.argv[1])
environment = base_environment(
    JAVA_HOME=str(java_home(os.environ, here / "java", "512m")), SPARK_HOME=str(spark_home()),
    SPARK_LOCAL_IP="127.0.0.1",
    PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable, SPARK_LOCAL_DIRS=str(here),
)
submit = [spark_home() / "bin" / "spark-submit", "--master", "local[1]", "--driver-memory", "512m",
          "--conf", "spark.ui.enabled=false", "--conf", f'spark.driver.extraJavaOptions="-Djava.io.tmpdir={here}"',
          here / "application.py", here]
sys.exit(subprocess.run(submit, env=environment).returncode)
"""
APPLICATION = """
import sys
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
spark = SparkSession.builder.getOrCreate()
place = "file://" + sys.argv[1] + "/rows"
spark.range(3).select(udf(lambda number: number * 2, "long")("id").alias("twice")).write.parquet(place)
print("sum", sum(row.twice for row in spark.read.parquet(place).collect()))
"""


@pytest.mark.slow
def test_spark_works_whatever_a_person_has_set_for_others(tmp_path: Path) -> None:
    elsewhere, here = tmp_path / "elsewhere", tmp_path / "é ü"
    (elsewhere / "pyspark").mkdir(parents=True)
    (elsewhere / "pyspark" / "__init__.py").write_text("raise ImportError('another Spark')")
    (elsewhere / "spark-defaults.conf").write_text("spark.master yarn\nspark.driver.memory 1m\n")
    (elsewhere / "core-site.xml").write_text("no xml")
    here.mkdir()
    (here / "application.py").write_text(APPLICATION)
    hostile = {name: text.format(elsewhere=elsewhere) for name, text in HOSTILE.items()}
    answer = subprocess.run(
        [sys.executable, "-c", LAUNCH, str(here)], capture_output=True, text=True, env={**os.environ, **hostile}
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert "sum 6" in answer.stdout
    assert "Picked up" not in answer.stderr
