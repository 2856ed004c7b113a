"""Resource templates that have the Spark Operator run a transform, made from spark_apps/application.yaml."""

import re
from collections.abc import Sequence
from typing import Any

import yaml
from hera.workflows import Parameter, Resource

from movalytics_workflows import lake
from movalytics_workflows.containers import LOST_POD
from movalytics_workflows.house import SPARK_APPS
from movalytics_workflows.parameters import value


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
        active_deadline_seconds=value(f"{step}-deadline"),
        retry_strategy=LOST_POD,
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
    spec["executor"] |= {"cores": value(f"{name}-executor-cores"), "memory": value(f"{name}-executor-memory")}
    spec["dynamicAllocation"] |= {
        "initialExecutors": value(f"{name}-executors-min"),
        "minExecutors": value(f"{name}-executors-min"),
        "maxExecutors": value(f"{name}-executors-max"),
    }
    return _with_plain_integers(yaml.dump(application, Dumper=_PlainDumper, sort_keys=False, width=1000))


class _PlainDumper(yaml.SafeDumper):
    """Says everything where it stands: no anchors for what application.yaml shares."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _with_plain_integers(text: str) -> str:
    """The API server refuses '3' where it wants 3: counts stand unquoted, so Argo makes integers of them."""
    return re.sub(r"^(\s*(?:cores|\w+Executors): )'(\{\{[^}]+\}\})'$", r"\1\2", text, flags=re.MULTILINE)
