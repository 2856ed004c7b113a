"""`make clients`: the published clients of Redshift and PostgreSQL, each in an environment of its own, on the stand-in.

Each is set up as its documentation does it, over TLS that it verifies and with a password, and takes page.py's steps.
The table of what works is printed, and put into the stand-in's README.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.clients.page import STEPS
from tests.integration.conftest import Standin, start_standin, stop_standin

HOME = Path(".venv/clients")
README = Path("images/redshift_local/README.md")
TABLE = re.compile(r"(?<=<!-- make clients writes this table -->\n).*?(?=<!-- end -->)", re.DOTALL)
POM = Path(__file__).with_name("pom.xml")
PASSWORD = "Secret123"
VERSION = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"


@dataclass(frozen=True)
class Client:
    """A client: its name in drivers.py, what pip installs for it, and the program or jar it is beside that."""

    driver: str
    packages: tuple[str, ...] = ()
    jar: str = ""


CLIENTS = [
    Client("redshift_connector", ("redshift_connector", "numpy", "pandas")),
    Client("redshift-jdbc42", ("JPype1",), jar="redshift-jdbc42"),
    Client("postgresql-jdbc", ("JPype1",), jar="postgresql"),
    Client("psycopg2", ("psycopg2-binary",)),
    Client("psycopg", ("psycopg[binary]",)),
    Client("psycopg-utf8", ("psycopg[binary]<3.2",)),
    Client("asyncpg", ("asyncpg",)),
    Client("pg8000", ("pg8000",)),
    Client("psql"),
]


class Missing(Exception):
    """What a client needs is not on this machine."""


def main() -> None:
    """Try all clients; print and keep the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "password").write_text(PASSWORD)
        process, standin = start_standin(place, f"--password-file={place / 'password'}")
        try:
            environment = surroundings(standin, write_manifest(place))
            rows = [row(client, environment) for client in CLIENTS]
        finally:
            stop_standin(process)
    head = ["client", "logs in", *STEPS]
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    told = f"{table}\n\nSeen on {datetime.now(UTC):%Y-%m-%d}, in order of the columns.\n"
    print(told)  # noqa: T201 the table is what the command is for
    README.write_text(TABLE.sub(lambda _: told, README.read_text()))


def surroundings(standin: Standin, manifest: Path) -> dict[str, str]:
    """The environment that tells a page where the stand-in is, and what to trust."""
    certificate = str(standin.data / "certificate.pem")
    where = {"PGHOST": "localhost", "PGPORT": str(standin.port), "PGUSER": standin.user, "PGDATABASE": standin.database}
    trust = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": certificate, "SSL_CERT_FILE": certificate}
    return {**os.environ, **where, **trust, "PGPASSWORD": PASSWORD, "MANIFEST": f"file://{manifest}"}


def write_manifest(folder: Path) -> Path:
    """Two films in a Parquet file, and the manifest that names it."""
    films = folder / "films.parquet"
    pq.write_table(pa.table({"id": pa.array([1, 2], pa.int32()), "title": ["Amélie", None]}), films)
    entry = {"url": f"file://{films}", "mandatory": True, "meta": {"content_length": films.stat().st_size}}
    manifest = folder / "films.manifest"
    manifest.write_text(json.dumps({"entries": [entry]}))
    return manifest


def row(client: Client, environment: dict[str, str]) -> list[str]:
    """The client's line of the table."""
    try:
        python, version, more = prepared(client)
    except Missing as missing:
        return [f"{client.driver} (not tried: {missing})", *("" for _ in range(len(STEPS) + 1))]
    command = [str(python), "-m", "tests.clients.page", client.driver]
    done = subprocess.run(command, env=environment | more, capture_output=True, text=True, timeout=300, check=False)
    results = {said["step"]: said["error"] for said in map(json.loads, done.stdout.splitlines())}
    for step, error in results.items():
        if error:
            print(f"{client.driver}: {step}: {error}", file=sys.stderr)  # noqa: T201 as above
    if "logs in" not in results:
        print(f"{client.driver}: {done.stderr.strip()}", file=sys.stderr)  # noqa: T201 as above
    marks = ["yes" if results.get(step, "not reached") is None else "no" for step in ["logs in", *STEPS]]
    return [f"{client.driver} {version}", *marks]


def prepared(client: Client) -> tuple[Path, str, dict[str, str]]:
    """The Python that runs the page, the client's version, and what its environment holds more. Raises Missing."""
    if not client.packages:
        if not shutil.which(client.driver):
            raise Missing(f"{client.driver} is not installed")
        told = subprocess.run([client.driver, "--version"], capture_output=True, text=True, check=True)
        return Path(sys.executable), told.stdout.split()[2], {}
    python = environment_of(client)
    if client.jar:
        jar = jar_of(client)
        return python, jar.stem.removeprefix(f"{client.jar}-"), {"JARS": str(jar)}
    package = re.split(r"[\[<]", client.packages[0])[0]
    told = subprocess.run([str(python), "-c", VERSION, package], capture_output=True, text=True, check=True)
    return python, told.stdout.strip(), {}


def environment_of(client: Client) -> Path:
    """The Python of the client's own environment, with the newest of its packages."""
    folder = HOME / client.driver
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--upgrade", "--python", str(python), *client.packages]
    subprocess.run(install, check=True)
    return python


def jar_of(client: Client) -> Path:
    """The driver's jar, by Maven. Raises Missing."""
    if not shutil.which("mvn"):
        raise Missing("Maven is not installed")
    jars = HOME.resolve() / "jars"
    goal = ["dependency:copy-dependencies", "-DexcludeTransitive=true", f"-DoutputDirectory={jars}"]
    subprocess.run(["mvn", "--quiet", "--batch-mode", "--file", str(POM), *goal], check=True)
    return next(jars.glob(f"{client.jar}-*.jar"))


if __name__ == "__main__":
    main()
