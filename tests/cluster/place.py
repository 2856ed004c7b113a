"""A namespace of a real cluster with the stand-ins and the chart, and what a person does there: argo, helm, SQL."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import boto3
import psycopg2

from tests.digests import EVERY_DIGEST

ROOT = Path(__file__).parents[2]
STAND_INS = ROOT / "tests/cluster/stand_ins/stand_ins.yaml"
REGISTRY, TAG = os.environ.get("REGISTRY", "movalytics"), os.environ.get("VERSION", "dev")
LOAD_IMAGE = os.environ.get("LOAD_IMAGE", "kind load docker-image").split()
APPLICATION_LABEL = "sparkoperator.k8s.io/app-name"
Json = dict[str, Any]
Found = TypeVar("Found")


def command(*words: str, text: str | None = None) -> str:
    """Run a program to its end and return what it printed; its own words are the failure."""
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout


def secret(name: str) -> str:
    """What the stand-ins' Secrets say."""
    found = re.search(rf"^  {name}: (\S+)", STAND_INS.read_text(), re.MULTILINE)
    assert found
    return found[1]


def load_as(image: str, other: str) -> None:
    """Hand an image to the cluster's node by another name and tag."""
    command("docker", "tag", f"{REGISTRY}/{image}:{TAG}", f"{REGISTRY}/{other}")
    command(*LOAD_IMAGE, f"{REGISTRY}/{other}")


def eventually(found: Callable[[], Found], what: str, seconds: float = 240, every: float = 1) -> Found:
    """What `found` returns once it is something; fails in words when it stays nothing."""
    until = time.monotonic() + seconds
    while not (thing := found()):
        assert time.monotonic() < until, f"waited {seconds} s in vain: {what}"
        time.sleep(every)
    return thing


