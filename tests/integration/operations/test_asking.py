"""Asking about runs: what one was and did, and what is different in another."""

from pathlib import Path

import pytest
from movalytics_common.declaration import sql_folder, tables
from movalytics_warehouse.plan import registering
from movalytics_warehouse.plan.making import applications

from tests.integration.operations.bringing import bring, made, publish
from tests.integration.warehouse.steps import CODE, CPI, Failed, Warehouse
from tests.integration.warehouse.test_moving import FREELY, LATER
from tests.integration.warehouse.world import World, many_ratings, rating, small_world

LATER_CPI = "2023-12-01-4567cdef"
CHECK = "movies_ops/checks/staged/rows_do_not_shrink.sql"


def worlds() -> tuple[World, World, World]:
    """Thirty ratings; then ten are others and one is new, of another month; then seven more are, and two are gone."""
    first, second, third = (many_ratings(small_world(), 30) for _ in range(3))
    for world, count in ((second, 10), (third, 17)):
        ratings = world.tables["ratings"]
        ratings[:count] = [rating(user, film, 5.5 - stars) for _, user, film, stars, _ in ratings[:count]]
        ratings.append((*rating(99, 27205, 5.0)[:4], LATER))
    del third.tables["ratings"][28:30]
    return first, second, third


def report(warehouse: Warehouse, run: str) -> None:
    records = f"file://{warehouse.lake}/runs/run={run}"
    warehouse.run("report", run=run, records=records, output=warehouse.reports(run))


