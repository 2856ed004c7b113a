"""The DAG has the shape that the facts about Argo and the Spark Operator ask for."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hera.workflows import CronWorkflow, WorkflowTemplate
from movalytics_workflows import lake
from movalytics_workflows.alarm import alarm
from movalytics_workflows.backfill import backfill
from movalytics_workflows.chart import schedule, values
from movalytics_workflows.cron import cron_alarm, cron_daily, cron_retention
from movalytics_workflows.daily import daily
from movalytics_workflows.metrics import MEASURES
from movalytics_workflows.parameters import value
from movalytics_workflows.retention import places, retention
from movalytics_workflows.retries import PASSES
from movalytics_workflows.settings import RETRIES

LONGEST_RUN = "movalytics-daily-20261231-235959"
TRANSFORMS = ["transform-catalogue", "transform-ratings"]


# The CRD's maps and fields of texts: there a number must be quoted.
TEXTS = {"sparkConf", "hadoopConf", "pythonVersion", "arguments", "sparkVersion"}


def quoted_integers(part: Any) -> list[str]:
    """The texts in it that the API server would refuse where it wants a number."""
    if isinstance(part, dict):
        return [found for inner in part.values() for found in quoted_integers(inner)]
    if isinstance(part, list):
        return [found for inner in part for found in quoted_integers(inner)]
    return [part] if isinstance(part, str) and part.isdigit() else []


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The WorkflowTemplate's spec."""
    found: dict[str, Any] = daily().to_dict()["spec"]
    return found


