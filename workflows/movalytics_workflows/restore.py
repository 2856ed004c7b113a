"""Going back: an earlier run's data published once more, from what its applications made, and held."""

from hera.workflows import Container, Parameter, WorkflowTemplate

from movalytics_workflows import lake
from movalytics_workflows.containers import OPERATIONS, container
from movalytics_workflows.house import RESTORE
from movalytics_workflows.parameters import day_arguments, value
from movalytics_workflows.publishing import READS, RUN, URL, made, stage_task, task, template, transform_step
from movalytics_workflows.single import single

_WORDS = {
    "workflows.argoproj.io/title": "An earlier run's data into Redshift again",
    "workflows.argoproj.io/description": """Publishes what an earlier run published, from the curated data
that are kept, and holds: no run publishes anything until movalytics-release, unless it is forced to.""",
}


def restore() -> WorkflowTemplate:
    """The WorkflowTemplate of `movalytics restore`; no Spark has a part in it."""
    own = [Parameter(name="restores", value="", description="the run whose data are to be published again")]
    tasks = [task("restore", ""), stage_task("restore.Succeeded", told_by="restore")]
    return template(RESTORE, _WORDS, own, tasks, [_restore()])


def hold() -> WorkflowTemplate:
    """The WorkflowTemplate of `movalytics hold`."""
    words = "No run publishes anything until movalytics-release, unless it is forced to."
    return single("movalytics-hold", "Keep what is published", words, container("hold", OPERATIONS, ["hold", URL]))


def release() -> WorkflowTemplate:
    """The WorkflowTemplate of `movalytics release`."""
    words = "Runs publish again what is new."
    return single("movalytics-release", "Hold no more", words, container("release", OPERATIONS, ["release", URL]))


def _restore() -> Container:
    about = [f"--restores={value('restores')}", f"--code-digest={value('code-digest')}", *day_arguments()]
    places = [
        word
        for application in READS
        for word in ("--application", transform_step(application), lake.curated(application))
    ]
    return container(
        "restore", OPERATIONS, ["restore", URL, RUN, *about, *places], outputs=[made(name) for name in READS]
    )
