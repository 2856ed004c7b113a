"""Resource templates that have the Spark Operator run a transform, made from spark_apps/application.yaml."""

import re
from collections.abc import Sequence
from typing import Any

import yaml
from hera.workflows import Parameter, Resource

from movalytics_workflows import lake
from movalytics_workflows.containers import deadline
from movalytics_workflows.house import SPARK_APPS
from movalytics_workflows.metrics import step_metrics
from movalytics_workflows.parameters import value
from movalytics_workflows.retries import patiently


def transform(name: str, arguments: Sequence[str], inputs: Sequence[str]) -> Resource:
    """The template `transform-<name>`: applies a SparkApplication and follows it to COMPLETED or FAILED.

    Its name belongs to the run, so a step that is started again follows the application of its first try; states that
    pass (SUBMISSION_FAILED) are left to the operator, which retries them.
    """
    step = f"transform-{name}"
    return Resource(
        name=step,
        action="apply",
        manifest=_manifest(name, step, arguments),
        set_owner_reference=True,
        success_condition="status.applicationState.state == COMPLETED",
        failure_condition="status.applicationState.state == FAILED",
        inputs=[Parameter(name=parameter) for parameter in inputs],
        timeout=deadline(step),
        retry_strategy=patiently(step),
        metrics=step_metrics(step),
        service_account_name="movalytics-spark-submit",
    )


def _manifest(name: str, step: str, arguments: Sequence[str]) -> str:
    application: dict[str, Any] = yaml.safe_load((SPARK_APPS / "application.yaml").read_text())
    metadata, spec = application.setdefault("metadata", {}), application["spec"]
    metadata["name"] = f"{lake.RUN}-{step}"
    metadata.setdefault("labels", {})["workflows.argoproj.io/workflow"] = lake.RUN
    spec["image"] = f"{value('registry')}/spark:{value('version')}"
    spec["mainApplicationFile"] = f"local:///opt/movalytics/spark_apps/transform_{name}.py"
    spec["arguments"] = [*arguments, f"--record={lake.record(step)}", f"--debug={value('debug')}"]
    _set_sizes(spec, name)
    _set_lake(spec)
    return _with_plain_integers(yaml.dump(application, Dumper=_PlainDumper, sort_keys=False, width=1000))


def _set_sizes(spec: dict[str, Any], name: str) -> None:
    fewest, idle = value(f"{name}-executors-min"), value(f"{name}-executors-idle")
    spec["driver"] |= {"coreRequest": value(f"{name}-driver-cpu-request"), "memory": value(f"{name}-driver-memory")}
    spec["executor"] |= {
        "cores": value(f"{name}-executor-cores"),
        "coreRequest": value(f"{name}-executor-cpu-request"),
        "memory": value(f"{name}-executor-memory"),
    }
    spec["dynamicAllocation"] |= {
        "initialExecutors": fewest,
        "minExecutors": fewest,
        "maxExecutors": value(f"{name}-executors-max"),
        "shuffleTrackingTimeout": f"{idle}000",  # milliseconds: an executor that holds shuffle files goes too
    }
    spec["sparkConf"]["spark.dynamicAllocation.executorIdleTimeout"] = f"{idle}s"


def _set_lake(spec: dict[str, Any]) -> None:
    """Where the lake is. Event logs lie with the run's records: Spark wants a directory that is there already."""
    spec["sparkConf"] |= {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.rolling.enabled": "false",  # one file per try, as a history server reads it
        "spark.eventLog.dir": lake.records(),
    }
    spec["hadoopConf"] |= {
        "fs.s3a.endpoint": value("s3-endpoint"),
        "fs.s3a.path.style.access": value("s3-path-style"),
    }
    for part in ("driver", "executor"):
        spec[part]["envFrom"] = [{"secretRef": {"name": value("lake-secret"), "optional": True}}]


class _PlainDumper(yaml.SafeDumper):
    """Says everything where it stands: no anchors for what application.yaml shares."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _with_plain_integers(text: str) -> str:
    """The API server refuses '3' where it wants 3: counts stand unquoted, so Argo makes integers of them."""
    counts = r"^(\s*(?:cores|\w+Executors|shuffleTrackingTimeout): )'(\{\{[^}]+\}\}(?:000)?)'$"
    return re.sub(counts, r"\1\2", text, flags=re.MULTILINE)
