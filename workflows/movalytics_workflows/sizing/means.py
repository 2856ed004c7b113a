"""What a run has to work with, from where each of it is said: the chart, spark_apps/application.yaml, manifests/aws."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from movalytics_common.errors import InvalidSettings

from movalytics_workflows import chart
from movalytics_workflows.house import DAILY, SPARK_APPS, SQL, STACK
from movalytics_workflows.sizing.rates import STEPS

DAY = 24 * 3600
DUE = 7 * 3600  # tables are to be there before 7:00, as README.md promises
# Of what Spark adds to the memory of a pod that runs Python, unless `memoryOverhead` says how much:
# https://spark.apache.org/docs/latest/running-on-kubernetes.html, spark.kubernetes.memoryOverheadFactor
OVERHEAD, LEAST_OVERHEAD = 0.4, 384 / 1024
_GIBIBYTES = {"m": 1 / 1024, "g": 1.0}


@dataclass(frozen=True)
class Pod:
    """CPUs and gibibytes that a driver or an executor asks of Kubernetes; `heap` is its memory as the chart has it."""

    cpus: float
    gibibytes: float
    heap: str


@dataclass(frozen=True)
class Application:
    """A Spark application's pods: so many executors, `fewest` to `most`, each running as many tasks as it has cores."""

    driver: Pod
    executor: Pod
    cores: int
    fewest: int
    most: int


@dataclass(frozen=True)
class Means:
    """Seconds since midnight of the start, seconds that outages may take and until steps are ended; sizes.

    `files_besides`: of tables that are not divided by months, a file each. `rpus`: the least and the most.
    """

    start: int
    patience: int
    deadlines: Mapping[str, int]
    ratings: Application
    catalogue: Application
    shuffle_partitions: int
    files_besides: int
    rpus: tuple[int, int]

    @property
    def window(self) -> int:
        """Seconds for a run whose outages take all the patience there is, and which is ready at 7:00 nevertheless."""
        return (DUE - self.start) % DAY - self.patience


def read_means() -> Means:
    """As the repository says them. Raises InvalidSettings for a schedule that names no single hour."""
    configuration = yaml.safe_load((SPARK_APPS / "application.yaml").read_text())["spec"]["sparkConf"]
    return Means(
        start=start_of(chart.schedule(DAILY)),
        patience=int(chart.values()["retries"]["patienceSeconds"]),
        deadlines={step: chart.deadline_seconds(step) for step in STEPS},
        ratings=_application("ratings"),
        catalogue=_application("catalogue"),
        shuffle_partitions=int(configuration["spark.sql.shuffle.partitions"]),
        files_besides=sum("partition" not in tomllib.loads(path.read_text()) for path in SQL.glob("*/table.toml")),
        rpus=_rpus(),
    )


def start_of(schedule: str) -> int:
    """Seconds since midnight at which five cron fields start a run. Raises InvalidSettings."""
    minute, hour = schedule.split()[:2]
    if not (minute.isdecimal() and hour.isdecimal()):
        raise InvalidSettings(f"schedules.daily is {schedule!r}, which is no single hour that leaves a time until 7:00")
    return int(hour) * 3600 + int(minute) * 60


def clock(seconds: float) -> str:
    """The first whole minute by which so many seconds since midnight are over."""
    minutes = -int(-seconds // 60) % (DAY // 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _application(name: str) -> Application:
    sizes = chart.values()["applications"][name]
    executors = sizes["executors"]
    return Application(
        _pod(sizes["driver"]), _pod(executors), int(executors["cores"]), int(executors["min"]), int(executors["max"])
    )


def _pod(sizes: Mapping[str, Any]) -> Pod:
    cpus, heap = str(sizes["cpuRequest"]), str(sizes["memory"])
    cores = float(cpus.removesuffix("m")) / (1000 if cpus.endswith("m") else 1)
    given = str(sizes["memoryOverhead"])
    beside = _gibibytes(given) if given else max(OVERHEAD * _gibibytes(heap), LEAST_OVERHEAD)
    return Pod(cores, _gibibytes(heap) + beside, heap)


def _gibibytes(text: str) -> float:
    return float(text[:-1]) * _GIBIBYTES[text[-1]]


def _rpus() -> tuple[int, int]:
    """BaseCapacity and MaxCapacity of the stack, whose template has tags that only CloudFormation reads."""
    text = STACK.read_text()
    least, most = (
        re.search(rf"^  {name}Capacity:\n    Type: Number\n    Default: (\d+)$", text, re.MULTILINE)
        for name in ("Base", "Max")
    )
    if not (least and most):
        raise InvalidSettings(f"{STACK} says no default of BaseCapacity or MaxCapacity")
    return int(least[1]), int(most[1])
