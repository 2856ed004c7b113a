"""All that the product does with AWS, once: a run, one that fails, going back, clearing up, an upload that breaks."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from movalytics_workflows.alarm import alarm
from movalytics_workflows.backfill import MISSING, backfill
from movalytics_workflows.daily import daily
from movalytics_workflows.house import SPARK_APPS
from movalytics_workflows.lake import event_logs
from movalytics_workflows.local import warehouse
from movalytics_workflows.local.processes import Processes, base_environment, children
from movalytics_workflows.local.scheduler import Scheduler
from movalytics_workflows.local.scopes import Scope, resolve_parameters
from movalytics_workflows.local.settings import Home, parameter_settings
from movalytics_workflows.local.spark import spark_home
from movalytics_workflows.local.states import FAILED, SUCCEEDED
from movalytics_workflows.restore import hold, release, restore
from movalytics_workflows.retention import places, retention

from tests.aws.history import HistoryServer
from tests.aws.launching import Pods, accounts, graph_of, identity
from tests.aws.stacks import Stack
from tests.integration.quick_java import TINY, quick_environment

Json = dict[str, Any]
FIRST = "movalytics-daily-first"
# More than boto3 sends in one piece, then an error of the source.
BROKEN_UPLOAD = """
import io, sys
from movalytics_common.lake import write_stream
class Cut(io.RawIOBase):
    left = 3
    def readable(self):
        return True
    def read(self, size=-1):
        self.left -= 1
        if not self.left:
            raise ConnectionResetError("the source was cut off")
        return bytes(size)
write_stream(sys.argv[1], Cut())
"""


@dataclass(frozen=True)
class Product:
    """A home of the runner, and a lake and a warehouse on AWS."""

    home: Home
    settings: Mapping[str, str]
    environment: Mapping[str, str]
    identities: Mapping[str, Mapping[str, str]]
    jars: Path
    processes: Processes

    @property
    def history(self) -> HistoryServer:
        """The history server of the lake, as its account."""
        identity = {**self.environment, **self.identities["movalytics-history"]}
        environment = {**identity, "SPARK_DIST_CLASSPATH": f"{self.jars}/*"}
        return HistoryServer(self.home.root / "history", event_logs(self.settings["lake"]), environment)

    def run(self, workflow: Json, *steps: str, name: str = "", ends: str = SUCCEEDED, **given: str) -> None:
        """The workflow, or these of its steps alone, to the end that it is to have."""
        graph = graph_of(workflow, *steps)
        directory = self.home.run(name or graph.name)
        scope = Scope(name or graph.name, directory / "outputs", resolve_parameters(graph, self.settings, given))
        scope.directory.mkdir(parents=True, exist_ok=True)
        pods = Pods(self.processes, self.environment, directory, self.identities, accounts(workflow), self.jars)
        scheduler = Scheduler(graph, scope, pods, lambda _: None)
        status = scheduler.run()
        assert status == ends, [(one.name, one.phase, one.sentence) for one in scheduler.states.values()]

    def break_upload(self) -> None:
        """An upload in pieces whose source is cut off, as extract's account."""
        uri = f"{self.settings['lake']}/raw/movies/version=cut/ratings.csv"
        environment = {**self.environment, **self.identities["movalytics-extract"]}
        answer = subprocess.run([sys.executable, "-c", BROKEN_UPLOAD, uri], env=environment, capture_output=True)
        assert b"the source was cut off" in answer.stderr


def exercise(product: Product) -> None:
    """Everything, in an order in which each finds what it needs."""
    product.history.make_directory()
    _leave_what_nobody_needs(product.settings["lake"])
    product.run(daily().to_dict(), name=FIRST)
    product.history.require_applications(2)
    product.run(daily().to_dict(), "discover", "extract-movies", name="again")
    product.run(daily().to_dict(), name="failing", ends=FAILED, **{"movies-source": "/nowhere"})
    product.run(alarm().to_dict(), "alarm", schedule="0 0 * * *")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    product.run(backfill().to_dict(), MISSING, **{"from": today, "to": today})
    product.run(hold().to_dict(), "hold")
    product.run(release().to_dict(), "release")
    product.run(restore().to_dict(), restores=FIRST)
    product.run(retention().to_dict(), "retention", apply="true")
    product.break_upload()


@contextmanager
def product(folder: Path, stack: Stack, endpoint: str, jars: Path, issuer: str) -> Iterator[Product]:
    """The product set up by the values that `make aws` printed, on a warehouse whose COPY has its own role."""
    home = Home(folder)
    environment = _environment(endpoint, stack.values["warehouse"]["region"])
    with children(folder) as processes:
        keys = _keys_of_copy(stack.values["copyRole"])
        standin = warehouse.start(home, processes, environment | keys, folder / "redshift.log")
        identities = {account: identity(role, account, issuer, folder) for account, role in _roles(stack.values)}
        settings = _settings(home, stack.values, warehouse.listening(standin), endpoint)
        yield Product(home, settings, environment, identities, jars, processes)


def _settings(home: Home, values: Mapping[str, Any], address: str, endpoint: str) -> dict[str, str]:
    """What the chart fills in with these values; AWS and Redshift are on loopback here."""
    about = values["warehouse"]
    login = f"credentials={about['credentials']}&workgroup={about['workgroup']}&region={about['region']}"
    return {
        **parameter_settings(home, f"redshift://@{address}/{about['database']}?{login}&sslmode=disable", debug=False),
        "lake": values["lake"],
        "copy-role": values["copyRole"],
        "s3-endpoint": endpoint,
        "s3-path-style": "true",
        "movies-source": str(TINY),
        "cpi-source": str(TINY),
        "retry-limit": "0",
        "retention-keep": "1",
    }


def _roles(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, account in values["serviceAccounts"].items():
        yield f"movalytics-{name}", account["annotations"]["eks.amazonaws.com/role-arn"]


def _environment(endpoint: str, region: str) -> dict[str, str]:
    """What a pod has of AWS before its account gives it a role, and Spark's own."""
    ours = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "JAVA_HOME": quick_environment()["JAVA_HOME"],
        "SPARK_HOME": str(spark_home()),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "LOG4J_CONFIGURATION_FILE": (SPARK_APPS / "log4j2.properties").as_uri(),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    inherited = {name: text for name, text in base_environment().items() if not name.startswith("AWS_")}
    return inherited | ours


def _keys_of_copy(role: str) -> dict[str, str]:
    """Redshift takes the role by itself; its stand-in is given the keys."""
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="redshift")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }


def _leave_what_nobody_needs(lake: str) -> None:
    """A folder of each kind that retention clears up, older than all runs."""
    bucket, _, root = lake.removeprefix("s3://").partition("/")
    words = [word for word in places(root) if word.startswith((f"{root}/", "--run-folder"))]
    for word in words:
        key = f"{word.removeprefix('--run-folder=')}stray/file"
        boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=b"nobody needs this")
