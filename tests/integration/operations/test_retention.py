"""Retention: what no run needs goes, what one needs stays, whoever comes in between and whenever it is killed."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from movalytics_operations import retention as verb
from movalytics_warehouse.plan import plan as planning
from movalytics_warehouse.plan.making import applications

from tests.integration.operations.bringing import bring, made, publish, restore
from tests.integration.warehouse.steps import CODE, CPI, Failed, Flag, Warehouse
from tests.integration.warehouse.world import small_world

RUNS = range(40)
KEEP = 5
FAILED, LOST, WORKING, RETRIED = {5, 12, 19, 26}, {20}, {39}, {37}
HELD, RESTORED = 30, 3  # run 30 brought run 3's data back, and holds
LAST = [38, 36, 35, 34, 33]
NEEDED = {*LAST, HELD, RESTORED, *WORKING, *RETRIED}


def name(run: int) -> str:
    return f"run-{run:02}"


def source(run: int) -> int:
    """Whose data a run is about."""
    return RESTORED if run == HELD else run


def movies(run: int) -> str:
    return str(source(run) // 4)


def cpi(run: int) -> str:
    return f"{2000 + source(run) // 2}-01-01-0123abcd"


def keys(run: int) -> dict[str, str]:
    """Application → the key of what it made for the run; the last of them does not ask for prices."""
    *others, last = applications()
    return {
        **{one: f"{int(movies(run)):08x}{source(run) // 2:08x}" for one in others},
        last: f"{int(movies(run)):016x}",
    }


def flags(warehouse: Warehouse, keep: int = KEEP, **more: Flag) -> dict[str, Flag]:
    lake = f"file://{warehouse.lake}"
    return {
        "keep": str(keep),
        "application": [(one, warehouse.prefix(one)) for one in applications()],
        "source": [(one, f"{lake}/raw/{one}/version=") for one in ("movies", "cpi")],
        "run_folder": [(f"{lake}/runs/run=",), (f"{lake}/reports/run=",), (f"{lake}/spark-events/eventlog_v2_",)],
        **more,
    }


def folders(warehouse: Warehouse) -> set[str]:
    """All folders that retention may look at, below the lake."""
    globs = ("*/made=*", "raw/*/version=*", "runs/run=*", "reports/run=*")
    return {path.relative_to(warehouse.lake).as_posix() for glob in globs for path in warehouse.lake.glob(glob)}


def of_data(run: int) -> set[str]:
    made_of = {f"{application}/made={key}" for application, key in keys(run).items()}
    return made_of | {f"raw/movies/version={movies(run)}", f"raw/cpi/version={cpi(run)}"}


def of_run(run: int) -> set[str]:
    return {f"{folder}/run={name(run)}" for folder in ("runs", "reports")}


def entry(run: int) -> str:
    """The statements that have the run in the ledger, planned on a day of its own."""
    planned = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=max(RUNS) - run, hours=1)
    is_published = run not in FAILED | LOST | WORKING | RETRIED
    published = f"'{planned + timedelta(minutes=30)}'" if is_published else "null"
    outcome = "null" if run in LOST | WORKING else "'Failed'" if run in FAILED | RETRIED else "'Succeeded'"
    made_of = [
        f"insert into movies_ops.load_made values ('{name(run)}', '{a}', '{key}')" for a, key in keys(run).items()
    ]
    about = (
        f"'{name(run)}', {run + 1}, '{movies(run)}', '{cpi(run)}', '{CODE}', false, '{planned}', {published}, {outcome}"
    )
    columns = "run_id, attempt, movies_version, cpi_version, code_digest, forced, planned_at, published_at, outcome"
    return "; ".join([f"insert into movies_ops.load_run ({columns}) values ({about})", *made_of])


def fill(warehouse: Warehouse, run: int) -> None:
    """What the run has in the lake."""
    for application, key in keys(run).items():
        folder = Path(f"{warehouse.prefix(application)}{key}".removeprefix("file://"))
        if run in NEEDED and not list(folder.glob("*.manifest")):
            warehouse.write(small_world(), folder, name(run))
    for folder in of_data(run) | of_run(run):
        (warehouse.lake / folder).mkdir(parents=True, exist_ok=True)
        (warehouse.lake / folder / "_files.json").write_text("{}")


def end_all(warehouse: Warehouse) -> None:
    """No run is at work any more."""
    warehouse.rows("update movies_ops.load_run set outcome = 'Succeeded'")


@pytest.fixture
def forty(warehouse: Warehouse) -> Warehouse:
    """A warehouse after forty days: some runs failed, one was lost, one is at work, an earlier one's data is held."""
    warehouse.rows("; ".join(map(entry, RUNS)))
    for run in RUNS:
        fill(warehouse, run)
    warehouse.rows(f"insert into movies_ops.load_hold values ('{name(HELD)}', '{name(RESTORED)}', '2026-01-01', null)")
    return warehouse


