"""The chart's history server, on this machine: the same two commands of Spark, with the applications' own settings."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from movalytics_workflows.house import SPARK_APPS
from movalytics_workflows.local.spark import spark_home

PATIENCE = 120.0
SPARK_CLASS = spark_home() / "bin" / "spark-class"


@dataclass(frozen=True)
class HistoryServer:
    """Of the event logs in a directory of the lake."""

    folder: Path
    directory: str
    environment: Mapping[str, str]

    def make_directory(self) -> None:
        """What the pod's first container does."""
        command = [SPARK_CLASS, "org.apache.hadoop.fs.FsShell", "-mkdir", "-p", self.directory]
        done = subprocess.run(command, env=self._settings(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def require_applications(self, count: int) -> None:
        """The server lists so many and shows the stages of one."""
        with self._serving() as url:
            until = time.monotonic() + PATIENCE
            while len(found := _read(f"{url}/applications")) < count:
                assert time.monotonic() < until, f"it lists {found}"
                time.sleep(0.5)
            assert _read(f"{url}/applications/{found[0]['id']}/stages")

    @contextmanager
    def _serving(self) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        conf = self.folder / "history.conf"
        environment = self._settings()
        conf.write_text(f"spark.history.fs.logDirectory {self.directory}\nspark.history.ui.port {port}\n")
        command = [str(SPARK_CLASS), "org.apache.spark.deploy.history.HistoryServer", "--properties-file", str(conf)]
        with (self.folder / "log").open("w") as log, subprocess.Popen(command, env=environment, stderr=log) as server:
            try:
                yield f"http://127.0.0.1:{port}/api/v1"
            finally:
                server.terminate()

    def _settings(self) -> dict[str, str]:
        """An environment in which Hadoop finds what the SparkApplications are told of the lake."""
        spec = yaml.safe_load((SPARK_APPS / "application.yaml").read_text())["spec"]
        hadoop = spec["hadoopConf"] | {
            "fs.s3.impl": spec["sparkConf"]["spark.hadoop.fs.s3.impl"],
            "fs.s3a.endpoint": self.environment["AWS_ENDPOINT_URL"],
            "fs.s3a.path.style.access": "true",
            "fs.s3a.performance.flags": "mkdir",
        }
        properties = (f"<property><name>{name}</name><value>{text}</value></property>" for name, text in hadoop.items())
        self.folder.mkdir(exist_ok=True)
        (self.folder / "core-site.xml").write_text(f"<configuration>{''.join(properties)}</configuration>")
        return {**self.environment, "HADOOP_CONF_DIR": str(self.folder), "SPARK_DAEMON_MEMORY": "512m"}


def _read(url: str) -> list[dict[str, str]]:
    """What it answers; nothing while it starts."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            found: list[dict[str, str]] = json.load(answer)
            return found
    except OSError:
        return []
