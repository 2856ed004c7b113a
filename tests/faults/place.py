"""A warehouse, a lake and sources that one process' faults share, and the two states from which each fault begins."""

import asyncio
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg2
from movalytics_common import lake
from movalytics_common.declaration import tables
from movalytics_workflows.house import DAILY
from movalytics_workflows.local.settings import Home, parameter_settings
from redshift_local.embedded import backend
from redshift_local.embedded.postgres import Postgres

from tests.digests import EVERY_DIGEST
from tests.faults.bucket import NAME, Bucket
from tests.faults.running import Ended, Launcher, run
from tests.integration.conftest import Standin
from tests.integration.extract.sources_server import SERIES, SourcesServer
from tests.integration.warehouse.relay import Relay
from tests.integration.warehouse.world import World, many_ratings, rating, small_world, write_world

S3 = f"s3://{NAME}"
Digests = Mapping[str, object]
RATINGS = 1_200  # so many that one of them may come or go
EARLIER, LATER = "first", "second"  # runs, and the states in which the tables hold what they published


def data_folders(keys: Iterable[str]) -> set[str]:
    """The folders of these objects in which data are; every command leaves a record of its own beside them."""
    return {key.rpartition("/")[0] for key in keys if key.startswith(("raw/", "curated/"))}


@dataclass
class State:
    """What is there once a run was published: the lake, the digests of the tables; the database bears its name."""

    lake: dict[str, bytes]
    digests: Digests