@pytest.fixture
def later(warehouse: Warehouse) -> Warehouse:
    """Two published runs, of which one is to be kept."""
    bring(warehouse, "first", small_world(), movies="7")
    bring(warehouse, "second", small_world(), movies="8")
    end_all(warehouse)
    return warehouse


def test_after_forty_runs_exactly_what_the_rule_says_is_kept(forty: Warehouse) -> None:
    forty.run("retention", **flags(forty, apply="true"))
    still_there = {run for run in RUNS if run >= min(LAST)} | {HELD, RESTORED}
    assert folders(forty) == set().union(*map(of_data, NEEDED), *map(of_run, still_there))
    assert len(forty.rows("select 1 from movies_ops.load_run")) == len(RUNS)


def test_all_that_is_kept_can_be_restored_and_nothing_else(forty: Warehouse) -> None:
    forty.run("retention", **flags(forty, apply="true"))
    for run in [*LAST, RESTORED]:
        restore(forty, name(run), f"restoring-{run}")
        publish(forty, f"restoring-{run}")
        forty.run("finish", run=f"restoring-{run}", status="Succeeded", output=f"file://{forty.lake}/runs")
    with pytest.raises(
        Failed, match=r"exit 66: retention removed what .* made for run-15 on .*: load its versions again"
    ):
        restore(forty, name(15))


