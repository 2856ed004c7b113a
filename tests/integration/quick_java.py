"""A JAVA_HOME for the JVMs of tests, which live for seconds: whatever Java is found, told to start quickly."""

import fcntl
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyspark
import yaml
from movalytics_workflows.house import ROOT, SPARK_APPS
from movalytics_workflows.local.java import java_home
from movalytics_workflows.local.spark import spark_home

TINY = ROOT / "tests" / "data" / "tiny"
# On tiny tables the second compiler, the code that Spark generates and its notes of where in Python each column was
# made cost more CPU than all the rest.
OPTIONS = (
    *("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
    *("-Dspark.sql.codegen.wholeStage=false", "-Dspark.sql.codegen.factoryMode=NO_CODEGEN"),
    "-Dspark.python.sql.dataFrameDebugging.enabled=false",
)
# Java passes over an archive that is another Java's or of other jars; it would only speak of it.
SILENT = ("-Xlog:cds=off", "-Xlog:cds+dynamic=off")


@cache
def quick_environment() -> dict[str, str]:
    """The variables of this process, and JAVA_HOME: with Spark's classes parsed and verified once for all tests."""
    folder = Path(sys.prefix) / "quick_java"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        java = java_home(os.environ, folder / "packaged", "2g") / "bin" / "java"
        archive = folder / f"java-{_version(java)}-spark-{pyspark.__version__}.jsa"
        if not archive.exists():
            _make(archive, java)
        known = (f"-XX:SharedArchiveFile={archive}", *SILENT) if archive.stat().st_size else ()
        return os.environ | {"JAVA_HOME": str(_home(folder / "quick", java, *known))}


def _version(java: Path) -> str:
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=True)
    return re.findall(r'version "(.+?)"', answer.stderr)[0]  # type: ignore[no-any-return]


def _home(home: Path, java: Path, *options: str) -> Path:
    """A JAVA_HOME of one command, which is this Java with these and OPTIONS."""
    script = home / "bin" / "java"
    script.parent.mkdir(parents=True, exist_ok=True)
    written = script.with_suffix(".unfinished")
    written.write_text(f'#!/bin/sh\nexec {shlex.join([str(java), *OPTIONS, *options])} "$@"\n')
    written.chmod(0o755)
    written.rename(script)
    return home


def _make(archive: Path, java: Path) -> None:
    """An archive of the classes that a transform uses; an empty file where this Java makes none."""
    with TemporaryDirectory(dir=archive.parent) as scratch:
        unfinished = Path(scratch) / "unfinished.jsa"
        home = _home(Path(scratch), java, f"-XX:ArchiveClassesAtExit={unfinished}", *SILENT)
        _transform(Path(scratch), os.environ | {"JAVA_HOME": str(home)})
        unfinished.touch()
        unfinished.rename(archive)


def _transform(scratch: Path, environment: dict[str, str]) -> None:
    conf = yaml.safe_load((SPARK_APPS / "application.yaml").read_text())["spec"]["sparkConf"]
    conf |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false"}
    settings = [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]
    raw = TINY.as_uri()
    arguments = [
        "--run=one",
        "--made=one",
        f"--movies={raw}",
        f"--cpi={raw}",
        f"--output={(scratch / 'curated').as_uri()}",
        f"--earlier={(scratch / 'none').as_uri()}",
        "--code=c0de",
    ]
    command = [spark_home() / "bin" / "spark-submit", "--driver-memory", "2g", *settings]
    subprocess.run(
        [*command, SPARK_APPS / "transform_catalogue.py", *arguments],
        env=environment | {"SPARK_HOME": str(spark_home()), "PYSPARK_PYTHON": sys.executable},
        cwd=scratch,
        capture_output=True,
        check=True,
    )
