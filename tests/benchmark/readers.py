"""A hundred analysts at once on marts, answers and joins of their own, while nothing happens and while a run publishes.

    python -m tests.benchmark.readers --rows=1000000 --readers=100

Some look in one snapshot whether ledger, table and mart agree on the ratings of the run that is published: an answer
that mixed two runs would not. Writes readers.json: queries, errors, mixed answers, p50 and p95 of each kind.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg2
from movalytics_workflows.house import ROOT
from movalytics_workflows.local.settings import Home
from movalytics_workflows.local.warehouse import DATABASE, USER

from tests.benchmark.changes import more_ratings
from tests.benchmark.generate_ratings import generated

IDLE_SECONDS = 30
QUERIES = {
    "a mart": "select * from movies.movie_rating order by bayesian_rating desc limit 20",
    "an answer": "select * from movies.most_popular_genres order by position limit 5",
    "a join": """
        select movies.title, count(*) as ratings from movies.ratings as ratings
        inner join movies.movies as movies on ratings.movie_id = movies.movie_id
        where ratings.user_id between {user} and {user} + 5 group by movies.title
    """,
}
# Of the run that was published last: its ratings by the ledger, by the table, by the mart.
SNAPSHOT = """
    select
        (select published_rows from movies_ops.load_table where table_name = 'ratings' and run_id = (
            select run_id from movies_ops.load_run where published_at = (
                select max(published_at) from movies_ops.load_run))),
        (select count(*) from movies.ratings),
        (select sum(rating_count) from movies.movie_rating)
"""


@dataclass(frozen=True)
class Answer:
    """A query's kind, its seconds, and what was wrong: an error's words, or that it mixed two runs."""

    kind: str
    seconds: float
    wrong: str = ""


def answers(home: Home, number: int, is_over: Callable[[], bool]) -> list[Answer]:
    """What one reader gets until it is over."""
    host, port = home.address.read_text().split(":")
    where = f"host={host} port={port} user={USER} dbname={DATABASE} sslmode=disable"
    with closing(psycopg2.connect(where, password=home.password())) as connection:
        connection.set_session(readonly=True)
        luck, found = random.Random(number), list[Answer]()
        while not is_over():
            kind = luck.choice([*QUERIES, "one snapshot"] if number % 10 == 0 else list(QUERIES))
            found.append(answer(connection, kind, luck.randrange(1, 500)))
            time.sleep(luck.random())
        return found


def answer(connection: "psycopg2.extensions.connection", kind: str, user: int) -> Answer:
    """One query, and whether its answer is whole."""
    started, wrong = time.monotonic(), ""
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(QUERIES.get(kind, SNAPSHOT).format(user=user))
            rows = cursor.fetchall()
    except psycopg2.Error as error:
        wrong = str(error).strip()
    else:
        if kind == "one snapshot" and len(set(rows[0])) != 1:
            wrong = f"mixed: {rows[0]}"
    return Answer(kind, time.monotonic() - started, wrong)


@contextmanager
def reading(home: Home, readers: int) -> Iterator[list[Answer]]:
    """So many readers at work meanwhile; afterwards their answers."""
    over, found = threading.Event(), list[Answer]()
    with ThreadPoolExecutor(readers) as pool:
        futures = [pool.submit(answers, home, number, over.is_set) for number in range(readers)]
        try:
            yield found
        finally:
            over.set()
        found += [one for future in futures for one in future.result()]


def summary(found: Sequence[Answer]) -> dict[str, object]:
    """Queries, errors and mixed answers, and by kind the median and the 95th percentile in seconds."""
    told: dict[str, object] = {
        "queries": len(found),
        "errors": sorted({one.wrong for one in found if one.wrong and not one.wrong.startswith("mixed")}),
        "mixed": sum(one.wrong.startswith("mixed") for one in found),
    }
    for kind in dict.fromkeys(one.kind for one in found):
        middle, late = np.percentile([one.seconds for one in found if one.kind == kind], [50, 95])
        told[kind] = {"p50": round(middle, 3), "p95": round(late, 3)}
    return told


def command(home: Home, *words: str) -> list[str]:
    """A command of ours on this home."""
    return [sys.executable, "-m", "movalytics_workflows", words[0], f"--home={home.root}", *words[1:]]


def read_until(lines: Iterable[bytes], step: bytes) -> None:
    """Until a run's line says that the step is over, or it says no more."""
    next((line for line in lines if step in line), None)


def measured(home: Home, source: Path, more: Path, readers: int) -> dict[str, object]:
    """Readers alone, and beside a run that brings more ratings."""
    subprocess.run(command(home, "run", f"--source={source}"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen(command(home, "serve", "--port=0"), cwd=ROOT, stdout=subprocess.PIPE) as served:
        assert served.stdout
        served.stdout.readline()
        with reading(home, readers) as idle:
            time.sleep(IDLE_SECONDS)
        served.terminate()
    with subprocess.Popen(command(home, "run", f"--source={more}"), cwd=ROOT, stdout=subprocess.PIPE) as run:
        assert run.stdout
        read_until(run.stdout, b"stage ")
        with reading(home, readers) as publishing:
            read_until(run.stdout, b"check-published")
        run.stdout.read()
    if run.returncode:
        raise SystemExit("the run beside the readers failed")
    return {"idle": summary(idle), "while a run publishes": summary(publishing)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--output", type=Path, default=ROOT / "tests/benchmark")
    given = parser.parse_args()
    source = generated(given.rows)
    with tempfile.TemporaryDirectory(dir=source.parent) as work:
        more = more_ratings(source, Path(work) / "more", given.rows)
        told = {"rows": given.rows, "readers": given.readers}
        told |= measured(Home(Path(work) / "home"), source, more, given.readers)
    (given.output / "readers.json").write_text(json.dumps(told, indent=2) + "\n")
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
