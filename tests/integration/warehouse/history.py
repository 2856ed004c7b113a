"""A catalogue and its ratings that change from run to run, and what a source may do to them."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from tests.integration.warehouse.world import World, calendar, prices, rating

MONTHS = [datetime(year, month, 17, 9, 30, 5) for year in (2013, 2014) for month in (1, 2, 12)]  # noqa: DTZ001 Parquet's timestamps here have no zone
GENRES = {18: "Drama", 28: "Action", 878: "Science Fiction"}


@dataclass
class Film:
    """What the sources say of a film."""

    released: date
    revenue: int | None
    genres: tuple[int, ...]


@dataclass
class Sources:
    """What there is to load: (user, film) → stars and moment; `code` stands for the programs."""

    films: dict[int, Film] = field(default_factory=dict)
    ratings: dict[tuple[int, int], tuple[float, datetime]] = field(default_factory=dict)
    factor: float = 1.0
    code: str = "c0de"

    def world(self) -> World:
        """Its rows, as the transforms would make them."""
        used = sorted({genre for film in self.films.values() for genre in film.genres})
        return World(
            {
                "movies": [
                    (number, False, None, "en", f"Film {number}", 1.5, film.released, film.revenue, 10, 7.5)
                    for number, film in self.films.items()
                ],
                "genre": [(genre, GENRES[genre]) for genre in used],
                "movie_genre": [(number, genre) for number, film in self.films.items() for genre in film.genres],
                "date": [calendar(day) for day in sorted({film.released for film in self.films.values()})],
                "ratings": [
                    (*rating(user, film, stars)[:4], moment) for (user, film), (stars, moment) in self.ratings.items()
                ],
                "cpi": [(month, value and value * self.factor) for month, value in prices()],
            }
        )


def first(random: Random) -> Sources:
    """Six films and thirty ratings."""
    days = [date(1998 + number, 1 + number, 15) for number in range(6)]
    films = {
        100 + number: Film(day, random.choice([None, 5_000_000 * (number + 1)]), (random.choice([*GENRES]),))
        for number, day in enumerate(days)
    }
    films[100].revenue, films[100].genres = 7_000_000, tuple(GENRES)
    sources = Sources(films)
    for user in range(1, 31):
        sources.ratings[user, random.choice([*films])] = (random.randint(1, 10) / 2, random.choice(MONTHS))
    return sources


def add_ratings(sources: Sources, random: Random) -> None:
    for user in random.sample(range(100, 900), 4):
        sources.ratings[user, random.choice([*sources.films])] = (random.randint(1, 10) / 2, random.choice(MONTHS))


def change_ratings(sources: Sources, random: Random) -> None:
    for key in random.sample(sorted(sources.ratings), 3):
        sources.ratings[key] = (random.randint(1, 10) / 2, sources.ratings[key][1])


def move_between_months(sources: Sources, random: Random) -> None:
    for key in random.sample(sorted(sources.ratings), 3):
        sources.ratings[key] = (sources.ratings[key][0], random.choice(MONTHS))


def remove_ratings(sources: Sources, random: Random) -> None:
    for key in random.sample(sorted(sources.ratings), 3):
        del sources.ratings[key]


def lose_a_month(sources: Sources, random: Random) -> None:
    month = random.choice(MONTHS)
    kept = {key: value for key, value in sources.ratings.items() if value[1] != month}
    sources.ratings = kept or sources.ratings


def merge_films(sources: Sources, random: Random) -> None:
    """One film turns out to be another: its ratings are the other's, but for users who have rated both."""
    gone, other = _of_two(sources, random)
    for user, film in sorted(sources.ratings):
        if film == gone:
            sources.ratings.setdefault((user, other), sources.ratings[user, film])
            del sources.ratings[user, film]
    del sources.films[gone]


def cut_the_catalogue(sources: Sources, random: Random) -> None:
    gone, _ = _of_two(sources, random)
    del sources.films[gone]
    sources.ratings = {key: value for key, value in sources.ratings.items() if key[1] != gone} | {
        (5000, 100): (3.5, MONTHS[0])
    }


def _of_two(sources: Sources, random: Random) -> tuple[int, int]:
    """A film that may go, and another; film 100 stays."""
    if len(sources.films) < 3:
        sources.films[random.randint(200, 300)] = Film(date(2011, 11, 11), None, (28,))
    gone, other = random.sample(sorted(sources.films.keys() - {100}), 2)
    return gone, other


def change_films(sources: Sources, random: Random) -> None:
    film = sources.films[random.choice([*sources.films])]
    film.revenue, film.genres = random.randint(2, 900) * 1_000_000, tuple(random.sample([*GENRES], 2))


def change_prices(sources: Sources, random: Random) -> None:
    sources.factor = random.choice([1.0, 1.001, 0.999])


def change_code(sources: Sources, random: Random) -> None:
    sources.code = f"c0de{random.randint(1, 9)}"


def change_nothing(sources: Sources, random: Random) -> None:
    """The same again."""


CHANGES: Mapping[str, Callable[[Sources, Random], None]] = {
    change.__name__: change
    for change in (
        *(add_ratings, change_ratings, move_between_months, remove_ratings, lose_a_month, merge_films),
        *(cut_the_catalogue, change_films, change_prices, change_code, change_nothing),
    )
}


def after(sources: Sources, change: str, random: Random) -> Sources:
    """The sources once this has happened to them."""
    changed = deepcopy(sources)
    CHANGES[change](changed, random)
    return changed
