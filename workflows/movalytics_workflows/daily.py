"""The DAG: which steps there are, what each is told, and which waits for which."""

from hera.workflows import DAG, Container, Resource, Task, WorkflowTemplate
from hera.workflows.models import DAGTask, Mutex, Synchronization, TTLStrategy, WorkflowMetadata

from movalytics_workflows import lake
from movalytics_workflows.containers import EXTRACT, FINISH, LAST_EXIT, POD_SECURITY, WAREHOUSE, container
from movalytics_workflows.metrics import run_metrics
from movalytics_workflows.parameters import day_arguments, value, workflow_parameters
from movalytics_workflows.spark import transform

NAME = "movalytics-daily"
_MOVIES, _CPI = "movies-version", "cpi-version"
_WEEK = 7 * 24 * 3600
_RUN = f"--run={lake.RUN}"
_WAREHOUSE = f"--warehouse={value('warehouse')}"
# The Argo UI shows both; finish puts what came of a run in the place of the second.
_WORDS = {
    "workflows.argoproj.io/title": "Film ratings and consumer prices into Redshift",
    "workflows.argoproj.io/description": """Brings the movies dataset and the consumer price index into the warehouse,
checks them and publishes them in one transaction. Tables, report and records bear the workflow's name as their run.
When a step fails the last good tables stay; its message says why, and `finish` clears up.""",
}


def daily() -> WorkflowTemplate:
    """The WorkflowTemplate that Argo and the local runner run. Raises InvalidSettings for a step the chart lacks."""
    steps: list[Container | Resource] = [*_sources(), *_transforms(), *_load(), _finish()]
    return WorkflowTemplate(
        name=NAME,
        entrypoint="daily",
        on_exit="finish",
        annotations=_WORDS,
        workflow_metadata=WorkflowMetadata(annotations=_WORDS),
        arguments=workflow_parameters(str(step.name) for step in steps),
        metrics=run_metrics(NAME),
        security_context=POD_SECURITY,
        synchronization=Synchronization(mutexes=[Mutex(name=NAME)]),
        ttl_strategy=TTLStrategy(seconds_after_completion=_WEEK),
        templates=[_dag(), *steps],
    )


def _dag() -> DAG:
    is_new = "{{tasks.plan.outputs.parameters.decision}} == run"
    tasks: list[Task | DAGTask] = [
        Task(name="discover", template="discover"),
        _task("plan", "discover", _MOVIES, _CPI),
        _task("extract-movies", "plan", _MOVIES, when=is_new),
        _task("extract-cpi", "plan", _CPI, when=is_new),
        _task("transform-catalogue", "extract-movies extract-cpi", _MOVIES, _CPI),
        _task("transform-ratings", "extract-movies", _MOVIES),
        _task("stage", "transform-catalogue transform-ratings"),
        _task("check-staged", "stage"),
        _task("publish", "check-staged"),
        _task("check-published", "publish"),
        _task("report", "check-published"),
    ]
    return DAG(name="daily", tasks=tasks)


def _task(name: str, after: str, *versions: str, when: str | None = None) -> Task:
    """A task that runs when all of `after` succeeded: said so, or it would also run when they were skipped."""
    return Task(
        name=name,
        template=name,
        depends=" && ".join(f"{task}.Succeeded" for task in after.split()),
        arguments={version: f"{{{{tasks.discover.outputs.parameters.{version}}}}}" for version in versions},
        when=when,
    )


def _input(name: str) -> str:
    return f"{{{{inputs.parameters.{name}}}}}"


def _sources() -> list[Container]:
    movies, cpi = f"={value('movies-source')}", f"={value('cpi-source')}"
    pin, vintage = value("movies-version"), value("cpi-vintage")
    versions = [f"--movies-version={_input(_MOVIES)}", f"--cpi-version={_input(_CPI)}"]
    choice = [f"--code-digest={value('code-digest')}", f"--force={value('force')}", *day_arguments()]
    judged = [f"--sample={value('sample')}", f"--allow={value('allow')}"]
    return [
        container(
            "discover",
            EXTRACT,
            ["discover", f"--movies{movies}", f"--movies-version={pin}", f"--cpi{cpi}", f"--cpi-vintage={vintage}"],
            outputs=[_MOVIES, _CPI],
        ),
        container(
            "plan",
            WAREHOUSE,
            ["plan", _WAREHOUSE, _RUN, *versions, *choice, *judged],
            inputs=[_MOVIES, _CPI],
            outputs=["decision"],
        ),
        _extract("movies", [f"--source{movies}"]),
        _extract("cpi", [f"--source{cpi}", f"--vintage={vintage}"]),
    ]


def _extract(source: str, arguments: list[str]) -> Container:
    name = f"{source}-version"
    step, version = f"extract-{source}", _input(name)
    places = [f"--version={version}", f"--output={lake.raw(source, version)}"]
    return container(step, EXTRACT, [step, *arguments, *places], inputs=[name])


def _transforms() -> list[Resource]:
    movies = f"--movies={lake.raw('movies', _input(_MOVIES))}"
    cpi = f"--cpi={lake.raw('cpi', _input(_CPI))}"
    output = f"--output={lake.curated()}"
    return [
        transform("catalogue", [_RUN, movies, cpi, output], inputs=[_MOVIES, _CPI]),
        transform("ratings", [_RUN, movies, output], inputs=[_MOVIES]),
    ]


def _load() -> list[Container]:
    tables, page = f"--input={lake.curated()}", f"--output={lake.reports()}"
    return [
        container("stage", WAREHOUSE, ["stage", _WAREHOUSE, _RUN, tables, f"--copy-role={value('copy-role')}"]),
        container("check-staged", WAREHOUSE, ["check", _WAREHOUSE, _RUN, "--stage=staged", page]),
        container("publish", WAREHOUSE, ["publish", _WAREHOUSE, _RUN, page]),
        container("check-published", WAREHOUSE, ["check", _WAREHOUSE, _RUN, "--stage=published", page]),
        container("report", WAREHOUSE, ["report", _WAREHOUSE, _RUN, f"--records={lake.records()}", *_order(), page]),
    ]


def _order() -> list[str]:
    """Which step waits for which, for the report to say how long it did."""
    return [f"--after={task.name}={task.depends.replace('.Succeeded', '')}" for task in _dag().tasks if task.depends]


def _finish() -> Container:
    outcome = ["--status={{workflow.status}}", f"--notify={value('notify')}", LAST_EXIT]
    places = ["--namespace={{workflow.namespace}}", f"--output={lake.records()}", f"--report={lake.reports()}"]
    return container("finish", FINISH, ["finish", _WAREHOUSE, _RUN, *outcome, *places])