@pytest.fixture(scope="module")
def templates(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every template that works, by name."""
    return {template["name"]: template for template in spec["templates"] if "dag" not in template}


@pytest.fixture(scope="module")
def tasks(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every task of the DAG, by name."""
    return {task["name"]: task for task in spec["templates"][0]["dag"]["tasks"]}


def applied(template: dict[str, Any]) -> dict[str, Any]:
    """The SparkApplication as Argo makes it: names replaced in the text, which is read as YAML then."""
    text = re.sub(r"\{\{workflow\.name\}\}", LONGEST_RUN, template["resource"]["manifest"])
    text = re.sub(r"\{\{workflow\.parameters\.\S+-(executors-(m..|idle)|executor-cores)\}\}", "3", text)
    found: dict[str, Any] = yaml.safe_load(re.sub(r"\{\{[^}]+\}\}", "2g", text))
    return found


def test_every_template_has_a_deadline(templates: dict[str, dict[str, Any]]) -> None:
    assert templates.keys() <= values()["deadlines"].keys()
    for name, template in templates.items():
        assert template["timeout"] == f"{{{{workflow.parameters.{name}-deadline}}}}s"


def test_every_step_is_tried_again_after_a_passing_fault_with_growing_pauses_and_the_last_ones_give_up_earlier(
    templates: dict[str, dict[str, Any]],
) -> None:
    given = {**templates, "alarm": alarm().to_dict()["spec"]["templates"][0]}
    for name, template in given.items():
        strategy = template["retryStrategy"]
        patience = "retry-last-patience" if name in {"finish", "alarm"} else "retry-patience"
        assert (strategy["retryPolicy"], strategy["expression"]) == ("Always", PASSES)
        assert strategy["backoff"] == {
            "duration": value("retry-pause"),
            "factor": 2,
            "cap": value("retry-longest-pause"),
            "maxDuration": value(patience),
        }
        assert strategy["limit"] == value("retry-limit")


def test_who_tells_how_it_ended_knows_how_its_last_attempt_did(templates: dict[str, dict[str, Any]]) -> None:
    for template in (templates["finish"], alarm().to_dict()["spec"]["templates"][0]):
        assert "--last-exit-code={{lastRetry.exitCode}}" in template["container"]["args"]


def hour_of(name: str) -> int:
    """When a schedule that starts at a full hour does."""
    minute, hour = schedule(name).split()[:2]
    assert minute == "0"
    return int(hour)


def test_one_outage_as_long_as_patience_leaves_time_for_the_run_before_the_alarm() -> None:
    usual_run = 3600
    assert hour_of("daily") * 3600 + values()["retries"]["patienceSeconds"] + usual_run <= hour_of("alarm") * 3600


def test_an_attempt_that_was_lost_at_its_deadline_is_made_up_for_within_patience() -> None:
    retries, deadlines = values()["retries"], values()["deadlines"]
    of_one_step = [
        seconds for step, seconds in deadlines.items() if step not in {"run", "day", "newest"}
    ]  # of whole runs
    assert retries["patienceSeconds"] >= 2 * max(of_one_step)
    assert retries["lastPatienceSeconds"] >= max(deadlines["finish"], deadlines["alarm"])


def test_pauses_fill_patience_before_the_limit_does() -> None:
    retries = values()["retries"]
    pauses = [
        min(retries["pauseSeconds"] * 2**number, retries["longestPauseSeconds"]) for number in range(retries["limit"])
    ]
    assert sum(pauses) > retries["patienceSeconds"]


def test_every_step_is_measured(templates: dict[str, dict[str, Any]]) -> None:
    for name, template in templates.items():
        metrics = {metric["name"]: metric for metric in template["metrics"]["prometheus"]}
        of_steps = {"movalytics_steps_total", "movalytics_step_seconds"}
        measured = {f"movalytics_{metric}" for metric, *_ in MEASURES.values()} if name == "finish" else set()
        assert metrics.keys() == of_steps | measured
        assert all({"key": "step", "value": name} in metrics[metric]["labels"] for metric in of_steps)


def test_what_finish_measures_it_puts_out_and_no_two_measures_are_one_series(
    templates: dict[str, dict[str, Any]],
) -> None:
    finish = templates["finish"]
    put_out = [output["name"] for output in finish["outputs"]["parameters"]]
    values = [metric["gauge"]["value"] for metric in finish["metrics"]["prometheus"] if "gauge" in metric]
    assert values[1:] == [f"{{{{outputs.parameters.{name}}}}}" for name in put_out]
    series = [(metric["name"], str(metric["labels"])) for metric in finish["metrics"]["prometheus"]]
    assert len(set(series)) == len(series) == len(MEASURES) + 2


def test_every_container_has_a_command_resources_and_the_restricted_security_context(
    templates: dict[str, dict[str, Any]],
) -> None:
    containers = [template["container"] for template in templates.values() if "container" in template]
    assert len(containers) == 10
    for container in containers:
        assert container["command"][:2] == ["python", "-m"]
        assert {"requests", "limits"} <= container["resources"].keys()
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_every_container_is_told_where_to_record_itself(templates: dict[str, dict[str, Any]]) -> None:
    for name, template in templates.items():
        arguments = template.get("container", {}).get("args") or applied(template)["spec"]["arguments"]
        assert any(
            argument.endswith(f"/runs/run={LONGEST_RUN}/{name}.json") or f"{name}.json" in argument
            for argument in arguments
        )


def test_ratings_do_not_wait_for_cpi(tasks: dict[str, dict[str, Any]]) -> None:
    assert tasks["transform-ratings"]["depends"] == "extract-movies.Succeeded"
    assert tasks["transform-catalogue"]["depends"] == "extract-movies.Succeeded && extract-cpi.Succeeded"


def test_all_that_follows_the_plan_needs_success_said_so_that_it_is_omitted_when_nothing_is_new(
    tasks: dict[str, dict[str, Any]],
) -> None:
    conditional = {name for name, task in tasks.items() if "when" in task}
    assert conditional == {"extract-movies", "extract-cpi", *TRANSFORMS}
    for name, task in tasks.items():
        if name != "stage":
            assert all(term.endswith(".Succeeded") for term in task.get("depends", "x.Succeeded").split(" && "))


def test_what_is_made_already_is_not_made_again_and_staged_all_the_same(tasks: dict[str, dict[str, Any]]) -> None:
    for name in TRANSFORMS:
        assert tasks[name]["when"] == f"'{{{{tasks.plan.outputs.parameters.{name}-work}}}}' == 'make'"
    assert set(tasks["stage"]["depends"].split(" && ")) == set(TRANSFORMS)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_transform_is_applied_under_a_name_of_its_run_and_followed_to_its_end(
    templates: dict[str, dict[str, Any]], name: str
) -> None:
    resource = templates[name]["resource"]
    assert resource["action"] == "apply"
    assert resource["setOwnerReference"] is True
    assert resource["successCondition"] == "status.applicationState.state == COMPLETED"
    assert resource["failureCondition"] == "status.applicationState.state == FAILED"
    metadata = applied(templates[name])["metadata"]
    assert metadata["name"] == f"{LONGEST_RUN}-{name}"
    assert metadata["labels"]["workflows.argoproj.io/workflow"] == LONGEST_RUN


@pytest.mark.parametrize("name", TRANSFORMS)
def test_counts_are_integers_once_argo_has_replaced_the_names(templates: dict[str, dict[str, Any]], name: str) -> None:
    spec = applied(templates[name])["spec"]
    counts = spec["dynamicAllocation"]
    assert [counts[key] for key in ("initialExecutors", "minExecutors", "maxExecutors")] == [3, 3, 3]
    assert spec["executor"]["cores"] == 3
    assert quoted_integers({key: part for key, part in spec.items() if key not in TEXTS}) == []


@pytest.mark.parametrize("name", TRANSFORMS)
def test_an_idle_executor_goes_after_the_same_seconds_whether_or_not_it_holds_shuffle_files(
    templates: dict[str, dict[str, Any]], name: str
) -> None:
    spec = applied(templates[name])["spec"]
    conf = spec["sparkConf"]
    assert conf["spark.dynamicAllocation.executorIdleTimeout"] == "3s"
    assert conf["spark.dynamicAllocation.shuffleTracking.timeout"] == "3s"
    assert "shuffleTrackingTimeout" not in spec["dynamicAllocation"]  # which would come after sparkConf, and win


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_operator_retries_a_failed_application_and_keeps_it_while_argo_looks(
    templates: dict[str, dict[str, Any]], name: str
) -> None:
    spec = applied(templates[name])["spec"]
    assert spec["restartPolicy"]["type"] == "OnFailure"
    assert spec["timeToLiveSeconds"] >= 3600


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_longest_name_that_the_operator_derives_fits_a_dns_label(
    templates: dict[str, dict[str, Any]], name: str
) -> None:
    assert len(applied(templates[name])["metadata"]["name"] + "-ui-svc") <= 63


def test_the_manifest_holds_no_environment(spec: dict[str, Any]) -> None:
    values = {parameter["name"] for parameter in spec["arguments"]["parameters"] if "value" in parameter}
    of_the_code = {"code-digest", *(f"{name}-code" for name in TRANSFORMS)}
    the_charts_defaults = RETRIES.keys() | {name for name in values if name.endswith("-deadline")}
    own = {"run-date", "scheduled-time", "movies-version", "cpi-vintage", "force"}
    assert values - the_charts_defaults == own | of_the_code


def test_finish_runs_at_every_end_and_is_told_how_it_was(
    spec: dict[str, Any], templates: dict[str, dict[str, Any]]
) -> None:
    assert spec["onExit"] == "finish"
    assert "--status={{workflow.status}}" in templates["finish"]["container"]["args"]
    assert templates["finish"]["serviceAccountName"] == "movalytics-finish"


def test_both_of_a_sparks_pods_get_the_lakes_keys_and_all_applications_write_their_event_logs_in_one_place(
    templates: dict[str, dict[str, Any]],
) -> None:
    for name in TRANSFORMS:
        spec = applied(templates[name])["spec"]
        assert spec["driver"]["envFrom"] == spec["executor"]["envFrom"]
        assert spec["sparkConf"]["spark.eventLog.dir"] == lake.event_logs("2g")  # as all names are here


def test_the_alarm_asks_for_a_run_of_the_day_by_parameters_that_it_has() -> None:
    spec = alarm().to_dict()["spec"]
    named = set(re.findall(r"workflow\.parameters\.([a-z0-9-]+)", str(spec["templates"])))
    assert named == {parameter["name"] for parameter in spec["arguments"]["parameters"]}
    assert "alarm" in spec["templates"][0]["container"]["args"]


@pytest.mark.parametrize(("cron", "name"), [(cron_daily, "movalytics-daily"), (cron_alarm, "movalytics-alarm")])
def test_a_schedule_starts_one_run_a_day_never_two_at_once_and_makes_up_for_a_missed_start(
    cron: Callable[[], CronWorkflow], name: str
) -> None:
    spec = cron().to_dict()["spec"]
    assert len(spec["schedules"]) == 1
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["startingDeadlineSeconds"] >= 7200
    assert spec["workflowSpec"]["workflowTemplateRef"] == {"name": name}


@pytest.mark.parametrize(("cron", "template"), [(cron_daily, daily), (cron_alarm, alarm)])
def test_a_schedule_says_for_when_it_starts_and_the_step_that_asks_is_told(
    cron: Callable[[], CronWorkflow], template: Callable[[], WorkflowTemplate]
) -> None:
    (given,) = cron().to_dict()["spec"]["workflowSpec"]["arguments"]["parameters"]
    assert given == {"name": "scheduled-time", "value": "{{workflow.scheduledTime}}"}
    spec = template().to_dict()["spec"]
    assert {"name": "scheduled-time", "value": ""}.items() <= next(
        parameter.items() for parameter in spec["arguments"]["parameters"] if parameter["name"] == given["name"]
    )
    asking = next(step for step in spec["templates"] if step["name"] in {"plan", "alarm"})
    for name in ("run-date", "scheduled-time", "time-zone"):
        assert f"--{name}={{{{workflow.parameters.{name}}}}}" in asking["container"]["args"]


def test_a_schedule_clears_up_and_a_person_is_shown_first() -> None:
    (given,) = cron_retention().to_dict()["spec"]["workflowSpec"]["arguments"]["parameters"]
    (apply,) = [one for one in retention().to_dict()["spec"]["arguments"]["parameters"] if one["name"] == given["name"]]
    assert (given["value"], apply["value"]) == ("true", "false")


def test_clearing_up_knows_every_folder_that_steps_write_to() -> None:
    told = [word.removeprefix("--run-folder=") for word in places() if "{{" in word]
    text = json.dumps([daily().to_dict(), alarm().to_dict()])
    written = re.findall(r"\{\{workflow\.parameters\.lake\}\}/[a-z/-]+=", text)
    event_logs = [f"{one}/eventlog_v2_" for one in re.findall(r"spark\.eventLog\.dir: '([^']+)'", text)]
    assert event_logs
    assert set(told) == {*written, *event_logs}


def test_a_day_that_is_brought_later_is_a_run_with_the_prices_of_that_day_under_a_name_that_spark_can_bear() -> None:
    (day,) = [one for one in backfill().to_dict()["spec"]["templates"] if one["name"] == "day"]
    text = day["resource"]["manifest"].replace("{{workflow.creationTimestamp.s}}", "1764140400")
    run = yaml.safe_load(text.replace("{{inputs.parameters.day}}", "2026-01-31"))
    given = {one["name"]: one["value"] for one in run["spec"]["arguments"]["parameters"]}
    assert given == {"run-date": "2026-01-31", "cpi-vintage": "2026-01-31", "force": "older"}
    known = {one["name"]: one for one in daily().to_dict()["spec"]["arguments"]["parameters"]}
    assert given.keys() <= known.keys()
    assert given["force"] in known["force"]["enum"]
    assert len(run["metadata"]["name"]) <= len(LONGEST_RUN)


def test_days_are_brought_one_after_another_until_none_is_missing_or_one_fails() -> None:
    spec = backfill().to_dict()["spec"]
    (days,) = [one["dag"]["tasks"] for one in spec["templates"] if "dag" in one]
    last = days[-1]
    assert (last["template"], last["depends"]) == (spec["entrypoint"], "day.Succeeded")
    assert {task.get("when") for task in days[1:]} == {"'{{tasks.missing-day.outputs.parameters.day}}' != 'none'"}
    assert spec["onExit"] == "newest"


@pytest.mark.parametrize("template", [daily, alarm])
def test_no_two_namespaces_share_a_metric(template: Callable[[], WorkflowTemplate]) -> None:
    spec = template().to_dict()["spec"]
    metrics = [
        metric for holder in (spec, *spec["templates"]) for metric in holder.get("metrics", {}).get("prometheus", [])
    ]
    assert len(metrics) > 3
    assert [
        metric for metric in metrics if {"key": "namespace", "value": "{{workflow.namespace}}"} not in metric["labels"]
    ] == []


def test_a_metric_means_the_same_wherever_it_is_made() -> None:
    found: dict[str, set[str]] = {}
    for spec in (daily().to_dict()["spec"], alarm().to_dict()["spec"]):
        for holder in (spec, *spec["templates"]):
            for metric in holder.get("metrics", {}).get("prometheus", []):
                labels = " ".join(label["key"] for label in metric["labels"])
                found.setdefault(metric["name"], set()).add(f"{metric['help']}: {labels}")
    assert {name for name, meanings in found.items() if len(meanings) > 1} == set()
