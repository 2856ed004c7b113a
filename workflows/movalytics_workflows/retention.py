"""Clearing up: what no run needs any more goes from the lake."""

from hera.workflows import Parameter, WorkflowTemplate

from movalytics_workflows import lake
from movalytics_workflows.containers import RETENTION, container
from movalytics_workflows.parameters import value
from movalytics_workflows.publishing import READS, URL, transform_step
from movalytics_workflows.single import single

NAME = "movalytics-retention"


def retention() -> WorkflowTemplate:
    """The WorkflowTemplate of `movalytics retention`; the CronWorkflow applies it, a person is shown first."""
    own = [
        Parameter(
            name="apply", value="false", enum=["false", "true"], description="true: delete it; false: only list it"
        )
    ]
    words = "Deletes from the lake what neither the last published runs nor a hold nor an unfinished run needs."
    arguments = ["retention", URL, f"--keep={value('retention-keep')}", *places(), f"--apply={value('apply')}"]
    step = container("retention", RETENTION, arguments)
    return single(NAME, "Clear up the lake", words, step, own)


def places(root: str = lake.LAKE) -> list[str]:
    """Every kind of folder in the lake, as arguments: each but for its key, its version, its run or its application."""
    sources = {version.removesuffix("-version") for versions in READS.values() for version in versions}
    made = [("--application", transform_step(name), lake.curated(name, lake=root)) for name in READS]
    raw = [("--source", source, lake.raw(source, lake=root)) for source in sorted(sources)]
    events = f"{lake.event_logs(root)}/eventlog_v2_"  # Spark's own name, but for the application's id
    left = [f"--run-folder={folder}" for folder in (lake.records(root, ""), lake.reports(root, ""), events)]
    return [word for words in (*made, *raw) for word in words] + left
