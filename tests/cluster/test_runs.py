"""A run on a real cluster brings what `make run` brings, and no two runs are ever at work at once."""

import json
from datetime import UTC, timedelta
from itertools import pairwise

import pytest
from movalytics_common.declaration import tables
from movalytics_warehouse.plan.making import applications

from tests.cluster.place import Json, Place, eventually, moment, pod_nodes, span

BACKFILL = "--selector=workflows.argoproj.io/workflow-template=movalytics-backfill"
pytestmark = pytest.mark.timeout(1500)


def started_by_cron(workflows: list[Json]) -> list[Json]:
    """Those of them that the CronWorkflow started."""
    return [found for found in workflows if "workflows.argoproj.io/cron-workflow" in found["metadata"]["labels"]]


def test_a_run_of_the_sample_succeeds_with_the_digests_of_make_run(
    first_starts: list[Json], published: dict[str, str], local_digests: dict[str, str]
) -> None:
    assert first_starts[0]["status"]["phase"] == "Succeeded"
    assert published == local_digests


def test_the_run_says_where_its_page_is(place: Place, first_starts: list[Json]) -> None:
    run = first_starts[0]["metadata"]["name"]
    description = place.workflow(run)["metadata"]["annotations"]["workflows.argoproj.io/description"]
    assert f"s3://movalytics/lake/reports/run={run}/index.html" in description


def test_two_submitted_at_once_load_once(place: Place, first_starts: list[Json], published: dict[str, str]) -> None:
    assert [found["status"]["phase"] for found in first_starts] == ["Succeeded"] * len(first_starts)
    assert [bool(pod_nodes(found, "publish")) for found in first_starts[:2]] == [True, False]
    loaded = {run for (run,) in place.rows("select run_id from movies_ops.load_run where published_at is not null")}
    names = [found["metadata"]["name"] for found in first_starts]
    assert loaded & set(names) == {names[0]}


def test_the_cron_workflow_starts_a_run_at_its_time(first_starts: list[Json]) -> None:
    for found in started_by_cron(first_starts):
        assert moment(found["metadata"]["creationTimestamp"]).second < 30
    assert started_by_cron(first_starts)


def test_a_run_that_a_schedule_started_is_for_the_day_of_its_scheduled_time(
    place: Place, first_starts: list[Json]
) -> None:
    days = dict(place.rows("select run_id, run_date from movies_ops.load_run"))
    for found in started_by_cron(first_starts):
        scheduled = found["metadata"]["annotations"]["workflows.argoproj.io/scheduled-time"]
        assert days[found["metadata"]["name"]] == moment(scheduled).astimezone(UTC).date()


def test_argo_understands_every_metric(first_starts: list[Json]) -> None:
    conditions = [condition for found in first_starts for condition in found["status"].get("conditions", [])]
    assert [condition["message"] for condition in conditions if condition["type"] == "MetricsError"] == []


def test_no_two_runs_are_at_work_at_once(first_starts: list[Json]) -> None:
    spans = sorted(span(found) for found in first_starts)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


def test_a_scheduled_start_while_the_last_one_is_not_over_does_not_happen(first_starts: list[Json]) -> None:
    lives = sorted(
        (moment(found["metadata"]["creationTimestamp"]), moment(found["status"]["finishedAt"]))
        for found in started_by_cron(first_starts)
    )
    assert lives[0][1] - lives[0][0] > timedelta(minutes=1)  # so another minute began meanwhile
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(lives))


def test_the_alarm_is_content_with_a_day_that_has_a_successful_run_and_fails_for_one_that_has_none(
    place: Place, published: dict[str, str]
) -> None:
    content = place.submit("movalytics-alarm", schedule="* * * * *")  # as the runs were started
    alarmed = place.submit("movalytics-alarm", run_date="2001-01-01")
    assert place.ended(content)["status"]["phase"] == "Succeeded"
    assert place.ended(alarmed)["status"]["phase"] == "Failed"
    assert "(exit code 83): 2001-01-01 has no successful run" in place.argo_get(alarmed)


