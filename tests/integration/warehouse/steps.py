"""The warehouse's commands as a test runs them, in this process or in one of their own."""

import io
import json
import subprocess
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import psycopg2
from movalytics_common import lake, step
from movalytics_operations import __main__ as operations
from movalytics_warehouse import __main__ as commands
from movalytics_warehouse.plan.making import applications

from tests.integration.warehouse.world import World, write_world

Flag = str | list[tuple[str, ...]]
OPERATIONS = {"finish", "alarm", "restore", "hold", "release", "runs", "show", "diff", "missing-day", "retention"}
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

    def arguments(self, verb: str, **flags: Flag) -> list[str]:
        """The command line of a verb; a flag of several words is told once for each list of them."""
        return [verb, f"--warehouse={self.url}", *(word for name, flag in flags.items() for word in _words(name, flag))]

    def run(self, verb: str, **flags: Flag) -> dict[str, object]:
        """Run a command here; its record. Raises Failed."""
        record = self.lake / "record.json"
        record.unlink(missing_ok=True)
        arguments = self.arguments(verb, **flags, record=f"file://{record}")
        with redirect_stderr(io.StringIO()) as log:
            code = step.run(_component(verb).build_parser(), lake.write_bytes, arguments)
        if code:
            raise Failed(code, json.loads(log.getvalue().splitlines()[-1])["error"])
        return json.loads(record.read_text())  # type: ignore[no-any-return]

    def start(self, verb: str, **flags: Flag) -> subprocess.Popen[str]:
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
        force: bool | str = False,
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
            application=[(name, self.prefix(name), f"{movies} {cpi} {code}") for name in applications()],
            **clock,
        )
        return decision.read_text()

    def stage(self, run: str, world: World) -> dict[str, object]:
        """Write the world as what was made for the run, and stage it."""
        return self.load(run, write_world(world, self.curated(run), run))

    def write(self, world: World, folder: Path, run: str) -> str:
        """Write the world as what an application made, under the key that the folder's name ends with."""
        return write_world(world, folder, run, folder.name.removeprefix("made="))

    def load(self, run: str, uri: str, told: Iterable[str] = ()) -> dict[str, object]:
        """Stage what lies in this folder, of all applications or of those that are told."""
        return self.run("stage", **self.staging(run, uri, told))

    def staging(self, run: str, uri: str, told: Iterable[str] = ()) -> dict[str, Flag]:
        """The flags of stage."""
        inputs = [(name, uri) for name in told or applications()]
        return {"run": run, "input": inputs, "copy_role": "default", "output": f"file://{self.lake}/runs"}

    def prefix(self, application: str) -> str:
        """The folder of what an application makes, but for its key."""
        return f"file://{self.lake}/{application}/made="

    def curated(self, run: str) -> Path:
        """The folder of what was made for the run."""
        return self.lake / "curated" / f"made={run}"

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


def _words(name: str, flag: Flag) -> list[str]:
    option = f"--{name.replace('_', '-')}"
    if isinstance(flag, str):
        return [f"{option}={flag}"]
    return [word for words in flag for word in (option, *words)]


def _component(verb: str) -> ModuleType:
    """The component whose command it is."""
    return operations if verb in OPERATIONS else commands
