"""A Prometheus on loopback that has seen what a test made up, and answers queries of any moment."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cluster.chart import ROOT
from tests.cluster.prometheus import promtool

HOW = "prometheus is neither in .venv/bin nor on PATH: make promtool gets it, or install Prometheus"
SCRAPE_SECONDS = 60


@dataclass(frozen=True)
class Series:
    """A metric that says what it was last set to: (Unix seconds, value) in order; None ends it."""

    name: str
    labels: Mapping[str, str]
    settings: Sequence[tuple[float, float | None]]

    def samples(self, until: float) -> Iterator[str]:
        """A line of OpenMetrics for each scrape."""
        labels = ",".join(f'{key}="{text}"' for key, text in self.labels.items())
        for number, (begin, value) in enumerate(self.settings):
            later = [moment for moment, _ in self.settings[number + 1 :]]
            for moment in range(int(begin), int(later[0] if later else until), SCRAPE_SECONDS):
                if value is not None:
                    yield f"{self.name}{{{labels}}} {value} {moment}"


@dataclass(frozen=True)
class Prometheus:
    """Where it listens."""

    url: str

    def ask(self, query: str, moment: float) -> dict[frozenset[tuple[str, str]], float]:
        """The value of each series that the query finds at this moment, by its labels. Fails in Prometheus' words."""
        words = urllib.parse.urlencode({"query": query, "time": moment})
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/query?{words}", timeout=30) as answer:
                found = json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            pytest.fail(f"{query}: {json.load(error)['error']}")
        return {frozenset(one["metric"].items()): float(one["value"][1]) for one in found}


@contextmanager
def serving(folder: Path, series: Sequence[Series], until: float) -> Iterator[Prometheus]:
    """A Prometheus that has scraped these series until then."""
    tool = shutil.which(ROOT / ".venv" / "bin" / "prometheus") or shutil.which("prometheus")
    if tool is None:
        pytest.fail(HOW)
    _write(folder, series, until)
    (folder / "prometheus.yml").write_text("{}")
    url = f"http://127.0.0.1:{_free_port()}"
    options = [f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    listen = f"--web.listen-address={url.removeprefix('http://')}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([tool, *options, "--storage.tsdb.retention.time=10y", listen], stderr=log)
    try:
        _until_ready(url, process, folder / "log")
        yield Prometheus(url)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _write(folder: Path, series: Sequence[Series], until: float) -> None:
    """As blocks of its database. OpenMetrics wants each metric's lines together."""
    names = sorted({one.name for one in series})
    lines = [
        line
        for name in names
        for line in (
            f"# TYPE {name} unknown",
            *(line for one in series if one.name == name for line in one.samples(until)),
        )
    ]
    (folder / "metrics.txt").write_text("\n".join([*lines, "# EOF", ""]))
    done = promtool(
        "tsdb", "create-blocks-from", "openmetrics", str(folder / "metrics.txt"), str(folder / "data"), "--quiet"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(150):
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{url}/-/ready", timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"Prometheus does not become ready: {log.read_text()[-2000:]}")
