"""Make a directory in Kaggle's layout with as many ratings as wanted, the same ones every time.

The films are those of links.csv; those that the sample's cut catalogue lacks get an invented row, so that as many
ratings find their film as in the full data. Users are 1 to 270,896 (fewer when there are fewer rows), nobody rates a
film twice, the first films of links.csv are rated most, and lines end in CRLF, as MovieLens' do.
"""

import csv
import io
import shutil
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from movalytics_workflows.house import ROOT

USERS = 270_896
SAMPLE, CPI = ROOT / "tests/data/the-movies-dataset.zip", "CUSR0000SS62031.csv"
FIRST_SECOND, LAST_SECOND = 789_652_009, 1_501_829_870  # 1995-01-09 to 2017-08-04
CHUNK = 500_000

Integers = npt.NDArray[np.int64]


def ratings_per_user(rows: int, most: int, generator: np.random.Generator) -> Integers:
    """How many ratings each user makes: at least one, at most `most`, many of few and few of many, `rows` in all."""
    users = min(USERS, rows)
    weights = generator.lognormal(0.0, 1.3, users)
    counts: Integers = np.clip((weights * (rows / weights.sum())).astype(np.int64), 1, most)
    for step in (1, -1):
        while (missing := rows - int(counts.sum())) * step > 0:
            room = np.flatnonzero(counts < most if step > 0 else counts > 1)
            if not len(room):
                raise SystemExit(f"{rows} rows are too many for {users} users and {most} films")
            counts[room[: abs(missing)]] += step
    return counts


def film_places(counts: Integers, films: int, generator: np.random.Generator) -> Integers:
    """For each rating the place of its film: a user walks in steps through the first so many films, a prime number.

    Steps and a prime have no common divisor, so a walk never comes to a film twice.
    """
    primes = _primes(films)
    smallest = np.searchsorted(primes, counts)
    favour = generator.random(len(counts)) ** 3  # most users stay among the films that everybody knows
    ring = primes[smallest + (favour * (len(primes) - smallest)).astype(np.int64)]
    start, step = generator.integers(0, ring), generator.integers(1, np.maximum(ring, 2))
    number = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    places: Integers = (np.repeat(start, counts) + number * np.repeat(step, counts)) % np.repeat(ring, counts)
    return places


def _primes(highest: int) -> Integers:
    sieve = np.ones(highest + 1, dtype=bool)
    sieve[:2] = False
    for number in range(2, int(highest**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = False
    return np.flatnonzero(sieve)


def moments(users: Integers, count: int, generator: np.random.Generator) -> Integers:
    """When each rating is made, for users from 1 to `count`: each has a time of its own, from minutes to five years.

    In the sample's 100,004 real ratings a user is there in 3.7 months of 1.5 years.
    """
    spans = 10 ** generator.uniform(3, 8.2, count)
    starts = generator.uniform(FIRST_SECOND, LAST_SECOND - spans)
    found: Integers = (starts[users - 1] + spans[users - 1] * generator.random(len(users))).astype(np.int64)
    return found


def write_ratings(path: Path, rows: int, movie_ids: Integers, generator: np.random.Generator) -> None:
    """Write ratings.csv: userId, movieId, rating in half stars, timestamp in seconds."""
    counts = ratings_per_user(rows, int(_primes(len(movie_ids))[-1]), generator)
    users = np.repeat(np.arange(1, len(counts) + 1), counts)
    movies = movie_ids[film_places(counts, len(movie_ids), generator)]
    seconds = moments(users, len(counts), generator)
    stars = np.array(["0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0"], dtype=object)
    with path.open("w", newline="") as file:
        file.write("userId,movieId,rating,timestamp\r\n")
        for first in range(0, rows, CHUNK):
            chunk = slice(first, min(first + CHUNK, rows))
            size = chunk.stop - chunk.start
            fields = np.empty((size, 4), dtype=object)
            fields[:, 0], fields[:, 1] = users[chunk], movies[chunk]
            fields[:, 2] = stars[np.clip(generator.normal(6.0, 2.1, size), 0, 9).astype(np.int64)]
            fields[:, 3] = seconds[chunk]
            file.write("%d,%d,%s,%d\r\n" * size % tuple(fields.ravel()))


def complete_catalogue(path: Path, tmdb_ids: list[str]) -> None:
    """Append an invented film for every id that movies_metadata.csv lacks."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        names, known = list(reader.fieldnames or []), {row["id"] for row in reader}
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        for number, tmdb_id in enumerate(dict.fromkeys(tmdb_ids)):
            if tmdb_id and tmdb_id not in known:
                writer.writerow(_invented(tmdb_id, number))


def _invented(tmdb_id: str, number: int) -> dict[str, str]:
    return {
        "adult": "False",
        "id": tmdb_id,
        "title": f"Film {tmdb_id}",
        "original_title": f"Film {tmdb_id}",
        "genres": "[{'id': 18, 'name': 'Drama'}]",
        "original_language": "en",
        "status": "Released",
        "budget": "0",
        "revenue": str(number % 7 * 1_000_000),
        "popularity": "1.5",
        "video": "False",
        "release_date": f"{1950 + number % 67}-{number % 12 + 1:02}-15",
        "vote_average": "6.1",
        "vote_count": "9",
    }


def generated(rows: int) -> Path:
    """The directory with so many ratings in Kaggle's layout, and the CPI series; made when it is not there yet."""
    output = ROOT / ".movalytics/benchmark" / f"ratings-{rows}"
    if output.exists():
        return output
    unfinished = output.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    with zipfile.ZipFile(SAMPLE) as archive:
        archive.extractall(unfinished)
        links = list(csv.DictReader(io.TextIOWrapper(archive.open("links.csv"), "utf-8", newline="")))
    shutil.copyfile(SAMPLE.with_name(CPI), unfinished / CPI)
    movie_ids = np.array([int(link["movieId"]) for link in links], dtype=np.int64)
    write_ratings(unfinished / "ratings.csv", rows, movie_ids, np.random.default_rng(26_024_289))
    complete_catalogue(unfinished / "movies_metadata.csv", [link["tmdbId"] for link in links])
    return unfinished.rename(output)
