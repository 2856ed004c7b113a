"""Every path of the lake: the only module that makes them (the names between braces are Argo's)."""

LAKE = "{{workflow.parameters.lake}}"
RUN = "{{workflow.name}}"


def raw(source: str, version: str = "", lake: str = LAKE) -> str:
    """A source's files of one version, as received; shared by all runs of that version."""
    return f"{lake}/raw/{source}/version={version}"


def curated(application: str, made: str = "", lake: str = LAKE) -> str:
    """What an application made of its sources, under the key of what it is made of: Parquet, rejected rows, manifests.

    Like raw files it never changes, and all runs share it.
    """
    return f"{lake}/curated/{application}/made={made}"


def records(lake: str = LAKE, run: str = RUN) -> str:
    """What each step of the run says about itself."""
    return f"{lake}/runs/run={run}"


def record(step: str) -> str:
    """One step's record."""
    return f"{records()}/{step}.json"


def event_logs(lake: str = LAKE) -> str:
    """What Spark tells of the applications of all runs, a folder for each, as a history server reads them."""
    return f"{lake}/spark-events"


def reports(lake: str = LAKE, run: str = RUN) -> str:
    """The run's page, its numbers and its checks."""
    return f"{lake}/reports/run={run}"
