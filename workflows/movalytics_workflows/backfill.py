"""Days that were missed, brought one after another, the oldest first, each by a run of its own; then what is newest."""

import yaml
from hera.workflows import DAG, Container, Parameter, Resource, Task, WorkflowTemplate
from hera.workflows.models import TTLStrategy

from movalytics_workflows.containers import OPERATIONS, POD_SECURITY, applied, container
from movalytics_workflows.house import DAILY
from movalytics_workflows.parameters import parameters, value
from movalytics_workflows.publishing import URL, given, output
from movalytics_workflows.single import WEEK

NAME = "movalytics-backfill"
DAY, MISSING = "day", "missing-day"
_ENDS = {"from": "first", "to": "last"}
# As long as a run's name may be: SparkApplications and their pods are named after it.
_STARTED = "{{workflow.creationTimestamp.s}}"
_WORDS = {
    "workflows.argoproj.io/title": "Days that were missed",
    "workflows.argoproj.io/description": """For each day without a successful run, oldest first, one of
movalytics-daily, with prices as known on that day; it stops at the first that fails, which says why. In any case a run
of what is newest follows. Started again it goes on with the days that are still missing.""",
}


def backfill() -> WorkflowTemplate:
    """The WorkflowTemplate of `movalytics backfill`: one day, then itself again, until no day is missing."""
    own = [Parameter(name=name, value="", description=f"the {word} day, as 2026-01-31") for name, word in _ENDS.items()]
    steps: list[Container | Resource] = [_missing_day(), _day(), _newest()]
    workflow = WorkflowTemplate(
        name=NAME,
        entrypoint="days",
        on_exit="newest",
        annotations=_WORDS,
        security_context=POD_SECURITY,
        ttl_strategy=TTLStrategy(seconds_after_completion=WEEK),
        templates=[DAG(name="days", tasks=list(_tasks())), *steps],
    )
    workflow.arguments = parameters(workflow, own)
    return workflow


def _tasks() -> list[Task]:
    found = output(MISSING, DAY)
    is_missing = f"'{found}' != 'none'"
    return [
        Task(name=MISSING, template=MISSING),
        Task(name=DAY, template=DAY, depends=f"{MISSING}.Succeeded", when=is_missing, arguments={DAY: found}),
        Task(name="next", template="days", depends=f"{DAY}.Succeeded", when=is_missing),
    ]


def _missing_day() -> Container:
    ends = [f"--{name}={value(name)}" for name in _ENDS]
    return container(MISSING, OPERATIONS, [MISSING, URL, *ends], outputs=[DAY])


def _day() -> Resource:
    day = given(DAY)
    about = {"run-date": day, "cpi-vintage": day, "force": "older"}
    return _run(DAY, f"movalytics-{day}-{_STARTED}", about, [DAY])


def _newest() -> Resource:
    """A day's data may be older than what was published before."""
    return _run("newest", f"movalytics-newest-{_STARTED}", {}, [])


def _run(step: str, name: str, about: dict[str, str], inputs: list[str]) -> Resource:
    """A run of movalytics-daily, which stays when the backfill is deleted."""
    arguments = [{"name": key, "value": text} for key, text in about.items()]
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"workflowTemplateRef": {"name": DAILY}, "arguments": {"parameters": arguments}},
    }
    return applied(
        step,
        yaml.safe_dump(manifest, sort_keys=False, width=1000),
        account="movalytics-backfill",
        until=("status.phase == Succeeded", "status.phase in (Failed, Error)"),
        inputs=inputs,
    )
