"""The verb `report` against the stand-in: what it writes equals what independent SQL says."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812


def report(warehouse: str, run: str, lake: Path) -> "subprocess.CompletedProcess[str]":
    arguments = [
        f"--warehouse={warehouse}",
        f"--run={run}",
        f"--records=file://{lake}/runs/run={run}",
        "--after=publish=check-staged",
        "--after=check-published=publish && check-staged",
        f"--output=file://{lake}/reports/run={run}",
    ]
    return subprocess.run(
        [sys.executable, "-m", "movalytics_warehouse", "report", *arguments], capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def read(warehouse: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    lake = tmp_path_factory.mktemp("lake")
    for run, seconds in (("whole", 100), ("first", 3), ("second", 5)):
        record(lake, run, "publish", "05:00:10", seconds)
    record(lake, "second", "check-published", "05:00:17", 1)
    done = report(warehouse, "second", lake)
    assert done.returncode == 0, done.stderr
    return dict(json.loads((lake / "reports/run=second/report.json").read_text()))


def record(lake: Path, run: str, step: str, time: str, seconds: float) -> None:
    place = lake / "runs" / f"run={run}"
    place.mkdir(parents=True, exist_ok=True)
    told = {"step": step, "started_at": f"2026-11-24T{time}+00:00", "seconds": seconds}
    (place / f"{step}.json").write_text(json.dumps(told))


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_the_highest_rated_films_are_those_of_the_formula(read: dict[str, Any], connection: Connection) -> None:
    ratings = rows(connection, "select movie_id, rating from movies.ratings")
    mean = sum(float(rating) for _, rating in ratings) / len(ratings)
    titles = dict(rows(connection, "select movie_id, title from movies.movies"))
    expected = []
    for film in {film for film, _ in ratings}:
        own = [float(rating) for movie, rating in ratings if movie == film]
        expected.append((round((50 * mean + sum(own)) / (50 + len(own)), 4), titles[film], len(own)))
    films = read["answers"]["highest_rated_films"]["films"]
    assert [(film["bayesian_rating"], film["title"], film["rating_count"]) for film in films] == sorted(expected)[::-1]


def test_the_most_popular_genres_are_those_rated_most(read: dict[str, Any], connection: Connection) -> None:
    expected = rows(
        connection,
        "select g.genre_name, count(*) from movies.ratings r, movies.movie_genre mg, movies.genre g "
        "where mg.movie_id = r.movie_id and g.genre_id = mg.genre_id group by 1 order by 2 desc",
    )
    genres = read["answers"]["most_popular_genres"]["genres"]
    assert [(genre["genre_name"], genre["rating_count"]) for genre in genres] == expected
    assert read["coverage"]["ratings"]["ratings_without_genre"] == 1


def test_the_best_months_are_those_of_the_largest_mean(read: dict[str, Any]) -> None:
    months = read["answers"]["best_release_periods"]["months"]
    assert [(month["month"], month["mean_revenue"]) for month in months] == [(6, 650_000_000), (1, 100_000_000)]
    quarters = read["answers"]["best_release_periods"]["quarters"]
    assert [(quarter["quarter"], quarter["movie_count"]) for quarter in quarters] == [(2, 2), (1, 1)]


def test_real_dollars_are_those_of_the_last_month_with_a_price(read: dict[str, Any]) -> None:
    genres = read["answers"]["highest_earning_genres"]["genres"]
    assert [(genre["genre_name"], genre["real_revenue"]) for genre in genres] == [
        ("Comedy", 480_000_000),
        ("Drama", 480_000_000),
    ]
    assert {genre["base_month"] for genre in genres} == {"2001-02-01"}
    coverage = read["coverage"]["box_office"]
    assert coverage["films_outside_cpi"] == 1
    assert coverage["revenue_outside_cpi"] == 900_000_000
    assert coverage["films_in_real_dollars_without_genre"] == 1
    assert coverage["films_on_first_january"] == 1


@pytest.mark.parametrize(("period", "unit"), [("months", "month"), ("quarters", "quarter")])
def test_release_periods_are_told_in_real_dollars_for_the_films_with_a_price(
    read: dict[str, Any], connection: Connection, period: str, unit: str
) -> None:
    # Film by film and by hand, without the views: only the films of 2000 and 2001 have a price.
    films = rows(
        connection,
        f"select extract({unit} from m.release_date), m.revenue * 120.0 / c.consumer_price_index "
        "from movies.movies m, movies.cpi c where c.date = date_trunc('month', m.release_date)",
    )
    expected: dict[int, list[float]] = {}
    for number, revenue in films:
        expected.setdefault(int(number), []).append(float(revenue))
    told = read["answers"]["best_release_periods"][period]
    assert {one[unit]: one["real_movie_count"] for one in told} == {key: len(each) for key, each in expected.items()}
    for one in told:
        own = expected[one[unit]]
        assert one["mean_real_revenue"] == pytest.approx(statistics.mean(own), abs=0.01)
        assert one["median_real_revenue"] == pytest.approx(statistics.median(own), abs=0.01)


def test_the_prior_is_what_the_scores_were_made_with(read: dict[str, Any]) -> None:
    ratings = read["coverage"]["ratings"]
    film = read["answers"]["highest_rated_films"]["films"][0]
    m, mean, own = ratings["prior_ratings"], ratings["mean_rating"], film["rating_count"] * film["mean_rating"]
    assert film["bayesian_rating"] == pytest.approx((m * mean + own) / (m + film["rating_count"]), abs=0.0001)


def test_it_says_of_what_data_the_answers_are(read: dict[str, Any]) -> None:
    assert read["data"] == {
        "sample": "four films of many",
        "ratings_until": "2004-02-03",
        "prices_until": "2001-02",
    }
    assert read["allowed"] == [{"name": "ratings.film_not_in_catalogue", "share": 0.5}]
    assert read["warned"] == ["ratings_are_whole"]


def test_accounts_tell_merged_rejected_and_repaired_apart_and_links_have_one(read: dict[str, Any]) -> None:
    accounts = {account["name"]: account for account in read["accounts"]}
    ratings, movies, links = accounts["ratings"], accounts["movies"], accounts["links"]
    assert [ratings[part] for part in ("rows_in", "accepted", "merged", "rejected", "repaired")] == [7, 4, 1, 2, 0]
    assert ratings["reasons"]["merged"] == {"superseded_rating": 1}
    assert ratings["reasons"]["rejected"] == {"film_not_in_catalogue": 2}
    assert movies["reasons"]["repaired"] == {"invalid_budget": 1}
    assert (links["accepted"], links["rejected"]) == (8, 1)


def test_the_usual_time_is_that_of_earlier_runs_of_the_same_sample(read: dict[str, Any]) -> None:
    publish, check = read["steps"]
    assert (publish["seconds"], publish["usual_seconds"]) == (5, 3)  # not the 100 of the run with all of the data
    assert (check["waited_seconds"], check["usual_seconds"]) == (2, None)


def test_the_ledger_is_told_whole(read: dict[str, Any]) -> None:
    assert read["tables"]["ratings"]["rejected"] == {"film_not_in_catalogue": 2}
    assert read["tables"]["ratings"]["merged"] == {"superseded_rating": 1}
    assert list(read["tables"]) == ["movies", "ratings"]
    assert read["marts"]["movie_rating"]["published_rows"] == 3
    assert [(check["check_name"], check["state"]) for check in read["checks"]] == [("ratings_are_whole", "fail")]
    assert read["published_run"] == read["run"] == "second"


def test_an_earlier_run_is_reported_as_not_published_now(warehouse: str, tmp_path: Path) -> None:
    done = report(warehouse, "first", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "This run is not the one published now." in (tmp_path / "reports/run=first/index.html").read_text()


def test_reporting_twice_writes_the_same(warehouse: str, tmp_path: Path) -> None:
    written = []
    for _ in range(2):
        assert report(warehouse, "second", tmp_path).returncode == 0
        written.append({path: path.read_bytes() for path in (tmp_path / "reports").rglob("*.*")})
    assert written[0] == written[1]


def test_an_unknown_run_is_named_and_nothing_is_written(warehouse: str, tmp_path: Path) -> None:
    done = report(warehouse, "third", tmp_path)
    assert done.returncode == 66
    assert "the warehouse knows no run third" in json.loads(done.stderr.splitlines()[-1])["error"]
    assert not (tmp_path / "reports").exists()
