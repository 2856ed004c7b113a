"""Why a run failed, read from what Argo 4.0 keeps of its nodes."""

from typing import Any

import pytest
from movalytics_operations import reasons

RUN = "daily-x"


def pod(step: str, message: str = "", finished: str = "2026-11-25T03:00:00Z", **rest: str) -> dict[str, Any]:
    name = f"{RUN}.{step}(0)"
    node = {"id": f"{RUN}-{step}", "name": name, "type": "Pod", "templateName": step, "phase": "Failed"}
    return {**node, "message": message, "finishedAt": finished, **rest}


def workflow(*nodes: dict[str, Any], **spec: str) -> dict[str, Any]:
    return {"metadata": {"name": RUN}, "spec": spec, "status": {"nodes": {node["id"]: node for node in nodes}}}


def steps(found: dict[str, Any]) -> list[str]:
    return [node["templateName"] for node in reasons.failed_nodes(found)]


def test_the_earliest_failure_comes_first() -> None:
    assert steps(workflow(pod("extract", finished="2026-11-25T03:05:00Z"), pod("plan"))) == ["plan", "extract"]


@pytest.mark.parametrize("name", [f"{RUN}.onExit", f"{RUN}.onExit(0)"])
def test_the_exit_handler_is_no_reason(name: str) -> None:
    assert steps(workflow(pod("finish", name=name))) == []


def test_what_succeeded_and_what_is_no_pod_is_no_reason() -> None:
    assert steps(workflow(pod("plan", phase="Succeeded"), pod("daily", type="DAG"), pod("plan2", type="Retry"))) == []


def test_an_attempt_that_another_one_made_up_for_is_no_reason() -> None:
    lost = pod("discover", "pod deleted", id="a", phase="Error", startedAt="2026-11-25T03:00:00Z")
    again = pod("discover", id="b", phase="Succeeded", startedAt="2026-11-25T03:01:00Z")
    retry = {"id": "r", "type": "Retry", "children": ["a", "b"], "phase": "Succeeded"}
    assert steps(workflow(lost, again, retry, pod("plan"))) == ["plan"]


@pytest.mark.parametrize("message", ["main: Error (exit code 77): no password", "Error (exit code 77): no password"])
def test_a_steps_own_sentence_is_the_reason(message: str) -> None:
    assert reasons.said_by_step(pod("plan", message)) == "no password"


@pytest.mark.parametrize("message", ["", "OOMKilled (exit code 137)", "wait: Error (exit code 64): x", "main: Error"])
def test_other_messages_hold_no_sentence(message: str) -> None:
    assert reasons.said_by_step(pod("plan", message)) == ""


@pytest.mark.parametrize(
    "message",
    [
        "Pod was active on the node longer than the specified deadline",
        "Step exceeded its deadline",
        "Step exceeded workflow deadline",
        "timeout",
    ],
)
def test_a_deadline_is_recognized(message: str) -> None:
    assert reasons.is_timed_out(pod("plan", message))


@pytest.mark.parametrize("message", ["", "Error (exit code 75): S3 gave a timeout", "dial tcp: i/o timeout"])
def test_a_timeout_within_a_step_is_no_deadline(message: str) -> None:
    assert not reasons.is_timed_out(pod("plan", message))


def test_a_sentence_is_one_line_of_at_most_500_characters() -> None:
    assert reasons.sentence("plan", "no\n  password") == "plan: no password"
    long = reasons.sentence("plan", "x" * 600, reasons.AT_DEADLINE)
    assert len(long) == 500
    assert long.endswith("x… (ended at its deadline)")


def test_without_anything_better_argo_has_the_last_word() -> None:
    assert reasons.last_words(workflow(pod("plan", "no such thing"))) == "plan: no such thing"
    assert reasons.last_words(workflow(pod("plan", "pod deleted"))) == "plan: its pod was deleted"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("main: OOMKilled (exit code 137)", "ran out of memory (OOMKilled, exit code 137): give it more"),
        ("main: Error (exit code 143)", "was ended from outside (exit code 143, SIGTERM): its pod was evicted"),
        ("main: Error (exit code 137)", "was killed (exit code 137, SIGKILL): its memory may have run out"),
        ("main: ContainerStatusUnknown (exit code 137)", "was lost with its node (ContainerStatusUnknown"),
        ("main: Unknown (exit code 255)", "was lost with its node (Unknown, exit code 255)"),
        ("main: Error (exit code 9)", "Error (exit code 9)"),
    ],
)
def test_the_ways_to_end_without_a_word_are_told_apart(message: str, words: str) -> None:
    assert reasons.last_words(workflow(pod("plan", message))).startswith(f"plan: {words}")


def test_what_was_tried_often_says_how_often() -> None:
    moments = ("03:00", "03:01", "03:05")
    tries = [pod("plan", "x", id=time, startedAt=f"2026-11-25T{time}:00Z") for time in moments]
    retry = {"id": "r", "type": "Retry", "children": [*moments], "phase": "Failed"}
    found = workflow(*tries, retry)
    assert [node["id"] for node in reasons.failed_nodes(found)] == ["03:05"]
    assert reasons.last_words(found) == "plan: x (after 3 attempts)"
    late = workflow(pod("plan", "timeout"))
    assert reasons.suffix(late, reasons.failed_nodes(late)[0]) == reasons.AT_DEADLINE


def test_a_pod_that_could_not_be_created_points_at_the_quota() -> None:
    assert reasons.last_words(workflow(pod("plan", "timeout"))) == f"plan: {reasons.NO_POD}"


def test_a_run_without_a_failed_step_says_what_its_root_says() -> None:
    root = {"id": RUN, "type": "DAG", "message": "child 'daily-x-1' failed"}
    assert reasons.last_words(workflow(root)) == "daily-x: child 'daily-x-1' failed"
    assert reasons.last_words({"metadata": {"name": RUN}}) == ("daily-x: no step says why: look at `argo get daily-x`")


def test_a_stop_is_recognized() -> None:
    assert reasons.is_stopped(workflow(shutdown="Stop"))
    assert not reasons.is_stopped(workflow())
