"""Finishing on Kubernetes: why the run failed is found and told, what it left is removed, nothing hides the outcome."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from movalytics_common import lake
from movalytics_operations import cluster, leftovers, symptoms

from tests.integration.operations.hook import Hook
from tests.integration.operations.kubernetes_api import NAMESPACE, Api, kubeconfig, serving
from tests.integration.warehouse.steps import Failed, Warehouse
from tests.integration.warehouse.world import World, rating

RUN = "daily-x"
OWNER = "workflows.argoproj.io/workflow"
SENTENCE = "the password for awsuser was refused: check PGPASSWORD"
PULL = 'Back-off pulling image "x/spark:nope"'
DRIVER = "daily-x-transform-ratings-driver"


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A cluster on which the run is planned and knows no failure yet."""
    monkeypatch.setattr(leftovers, "POLL_SECONDS", 0.05)
    with serving(tmp_path) as (api, config):
        use(config, monkeypatch)
        api.add("workflows", RUN, spec={}, status={"phase": "Running", "nodes": {RUN: {"id": RUN, "type": "DAG"}}})
        yield api


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An S3 without any bucket."""
    moto = ThreadedMotoServer(port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    yield
    moto.stop()


def use(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(config))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def fail(api: Api, step: str, message: str) -> None:
    node = {"id": f"{RUN}-7", "name": f"{RUN}.{step}(0)", "type": "Pod", "templateName": step, "phase": "Failed"}
    api.objects["workflows"][0]["status"]["nodes"][node["id"]] = {**node, "message": message}


def application(api: Api, name: str, state: str, run: str = RUN) -> None:
    """A SparkApplication with its driver pod."""
    api.add("sparkapplications", name, labels={OWNER: run}, status={"applicationState": {"state": state}})
    api.add("pods", f"{name}-driver", labels={"sparkoperator.k8s.io/app-name": name}, status={})
    api.logs[f"{name}-driver"] = "\n".join(f"line {number}" for number in range(100))


def stuck_ratings(api: Api) -> None:
    """transform-ratings whose image nobody has."""
    fail(api, "transform-ratings", "main: Error (exit code 1)")
    application(api, f"{RUN}-transform-ratings", "SUBMITTED")
    waiting = {"reason": "ImagePullBackOff", "message": PULL}
    pod = api.find("pods", DRIVER)
    assert pod
    pod["status"] = {"containerStatuses": [{"name": "spark-kubernetes-driver", "state": {"waiting": waiting}}]}


def end_driver(api: Api, sentence: str) -> None:
    pod = api.find("pods", DRIVER)
    assert pod
    end = {"reason": "Error", "exitCode": 65, "message": sentence}
    pod["status"] = {"containerStatuses": [{"name": "spark-kubernetes-driver", "state": {"terminated": end}}]}


def finish(warehouse: Warehouse, status: str = "Failed", **flags: str) -> dict[str, object]:
    places = {"output": f"file://{warehouse.lake}/runs", "report": f"file://{warehouse.lake}/reports"} | flags
    return warehouse.run("finish", run=RUN, status=status, namespace=NAMESPACE, **places)


def finish_process(warehouse: Warehouse, **flags: str) -> tuple[int, list[dict[str, Any]]]:
    """Finish in a process of its own; its exit code and its log."""
    process = warehouse.start("finish", run=RUN, status="Failed", namespace=NAMESPACE, **flags)
    log = [json.loads(line) for line in process.communicate()[1].splitlines()]
    return process.returncode, log


def outcome(warehouse: Warehouse) -> dict[str, Any]:
    return json.loads((warehouse.lake / "runs/outcome.json").read_text())  # type: ignore[no-any-return]


def message(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.rows("select outcome, message from movies_ops.load_run")


def description(api: Api) -> str:
    return str(api.patched[0][2]["metadata"]["annotations"]["workflows.argoproj.io/description"])


def test_the_reason_is_in_the_lake_in_the_ledger_in_the_workflow_and_told(
    warehouse: Warehouse, api: Api, hook: Hook
) -> None:
    warehouse.plan(RUN)
    fail(api, "plan", f"Error (exit code 77): {SENTENCE}")
    finish(warehouse)
    reason = f"plan: {SENTENCE}"
    assert (outcome(warehouse)["reason"], message(warehouse)) == (reason, [("Failed", reason)])
    assert [told["message"] for told in hook.told] == [reason]
    name, kind, patch = api.patched[0]
    assert (name, kind, patch["status"]) == (
        RUN,
        "application/merge-patch+json",
        {"nodes": {RUN: {"message": reason}}},
    )
    assert description(api) == f"**Failed**: {reason}\n\n- Records: `file://{warehouse.lake}/runs`"


def test_the_workflow_hears_of_the_outcome_when_what_was_left_is_gone_and_the_lake_knows(
    warehouse: Warehouse, api: Api
) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    seen: list[tuple[str, bool, list[tuple[object, ...]]]] = []

    def watch(change: str) -> None:
        seen.append((change, (warehouse.lake / "runs/outcome.json").exists(), message(warehouse)))

    api.watch = watch
    finish(warehouse)
    assert seen == [("deleted", False, [(None, None)]), ("patched", True, [(None, None)])]


def test_red_checks_go_before_the_reason_in_the_ledger(warehouse: Warehouse, api: Api, world: World) -> None:
    world.tables["ratings"].append(rating(5, 597, 3.7))
    warehouse.plan(RUN)
    warehouse.stage(RUN, world)
    with pytest.raises(Failed, match="exit 80"):
        warehouse.check(RUN)
    fail(api, "check", "main: Error (exit code 80): 1 check failed")
    assert finish(warehouse)["reason"] == "check: 1 check failed"
    assert message(warehouse) == [("Failed", "checks failed: staged ratings/rating_is_an_accepted_value")]


def test_a_run_that_succeeded_says_where_its_page_is_and_keeps_its_message(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    lake.write_bytes(f"file://{warehouse.lake}/reports/index.html", b"page")
    finish(warehouse, "Succeeded")
    page, records = f"file://{warehouse.lake}/reports/index.html", f"file://{warehouse.lake}/runs"
    assert description(api) == f"**Succeeded**\n\n- Page: `{page}`\n- Records: `{records}`"
    assert "status" not in api.patched[0][2]


def test_an_image_that_nobody_has_is_named_and_its_application_removed(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    record = finish(warehouse)
    assert record["reason"] == f"transform-ratings: ImagePullBackOff: {PULL}"
    assert record["removed"] == outcome(warehouse)["removed"] == [f"{RUN}-transform-ratings"]
    options = {"propagationPolicy": "Foreground", "preconditions": {"uid": f"uid-of-{RUN}-transform-ratings"}}
    assert api.deleted == [(f"{RUN}-transform-ratings", options)]


def test_a_step_whose_image_nobody_has_is_explained_by_its_own_pod(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    fail(api, "discover", "Pod was active on the node longer than the specified deadline")
    waiting = {"reason": "ImagePullBackOff", "message": PULL}
    status = {"containerStatuses": [{"name": "main", "state": {"waiting": waiting}}]}
    annotations = {"workflows.argoproj.io/node-id": f"{RUN}-7"}
    api.add("pods", "p", labels={OWNER: RUN}, annotations=annotations, status=status)
    assert finish(warehouse)["reason"] == f"discover: ImagePullBackOff: {PULL} (ended at its deadline)"


def test_a_pod_that_is_gone_is_explained_by_its_events(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    fail(api, "discover", "Pod was active on the node longer than the specified deadline")
    about: dict[str, Any] = {"involvedObject": {"name": f"{RUN}-discover-7"}, "type": "Warning", "reason": "Failed"}
    pull = 'Failed to pull image "x/extract:nope": not found'
    api.add("events", "e1", **about, message=pull, lastTimestamp="2026-11-25T03:00:00Z")
    api.add("events", "e2", **about, message="Error: ImagePullBackOff", lastTimestamp="2026-11-25T03:00:09Z")
    assert finish(warehouse)["reason"] == f"discover: {pull} (ended at its deadline)"


def test_an_application_that_could_not_be_made_is_explained_by_the_step_that_tried(
    warehouse: Warehouse, api: Api
) -> None:
    warehouse.plan(RUN)
    quota = 'sparkapplications "daily-x-transform-ratings" is forbidden: exceeded quota: small'
    fail(api, "transform-ratings", f"main: Error (exit code 64): {quota}")
    assert finish(warehouse)["reason"] == f"transform-ratings: {quota}"


def test_a_spark_application_that_says_why_it_failed_is_the_reason(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    end_driver(api, "ratings.csv has no column userId")
    assert finish(warehouse)["reason"] == "transform-ratings: ratings.csv has no column userId"


LATE = "Pod was active on the node longer than the specified deadline"


def test_a_driver_that_waited_for_executors_until_its_deadline_says_what_kept_them(
    warehouse: Warehouse, api: Api
) -> None:
    warehouse.plan(RUN)
    fail(api, "transform-ratings", LATE)
    name = f"{RUN}-transform-ratings"
    application(api, name, "RUNNING")
    driver = api.find("pods", DRIVER)
    assert driver
    running = {"startedAt": "2026-11-25T03:00:00Z"}
    driver["status"] = {"containerStatuses": [{"name": "spark-kubernetes-driver", "state": {"running": running}}]}
    labels = {"sparkoperator.k8s.io/app-name": name, "spark-role": "executor"}
    api.add("pods", f"{name}-exec-1", labels=labels, status={"phase": "Pending"})
    about: dict[str, Any] = {"involvedObject": {"name": f"{name}-exec-1"}, "type": "Warning"}
    nodes = "0/3 nodes are available: 3 Insufficient memory."
    api.add("events", "e", **about, reason="FailedScheduling", message=nodes, lastTimestamp="2026-11-25T03:00:00Z")
    kept = f"no executor of it starts: FailedScheduling: {nodes}"
    assert finish(warehouse)["reason"] == f"transform-ratings: {kept} (ended at its deadline)"


def test_an_application_that_no_operator_took_up_says_so(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    fail(api, "transform-ratings", LATE)
    api.add("sparkapplications", f"{RUN}-transform-ratings", labels={OWNER: RUN})
    reason = f"transform-ratings: {symptoms.NOT_TAKEN_UP} (ended at its deadline)"
    assert finish(warehouse)["reason"] == reason


def test_a_run_that_was_stopped_says_so(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    api.objects["workflows"][0]["spec"]["shutdown"] = "Stop"
    assert finish(warehouse)["reason"] == "stopped by argo stop"


def test_what_had_failed_before_the_stop_is_the_reason(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    end_driver(api, "ratings.csv has no column userId")
    api.objects["workflows"][0]["spec"]["shutdown"] = "Stop"
    assert finish(warehouse)["reason"] == "transform-ratings: ratings.csv has no column userId"


def test_the_end_of_a_drivers_log_is_kept_in_finishs_own(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    application(api, f"{RUN}-transform-ratings", "FAILED")
    application(api, f"{RUN}-transform-catalogue", "COMPLETED")
    _, log = finish_process(warehouse, output=f"file://{warehouse.lake}/runs")
    texts = {event["application"]: event["text"] for event in log if event["event"] == "driver_log"}
    assert texts == {f"{RUN}-transform-ratings": "\n".join(f"line {number}" for number in range(50, 100))}


@pytest.mark.parametrize(
    ("log", "kept"), [('{"event": "no room"}', '{"event": "no room"}'), ("caf\udce9", "caf\ufffd")]
)
def test_a_drivers_log_is_kept_as_it_is(warehouse: Warehouse, api: Api, log: str, kept: str) -> None:
    warehouse.plan(RUN)
    application(api, f"{RUN}-transform-ratings", "FAILED")
    api.logs[DRIVER] = log
    _, events = finish_process(warehouse, output=f"file://{warehouse.lake}/runs")
    assert [event["text"] for event in events if event["event"] == "driver_log"] == [kept]


def test_what_runs_that_are_over_or_gone_left_is_removed_and_nothing_else(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    api.add("workflows", "ended", status={"phase": "Failed"})
    api.add("workflows", "running", status={"phase": "Running"})
    for run in (RUN, "ended", "running", "gone"):
        application(api, f"{run}-a", "RUNNING", run)
        application(api, f"{run}-b", "COMPLETED", run)
    api.add("sparkapplications", "somebody-elses", status={})
    assert finish(warehouse, "Succeeded")["removed"] == [f"{RUN}-a", "ended-a", "gone-a"]
    assert [name for name, _ in api.deleted] == [f"{RUN}-a", "ended-a", "gone-a"]


def test_pods_that_do_not_go_are_named(warehouse: Warehouse, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "PATIENCE_SECONDS", 0.2)
    warehouse.plan(RUN)
    stuck_ratings(api)
    api.lingering = True
    assert finish(warehouse)["left"] == [DRIVER]


def test_a_workflow_that_may_not_be_read_is_not_taken_for_gone(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    application(api, "other-a", "RUNNING", "other")
    stuck_ratings(api)
    api.refused = {"GET workflows"}
    record = finish(warehouse)
    assert record["removed"] == [f"{RUN}-transform-ratings"]
    assert str(record["reason"]).startswith("nobody knows why the run failed: Kubernetes refused GET ")
    assert "status" not in api.patched[0][2]


@pytest.mark.parametrize("refused", ["pods", "events", "sparkapplications", "DELETE sparkapplications"])
def test_what_kubernetes_refuses_makes_the_reason_poorer_and_finish_no_failure(
    warehouse: Warehouse, api: Api, refused: str
) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    api.refused = {refused}
    record = finish(warehouse)
    assert str(record["reason"]).startswith("transform-ratings: ")
    assert message(warehouse) == [("Failed", record["reason"])]
    assert bool(record["removed"]) == ("sparkapplications" not in refused)


def test_what_kubernetes_refuses_is_in_the_log_with_who_may_not_do_what(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    api.refused = {"pods"}
    code, log = finish_process(warehouse, output=f"file://{warehouse.lake}/runs")
    refusals = [event for event in log if event["event"] == "not_answered"]
    assert (code, {event["level"] for event in refusals}) == (0, {"warning"})
    assert f"GET /api/v1/namespaces/{NAMESPACE}/pods/{DRIVER}: pods is forbidden" in refusals[0]["error"]


def test_a_workflow_that_may_not_be_patched_is_no_failure(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    fail(api, "plan", f"Error (exit code 77): {SENTENCE}")
    api.refused = {"PATCH workflows"}
    finish(warehouse)
    assert message(warehouse) == [("Failed", f"plan: {SENTENCE}")]


@pytest.mark.parametrize("status", ["Failed", "Succeeded"])
def test_an_api_that_does_not_answer_does_not_hide_the_outcome(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: Hook, status: str
) -> None:
    use(kubeconfig(tmp_path, 1), monkeypatch)
    warehouse.plan(RUN)
    finish(warehouse, status)
    said = "nobody knows why the run failed: Kubernetes did not answer GET" if status == "Failed" else ""
    assert outcome(warehouse)["reason"][:62] == said
    assert [str(text)[:62] for _, text in message(warehouse)] == [told["message"][:62] for told in hook.told] == [said]


@pytest.mark.parametrize(
    "answer", ["<html>log in</html>", "null", "[]", "{}", '{"items": [null]}', '{"items": "none"}']
)
def test_an_api_that_answers_nonsense_does_not_hide_the_outcome(warehouse: Warehouse, api: Api, answer: str) -> None:
    warehouse.plan(RUN)
    api.garbled = answer
    reason = str(finish(warehouse)["reason"])
    assert reason.startswith("nobody knows why the run failed: ")
    assert (outcome(warehouse)["reason"], message(warehouse)) == (reason, [("Failed", reason)])


def test_an_api_that_takes_the_question_and_says_nothing_is_not_waited_for(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "SECONDS", (0.5, 0.2))
    warehouse.plan(RUN)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(kubeconfig(tmp_path, silent.getsockname()[1]), monkeypatch)
        reason = finish(warehouse)["reason"]
    assert "Kubernetes did not answer GET" in str(reason)
    assert message(warehouse) == [("Failed", reason)]


def test_a_namespace_without_a_cluster_does_not_hide_the_outcome(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(tmp_path / "none", monkeypatch)
    warehouse.plan(RUN)
    assert "KUBECONFIG leads to none" in str(finish(warehouse)["reason"])


def test_a_bucket_that_is_missing_fails_finish_last(warehouse: Warehouse, api: Api, hook: Hook, s3: None) -> None:
    warehouse.plan(RUN)
    stuck_ratings(api)
    code, log = finish_process(warehouse, output="s3://none/runs", report="s3://none/reports")
    assert (code, log[-1]["exit_code"]) == (66, 66)
    assert log[-1]["error"].startswith("the bucket of s3://none/runs/outcome.json does not exist: create it")
    reason = f"transform-ratings: ImagePullBackOff: {PULL}"
    assert [name for name, _ in api.deleted] == [f"{RUN}-transform-ratings"]
    assert api.patched[0][2]["status"]["nodes"][RUN]["message"] == reason
    assert description(api) == f"**Failed**: {reason}"
    assert message(warehouse) == [("Failed", reason)]
    assert [told["message"] for told in hook.told] == [reason]


def test_a_warehouse_that_is_down_fails_finish_last(warehouse: Warehouse, api: Api, hook: Hook) -> None:
    fail(api, "plan", f"Error (exit code 77): {SENTENCE}")
    warehouse.url = "redshift://awsuser@127.0.0.1:1/dev?sslmode=disable"
    with pytest.raises(Failed, match=r"exit 75: the warehouse .* does not answer"):
        finish(warehouse)
    assert api.patched[0][2]["status"]["nodes"][RUN]["message"] == outcome(warehouse)["reason"] == f"plan: {SENTENCE}"
    assert [told["message"][: len(SENTENCE) + 32] for told in hook.told] == [
        f"plan: {SENTENCE}; the ledger was not told:"[: len(SENTENCE) + 32]
    ]


def test_a_run_that_argo_retries_has_one_attempt_for_each_start_of_its_workflow(warehouse: Warehouse, api: Api) -> None:
    warehouse.plan(RUN)
    status = api.objects["workflows"][0]["status"]
    status["startedAt"] = "2026-11-25T03:00:00Z"
    fail(api, "plan", f"Error (exit code 77): {SENTENCE}")
    finish(warehouse)
    finish(warehouse, last_exit_code="75")
    status["startedAt"] = "2026-11-25T09:30:00Z"
    status["nodes"] = {}
    finish(warehouse, status="Succeeded")
    columns = "attempt, cast(started_at as varchar(16)), outcome, message"
    assert warehouse.rows(f"select {columns} from movies_ops.load_attempt order by attempt") == [
        (1, "2026-11-25 03:00", "Failed", f"plan: {SENTENCE}"),
        (2, "2026-11-25 09:30", "Succeeded", ""),
    ]
