"""What Argo's controller tells Prometheus of each step and run, beside its own metrics.

One controller serves many namespaces and adds up what has the same labels: so each metric says its namespace.
"""

from hera.workflows import Counter, Gauge
from hera.workflows.models import MetricLabel

Metrics = list[Counter | Gauge]
# A run's end: Argo reads these values when the run is over, and has no name for that moment.
_NOW = "{{=sprig.unixEpoch(sprig.now())}}"


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


def run_metrics(workflow: str) -> Metrics:
    """`argo_workflows_movalytics_runs_total{namespace,workflow,status}`, and when the latest run ended well or not.

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
