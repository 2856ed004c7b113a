"""The steps of a run one after another in this process, with one Spark for all runs: quick enough for hundreds."""

import importlib.util
import io
import json
from collections.abc import Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import movalytics_extract.__main__ as extract
import movalytics_warehouse.__main__ as warehouse
import psycopg2
from movalytics_common import lake, step
from movalytics_common.declaration import tables
from movalytics_warehouse.plan.making import applications

from tests.digests import EVERY_DIGEST

ROOT = Path(__file__).parents[2]
RAW_FILES = sorted({*(one.source for table in tables().values() for one in (table, *table.inputs.values()))})
MOVIES, LINKS, RATINGS, CPI = "movies_metadata.csv", "links.csv", "ratings.csv", "CUSR0000SS62031.csv"
Files = Mapping[str, bytes]


@dataclass
class Outcome:
    """How a run ended: 0, or a step's exit code and sentence."""

    exit_code: int
    sentence: str


@dataclass
class Pipeline:
    """A lake, a warehouse, and how many runs they have seen."""

    url: str
    folder: Path
    runs: int = 0
    transforms: dict[str, ModuleType] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.transforms = {name: _main(name.replace("-", "_")) for name in applications()}

    def run(self, files: Files, force: bool = False) -> Outcome:
        """From these files to published tables, or to the step that says why not."""
        self.runs += 1
        source = self.folder / f"source-{self.runs}"
        source.mkdir()
        for name, content in files.items():
            (source / name).write_bytes(content)
        try:
            self._run(source, f"run-{self.runs}", force)
        except Stopped as stopped:
            return stopped.outcome
        return Outcome(0, "")

    def _run(self, source: Path, run: str, force: bool) -> None:
        outputs = {name: self.folder / f"{run}-{name}" for name in ("movies-version", "cpi-version", "decision")}
        written = [f"--{name}-to={path}" for name, path in outputs.items()]
        self._step(extract, ["discover", f"--movies={source}", f"--cpi={source}", *written[:2]])
        movies, cpi = outputs["movies-version"].read_text(), outputs["cpi-version"].read_text()
        place = f"file://{self.folder}"
        raw_movies, raw_cpi = f"{place}/raw/movies/{movies}", f"{place}/raw/cpi/{cpi}"
        versions = [f"--movies-version={movies}", f"--cpi-version={cpi}", f"--force={str(force).lower()}"]
        makes = [word for name in self.transforms for word in ("--application", name, f"{place}/{name}/made=", run)]
        keys = {name: self.folder / f"{run}-{name}" for name in self.transforms}
        told = [f"--{name}-made-to={path}" for name, path in keys.items()]
        self._load("plan", run, [*versions, "--code-digest=c0de", written[2], *makes, *told])
        if outputs["decision"].read_text() == "stop":
            return
        self._step(extract, ["extract-movies", f"--source={source}", f"--version={movies}", f"--output={raw_movies}"])
        self._step(extract, ["extract-cpi", f"--source={source}", f"--version={cpi}", f"--output={raw_cpi}"])
        raw = {"transform-catalogue": [f"--cpi={raw_cpi}"]}
        inputs = []
        for name, transform in self.transforms.items():
            made = keys[name].read_text()
            output = f"{place}/{name}/made={made}"
            arguments = [f"--run={run}", f"--made={made}", f"--movies={raw_movies}", f"--output={output}"]
            arguments += [f"--earlier={place}/none", "--code=c0de"]
            self._step(transform, [*arguments, *raw.get(name, [])])
            inputs += ["--input", name, output]
        reports = f"--output={place}/reports/{run}"
        self._load("stage", run, [*inputs, "--copy-role=default", reports])
        self._load("check", run, ["--stage=staged", reports])
        self._load("publish", run, [reports])

    def _load(self, verb: str, run: str, arguments: list[str]) -> None:
        self._step(warehouse, [verb, f"--warehouse={self.url}", f"--run={run}", *arguments])

    def _step(self, component: ModuleType, arguments: list[str]) -> None:
        with redirect_stderr(io.StringIO()) as log:
            code = step.run(component.build_parser(), lake.write_bytes, arguments)
        if code:
            raise Stopped(Outcome(code, json.loads(log.getvalue().splitlines()[-1])["error"]))

    def digests(self) -> dict[str, object]:
        """Table or mart → its digest, computed from the rows that readers see now."""
        connection = psycopg2.connect(_libpq(self.url))
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(EVERY_DIGEST)
                return dict(cursor.fetchall())
        finally:
            connection.close()


class Stopped(Exception):
    """A step ended the run."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.sentence)
        self.outcome = outcome


def _main(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "spark_apps" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _libpq(url: str) -> str:
    return url.replace("redshift://", "postgresql://")
