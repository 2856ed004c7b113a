"""The DAG: which steps there are, what each is told, and which waits for which."""

from collections.abc import Sequence

from hera.workflows import Container, Parameter, Resource, Task, WorkflowTemplate

from movalytics_workflows import lake
from movalytics_workflows.containers import EXTRACT, WAREHOUSE, container
from movalytics_workflows.house import DAILY
from movalytics_workflows.parameters import day_arguments, value
from movalytics_workflows.publishing import (
    CPI,
    MOVIES,
    READS,
    RUN,
    URL,
    earlier,
    given,
    made,
    output,
    stage_task,
    task,
    template,
    transform_step,
    when,
)
from movalytics_workflows.spark import transform

_WORDS = {
    "workflows.argoproj.io/title": "Film ratings and consumer prices into Redshift",
    "workflows.argoproj.io/description": """Brings the movies dataset and the consumer price index into the warehouse,
checks them and publishes them in one transaction. Tables, report and records bear the workflow's name as their run.
When a step fails the last good tables stay; its message says why, and `finish` clears up.""",
}


def daily() -> WorkflowTemplate:
    """The WorkflowTemplate that Argo and the local runner run. Raises InvalidSettings for a step the chart lacks."""
    return template(DAILY, _WORDS, _own(), _tasks(), [*_sources(), *_transforms()])


def _own() -> list[Parameter]:
    return [
        Parameter(name="movies-version", value="", description="pin of the dataset's version; empty: the newest"),
        Parameter(name="cpi-vintage", value="", description="CPI as known on this date; empty: as known now"),
        Parameter(
            name="force",
            value="false",
            enum=["false", "true", "older"],
            description="true: load again what is published, or older; older: what is older, not what is published",
        ),
    ]


def _tasks() -> list[Task]:
    is_new = when(output("plan", "decision"), "run")
    return [
        task("discover", ""),
        task("plan", "discover.Succeeded", _versions(MOVIES, CPI)),
        task("extract-movies", "plan.Succeeded", _versions(MOVIES), when=is_new),
        task("extract-cpi", "plan.Succeeded", _versions(CPI), when=is_new),
        *(_transform_task(application, versions) for application, versions in READS.items()),
        # Each named without a state: it may have been skipped too, as what is made already is not made again.
        stage_task(" && ".join(map(transform_step, READS)), told_by="plan"),
    ]


def _transform_task(application: str, versions: Sequence[str]) -> Task:
    """Skipped when what it makes is there already."""
    landed = " && ".join(f"extract-{version.removesuffix('-version')}.Succeeded" for version in versions)
    step = transform_step(application)
    wanted = when(output("plan", f"{step}-work"), "make")
    keys = {key: output("plan", key) for key in _keys(application)}
    return task(step, landed, {**_versions(*versions), **keys}, when=wanted)


def _keys(application: str) -> list[str]:
    """The parameters of a transform that plan puts out: where it writes, and where it may find what stays the same."""
    return [made(application), earlier(application)]


def _versions(*names: str) -> dict[str, str]:
    return {name: output("discover", name) for name in names}


def _sources() -> list[Container]:
    movies, cpi = f"={value('movies-source')}", f"={value('cpi-source')}"
    pin, vintage = value("movies-version"), value("cpi-vintage")
    return [
        container(
            "discover",
            EXTRACT,
            ["discover", f"--movies{movies}", f"--movies-version={pin}", f"--cpi{cpi}", f"--cpi-vintage={vintage}"],
            outputs=[MOVIES, CPI],
        ),
        _plan(),
        _extract("movies", [f"--source{movies}"]),
        _extract("cpi", [f"--source{cpi}", f"--vintage={vintage}"]),
    ]


def _plan() -> Container:
    versions = [f"--movies-version={given(MOVIES)}", f"--cpi-version={given(CPI)}"]
    choice = [f"--code-digest={value('code-digest')}", f"--force={value('force')}", *day_arguments()]
    judged = [f"--sample={value('sample')}", f"--allow={value('allow')}"]
    makes = [word for application in READS for word in ("--application", *_ingredients(application))]
    works = [f"{transform_step(application)}-work" for application in READS]
    keys = [key for application in READS for key in _keys(application)]
    return container(
        "plan",
        WAREHOUSE,
        ["plan", URL, RUN, *versions, *choice, *judged, *makes],
        inputs=[MOVIES, CPI],
        outputs=["decision", *works, *keys],
    )


def _ingredients(application: str) -> tuple[str, str, str]:
    """The step, the folder of what it makes but for its key, and what that is made of."""
    sources = " ".join(given(version) for version in READS[application])
    return transform_step(application), lake.curated(application), f"{sources} {_code(application)}"


def _code(application: str) -> str:
    """The digest of the code that makes it."""
    return value(f"{transform_step(application)}-code")


def _extract(source: str, arguments: list[str]) -> Container:
    name = f"{source}-version"
    step, version = f"extract-{source}", given(name)
    places = [f"--version={version}", f"--output={lake.raw(source, version)}"]
    return container(step, EXTRACT, [step, *arguments, *places], inputs=[name])


def _transforms() -> list[Resource]:
    return [_transform(application, versions) for application, versions in READS.items()]


def _transform(application: str, versions: Sequence[str]) -> Resource:
    key = made(application)
    sources = [version.removesuffix("-version") for version in versions]
    raw = [f"--{source}={lake.raw(source, given(f'{source}-version'))}" for source in sources]
    place = [f"--made={given(key)}", f"--output={lake.curated(application, given(key))}"]
    return transform(application, [RUN, *raw, *place, *_before(application)], inputs=[*versions, *_keys(application)])


def _before(application: str) -> list[str]:
    """Where it may find what stays the same, and by which code that is to be made."""
    return [f"--earlier={lake.curated(application, given(earlier(application)))}", f"--code={_code(application)}"]
