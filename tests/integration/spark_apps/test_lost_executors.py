"""Executors that are killed, as Kubernetes does it to those that take more memory than they may."""

import subprocess
import sys
from pathlib import Path

from tests.integration.quick_java import quick_environment

MAIN = """
import os, psutil
from movalytics_common.errors import PipelineError
from movalytics_spark.failures import errors_translated
from pyspark.sql import SparkSession

def kill(_):
    daemon = psutil.Process(os.getppid())
    os.kill(daemon.ppid(), 9)

builder = SparkSession.builder.master("local-cluster[1,1,1024]").config("spark.executor.memory", "512m")
spark = builder.config("spark.ui.enabled", "false").config("spark.task.maxFailures", "2").getOrCreate()
try:
    with errors_translated():
        spark.sparkContext.parallelize([1], 1).foreach(kill)
except PipelineError as error:
    print(f"{error.exit_code}: {error}")
"""


def test_the_reason_is_that_they_were_killed_whatever_spark_says_of_the_stage(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(MAIN)
    command = [Path(sys.executable).parent / "spark-submit", "main.py"]
    environment = quick_environment() | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    (said,) = [line for line in done.stdout.splitlines() if "executors" in line] or [done.stderr]
    assert said.startswith("70: ")
    assert "executors were killed (exit code 137" in said
    assert "give them more" in said
