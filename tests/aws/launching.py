"""The workflows' own steps, each as the service account that its manifest names, as EKS gives an account its role."""

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from movalytics_workflows.house import SPARK_APPS
from movalytics_workflows.local.grammar import substitute
from movalytics_workflows.local.graph import Graph, Step, read_graph
from movalytics_workflows.local.launch import Launcher
from movalytics_workflows.local.processes import Supervised
from movalytics_workflows.local.spark import read_application, spark_home

Json = dict[str, Any]
NAMESPACE = "movalytics"
_IMAGE = "local:///opt/movalytics/spark_apps"


@dataclass(frozen=True)
class Pods(Launcher):
    """Starts steps with the identity of their accounts; Spark writes to S3 as application.yaml says, by these jars."""

    identities: Mapping[str, Mapping[str, str]]
    accounts: Mapping[str, str]
    jars: Path

    def start(self, step: Step, values: Mapping[str, str]) -> Supervised:
        """Start an attempt of the step."""
        scratch = self.directory / "scratch" / step.name
        scratch.mkdir(parents=True, exist_ok=True)
        own = {name: substitute(text, values) for name, text in step.environment.items()}
        environment = {**self.environment, **own, "TMPDIR": str(scratch), "SPARK_LOCAL_DIRS": str(scratch)}
        # The last of all classes: before them, Java's archive of Spark's own would be for others.
        environment["SPARK_DIST_CLASSPATH"] = f"{self.jars}/*"
        if step.manifest:
            spec = read_application(step.manifest, values)["spec"]
            command, account = self._submit(spec), spec["driver"]["serviceAccount"]
        else:
            command, account = [substitute(part, values) for part in step.command], self.accounts[step.name]
            command[0] = sys.executable
        environment |= self.identities[account]
        return self.processes.start(command, environment, self.log(step), directory=scratch)

    def _submit(self, spec: Json) -> list[str]:
        """spark-submit on one machine, with all that the SparkApplication says of lake and event logs."""
        conf = spec["sparkConf"] | {f"spark.hadoop.{name}": text for name, text in spec["hadoopConf"].items()}
        conf |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
        }
        settings = [part for name, text in conf.items() for part in ("--conf", f"{name}={text}")]
        main = spec["mainApplicationFile"].replace(_IMAGE, str(SPARK_APPS))
        return [str(spark_home() / "bin" / "spark-submit"), *settings, main, *spec["arguments"]]


def identity(role: str, account: str, issuer: str, folder: Path) -> dict[str, str]:
    """What EKS puts into a pod of this account."""
    token = folder / f"{account}.token"
    token.write_text(_token(f"https://{issuer}", f"system:serviceaccount:{NAMESPACE}:{account}"))
    return {"AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": str(token), "AWS_ROLE_SESSION_NAME": account}


def accounts(workflow: Json) -> dict[str, str]:
    """The service account of each step, by its manifest."""
    return {one["name"]: one["serviceAccountName"] for one in workflow["spec"]["templates"] if "dag" not in one}


def graph_of(workflow: Json, *steps: str) -> Graph:
    """The workflow, or these of its steps alone, one after another."""
    if not steps:
        return read_graph(workflow)
    every = workflow["spec"]["templates"]
    known = {task["name"]: task for one in every for task in one.get("dag", {}).get("tasks", [])}
    arguments = {step: known.get(step, {}).get("arguments", {}) for step in steps}
    waits = dict(zip(steps, ("", *(f"{step}.Succeeded" for step in steps)), strict=False))
    tasks = [{"name": step, "template": step, "arguments": arguments[step], "depends": waits[step]} for step in steps]
    templates = [one for one in every if one["name"] in steps]
    spec = {"entrypoint": "run", "templates": [{"name": "run", "dag": {"tasks": tasks}}, *templates]}
    return read_graph(workflow | {"spec": spec | {"arguments": workflow["spec"]["arguments"]}})


def _token(issuer: str, subject: str) -> str:
    """Without a signature: nobody here looks at it."""
    parts = [{"alg": "none"}, {"iss": issuer, "sub": subject, "aud": "sts.amazonaws.com"}]
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."
