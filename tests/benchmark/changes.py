"""The sources of a day after: a month of prices more, or one rating in a hundred more in the two latest months."""

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.benchmark.generate_ratings import CPI

PER_USER = 100
SEED = 20170804


def copied(source: Path, target: Path, changed: str) -> Path:
    """A directory with the same files, of which one is to be changed; its path."""
    target.mkdir(parents=True)
    for file in source.iterdir():
        if file.name != changed:
            (target / file.name).symlink_to(file.resolve())
    return Path(shutil.copy(source / changed, target / changed))


def next_price(source: Path, target: Path) -> Path:
    """The directory with a month more in the price index; its value is that of the last month, and a bit."""
    file = copied(source, target, CPI)
    lines = file.read_text().splitlines()
    day, value = lines[-1].split(",")
    month = (datetime.fromisoformat(day) + timedelta(days=32)).replace(day=1)
    file.write_text("\n".join([*lines, f"{month:%Y-%m-%d},{float(value) * 1.001:.3f}"]) + "\n")
    return target


def more_ratings(source: Path, target: Path, rows: int) -> Path:
    """The directory with a hundredth more ratings, by new users, of the two latest months."""
    file = copied(source, target, "ratings.csv")
    generator = np.random.default_rng(SEED)
    with (source / "links.csv").open(newline="") as links:
        films = np.array([int(line["movieId"]) for line in csv.DictReader(links) if line["tmdbId"]])
    last_user, last_moment = latest(file)
    first_moment = int((datetime.fromtimestamp(last_moment, UTC).replace(day=1) - timedelta(days=27)).timestamp())
    with file.open("a", newline="\r\n") as more:
        for user in range(last_user + 1, last_user + 1 + max(1, rows // 100 // PER_USER)):
            for film in np.sort(generator.choice(films[:5000], PER_USER, replace=False)):
                moment, stars = generator.integers(first_moment, last_moment), generator.integers(1, 11) / 2
                more.write(f"{user},{film},{stars},{moment}\n")
    return target


def latest(ratings: Path) -> tuple[int, int]:
    """The highest user and the latest moment of a file in MovieLens' layout."""
    user = moment = 0
    with ratings.open() as lines:
        next(lines)
        for line in lines:
            fields = line.split(",")
            user, moment = max(user, int(fields[0])), max(moment, int(fields[3]))
    return user, moment
