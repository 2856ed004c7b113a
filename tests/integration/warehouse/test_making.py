"""What the applications make is named by what it is made of: `plan` says what is to be made, and what is there."""

from pathlib import Path

import pytest
from movalytics_common.declaration import tables
from movalytics_warehouse.plan.making import applications

from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, write_world


def planned(warehouse: Warehouse, code: str = "c0de", *, force: str = "false", run: str = "later") -> dict[str, str]:
    """Application → its work, as a plan says it; its key lies beside."""
    outputs = {
        f"{name.replace('-', '_')}_{output}_to": str(warehouse.lake / f"{name}-{output}")
        for name in applications()
        for output in ("made", "work", "earlier")
    }
    warehouse.run(
        "plan",
        run=run,
        movies_version="7",
        cpi_version="2023-11-01-0123abcd",
        code_digest=code,
        force=force,
        application=[(name, warehouse.prefix(name), f"{name} of 7 by {code}") for name in applications()],
        decision_to=str(warehouse.lake / "decision"),
        **outputs,
    )
    return {name: (warehouse.lake / f"{name}-work").read_text() for name in applications()}


def made(warehouse: Warehouse, application: str) -> Path:
    """The folder in which the plan has the application's work."""
    key = (warehouse.lake / f"{application}-made").read_text()
    return Path(warehouse.prefix(application).removeprefix("file://") + key)


@pytest.fixture
def complete(warehouse: Warehouse, world: World) -> Warehouse:
    """A warehouse whose lake has all that a plan asks for."""
    planned(warehouse, run="first")
    for application in applications():
        folder = made(warehouse, application)
        write_world(world, folder, "first")
    return warehouse


def test_what_nobody_made_is_to_be_made(warehouse: Warehouse) -> None:
    assert planned(warehouse) == dict.fromkeys(applications(), "make")


def test_what_an_earlier_run_made_is_there_and_says_whose_it_is(complete: Warehouse) -> None:
    assert planned(complete) == dict.fromkeys(applications(), "have, made by first")


def test_what_lacks_a_manifest_is_made_anew_and_the_rest_is_not(complete: Warehouse) -> None:
    table = tables()["ratings"]
    (made(complete, table.application) / "ratings.manifest").unlink()
    work = planned(complete)
    assert work.pop(table.application) == "make"
    assert set(work.values()) == {"have, made by first"}


def test_other_code_is_other_work_under_another_key(complete: Warehouse) -> None:
    before = [made(complete, name) for name in applications()]
    assert set(planned(complete, code="beef").values()) == {"make"}
    assert not set(before) & {made(complete, name) for name in applications()}


def test_force_makes_everything_anew_under_the_same_key(complete: Warehouse) -> None:
    before = [made(complete, name) for name in applications()]
    assert set(planned(complete, force="true").values()) == {"make"}
    assert before == [made(complete, name) for name in applications()]


def earlier(warehouse: Warehouse) -> list[str]:
    """Of each application the key under which the plan has it look for what stays the same."""
    return [(warehouse.lake / f"{name}-earlier").read_text() for name in applications()]


def test_a_run_is_told_what_the_published_one_has_unless_it_makes_everything_anew(
    warehouse: Warehouse, world: World
) -> None:
    warehouse.bring("published", world)
    kept = dict(warehouse.rows("select application, made from movies_ops.load_made where run_id = 'published'"))
    planned(warehouse, code="beef")
    assert earlier(warehouse) == [kept[name] for name in applications()]
    planned(warehouse, code="beef", force="true")
    assert set(earlier(warehouse)) == {""}


def test_what_is_to_be_made_anew_under_the_published_runs_own_key_takes_nothing_over(
    warehouse: Warehouse, world: World
) -> None:
    planned(warehouse, run="first")
    keys = {name: made(warehouse, name).name.removeprefix("made=") for name in applications()}
    warehouse.bring("published", world)
    for name, key in keys.items():
        warehouse.rows(
            f"update movies_ops.load_made set made = '{key}' where run_id = 'published' and application = '{name}'"
        )
    assert set(planned(warehouse).values()) == {"make"}
    assert set(earlier(warehouse)) == {""}


def test_nothing_is_taken_over_while_nothing_is_published(complete: Warehouse) -> None:
    planned(complete)
    assert set(earlier(complete)) == {""}


def test_the_ledger_keeps_what_a_run_is_about(complete: Warehouse) -> None:
    planned(complete)
    kept = complete.rows("select application, made from movies_ops.load_made where run_id = 'later'")
    assert sorted(kept) == sorted((name, made(complete, name).name.removeprefix("made=")) for name in applications())


def test_a_manifest_that_is_none_is_named_and_how_to_go_on(complete: Warehouse) -> None:
    table = next(name for name, one in tables().items() if one.application == applications()[0])
    (made(complete, applications()[0]) / f"{table}.manifest").write_text("<html>")
    with pytest.raises(Failed, match=rf"exit 65: .*{table}.manifest is not a manifest of ours .*: delete it"):
        planned(complete)


def test_an_application_that_plan_is_not_told_of_is_named(warehouse: Warehouse) -> None:
    versions = {"movies_version": "7", "cpi_version": "2023-11-01-0123abcd", "code_digest": "c0de"}
    with pytest.raises(Failed, match=f"exit 78: plan is told of no application .*{applications()[-1]}"):
        warehouse.run("plan", run="first", decision_to=str(warehouse.lake / "decision"), **versions)