def moment(text: str) -> datetime:
    """Kubernetes' time."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class Place:
    """One namespace."""

    namespace: str

    def kubectl(self, *words: str, text: str | None = None) -> str:
        """kubectl in this namespace."""
        return command("kubectl", f"--namespace={self.namespace}", *words, text=text)

    def read(self, *words: str) -> Json:
        """`kubectl get …` as an object."""
        found: Json = json.loads(self.kubectl("get", *words, "--output=json"))
        return found

    def make(self) -> None:
        """The namespace, held to the restricted standard, with its stand-ins."""
        command("kubectl", "create", "namespace", self.namespace)
        label = "pod-security.kubernetes.io/enforce=restricted"
        command("kubectl", "label", "namespace", self.namespace, label)
        manifests = re.sub(r"image: movalytics/(\w+):dev", rf"image: {REGISTRY}/\1:{TAG}", STAND_INS.read_text())
        self.kubectl("apply", "--filename=-", text=manifests)
        self.kubectl("rollout", "status", "deployment", "--timeout=120s")

    def remove(self) -> None:
        """All of it, without waiting."""
        command("kubectl", "delete", "namespace", self.namespace, "--wait=false")

    def install(self, *changes: str, values: Sequence[Path] = ()) -> None:
        """`helm upgrade --install` with the values of dev, these files and changes, and none of earlier ones."""
        files = [f"--values={path}" for path in (ROOT / "helm/values-dev.yaml", *values)]
        # As JSON, because a tag of git's may be all digits; `--set` comes after it.
        sets = [
            f'--set-json=images.registry="{REGISTRY}",images.tag="{TAG}"',
            *(f"--set={change}" for change in changes),
        ]
        chart = str(ROOT / "helm/movalytics")
        command("helm", "upgrade", "--install", "movalytics", chart, f"--namespace={self.namespace}", *files, *sets)

    def submit(self, template: str = "movalytics-daily", **parameters: str) -> str:
        """`argo submit`; the workflow's name."""
        given = [word for name, text in parameters.items() for word in ("-p", f"{name.replace('_', '-')}={text}")]
        source = ["--from", f"workflowtemplate/{template}"]
        return command("argo", "submit", "-n", self.namespace, *source, *given, "--output=name").strip()

    def argo_get(self, run: str) -> str:
        """What a person sees of a run, without colours."""
        return command("argo", "get", "-n", self.namespace, "--no-color", run)

    def workflow(self, run: str) -> Json:
        """The Workflow object."""
        return self.read("workflow", run)

    def ended(self, run: str, seconds: float = 600) -> Json:
        """The Workflow when it is over."""

        def over() -> Json | None:
            found = self.workflow(run)
            return found if found.get("status", {}).get("finishedAt") else None

        return eventually(over, f"{run} ends", seconds)

    def run(self, **parameters: str) -> Json:
        """Submit and wait; the Workflow that Succeeded."""
        run = self.submit(**parameters)
        found = self.ended(run)
        assert found["status"]["phase"] == "Succeeded", self.argo_get(run)
        return found

    def applications(self, run: str) -> dict[str, Json]:
        """The run's SparkApplications by their step's name."""
        found = self.read("sparkapplications", f"--selector=workflows.argoproj.io/workflow={run}")["items"]
        return {item["metadata"]["name"].removeprefix(f"{run}-"): item for item in found}

    def spark_pods(self, run: str, step: str, role: str) -> list[str]:
        """Names of the running drivers or executors of a step."""
        selector = f"--selector={APPLICATION_LABEL}={run}-{step},spark-role={role}"
        return self.read_names("pods", selector, "--field-selector=status.phase=Running")

    def read_names(self, *words: str) -> list[str]:
        """`kubectl get …`, the names alone."""
        names = self.kubectl("get", *words, "--output=name").split()
        return [name.partition("/")[2] for name in names]

    def at_work(self, run: str, step: str, role: str = "driver") -> str:
        """The name of a pod of the step's application, once it runs."""
        return eventually(lambda: self.spark_pods(run, step, role), f"{step} of {run} has a {role}")[0]

    def digests(self) -> dict[str, str]:
        """Table → digest of what the published tables and marts hold now."""
        return dict(self.rows(EVERY_DIGEST))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """A query's rows."""
        with self.warehouse() as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    @contextmanager
    def forwarded(self, service: str, port: int) -> Iterator[int]:
        """The port on loopback at which a service of the namespace is."""
        words = ["kubectl", f"--namespace={self.namespace}", "port-forward", f"service/{service}", f":{port}"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as forward:
            assert forward.stdout is not None
            try:
                yield int(forward.stdout.readline().partition("127.0.0.1:")[2].split()[0])
            finally:
                forward.terminate()

    @contextmanager
    def bucket(self) -> Iterator[Any]:
        """The lake's bucket, as boto3 has it."""
        keys = {name.lower(): secret(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        with self.forwarded("s3", 5000) as port:
            s3 = boto3.resource("s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", **keys)
            yield s3.Bucket("movalytics")

    @contextmanager
    def warehouse(self) -> Iterator[Any]:
        """A connection to the warehouse's pod."""
        password = secret("PGPASSWORD")
        with self.forwarded("warehouse", 5439) as port:
            connection = psycopg2.connect(
                host="127.0.0.1", port=port, user="awsuser", password=password, dbname="dev", sslmode="disable"
            )
            yield connection
            connection.close()


def pod_nodes(workflow: Json, template: str) -> list[Json]:
    """The attempts of a step, in the order in which they began; none before the controller has seen the workflow."""
    nodes = workflow.get("status", {}).get("nodes", {}).values()
    found = [node for node in nodes if node["type"] == "Pod" and node.get("templateName") == template]
    return sorted(found, key=lambda node: str(node["startedAt"]))


def span(workflow: Json) -> tuple[datetime, datetime]:
    """From when to when the workflow had pods."""
    nodes = [node for node in workflow["status"]["nodes"].values() if node["type"] == "Pod"]
    return min(moment(node["startedAt"]) for node in nodes), max(moment(node["finishedAt"]) for node in nodes)
