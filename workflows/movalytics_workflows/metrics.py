"""What Argo's controller tells Prometheus of each step and run, beside its own metrics.

One controller serves many namespaces and adds up what has the same labels: so each metric says its namespace.
"""

from collections.abc import Mapping

from hera.workflows import Counter, Gauge
from hera.workflows.models import MetricLabel

Metrics = list[Counter | Gauge]
# A run's end: Argo reads these values when the run is over, and has no name for that moment.
_NOW = "{{=sprig.unixEpoch(sprig.now())}}"
_ROWS = "Rows of all inputs, of the latest run that has counts"
_CHECKS = "Checks by what became of them, of the latest run that has counts"
_UNTIL = "First day of the newest month in the tables, in Unix seconds"
# What a step puts out for Prometheus: the output → the metric's name, help and labels; NaN where nothing is known.
MEASURES: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "rows-accepted": ("rows", _ROWS, {"outcome": "accepted"}),
    "rows-merged": ("rows", _ROWS, {"outcome": "merged"}),
    "rows-rejected": ("rows", _ROWS, {"outcome": "rejected"}),
    "errors-passed": ("checks", _CHECKS, {"severity": "error", "outcome": "passed"}),
    "errors-failed": ("checks", _CHECKS, {"severity": "error", "outcome": "failed"}),
    "warnings-passed": ("checks", _CHECKS, {"severity": "warn", "outcome": "passed"}),
    "warnings-failed": ("checks", _CHECKS, {"severity": "warn", "outcome": "failed"}),
    "ratings-until": ("data_timestamp_seconds", _UNTIL, {"source": "movies"}),
    "prices-until": ("data_timestamp_seconds", _UNTIL, {"source": "cpi"}),
    "published-at": ("published_timestamp_seconds", "When what the tables hold was published, in Unix seconds", {}),
    "ready-after": ("ready_seconds", "Seconds from midnight until the day's latest run ended well", {}),
}


def step_metrics(step: str) -> Metrics:
    """`argo_workflows_movalytics_steps_total{namespace,step,status}` and `…_step_seconds{namespace,step}`."""
    labels = _labels(step=step)
    return [
        Counter(
            name="movalytics_steps_total",
            help="Steps that ended",
            labels=_labels(step=step, status="{{status}}"),
            value="1",
        ),
        Gauge(
            name="movalytics_step_seconds",
            help="Seconds of the latest step",
            labels=labels,
            value="{{duration}}",
            realtime=False,
        ),
    ]


def measures(step: str) -> Metrics:
    """A gauge `argo_workflows_movalytics_<metric>{namespace,…}` for each of MEASURES, from what the step puts out."""
    return [*step_metrics(step), *(_measured(output, *metric) for output, metric in MEASURES.items())]


def _measured(output: str, metric: str, help_text: str, labels: Mapping[str, str]) -> Gauge:
    value = f"{{{{outputs.parameters.{output}}}}}"
    return Gauge(name=f"movalytics_{metric}", help=help_text, labels=_labels(**labels), value=value, realtime=False)


def run_metrics(workflow: str) -> Metrics:
    """`argo_workflows_movalytics_runs_total{namespace,workflow,status}`, how long the latest run took, and when the
    latest ended well or not.

    The status is that of the steps: what became of `finish` its own metrics say. Of moments, unlike of counters,
    alerts can be made that a restarted controller, which has forgotten all, and a gap in scraping do not set off.
    """
    labels = _labels(workflow=workflow)
    return [
        Counter(
            name="movalytics_runs_total",
            help="Runs that ended",
            labels=_labels(workflow=workflow, status="{{workflow.status}}"),
            value="1",
        ),
        Gauge(
            name="movalytics_run_seconds",
            help="Seconds of the latest run, from when it had the lock",
            labels=labels,
            value="{{workflow.duration}}",
            realtime=False,
        ),
        _moment("succeeded", "well", labels, "=="),
        _moment("failed", "otherwise than well", labels, "!="),
    ]


def _moment(outcome: str, how: str, labels: list[MetricLabel], operator: str) -> Gauge:
    """`argo_workflows_movalytics_<outcome>_timestamp_seconds{namespace,workflow}`, in Unix seconds."""
    return Gauge(
        name=f"movalytics_{outcome}_timestamp_seconds",
        help=f"When the latest run that ended {how} did so",
        labels=labels,
        value=_NOW,
        when=f"{{{{workflow.status}}}} {operator} Succeeded",
        realtime=False,
    )


def _labels(**labels: str) -> list[MetricLabel]:
    found = {"namespace": "{{workflow.namespace}}", **labels}
    return [MetricLabel(key=key, value=text) for key, text in found.items()]
