"""The chart renders what Hera rendered, with the settings that its values say, for any environment."""

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from movalytics_warehouse.redshift.address import parse_address
from movalytics_warehouse.redshift.rendering import role_clause
from movalytics_workflows.chart import VALUES, values
from movalytics_workflows.settings import RETRIES

from tests.cluster.chart import (
    CHART,
    ENVIRONMENTS,
    MANIFESTS,
    NEEDED,
    NEEDS_HELM,
    as_object,
    cron_workflows,
    environment,
    helm,
    leaves,
    rendered,
    settings,
    workflow_templates,
)

pytestmark = NEEDS_HELM


@pytest.fixture
def filled_in(tmp_path: Path) -> dict[str, Any]:
    """What the chart fills into parameters, by their names."""
    chart = shutil.copytree(CHART, tmp_path / "chart")
    show = 'kind: Shown\nmetadata: {name: settings}\ndata:\n{{ include "movalytics.settings" . | indent 2 }}'
    (chart / "templates" / "show.yaml").write_text(show)
    found: dict[str, Any] = rendered(*NEEDED, chart=chart)["Shown", "settings"]["data"]
    return found


def parameters_of_manifests() -> list[dict[str, Any]]:
    templates = [manifest for manifest in MANIFESTS if manifest["kind"] == "WorkflowTemplate"]
    return [parameter for template in templates for parameter in template["spec"]["arguments"]["parameters"]]


