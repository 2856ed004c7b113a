"""One small Spark for all tests of this component, and raw files written row by row."""

import csv
import gc
import io
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from movalytics_spark import links, movies
from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[3]


HERE = Path(__file__).parent
# pyspark leaves the closing of its sockets to the garbage collector.
PYSPARK_SOCKETS = "ignore:unclosed <socket.socket .*127.0.0.1:ResourceWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(PYSPARK_SOCKETS))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    scratch = tmp_path_factory.mktemp("spark")
    application = yaml.safe_load((ROOT / "spark_apps/application.yaml").read_text())
    settings = application["spec"]["sparkConf"] | {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": f"file://{scratch}/warehouse",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # A handful of rows is validated faster than code for them is generated and compiled.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        # Where in Python each column was made would be told to Java with two dozen messages.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    with pytest.MonkeyPatch.context() as environment, warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=ResourceWarning)
        environment.setenv("LOG4J_CONFIGURATION_FILE", str(ROOT / "spark_apps/log4j2.properties"))
        environment.setenv("PYSPARK_PYTHON", sys.executable)
        session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
        yield session
        session.stop()
        gc.collect()


class Raw:
    """A directory of raw files; every method writes one file and returns the directory's URI."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.uri = f"file://{directory}"

    def write(self, name: str, content: str | bytes) -> str:
        data = content.encode() if isinstance(content, str) else content
        (self.directory / name).write_bytes(data)
        return self.uri

    def movies(self, *films: dict[str, str] | str) -> str:
        """movies_metadata.csv: a film as its columns, or a whole line as it stands."""
        lines = [film if isinstance(film, str) else self.film(**film) for film in films]
        return self.write("movies_metadata.csv", "\n".join([",".join(movies.COLUMNS), *lines, ""]))

    def film(self, **columns: str) -> str:
        defaults = dict.fromkeys(movies.COLUMNS, "")
        defaults |= {"adult": "False", "id": "862", "title": "Toy Story", "genres": "[]", "status": "Released"}
        line = io.StringIO()
        csv.DictWriter(line, movies.COLUMNS, lineterminator="").writerow(defaults | columns)
        return line.getvalue()

    def links(self, *rows: str) -> str:
        return self.write("links.csv", "\r\n".join([",".join(links.COLUMNS), *rows, ""]))

    def ratings(self, *rows: str) -> str:
        return self.write("ratings.csv", "\r\n".join(["userId,movieId,rating,timestamp", *rows, ""]))

    def cpi(self, *rows: str, header: str = "DATE,CUSR0000SS62031") -> str:
        return self.write("CUSR0000SS62031.csv", "\n".join([header, *rows, ""]))


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    directory = tmp_path / "raw of [me] 100%"
    directory.mkdir()
    return Raw(directory)


@pytest.fixture
def reasons() -> Any:
    """The verdicts of a validated frame: each row's reason, None for the accepted ones."""
    return lambda validated: sorted((row["reason"] or "" for row in validated.collect()), key=str)
