"""Resource templates that have the Spark Operator run a transform, made from spark_apps/application.yaml."""

import re
from collections.abc import Sequence
from typing import Any

import yaml
from hera.workflows import Resource

from movalytics_workflows import lake
from movalytics_workflows.containers import applied
from movalytics_workflows.house import SPARK_APPS
from movalytics_workflows.parameters import value

_INTEGER = "tag:yaml.org,2002:int"


def transform(name: str, arguments: Sequence[str], inputs: Sequence[str]) -> Resource:
    """The template `transform-<name>`: applies a SparkApplication and follows it to COMPLETED or FAILED.

    States that pass (SUBMISSION_FAILED) are left to the operator, which retries them.
    """
    step, state = f"transform-{name}", "status.applicationState.state"
    return applied(
        step,
        _manifest(name, step, arguments),
        account="movalytics-spark-submit",
        until=(f"{state} == COMPLETED", f"{state} == FAILED"),
        inputs=inputs,
        owned=True,
    )


def _manifest(name: str, step: str, arguments: Sequence[str]) -> str:
    application: dict[str, Any] = yaml.safe_load((SPARK_APPS / "application.yaml").read_text())
    metadata, spec = application.setdefault("metadata", {}), application["spec"]
    metadata["name"] = f"{lake.RUN}-{step}"
    metadata.setdefault("labels", {})["workflows.argoproj.io/workflow"] = lake.RUN
    spec["image"] = value("spark-image")
    spec["mainApplicationFile"] = f"local:///opt/movalytics/spark_apps/transform_{name}.py"
    spec["arguments"] = [*arguments, f"--record={lake.record(step)}", f"--debug={value('debug')}"]
    _set_sizes(spec, name)
    _set_lake(spec)
    return yaml.dump(application, Dumper=_Dumper, sort_keys=False, width=1000)


def _set_sizes(spec: dict[str, Any], name: str) -> None:
    fewest, idle = _Count(value(f"{name}-executors-min")), f"{value(f'{name}-executors-idle')}s"
    spec["driver"] |= {"coreRequest": value(f"{name}-driver-cpu-request"), "memory": value(f"{name}-driver-memory")}
    spec["executor"] |= {
        "cores": _Count(value(f"{name}-executor-cores")),
        "coreRequest": value(f"{name}-executor-cpu-request"),
        "memory": value(f"{name}-executor-memory"),
    }
    spec["dynamicAllocation"] |= {
        "initialExecutors": fewest,
        "minExecutors": fewest,
        "maxExecutors": _Count(value(f"{name}-executors-max")),
    }
    spec["sparkConf"] |= {
        "spark.dynamicAllocation.executorIdleTimeout": idle,
        # An executor that holds shuffle files or parsed rows goes too: whoever needs them makes them again.
        "spark.dynamicAllocation.shuffleTracking.timeout": idle,
        "spark.dynamicAllocation.cachedExecutorIdleTimeout": idle,
    }


def _set_lake(spec: dict[str, Any]) -> None:
    """Where the lake is, and the event logs in it."""
    spec["sparkConf"] |= {"spark.eventLog.enabled": "true", "spark.eventLog.dir": lake.event_logs()}
    spec["hadoopConf"] |= {
        "fs.s3a.endpoint": value("s3-endpoint"),
        "fs.s3a.path.style.access": value("s3-path-style"),
    }
    for part in ("driver", "executor"):
        spec[part]["envFrom"] = [{"secretRef": {"name": value("lake-secret"), "optional": True}}]


class _Count(str):
    """A parameter that stands for a whole number."""


class _Dumper(yaml.SafeDumper):
    """Says everything where it stands, without anchors for what application.yaml shares, and writes a count plain."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True

    def choose_scalar_style(self) -> str:
        """Plain for whole numbers, although no plain text begins with a brace: Argo puts digits there first."""
        is_count = isinstance(self.event, yaml.ScalarEvent) and self.event.tag == _INTEGER
        return "" if is_count else super().choose_scalar_style()


_Dumper.add_representer(_Count, lambda dumper, count: dumper.represent_scalar(_INTEGER, count))
_Dumper.add_implicit_resolver(_INTEGER, re.compile(r"\{\{[^{}]+\}\}$"), ["{"])