def test_what_the_applications_made_is_not_made_again_when_other_code_changed(
    place: Place, published: dict[str, str]
) -> None:
    over = place.run(code_digest="0" * 64)  # as a changed mart has it
    run = over["metadata"]["name"]
    assert over["status"]["phase"] == "Succeeded"
    phases = {node["displayName"]: node["phase"] for node in over["status"]["nodes"].values()}
    assert {phases[name] for name in applications()} == {"Skipped"}
    assert place.applications(run) == {}
    assert place.digests() == published


@pytest.mark.slow
def test_of_other_prices_the_prices_alone_are_made_and_the_films_tables_are_copied_on_s3(
    place: Place, published: dict[str, str]
) -> None:
    allowed = "ratings.film_not_in_catalogue=0.29 cpi.missing_month=0.04 cpi.shrink=0.04"
    older = place.run(cpi_vintage="2021-06-15", force="older", allow=allowed)["metadata"]["name"]
    log = place.kubectl("logs", f"{older}-transform-catalogue-driver")
    said = [json.loads(line) for line in log.splitlines() if '"event": "taken over"' in line]
    films = {name for name, table in tables().items() if table.source == "movies_metadata.csv"}
    assert {table for one in said for table in one["tables"]} == films
    differing = {name for name, digest in place.digests().items() if digest != published[name]}
    assert "cpi" in differing
    assert not differing & films
    place.run()
    assert place.digests() == published


def test_missed_days_are_brought_by_a_backfill_that_was_deleted_in_its_middle_and_started_again(
    place: Place, published: dict[str, str]
) -> None:
    days = {"from": "2026-01-30", "to": "2026-01-31"}
    place.submit("movalytics-backfill", **days)
    eventually(lambda: [one for one in place.read_names("workflows") if days["from"] in one], "a day's run starts")
    place.kubectl("delete", "workflow", place.read_names("workflows", BACKFILL)[0])
    again = place.submit("movalytics-backfill", **days)
    assert place.ended(again, seconds=1200)["status"]["phase"] == "Succeeded", place.argo_get(again)
    succeeded = "select distinct run_date from movies_ops.load_run where outcome = 'Succeeded'"
    assert {day.isoformat() for (day,) in place.rows(succeeded) if day} >= set(days.values())
    assert place.digests() == published


def test_retention_lists_what_would_go_and_keeps_what_runs_need(
    place: Place, first_starts: list[Json], published: dict[str, str]
) -> None:
    listed, applied = (
        place.submit("movalytics-retention", retention_keep="1", apply=word) for word in ("false", "true")
    )
    for run in (listed, applied):
        assert place.ended(run)["status"]["phase"] == "Succeeded", place.argo_get(run)
    restoring = place.submit("movalytics-restore", restores=first_starts[0]["metadata"]["name"])
    assert place.ended(restoring)["status"]["phase"] == "Succeeded", place.argo_get(restoring)
    assert place.applications(restoring) == {}
    assert place.digests() == published
    assert place.ended(place.submit("movalytics-release"))["status"]["phase"] == "Succeeded"


def test_an_earlier_run_is_restored_without_spark_and_held_until_it_is_released(
    place: Place, first_starts: list[Json], published: dict[str, str]
) -> None:
    earlier = first_starts[0]["metadata"]["name"]
    restoring = place.submit("movalytics-restore", restores=earlier)
    assert place.ended(restoring)["status"]["phase"] == "Succeeded", place.argo_get(restoring)
    assert place.digests() == published
    assert place.applications(restoring) == {}
    plain = place.run()
    assert pod_nodes(plain, "publish") == []
    assert place.rows("select run_id, restores from movies_ops.load_hold where released_at is null") == [
        (restoring, earlier)
    ]
    released = place.submit("movalytics-release")
    assert place.ended(released)["status"]["phase"] == "Succeeded", place.argo_get(released)
    assert place.rows("select count(*) from movies_ops.load_hold where released_at is null") == [(0,)]
