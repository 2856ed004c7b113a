"""What Argo's controller tells Prometheus of each step and run, beside its own metrics."""

from hera.workflows import Counter, Gauge
from hera.workflows.models import MetricLabel

Metrics = list[Counter | Gauge]


def step_metrics(step: str) -> Metrics:
    """`argo_workflows_movalytics_steps_total{step,status}` and `…_step_seconds{step}`."""
    name, status = MetricLabel(key="step", value=step), MetricLabel(key="status", value="{{status}}")
    return [
        Counter(name="movalytics_steps_total", help="Steps that ended", labels=[name, status], value="1"),
        Gauge(
            name="movalytics_step_seconds",
            help="Seconds of the latest step",
            labels=[name],
            value="{{duration}}",
            realtime=False,
        ),
    ]


def run_metrics() -> Metrics:
    """`argo_workflows_movalytics_runs_total{status}`, and when the latest run that succeeded began (Unix seconds)."""
    status = MetricLabel(key="status", value="{{workflow.status}}")
    return [
        Counter(name="movalytics_runs_total", help="Runs that ended", labels=[status], value="1"),
        Gauge(
            name="movalytics_success_timestamp_seconds",
            help="When the latest run that succeeded began",
            value="{{workflow.creationTimestamp.s}}",
            when="{{workflow.status}} == Succeeded",
            realtime=False,
        ),
    ]