@dataclass
class Place:
    """Where runs take place. `database` is the one that the fault at hand strikes."""

    standin: Standin
    password: str
    relay: Relay
    bucket: Bucket
    sources: SourcesServer
    folder: Path
    states: dict[str, State] = field(default_factory=dict)
    database: str = "dev"
    runs: int = 0
    launcher: Launcher | None = None
    troubles: list[BaseException] = field(default_factory=list)
    overrides: dict[str, str] = field(default_factory=dict)  # of the workflows' parameters
    served: dict[str, bytes] = field(default_factory=dict)
    by_hand: int = 0  # strikes that need no proxy
    at_start: dict[str, Callable[[], object]] = field(default_factory=dict)  # step → what is done once before it starts
    wrap: Callable[[list[str]], list[str]] = list  # of the command of a step in a process of its own

    def settings(self) -> dict[str, str]:
        """The workflows' parameters; nothing is waited for between attempts."""
        address = f"redshift://{self.standin.user}@127.0.0.1:{self.relay.port}/{self.database}?sslmode=disable"
        return {
            **parameter_settings(Home(self.folder), address, debug=False),
            "lake": S3,
            "movies-source": self.sources.kaggle,
            "cpi-source": self.sources.fred,
            "retention-keep": "1",
            "retry-limit": "0",
            "retry-pause": "0",
            **self.overrides,
        }

    def run(self, workflow: str = DAILY, name: str = "", apart: frozenset[str] = frozenset(), **given: object) -> Ended:
        """A workflow to its end, with these steps as processes of their own ("*": all); `given`: its parameters."""
        self.runs += 1
        name = name or f"run-{self.runs}"
        directory = self.folder / "runs" / f"{self.database}-{name}-{self.runs}"
        launcher = Launcher(directory, self.transform, apart, self.wrap, self._begins)
        before, self.launcher = self.launcher, launcher
        try:
            own = {key.replace("_", "-"): str(text) for key, text in given.items()}
            return run(workflow, name, launcher, {**self.settings(), **own}, own)
        finally:
            self.launcher = before

    def _begins(self, step: str) -> None:
        if act := self.at_start.pop(step, None):
            self.by_hand += 1
            act()

    def transform(self, arguments: Sequence[str]) -> None:
        """What Spark would make of the version."""
        told = dict(word.removeprefix("--").split("=", 1) for word in arguments)
        world = earlier_world() if told["movies"].endswith("=6") else later_world()
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / told["output"].rpartition("/")[2]
            write_world(world, folder, told["run"], told["made"])
            for path in sorted(folder.rglob("*"), key=lambda path: path.suffix == ".manifest"):
                if path.is_file():
                    content = path.read_bytes().replace(f"file://{folder}".encode(), told["output"].encode())
                    self.put(f"{told['output']}/{path.relative_to(folder)}", content)

    def put(self, uri: str, content: bytes) -> None:
        """Write to the lake, past everything that strikes."""
        if uri.startswith(S3):
            self.bucket.put(uri.removeprefix(f"{S3}/"), content)
            return
        path = Path(uri.removeprefix("file://"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def prepare(self) -> None:
        """Make both states: an earlier run, and a later one of a newer version and of a month more upon it."""
        self.served = dict(self.sources.files)
        for version, name, months in ((6, EARLIER, -1), (7, LATER, None)):
            self.sources.version, self.sources.files[f"{SERIES}.csv"] = version, self.months(months)
            if name == LATER:
                self._copy_database(EARLIER, LATER)
            else:
                self.postgres(f"create database {EARLIER} owner {self.standin.user}")
            self.database = name
            ended = self.run(name=name, run_date=f"2026-01-0{version}")
            assert ended.exit_code == 0, ended
            self.states[name] = State(self.bucket.content(), self.digests())
        assert self.states[EARLIER].digests != self.states[LATER].digests

    def months(self, until: int | None) -> bytes:
        """The series until this line."""
        return b"".join(self.served[f"{SERIES}.csv"].splitlines(keepends=True)[:until])

    def begin(self, state: str) -> None:
        """A state in a database of its own, with nothing that strikes."""
        self.calm()
        self.overrides.clear()
        self.wrap = list
        if self.database not in self.states:
            self.postgres(f"drop database if exists {self.database} with (force)")
        self.runs += 1
        self._copy_database(state, f"fault_{self.runs}")
        self.database = f"fault_{self.runs}"
        self.sources.version, self.sources.files = 7, dict(self.served)
        wanted = {key: _etag(body) for key, body in self.states[state].lake.items()}
        there = self.bucket.tags()
        for key in there.keys() - wanted.keys():
            self.bucket.delete(key)
        for key, tag in wanted.items():
            if there.get(key) != tag:
                self.bucket.put(key, self.states[state].lake[key])

    def calm(self) -> None:
        """Nothing strikes any more."""
        self.relay.calm()
        self.bucket.calm()
        self.sources.calm()
        self.troubles.clear()
        self.at_start.clear()
        self.by_hand = 0

    @property
    def struck(self) -> int:
        """How often something struck."""
        return self.relay.struck + self.bucket.struck + self.sources.struck + self.by_hand

    def during(self, step: str) -> Callable[[], bool]:
        """Whether this step is at work."""
        return lambda: self.launcher is not None and self.launcher.is_at_work(step)

    def then(self, act: Callable[[], object]) -> Callable[[object], None]:
        """An act for a proxy: do this, then let pass what came; what goes wrong with it is told at the end."""

        def acting(passing: object) -> None:
            try:
                act()
            except BaseException as error:  # noqa: BLE001 in a thread that nobody waits for
                self.troubles.append(error)
            passing.forward()  # type: ignore[attr-defined]

        return acting

    def kill(self, passing: object) -> None:
        """An act for a proxy: kill the step before what came arrives."""
        assert self.launcher
        self.launcher.kill()
        getattr(passing, "cut", getattr(passing, "reset", None))()  # type: ignore[misc]

    def digests(self) -> Digests:
        """Table or mart → its digest, of the rows that readers see now."""
        return {str(name): digest for name, digest in self.rows(EVERY_DIGEST)}

    def raw(self) -> set[str]:
        """The files of the newest version that the lake lacks, or has otherwise than they are served."""
        place = lake.join(self.settings()["lake"], "raw/movies", f"version={self.sources.version}")
        served = {name: body for name, body in self.sources.files.items() if name != f"{SERIES}.csv"}
        return {name for name, body in served.items() if _content(lake.join(place, name)) != body}

    def folders(self) -> set[str]:
        """The folders of the lake in which data are."""
        return data_folders(self.bucket.tags())

    def connect(self) -> "psycopg2.extensions.connection":
        """A connection of the test's own, past the relay."""
        return replace(self.standin, database=self.database).connect(password=self.password)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement and commit."""
        with closing(self.connect()) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def postgres(self, statement: str) -> None:
        """A statement of the embedded server's own, which no client of Redshift may run."""

        async def told() -> None:
            sockets = Postgres(self.standin.data, with_passwords=True).sockets
            async with backend.connect(sockets, "template1") as connection:
                await connection.query(statement)

        asyncio.run(told())

    def _copy_database(self, name: str, new: str) -> None:
        self.postgres(f"create database {new} template {name} owner {self.standin.user} strategy file_copy")


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _content(uri: str) -> bytes | None:
    return lake.read_bytes(uri) if lake.exists(uri) else None


def earlier_world() -> World:
    """What version 6 holds."""
    return many_ratings(small_world(), RATINGS)


def later_world() -> World:
    """What version 7 holds: a rating more, and a genre of another name."""
    world = earlier_world()
    assert set(world.tables) == set(tables())
    world.tables["ratings"] += [rating(9_001, 597, 3.5)]
    world.tables["genre"][0] = (18, "Melodrama")
    return world