@pytest.mark.parametrize("arguments", [[], *[[environment(name)] for name in ENVIRONMENTS]])
def test_helm_finds_nothing_to_lint(arguments):
    done = helm("lint", "--strict", str(CHART), *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environments_values_render(name):
    kinds = {kind for kind, _ in rendered(environment(name))}
    assert kinds >= {"CronWorkflow", "Role", "RoleBinding", "ServiceAccount", "WorkflowTemplate"}


# What prod's values add to the pods, test_chart_pods looks at value by value.
@pytest.mark.parametrize("arguments", [[environment("dev"), "--set=s3.region="], NEEDED], ids=["dev", "needed"])
def test_what_hera_rendered_reaches_the_cluster_as_it_is_but_for_when_it_starts_and_its_values(arguments, filled_in):
    things = rendered(*arguments)
    assert {manifest["kind"] for manifest in MANIFESTS} == {"CronWorkflow", "WorkflowTemplate"}
    for manifest in deepcopy(MANIFESTS):
        thing = things[manifest["kind"], manifest["metadata"]["name"]]
        if manifest["kind"] == "CronWorkflow":
            for when in ("schedules", "timezone", "suspend"):
                manifest["spec"].pop(when, None)
                assert thing["spec"].pop(when, None) is not None
        else:
            for parameter, given in zip(parameters(manifest), parameters(thing), strict=True):
                if parameter["name"] in filled_in:
                    parameter["value"] = given["value"]
            for resource in resources(manifest) + resources(thing):
                resource["manifest"] = as_object(resource["manifest"])
        assert thing == manifest


def resources(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [step["resource"] for step in manifest["spec"]["templates"] if "resource" in step]


def parameters(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = manifest["spec"]["arguments"]["parameters"]
    return found


def test_schedule_time_zone_and_suspension_are_values():
    crons = cron_workflows(*NEEDED, "--set=schedules.daily=15 4 * * 1-5,timeZone=Europe/Berlin,suspend=true")
    (daily,) = [cron["spec"] for cron in crons if cron["metadata"]["name"] == "movalytics-daily"]
    assert daily["schedules"] == ["15 4 * * 1-5"]
    assert {cron["spec"]["timezone"] for cron in crons} == {"Europe/Berlin"}
    assert {cron["spec"]["suspend"] for cron in crons} == {True}


def test_every_schedule_has_its_cron_workflow():
    assert {f"movalytics-{name}" for name in (*values()["schedules"], "retention")} == {
        cron["metadata"]["name"] for cron in cron_workflows(*NEEDED)
    }


def test_clearing_up_has_an_hour_of_its_own_and_can_be_left_out():
    crons = cron_workflows(*NEEDED, "--set=retention.schedule=30 5 * * 6,timeZone=Europe/Berlin")
    (retention,) = [cron["spec"] for cron in crons if cron["metadata"]["name"] == "movalytics-retention"]
    assert (retention["schedules"], retention["timezone"]) == (["30 5 * * 6"], "Europe/Berlin")
    without = rendered(*NEEDED, "--set=retention.enabled=false")
    assert ("CronWorkflow", "movalytics-retention") not in without
    assert ("WorkflowTemplate", "movalytics-retention") in without


def test_a_weekly_clearing_up_is_no_gap_for_the_alerts():
    rendered(*NEEDED, "--set=alerts.enabled=true,retention.schedule=0 5 * * 0")


def test_every_parameter_without_a_value_is_filled_in_and_nothing_is_filled_in_for_nobody(filled_in):
    found = {parameter["name"]: parameter.get("value") for parameter in parameters_of_manifests()}
    assert {name for name, text in found.items() if text is None} <= filled_in.keys() <= found.keys()


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_run_reads_no_value_from_elsewhere_and_each_is_a_text(name, filled_in):
    for spec in workflow_templates(environment(name)).values():
        assert [one for one in spec["arguments"]["parameters"] if "valueFrom" in one] == []
    found = settings(environment(name))
    assert [key for key, text in found.items() if not isinstance(text, str)] == []
    empty = {key for key in filled_in if not found[key]}
    assert empty <= {"allow", "s3-endpoint", "sample"}
    assert {name for kind, name in rendered(environment(name)) if kind == "ConfigMap"} <= {"movalytics-dashboard"}


def test_the_chart_and_the_manifests_have_the_same_deadlines_and_the_same_patience(filled_in):
    defaults = {one["name"]: one["value"] for one in parameters_of_manifests() if one.get("value")}
    shared = defaults.keys() & filled_in.keys()
    steps = values()["deadlines"].keys() - {"run"}
    assert shared == {f"{step}-deadline" for step in steps} | RETRIES.keys()
    assert {name: filled_in[name] for name in shared} == {name: defaults[name] for name in shared}


def test_a_run_as_a_whole_has_a_deadline_and_what_others_wait_for_has_none_beside_its_steps():
    found = workflow_templates(*NEEDED, "--set=deadlines.run=7300")
    whole = {name: spec["activeDeadlineSeconds"] for name, spec in found.items() if "activeDeadlineSeconds" in spec}
    assert whole == {"daily": 7300, "restore": 7300}


@pytest.mark.parametrize("application", values()["applications"])
def test_a_size_changes_one_setting_and_nothing_else(application):
    before, after = rendered(*NEEDED), rendered(*NEEDED, f"--set=applications.{application}.executors.max=7")
    daily = ("WorkflowTemplate", "movalytics-daily")
    assert {key for key, thing in after.items() if thing != before[key]} == {daily}
    (changed,) = [one for one in parameters(after[daily]) if one not in parameters(before[daily])]
    assert (changed["name"], changed["value"]) == (f"{application}-executors-max", "7")


def test_large_numbers_stay_digits():
    assert settings(*NEEDED, "--set=deadlines.publish=86400")["publish-deadline"] == "86400"


@pytest.mark.parametrize(
    ("values", "url"),
    [
        (
            "user=loader,port=5440",
            "redshift://loader@redshift.example.org:5440/dev?credentials=password&sslmode=verify-full",
        ),
        (
            "credentials=provisioned,cluster=films",
            "redshift://movalytics@redshift.example.org:5439/dev?credentials=provisioned&sslmode=verify-full&cluster=films",
        ),
        (
            "credentials=serverless,workgroup=films,region=eu-north-1",
            "redshift://redshift.example.org:5439/dev?credentials=serverless&sslmode=verify-full&workgroup=films&region=eu-north-1",
        ),
        (
            "user=IAMR:loader,sslrootcert=/ca.pem",
            "redshift://IAMR%3Aloader@redshift.example.org:5439/dev?credentials=password&sslmode=verify-full&sslrootcert=%2Fca.pem",
        ),
    ],
)
def test_the_warehouse_is_one_url(values, url):
    changes = [f"--set=warehouse.{change}" for change in values.split(",")]
    assert settings(*NEEDED, *changes)["warehouse"] == url


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_warehouse_understands_its_settings(name):
    found = settings(environment(name))
    assert parse_address(found["warehouse"]).port == 5439
    assert role_clause(found["copy-role"]).strip("'") == found["copy-role"]


def test_every_value_is_documented():
    lines = VALUES.read_text().splitlines()
    found = list(leaves(yaml.compose(VALUES.read_text())))
    assert len(found) > 50
    assert [path for path, line in found if not lines[line - 1].strip().startswith("# -- ")] == []


def test_a_packaged_chart_holds_the_manifests(tmp_path):
    done = helm("package", str(CHART), f"--destination={tmp_path}")
    assert done.returncode == 0, done.stderr
    (package,) = tmp_path.glob("*.tgz")
    assert rendered(*NEEDED, chart=package) == rendered(*NEEDED)


def test_labels_of_one_thing_come_before_those_of_all_and_none_stands_twice():
    given = ["--set=commonLabels.team=all", "--set=alerts.enabled=true,alerts.labels.team=alerts"]
    given += ["--set=dashboard.enabled=true,dashboard.labels.team=dashboard,dashboard.labels.grafana_dashboard=mine"]
    given += [r"--set=commonLabels.app\.kubernetes\.io/part-of=data,commonLabels.app\.kubernetes\.io/name=theirs"]
    text = helm("template", "movalytics", str(CHART), *NEEDED, *given).stdout
    found = {(one["kind"], one["metadata"]["name"]): one["metadata"]["labels"] for one in yaml.load_all(text, Unique)}
    assert found["PrometheusRule", "movalytics"]["team"] == "alerts"
    dashboard = found["ConfigMap", "movalytics-dashboard"]
    assert (dashboard["team"], dashboard["grafana_dashboard"]) == ("dashboard", "mine")
    assert {labels["app.kubernetes.io/part-of"] for labels in found.values()} == {"data"}
    account = found["ServiceAccount", "movalytics-extract"]
    assert (account["team"], account["app.kubernetes.io/name"]) == ("all", "movalytics")


class Unique(yaml.SafeLoader):
    """Refuses a key that stands twice, as Flux does."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key stands twice among {keys}"
        return super().construct_mapping(node, deep)


def test_every_address_is_allowed_in_both_families():
    policies = rendered(*NEEDED, "--set=networkPolicy.httpsCidrs={0.0.0.0/0,::/0}")
    blocks = json.dumps([thing for (kind, _), thing in policies.items() if kind == "NetworkPolicy"])
    assert '{"cidr": "::/0"}' in blocks


def test_names_that_yaml_would_take_for_something_else_stay_names():
    given = ["--set-string=serviceAccounts.extract.name=123", "--set-string=images.pullSecrets={789}"]
    things = rendered(*NEEDED, *given)
    account = things["ServiceAccount", "123"]
    assert account["imagePullSecrets"] == [{"name": "789"}]
    subjects = [one["name"] for one in things["RoleBinding", "movalytics-step"]["subjects"]]
    assert "123" in subjects


def test_a_chart_that_depends_on_this_one_can_switch_it():
    assert rendered(*NEEDED, "--set=enabled=true")


def test_a_store_that_is_not_amazons_has_regions_of_its_own():
    assert settings(*NEEDED, "--set=s3.region=auto")
