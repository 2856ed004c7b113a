"""The workflow's parameters: what differs per environment (the chart fills it in), per run, and what the code fixes."""

import json
import re
from collections.abc import Iterable, Sequence

from hera.workflows import Parameter, WorkflowTemplate

from movalytics_workflows import chart
from movalytics_workflows.digest import application_digest, code_digest
from movalytics_workflows.settings import ENVIRONMENT, RETRIES, SIZES

_DAY = [
    Parameter(
        name="run-date", value="", description="the day it is about, as 2026-01-31; empty: that of the scheduled time"
    ),
    Parameter(name="scheduled-time", value="", description="set by the CronWorkflow; empty: now"),
]


def parameters(workflow: WorkflowTemplate, own: Sequence[Parameter]) -> list[Parameter]:
    """All that the workflow's templates name, in the order the Argo UI shows them: a run's own first, then the rest.

    Raises InvalidSettings for a step that the chart has no deadline or no sizes for.
    """
    content = workflow.to_dict()
    steps = [one["name"] for one in content["spec"]["templates"] if "dag" not in one]
    code = Parameter(name="code-digest", value=code_digest(), description="of transforms and SQL; set by `make render`")
    known = [
        *_DAY,
        *own,
        *_environment(ENVIRONMENT),
        *_sizes(steps),
        *_deadlines(steps),
        *_retries(RETRIES),
        code,
        *_codes(steps),
    ]
    named = set(re.findall(r"workflow\.parameters\.([\w-]+)", json.dumps(content)))
    return [one for one in known if one.name in named]


def schedule() -> Parameter:
    """When runs are due: what the alarm asks by."""
    return Parameter(name="schedule", description="when a run is due, as five cron fields")


def day_arguments() -> list[str]:
    """How a step is told what day it is about."""
    return [f"--{name}={value(name)}" for name in ("run-date", "scheduled-time", "time-zone")]


def value(name: str) -> str:
    """How a template names a parameter of the workflow."""
    return f"{{{{workflow.parameters.{name}}}}}"


def _codes(steps: Iterable[str]) -> list[Parameter]:
    return [
        Parameter(name=f"{step}-code", value=application_digest(step), description=f"digest of the code of {step}")
        for step in steps
        if step.startswith("transform-")
    ]


def _environment(names: Iterable[str]) -> list[Parameter]:
    return [Parameter(name=name, description=ENVIRONMENT[name]) for name in names]


def _sizes(steps: Iterable[str]) -> list[Parameter]:
    applications = [step.removeprefix("transform-") for step in steps if step.startswith("transform-")]
    for application in applications:
        chart.require_sizes(application)
    return [
        Parameter(name=f"{application}-{name}", description=f"{text} of transform-{application}")
        for application in applications
        for name, text in SIZES.items()
    ]


def _deadlines(steps: Iterable[str]) -> list[Parameter]:
    """Counted per attempt. A step that cannot start (image, quota, secret) would wait for ever without one."""
    return [
        _number(f"{step}-deadline", f"seconds until an attempt of {step} is ended", chart.deadline_seconds(step))
        for step in steps
    ]


def _retries(names: Iterable[str]) -> list[Parameter]:
    known = chart.values()["retries"]
    return [_number(name, text, known[key]) for name in names for key, text in [RETRIES[name]]]


def _number(name: str, description: str, default: int) -> Parameter:
    return Parameter(name=name, description=description, value=str(default))
