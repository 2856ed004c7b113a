"""Every path of the lake: the only module that makes them (the names between braces are Argo's)."""

LAKE = "{{workflow.parameters.lake}}"
RUN = "{{workflow.name}}"


def raw(source: str, version: str) -> str:
    """A source's files of one version, as received; shared by all runs of that version."""
    return f"{LAKE}/raw/{source}/version={version}"


def curated() -> str:
    """The run's tables as Parquet, with their rejected rows and manifests."""
    return f"{LAKE}/curated/run={RUN}"


def records(lake: str = LAKE, run: str = RUN) -> str:
    """What each step of the run says about itself."""
    return f"{lake}/runs/run={run}"


def record(step: str) -> str:
    """One step's record."""
    return f"{records()}/{step}.json"


def reports(lake: str = LAKE, run: str = RUN) -> str:
    """The run's page, its numbers and its checks."""
    return f"{lake}/reports/run={run}"