def test_without_apply_it_says_what_would_go_and_deletes_nothing(
    forty: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    before = folders(forty)
    found = forty.run("retention", **flags(forty))
    said = capsys.readouterr().out
    assert folders(forty) == before
    assert said.splitlines()[-1].endswith(" would go: --apply deletes them")
    assert f"file://{forty.lake}/raw/movies/version={movies(15)} " in said
    assert f"version={movies(38)} " not in said
    assert found["folders"] == forty.run("retention", **flags(forty, apply="true"))["folders"]
    assert forty.run("retention", **flags(forty))["folders"] == 0


def test_records_of_what_never_came_to_plan_go_by_their_age(forty: Warehouse) -> None:
    for alarm in ("old", "new"):
        (forty.lake / f"runs/run={alarm}").mkdir()
        (forty.lake / f"runs/run={alarm}/alarm.json").write_text("{}")

    long_ago = (datetime.now(UTC) - timedelta(days=30)).timestamp()
    os.utime(forty.lake / "runs/run=old/alarm.json", (long_ago, long_ago))
    forty.run("retention", **flags(forty, apply="true"))
    assert "runs/run=new" in folders(forty)
    assert "runs/run=old" not in folders(forty)


def test_event_logs_go_when_they_are_older_than_the_runs_that_are_kept(forty: Warehouse) -> None:
    events = forty.lake / "spark-events"
    for moment, run in (("before", min(LAST) - 1), ("after", min(LAST))):
        piece = events / f"eventlog_v2_{moment}" / f"events_1_{moment}"
        piece.parent.mkdir(parents=True)
        piece.write_text("{}")
        (planned,) = forty.rows(f"select planned_at from movies_ops.load_run where run_id = '{name(run)}'")[0]
        written = (planned.replace(tzinfo=UTC) + timedelta(minutes=5)).timestamp()
        os.utime(piece, (written, written))
    forty.run("retention", **flags(forty, apply="true"))
    assert [path.name for path in events.iterdir()] == ["eventlog_v2_after"]


def test_killed_at_any_moment_the_same_command_again_completes_it(forty: Warehouse) -> None:
    before = len(folders(forty))
    process = forty.start("retention", **flags(forty, apply="true"))
    while len(folders(forty)) == before and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    forty.run("retention", **flags(forty, apply="true"))
    still_there = {run for run in RUNS if run >= min(LAST)} | {HELD, RESTORED}
    assert folders(forty) == set().union(*map(of_data, NEEDED), *map(of_run, still_there))


def test_what_a_killed_deletion_left_is_made_anew_and_then_stays(later: Warehouse) -> None:
    folder = made(later, "first", applications()[0])
    next(folder.glob("*.manifest")).unlink()
    later.run("retention", **flags(later, keep=1, apply="true"))
    assert not folder.exists()
    later.plan("third", movies="7", force=True)
    folder.mkdir()
    later.run("retention", **flags(later, keep=1, apply="true"))
    assert folder.exists()


def work(warehouse: Warehouse, run: str, **plan: Flag) -> set[str]:
    """What a plan says that there is to do."""
    outputs = {f"{one.replace('-', '_')}_work_to": str(warehouse.lake / f"{one}-work") for one in applications()}
    versions = {"movies_version": "9", "cpi_version": CPI, "code_digest": CODE}
    folders = [(one, warehouse.prefix(one), f"7 {CPI} {CODE}") for one in applications()]
    decision = str(warehouse.lake / "decision")
    warehouse.run("plan", run=run, **versions, application=folders, decision_to=decision, **outputs)
    return {(warehouse.lake / f"{one}-work").read_text() for one in applications()}


def test_what_a_run_saw_whole_and_retention_took_before_it_was_registered_is_made_anew(
    later: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert work(later, "before") == {"have, made by first"}
    end_all(later)
    migrate = planning.migrate

    def between(*arguments: object) -> object:
        later.run("retention", **flags(later, keep=1, apply="true"))
        return migrate(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "migrate", between)
    assert work(later, "between") == {"make"}
    assert not made(later, "first", applications()[0]).exists()


def test_what_a_run_registers_while_retention_is_at_work_stays(
    later: Warehouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    remove = verb._remove
    planned: list[set[str]] = []

    def after_a_plan(*arguments: object) -> object:
        if not planned:
            planned.append(work(later, "between"))
        return remove(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(verb, "_remove", after_a_plan)
    later.run("retention", **flags(later, keep=1, apply="true"))
    assert planned == [{"make"}]  # it may do so once too often, never once too seldom
    assert all(made(later, "first", one).exists() for one in applications())
    assert "stayed, since a run needs them by now" in capsys.readouterr().out


def test_a_version_that_a_run_is_about_by_now_stays(later: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    (later.lake / "raw/movies/version=9").mkdir(parents=True)
    (later.lake / "raw/movies/version=7").mkdir(parents=True)
    remove = verb._remove

    def after_a_plan(*arguments: object) -> object:
        later.plan("between", movies="9")
        return remove(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(verb, "_remove", after_a_plan)
    later.run("retention", **flags(later, keep=1, apply="true"))
    assert {path.name for path in later.lake.glob("raw/movies/*")} == {"version=9"}


def test_at_least_one_run_is_kept(warehouse: Warehouse) -> None:
    with pytest.raises(Failed, match="exit 78: keep is 0: keep one published run at least"):
        warehouse.run("retention", **flags(warehouse, keep=0))


def test_before_anything_is_published_there_is_nothing_to_delete(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    (warehouse.lake / "runs/run=first").mkdir(parents=True)
    warehouse.run("retention", **flags(warehouse, apply="true"))
    assert capsys.readouterr().out == "nothing to delete: a run needs all that is there\n"
