"""The workflow's parameters: what differs per environment (from a ConfigMap), per run, and what the code fixes."""

from collections.abc import Iterable, Mapping

from hera.workflows import Parameter
from hera.workflows.models import ConfigMapKeySelector, ValueFrom

from movalytics_workflows.digest import code_digest

CONFIG_MAP = "movalytics"

ENVIRONMENT = {
    "lake": "the lake's root: s3://bucket/prefix",
    "s3-endpoint": "the endpoint of a lake that is not on AWS; empty: AWS",
    "s3-path-style": "true: buckets are addressed as endpoint/bucket",
    "warehouse": "the warehouse's URL: redshift://user@host:port/database?options",
    "copy-role": "the IAM role Redshift's COPY reads the lake with",
    "notify": "the URL that is told how a run ended; empty: nobody",
    "time-zone": "where a day begins, and what the schedules' hours are of: an IANA name",
    "registry": "where the images are, without their names",
    "version": "the images' tag",
    "movies-source": "where the movies dataset comes from",
    "cpi-source": "where the consumer price index comes from",
    "sample": "of what the data are a sample, as a sentence; empty: they are all there is",
    "allow": "ceilings on losses raised for this run, as ratings.not_in_links=0.3 links.shrink=0.5; empty: none",
    "sources-secret": "the Secret with the sources' credentials, when they need any",
    "warehouse-secret": "the Secret with the warehouse's password, when it needs one",
    "lake-secret": "the Secret with the lake's keys, when it needs any",
    "debug": "true: steps log tracebacks",
}
APPLICATIONS = ("catalogue", "ratings")
SIZES = {
    "driver-cpu-request": "CPU that the driver asks of Kubernetes",
    "driver-memory": "memory of the driver",
    "executors-min": "the fewest executors",
    "executors-max": "the most executors",
    "executors-idle": "seconds until an idle executor is given back",
    "executor-cores": "cores of an executor",
    "executor-cpu-request": "CPU that an executor asks of Kubernetes",
    "executor-memory": "memory of an executor",
}
# Seconds, counted per attempt. A step that cannot start (image, quota, secret) would wait for ever without one.
DEADLINES = {
    "discover": 900,
    "plan": 600,
    "extract-movies": 3600,
    "extract-cpi": 900,
    "transform-catalogue": 3600,
    "transform-ratings": 3600,
    "stage": 3600,
    "check-staged": 1800,
    "publish": 3600,
    "check-published": 1800,
    "report": 600,
    "finish": 600,
}
ALARM_DEADLINES = {"alarm": 600}
_DAY = [
    Parameter(
        name="run-date", value="", description="the day it is about, as 2026-01-31; empty: that of the scheduled time"
    ),
    Parameter(name="scheduled-time", value="", description="set by the CronWorkflow; empty: now"),
]
# Others wait for what these tell, so they give up earlier.
LAST_STEPS = {"finish", "alarm"}
# Seconds and a count; `retries.py` says what they do, README.md why they are as they are.
RETRIES = {
    "retry-patience": (7200, "seconds from its first attempt in which a step is tried again after a passing fault"),
    "retry-last-patience": (900, "the same of finish and alarm"),
    "retry-pause": (2, "seconds before the second attempt; each later pause is twice as long"),
    "retry-longest-pause": (300, "seconds that no pause is longer than"),
    "retry-limit": (100, "attempts of a step after its first, at most"),
}
_ALARM_NEEDS = [
    "lake",
    "s3-endpoint",
    "lake-secret",
    "warehouse",
    "warehouse-secret",
    "notify",
    "time-zone",
    "registry",
    "version",
    "debug",
]
_ALARM_RETRIES = [name for name in RETRIES if name != "retry-patience"]


def workflow_parameters() -> list[Parameter]:
    """All parameters in the order the Argo UI shows them: a run's own first, then those of the environment."""
    return [
        *_DAY,
        Parameter(name="movies-version", value="", description="pin of the dataset's version; empty: the newest"),
        Parameter(name="cpi-vintage", value="", description="CPI as known on this date; empty: as known now"),
        Parameter(
            name="force", value="false", enum=["false", "true"], description="load again what is published, or older"
        ),
        *_environment(ENVIRONMENT),
        *(
            _from_config_map(f"{application}-{name}", f"{text} of transform-{application}")
            for application in APPLICATIONS
            for name, text in SIZES.items()
        ),
        *_deadlines(DEADLINES),
        *_retries(RETRIES),
        Parameter(name="code-digest", value=code_digest(), description="of transforms and SQL; set by `make render`"),
    ]


def alarm_parameters() -> list[Parameter]:
    """What the alarm's one step needs of them."""
    schedule = _from_config_map("schedule", "when a run is due, as five cron fields")
    return [*_DAY, schedule, *_environment(_ALARM_NEEDS), *_deadlines(ALARM_DEADLINES), *_retries(_ALARM_RETRIES)]


def day_arguments() -> list[str]:
    """How a step is told what day it is about."""
    return [f"--{name}={value(name)}" for name in ("run-date", "scheduled-time", "time-zone")]


def value(name: str) -> str:
    """How a template names a parameter of the workflow."""
    return f"{{{{workflow.parameters.{name}}}}}"


def _environment(names: Iterable[str]) -> list[Parameter]:
    return [_from_config_map(name, ENVIRONMENT[name]) for name in names]


def _deadlines(deadlines: Mapping[str, int]) -> list[Parameter]:
    return [
        _from_config_map(f"{step}-deadline", f"seconds until an attempt of {step} is ended", str(seconds))
        for step, seconds in deadlines.items()
    ]


def _retries(names: Iterable[str]) -> list[Parameter]:
    return [_from_config_map(name, RETRIES[name][1], str(RETRIES[name][0])) for name in names]


def _from_config_map(name: str, description: str, default: str | None = None) -> Parameter:
    selector = ConfigMapKeySelector(name=CONFIG_MAP, key=name)
    return Parameter(
        name=name, description=description, value_from=ValueFrom(config_map_key_ref=selector, default=default)
    )
