"""The warehouse's commands as a test runs them, in this process or in one of their own."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import psycopg2
from movalytics_common import lake, step
from movalytics_operations import __main__ as operations
from movalytics_warehouse import __main__ as commands

from tests.integration.warehouse.world import World, write_world

KAGGLE, CPI, CODE = "7", "2023-11-01-0123abcd", "c0de"


@dataclass
class Failed(Exception):
    """A command that did not exit with 0, and its one sentence."""

    exit_code: int
    sentence: str

    def __str__(self) -> str:
        return f"exit {self.exit_code}: {self.sentence}"


@dataclass
class Warehouse:
    """A migrated, empty warehouse, and a lake beside it."""

    url: str
    lake: Path

    def arguments(self, verb: str, **flags: str) -> list[str]:
        """The command line of a verb; the run's folders are where workflows puts them."""
        return [
            verb,
            f"--warehouse={self.url}",
            *(f"--{name.replace('_', '-')}={value}" for name, value in flags.items()),
        ]

    def run(self, verb: str, **flags: str) -> dict[str, object]:
        """Run a command here; its record. Raises Failed."""
        record = self.lake / "record.json"
        record.unlink(missing_ok=True)
        arguments = self.arguments(verb, **flags, record=f"file://{record}")
        with redirect_stderr(io.StringIO()) as log:
            code = step.run(_component(verb).build_parser(), lake.write_bytes, arguments)
        if code:
            raise Failed(code, json.loads(log.getvalue().splitlines()[-1])["error"])
        return json.loads(record.read_text())  # type: ignore[no-any-return]

    def start(self, verb: str, **flags: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own, with its log on a pipe."""
        command = [sys.executable, "-m", _component(verb).__package__, *self.arguments(verb, **flags)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def plan(
        self,
        run: str,
        movies: str = KAGGLE,
        cpi: str = CPI,
        code: str = CODE,
        *,
        force: bool = False,
        day: str = "",
        sample: str = "",
        allow: str = "",
        **clock: str,
    ) -> str:
        """Plan a run; the decision. `clock`: scheduled_time, time_zone."""
        decision = self.lake / "decision"
        self.run(
            "plan",
            run=run,
            movies_version=movies,
            cpi_version=cpi,
            code_digest=code,
            force=str(force).lower(),
            run_date=day,
            sample=sample,
            allow=allow,
            decision_to=str(decision),
            **clock,
        )
        return decision.read_text()

    def stage(self, run: str, world: World) -> dict[str, object]:
        """Write the world as the run's curated folder and stage it."""
        uri = write_world(world, self.lake / "curated" / run, run)
        return self.run("stage", run=run, input=uri, copy_role="default")

    def check(self, run: str, stage: str = "staged") -> dict[str, object]:
        """Run a stage's checks."""
        return self.run("check", run=run, stage=stage, output=self.reports(run))

    def publish(self, run: str) -> dict[str, object]:
        """Publish the run."""
        return self.run("publish", run=run, output=self.reports(run))

    def bring(self, run: str, world: World, **plan: object) -> dict[str, object]:
        """Plan, stage, check and publish."""
        self.plan(run, **plan)  # type: ignore[arg-type]
        self.stage(run, world)
        self.check(run)
        return self.publish(run)

    def reports(self, run: str) -> str:
        """The URI of the run's reports."""
        return f"file://{self.lake}/reports/run={run}"

    def report(self, run: str, name: str) -> str:
        """A file of the run's reports."""
        return (self.lake / f"reports/run={run}" / name).read_text()

    def connect(self) -> "psycopg2.extensions.connection":
        """A connection of the test's own."""
        host = self.url.removeprefix("redshift://")
        user, _, rest = host.partition("@")
        address, _, database = rest.partition("?")[0].partition("/")
        name, _, port = address.partition(":")
        return psycopg2.connect(host=name, port=port, user=user, dbname=database, sslmode="disable")

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement and commit."""
        connection = self.connect()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


def _component(verb: str) -> ModuleType:
    """The component whose command it is."""
    return operations if verb in {"finish", "alarm"} else commands
