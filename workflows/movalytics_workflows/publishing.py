"""From what the applications made to published tables and their page: the half of the DAG that all runs share."""

from collections.abc import Mapping, Sequence

from hera.workflows import DAG, Container, Parameter, Resource, Task, WorkflowTemplate
from hera.workflows.models import Mutex, Synchronization, TTLStrategy, WorkflowMetadata

from movalytics_workflows import chart, lake
from movalytics_workflows.containers import FINISH, LAST_EXIT, POD_SECURITY, WAREHOUSE, container, measuring
from movalytics_workflows.metrics import run_metrics
from movalytics_workflows.parameters import parameters, value

MOVIES, CPI = "movies-version", "cpi-version"
# The Spark applications, and the versions of the sources that each reads.
READS = {"catalogue": (MOVIES, CPI), "ratings": (MOVIES,)}
RUN = f"--run={lake.RUN}"
URL = f"--warehouse={value('warehouse')}"
_LOCK = "movalytics-daily"  # one for all that publish
_WEEK = 7 * 24 * 3600


def template(
    name: str,
    words: Mapping[str, str],
    own: Sequence[Parameter],
    tasks: Sequence[Task],
    first: Sequence[Container | Resource],
) -> WorkflowTemplate:
    """A WorkflowTemplate that ends with publishing.

    `words` is what the Argo UI shows until finish says what came of it, `own` are parameters of this template alone.

    Raises InvalidSettings for a step the chart lacks.
    """
    every = [*tasks, *_publishing_tasks()]
    steps: list[Container | Resource] = [*first, *_publishing_steps(every), _finish()]
    workflow = WorkflowTemplate(
        name=name,
        entrypoint="run",
        on_exit="finish",
        active_deadline_seconds=chart.run_deadline_seconds(),  # a number, so no parameter: the chart sets its own
        annotations=dict(words),
        workflow_metadata=WorkflowMetadata(annotations=dict(words)),
        metrics=run_metrics(name),
        security_context=POD_SECURITY,
        synchronization=Synchronization(mutexes=[Mutex(name=_LOCK)]),
        ttl_strategy=TTLStrategy(seconds_after_completion=_WEEK),
        templates=[DAG(name="run", tasks=list(every)), *steps],
    )
    workflow.arguments = parameters(workflow, own)
    return workflow


def task(name: str, depends: str, arguments: Mapping[str, str] | None = None, when: str | None = None) -> Task:
    """A task; what it depends on says `.Succeeded`, or it would also run when that was skipped."""
    return Task(name=name, template=name, depends=depends or None, arguments=dict(arguments or {}), when=when)


def transform_step(application: str) -> str:
    return f"transform-{application}"


def output(task: str, name: str) -> str:
    return f"{{{{tasks.{task}.outputs.parameters.{name}}}}}"


def given(name: str) -> str:
    return f"{{{{inputs.parameters.{name}}}}}"


def when(text: str, word: str) -> str:
    """Whether a text of words is this one; quoted, or Argo takes each word of it for a name."""
    return f"'{text}' == '{word}'"


def made(application: str) -> str:
    """The parameter that holds the key of what the application made."""
    return f"{transform_step(application)}-made"


def earlier(application: str) -> str:
    """The parameter that holds the key of what the application made for the published run."""
    return f"{transform_step(application)}-earlier"


def made_by(task: str) -> dict[str, str]:
    """The keys of all applications as arguments, from the outputs of a task."""
    return {made(application): output(task, made(application)) for application in READS}


def stage_task(depends: str, told_by: str) -> Task:
    """Staging; `told_by` is the task that put out the keys of what the applications made."""
    return task("stage", depends, made_by(told_by))


def _publishing_tasks() -> list[Task]:
    return [
        task("check-staged", "stage.Succeeded"),
        task("publish", "check-staged.Succeeded"),
        task("check-published", "publish.Succeeded"),
        task("report", "check-published.Succeeded"),
    ]


def _publishing_steps(tasks: Sequence[Task]) -> list[Container]:
    page = f"--output={lake.reports()}"
    return [
        _stage(),
        container("check-staged", WAREHOUSE, ["check", URL, RUN, "--stage=staged", page]),
        container("publish", WAREHOUSE, ["publish", URL, RUN, page]),
        container("check-published", WAREHOUSE, ["check", URL, RUN, "--stage=published", page]),
        container("report", WAREHOUSE, ["report", URL, RUN, f"--records={lake.records()}", *_order(tasks), page]),
    ]


def _stage() -> Container:
    folders = [
        word
        for application in READS
        for word in ("--input", transform_step(application), lake.curated(application, given(made(application))))
    ]
    about = [f"--copy-role={value('copy-role')}", f"--output={lake.records()}"]
    return container("stage", WAREHOUSE, ["stage", URL, RUN, *folders, *about], inputs=[made(name) for name in READS])


def _order(tasks: Sequence[Task]) -> list[str]:
    """Which step waits for which, for the report to say how long it did."""
    return [f"--after={one.name}={one.depends.replace('.Succeeded', '')}" for one in tasks if one.depends]


def _finish() -> Container:
    outcome = ["--status={{workflow.status}}", LAST_EXIT]
    places = ["--namespace={{workflow.namespace}}", f"--output={lake.records()}", f"--report={lake.reports()}"]
    zone = f"--time-zone={value('time-zone')}"
    return measuring("finish", FINISH, ["finish", URL, RUN, zone, *outcome, *places])
