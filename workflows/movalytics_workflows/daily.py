"""The DAG: which steps there are, what each is told, and which waits for which."""

from collections.abc import Mapping, Sequence

from hera.workflows import DAG, Container, Resource, Task, WorkflowTemplate
from hera.workflows.models import DAGTask, Mutex, Synchronization, TTLStrategy, WorkflowMetadata

from movalytics_workflows import lake
from movalytics_workflows.containers import EXTRACT, FINISH, LAST_EXIT, POD_SECURITY, WAREHOUSE, container
from movalytics_workflows.metrics import run_metrics
from movalytics_workflows.parameters import day_arguments, value, workflow_parameters
from movalytics_workflows.spark import transform

NAME = "movalytics-daily"
_MOVIES, _CPI = "movies-version", "cpi-version"
# The Spark applications, and the versions of the sources that each reads.
_READS = {"catalogue": (_MOVIES, _CPI), "ratings": (_MOVIES,)}
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
    is_new = f"{_output('plan', 'decision')} == run"
    tasks: list[Task | DAGTask] = [
        _task("discover", ""),
        _task("plan", "discover.Succeeded", _versions(_MOVIES, _CPI)),
        _task("extract-movies", "plan.Succeeded", _versions(_MOVIES), when=is_new),
        _task("extract-cpi", "plan.Succeeded", _versions(_CPI), when=is_new),
        *(_transform_task(application, versions) for application, versions in _READS.items()),
        # Each named without a state: it may have been skipped too, as what is made already is not made again.
        _task("stage", " && ".join(map(_step, _READS)), {name: text for one in _READS for name, text in _made(one)}),
        _task("check-staged", "stage.Succeeded"),
        _task("publish", "check-staged.Succeeded"),
        _task("check-published", "publish.Succeeded"),
        _task("report", "check-published.Succeeded"),
    ]
    return DAG(name="daily", tasks=tasks)


def _task(name: str, depends: str, arguments: Mapping[str, str] | None = None, when: str | None = None) -> Task:
    """A task; what it depends on says `.Succeeded`, or it would also run when that was skipped."""
    return Task(name=name, template=name, depends=depends or None, arguments=dict(arguments or {}), when=when)


def _transform_task(application: str, versions: Sequence[str]) -> Task:
    """Skipped when what it makes is there already."""
    landed = " && ".join(f"extract-{version.removesuffix('-version')}.Succeeded" for version in versions)
    step = _step(application)
    wanted = f"{_output('plan', f'{step}-work')} == make"
    return _task(step, landed, {**_versions(*versions), **dict(_made(application))}, when=wanted)


def _step(application: str) -> str:
    return f"transform-{application}"


def _output(task: str, name: str) -> str:
    return f"{{{{tasks.{task}.outputs.parameters.{name}}}}}"


def _versions(*names: str) -> dict[str, str]:
    return {name: _output("discover", name) for name in names}


def _made(application: str) -> list[tuple[str, str]]:
    """The key of what the application makes, as an argument of a task."""
    name = f"{_step(application)}-made"
    return [(name, _output("plan", name))]


def _input(name: str) -> str:
    return f"{{{{inputs.parameters.{name}}}}}"


def _sources() -> list[Container]:
    movies, cpi = f"={value('movies-source')}", f"={value('cpi-source')}"
    pin, vintage = value("movies-version"), value("cpi-vintage")
    return [
        container(
            "discover",
            EXTRACT,
            ["discover", f"--movies{movies}", f"--movies-version={pin}", f"--cpi{cpi}", f"--cpi-vintage={vintage}"],
            outputs=[_MOVIES, _CPI],
        ),
        _plan(),
        _extract("movies", [f"--source{movies}"]),
        _extract("cpi", [f"--source{cpi}", f"--vintage={vintage}"]),
    ]


def _plan() -> Container:
    versions = [f"--movies-version={_input(_MOVIES)}", f"--cpi-version={_input(_CPI)}"]
    choice = [f"--code-digest={value('code-digest')}", f"--force={value('force')}", *day_arguments()]
    judged = [f"--sample={value('sample')}", f"--allow={value('allow')}"]
    makes = [word for application in _READS for word in ("--application", *_ingredients(application))]
    outputs = [f"{_step(application)}-{output}" for application in _READS for output in ("made", "work")]
    return container(
        "plan",
        WAREHOUSE,
        ["plan", _WAREHOUSE, _RUN, *versions, *choice, *judged, *makes],
        inputs=[_MOVIES, _CPI],
        outputs=["decision", *outputs],
    )


def _ingredients(application: str) -> tuple[str, str, str]:
    """The step, the folder of what it makes but for its key, and what that is made of."""
    sources = " ".join(_input(version) for version in _READS[application])
    step = _step(application)
    return step, lake.curated(application), f"{sources} {value(f'{step}-code')}"


def _extract(source: str, arguments: list[str]) -> Container:
    name = f"{source}-version"
    step, version = f"extract-{source}", _input(name)
    places = [f"--version={version}", f"--output={lake.raw(source, version)}"]
    return container(step, EXTRACT, [step, *arguments, *places], inputs=[name])


def _transforms() -> list[Resource]:
    return [_transform(application, versions) for application, versions in _READS.items()]


def _transform(application: str, versions: Sequence[str]) -> Resource:
    made = f"{_step(application)}-made"
    sources = [version.removesuffix("-version") for version in versions]
    raw = [f"--{source}={lake.raw(source, _input(f'{source}-version'))}" for source in sources]
    output = [f"--made={_input(made)}", f"--output={lake.curated(application, _input(made))}"]
    return transform(application, [_RUN, *raw, *output], inputs=[*versions, made])


def _load() -> list[Container]:
    page = f"--output={lake.reports()}"
    return [
        _stage(),
        container("check-staged", WAREHOUSE, ["check", _WAREHOUSE, _RUN, "--stage=staged", page]),
        container("publish", WAREHOUSE, ["publish", _WAREHOUSE, _RUN, page]),
        container("check-published", WAREHOUSE, ["check", _WAREHOUSE, _RUN, "--stage=published", page]),
        container("report", WAREHOUSE, ["report", _WAREHOUSE, _RUN, f"--records={lake.records()}", *_order(), page]),
    ]


def _stage() -> Container:
    steps = {application: _step(application) for application in _READS}
    folders = [
        word
        for application, step in steps.items()
        for word in ("--input", step, lake.curated(application, _input(f"{step}-made")))
    ]
    return container(
        "stage",
        WAREHOUSE,
        ["stage", _WAREHOUSE, _RUN, *folders, f"--copy-role={value('copy-role')}"],
        inputs=[f"{step}-made" for step in steps.values()],
    )


def _order() -> list[str]:
    """Which step waits for which, for the report to say how long it did."""
    return [f"--after={task.name}={task.depends.replace('.Succeeded', '')}" for task in _dag().tasks if task.depends]


def _finish() -> Container:
    outcome = ["--status={{workflow.status}}", f"--notify={value('notify')}", LAST_EXIT]
    places = ["--namespace={{workflow.namespace}}", f"--output={lake.records()}", f"--report={lake.reports()}"]
    return container("finish", FINISH, ["finish", _WAREHOUSE, _RUN, *outcome, *places])