@pytest.fixture
def other_sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sql/ that plan takes its digests of."""
    folder = tmp_path / "sql"
    for path in [*sql_folder().rglob("*.sql"), *sql_folder().rglob("*.toml")]:
        (copy := folder / path.relative_to(sql_folder())).parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(registering, "sql_folder", lambda: folder)
    return folder


@pytest.fixture
def three(warehouse: Warehouse, other_sql: Path) -> Warehouse:
    """Three published runs: the second is of a later version of the films, the third has other prices and checks."""
    first, second, third = worlds()
    bring(warehouse, "first", first, movies="7", day="2026-01-30", allow=FREELY)
    report(warehouse, "first")
    bring(warehouse, "second", second, movies="8", day="2026-01-31", allow=FREELY)
    report(warehouse, "second")
    (other_sql / CHECK).write_text("-- another\n")
    bring(warehouse, "third", third, movies="8", cpi=LATER_CPI, code="beef", day="2026-02-01", allow=FREELY)
    return warehouse


def said(warehouse: Warehouse, capsys: pytest.CaptureFixture[str], verb: str, run: str, **flags: str) -> str:
    capsys.readouterr()
    warehouse.run(verb, run=run, **flags)
    return capsys.readouterr().out


def words(text: str, title: str) -> list[list[str]]:
    """The lines of a section, each as its words."""
    section = next(part for part in text.split("\n\n") if part.startswith(title))
    return [line.split() for line in section.splitlines()[1:]]


def of_ratings(lines: list[list[str]]) -> list[list[str]]:
    return [line for line in lines if line[0] == "ratings"]


def test_a_run_tells_what_it_was_and_what_it_did(three: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    three.run("finish", run="second", status="Succeeded", output=f"file://{three.lake}/runs")
    text = said(three, capsys, "show", "second")
    lines = [line.split(maxsplit=1) for line in text.split("\n\n")[0].splitlines()]
    head = dict(lines)
    assert (head["run"], head["day"], head["movies"], head["CPI"]) == ("second", "2026-01-31", "8", CPI)
    assert head["outcome"] == "Succeeded"
    assert " after it was planned, usually " in head["published"]
    assert words(text, "Made of the sources") == [
        [name, made(three, "second", name).name[5:]] for name in applications()
    ]
    (ratings,) = of_ratings(words(text, "Rows"))
    assert ratings == ["ratings", "31", "31", "0", "0", "31", "1", "10", "0"]
    assert of_ratings(words(text, "Partitions that differ from first")) == [
        ["ratings", "2015-06", "30", "30"],
        ["ratings", "2015-07", "1"],
    ]


def test_a_run_that_failed_tells_why_in_each_attempt(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    world = small_world()
    world.tables["ratings"].append(rating(5, 597, 3.7))
    warehouse.plan("failed")
    for application in applications():
        warehouse.write(world, made(warehouse, "failed", application), "failed")
    with pytest.raises(Failed, match="exit 80"):
        publish(warehouse, "failed")
    warehouse.run("finish", run="failed", status="Failed", output=f"file://{warehouse.lake}/runs")
    text = said(warehouse, capsys, "show", "failed")
    assert "published  never" in text
    assert "checks failed: staged ratings/rating_is_an_accepted_value" in " ".join(words(text, "Attempts")[1])
    assert words(text, "Checks that object")[1] == ["red", "staged", "ratings/rating_is_an_accepted_value", "1", "rows"]


def test_two_runs_differ_in_source_transform_check_rows_and_answers(
    three: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    three.rows("update movies_ops.load_ceiling set ceiling = 0.5 where run_id = 'third' and reason = 'no_tmdb_id'")
    report(three, "third")
    three.rows(
        "update movies_ops.load_answer set headline = 'Other.' where run_id = 'third' and answer like 'high%films'"
    )
    text = said(three, capsys, "diff", "third", before="first")
    assert words(text, "Sources and code") == [
        ["CPI", CPI, "→", LATER_CPI],
        ["code", CODE, "→", "beef"],
        ["movies", "7", "→", "8"],
    ]
    keys = {run: {name: made(three, run, name).name[5:] for name in applications()} for run in ("first", "third")}
    assert words(text, "What Spark makes") == [
        [name, keys["first"][name], "→", keys["third"][name]] for name in applications()
    ]
    ((path, *_),) = words(text, "Checks, marts and queries")
    assert path == f"sql/{CHECK}"
    raised = {line[0]: " ".join(line[-5:]) for line in words(text, "Ceilings")}
    assert raised["links.no_tmdb_id"] == "50 % and 3 rows"
    assert ["ratings", "30", "→", "29"] in words(text, "Rows\n")
    assert words(text, "Rows moved by the publications after first up to third")[1:] == [["ratings", "1", "17", "2"]]
    ((answer, *_, now),) = words(text, "Answers")
    assert (answer, now) == ("highest_rated_films", "Other.")


def test_the_way_back_counts_the_same_rows(three: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(three, capsys, "diff", "first", before="second")
    assert words(text, "Rows moved by the publications after first up to second")[1:] == [["ratings", "1", "10", "0"]]
    assert of_ratings(words(text, "Partitions that differ")) == [
        ["ratings", "2015-06", "30", "30"],
        ["ratings", "2015-07", "1"],
    ]


def test_a_run_does_not_differ_from_itself(three: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        said(three, capsys, "diff", "second", before="second") == "there is no difference between second and second\n"
    )


def test_of_a_run_that_did_not_come_so_far_it_is_said_what_is_not_known(
    three: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    three.plan("planned", movies="8", cpi=LATER_CPI, code="beef", allow=FREELY)
    text = said(three, capsys, "diff", "planned", before="third")
    assert words(text, "Not compared") == [
        [kind, *["nothing", "is", "known", "of", "planned"]] for kind in ("Ceilings", "Rows")
    ]
    assert text.startswith("Not compared\n")


@pytest.mark.parametrize(("verb", "flags"), [("show", {}), ("diff", {"before": "nonsense"})])
def test_a_run_that_nobody_knows_is_refused(warehouse: Warehouse, verb: str, flags: dict[str, str]) -> None:
    with pytest.raises(Failed, match="exit 66: the warehouse knows no run nonsense: `movalytics runs` lists those"):
        warehouse.run(verb, run="nonsense", **flags)


def test_a_run_that_never_came_to_plan_is_listed_and_says_how_it_ended(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse.plan("planned")
    warehouse.run("finish", run="early", status="Failed", output=f"file://{warehouse.lake}/runs")
    warehouse.run("finish", run="early", status="Error", output=f"file://{warehouse.lake}/runs")
    capsys.readouterr()
    warehouse.run("runs")
    assert [(line.split()[0], line.split()[-1]) for line in capsys.readouterr().out.splitlines()[1:2]] == [
        ("early", "Error")
    ]
    with pytest.raises(Failed, match="exit 66: run early ended as Error before it was planned"):
        warehouse.run("show", run="early")


def test_a_table_of_the_declarations_is_told_with_its_rows(
    three: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {line[0] for line in words(said(three, capsys, "show", "third"), "Rows")}
    assert set(tables()) <= told
