"""Both mains run on the whole sample, each as spark-submit runs it."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest
import yaml

from tests.integration.quick_java import quick_environment

ROOT = Path(__file__).parents[3]
SPARK_APPS = ROOT / "spark_apps"
LEFT_BY_A_KILL = "part-99999-half.snappy.parquet"
CPI = "CUSR0000SS62031.csv"

Submit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def submit(tmp_path_factory: pytest.TempPathFactory) -> Submit:
    """Run a main with application.yaml's settings in local mode."""
    scratch = tmp_path_factory.mktemp("spark scratch")
    conf = yaml.safe_load((SPARK_APPS / "application.yaml").read_text())["spec"]["sparkConf"] | {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(scratch),
        # Here, as on a cluster, with the code that Spark generates.
        "spark.sql.codegen.wholeStage": "true",
        "spark.sql.codegen.factoryMode": "FALLBACK",
    }
    environment = quick_environment() | {
        "PYSPARK_PYTHON": sys.executable,
        "LOG4J_CONFIGURATION_FILE": str(SPARK_APPS / "log4j2.properties"),
    }
    spark_submit = Path(sys.executable).parent / "spark-submit"

    def run(
        main: str, *arguments: str, memory: str = "2g", name: str = "transform", **more: str
    ) -> subprocess.CompletedProcess[str]:
        every = conf | {setting.replace("_", "."): value for setting, value in more.items()}
        settings = [part for setting, value in every.items() for part in ("--conf", f"{setting}={value}")]
        command = [str(spark_submit), "--master", "local[*]", "--name", name, "--driver-memory", memory, *settings]
        command += [str(SPARK_APPS / main), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=scratch, check=False)

    return run


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's files as extract lands them."""
    directory = tmp_path_factory.mktemp("my raw lake")
    with zipfile.ZipFile(ROOT / "tests/data/the-movies-dataset.zip") as archive:
        archive.extractall(directory)
    copyfile(ROOT / "tests/data" / CPI, directory / CPI)
    return directory


@pytest.fixture(scope="session")
def curated(submit: Submit, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the sample, and their records in `runs`; a first try at ratings was killed."""
    output = tmp_path_factory.mktemp("my lake") / "curated" / "made=one"
    (output / "ratings" / "_temporary" / "0").mkdir(parents=True)
    (output / "ratings" / LEFT_BY_A_KILL).write_bytes(b"PAR1")
    common = ["--run=one", "--made=one", f"--movies=file://{raw}", f"--output=file://{output}"]
    common += [f"--earlier=file://{output.parent}/made=", "--code=c0de"]
    for step, extra in (("catalogue", [f"--cpi=file://{raw}"]), ("ratings", [])):
        done = submit(f"transform_{step}.py", *common, *extra, f"--record=file://{output}/runs/transform-{step}.json")
        assert done.returncode == 0, done.stderr
    return output
