"""A real Spark, with the settings that the chart gives it, shows the metrics that the dashboard asks for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.chart import NEEDED, NEEDS_HELM
from tests.cluster.test_chart_pods import applications
from tests.cluster.test_dashboard import SCRAPED, expressions, scraping
from tests.integration.quick_java import quick_environment

pytestmark = NEEDS_HELM

SCRAPE = """
import sys, urllib.request
from pyspark.sql import SparkSession
builder = SparkSession.builder.master("local[1]").appName("run-transform-ratings")
for word in sys.argv[1:]:
    builder = builder.config(*word.split("=", 1))
spark = builder.getOrCreate()
spark.range(10).count()
for part in ("executors", "driver"):
    page = spark.sparkContext.uiWebUrl + f"/metrics/{part}/prometheus"
    print(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(page, timeout=30).read().decode())
spark.stop()
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Both pages of a driver."""
    spec = applications(*NEEDED, SCRAPED)["ratings"]
    own = scraping(spec)
    assert len(own) == 4
    here = {"spark.ui.port": "0", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    words = [f"{key}={text}" for key, text in {**own, **here}.items()]
    script: Path = tmp_path_factory.mktemp("spark") / "scrape.py"
    script.write_text(SCRAPE)
    done = subprocess.run(
        [sys.executable, str(script), *words], capture_output=True, text=True, env=quick_environment(), check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_the_dashboard_asks_of_spark_is_there(page: str) -> None:
    asked = {name for text in expressions() for name in re.findall(r"metrics_executor_\w+", text)}
    assert len(asked) == 4
    assert asked <= set(re.findall(r"^(\w+)\{", page, re.MULTILINE))
    assert 'application_name="run-transform-ratings"' in page


def test_a_drivers_own_metrics_are_named_after_its_application(page: str) -> None:
    found = set(re.findall(r"^metrics_(movalytics_ratings_driver_\w+?)\{", page, re.MULTILINE))
    assert any("DAGScheduler" in name for name in found)
