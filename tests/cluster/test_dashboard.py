"""Each panel of the Grafana dashboard asks what a real Prometheus understands, and is told what happened."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from movalytics_workflows.daily import daily
from movalytics_workflows.metrics import MEASURES

from tests.cluster.chart import NEEDED, NEEDS_HELM, rendered
from tests.cluster.prometheus_server import Prometheus, Series, serving
from tests.cluster.test_chart_pods import applications

pytestmark = NEEDS_HELM

NAMESPACE, OURS = "cinema", "argo_workflows_movalytics_"
SWITCHED_ON = "--set=dashboard.enabled=true"


def at(day: int, hour: float) -> float:
    """Unix seconds of an hour of November 2026 (UTC)."""
    return datetime(2026, 11, day, tzinfo=UTC).timestamp() + hour * 3600


def of_argo(name: str, *settings: tuple[float, float | None], namespace: str = NAMESPACE, **labels: str) -> Series:
    return Series(f"{OURS}{name}", {"namespace": namespace, **labels}, settings)


def of_spark(name: str, executor: str, begin: float, end: float, value: float) -> Series:
    labels = {
        "namespace": NAMESPACE,
        "application_id": "spark-1f",
        "application_name": "movalytics-daily-x2f9k-transform-ratings",
        "executor_id": executor,
    }
    return Series(f"metrics_executor_{name}", labels, [(begin, value), (end, None)])


def story() -> list[Series]:
    """The 23rd goes well; on the 24th a run fails at 4:00, the controller is restarted, the next run is ready at 7:30.

    The 25th is like the 23rd. Another namespace's run fails.
    """
    daily_run, restart = {"workflow": "movalytics-daily"}, at(24, 6)
    good, bad, mended, better = at(23, 3.5), at(24, 4), at(24, 7.5), at(25, 3.5)
    moments = [
        of_argo(
            "succeeded_timestamp_seconds",
            (good, good),
            (restart, None),
            (mended, mended),
            (better, better),
            **daily_run,
        ),
        of_argo("failed_timestamp_seconds", (bad, bad), (restart, None), **daily_run),
        of_argo("failed_timestamp_seconds", (at(25, 6), at(25, 6)), workflow="movalytics-alarm"),
        of_argo("failed_timestamp_seconds", (at(25, 9), at(25, 9)), namespace="theatre", **daily_run),
        of_argo("runs_total", (good, 1), **daily_run, status="Succeeded"),
        of_argo("run_seconds", (good, 1800), (bad, 3600), (mended, 1900), (better, 1700), **daily_run),
        of_argo("ready_seconds", (good, 3.5 * 3600), (bad, float("nan")), (mended, 7.5 * 3600), (better, 3.5 * 3600)),
        of_argo("published_timestamp_seconds", (good, good), (mended, mended)),
        of_argo("data_timestamp_seconds", (good, at(1, 0)), source="movies"),
        of_argo("data_timestamp_seconds", (good, at(1, 0) - 86400), source="cpi"),
    ]
    steps = [of_argo("step_seconds", (good, seconds), step=step) for step, seconds in (("stage", 90), ("publish", 200))]
    rows = [
        of_argo("rows", (good, count), (mended, 2 * count), outcome=outcome)
        for outcome, count in (("accepted", 700), ("merged", 100), ("rejected", 200))
    ]
    checks = [
        of_argo("checks", (good, count), severity=severity, outcome=outcome)
        for severity, outcome, count in (
            ("error", "passed", 80),
            ("error", "failed", 0),
            ("warn", "passed", 9),
            ("warn", "failed", 2),
        )
    ]
    begin, end = at(25, 3), at(25, 3.25)
    spark = [
        of_spark(name, executor, begin, end, value)
        for executor, share in (("driver", 100), ("1", 1), ("2", 2))
        for name, value in (
            ("totalCores", 2),
            ("activeTasks", share),
            ("JVMHeapMemory_bytes", share * 2**30),
            ("JVMOffHeapMemory_bytes", share * 2**20),
        )
    ]
    return [*moments, *steps, *rows, *checks, *spark]


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Who has scraped the story until noon of the last day."""
    with serving(tmp_path_factory.mktemp("prometheus"), story(), at(25, 12)) as found:
        yield found


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        rendered(*NEEDED, SWITCHED_ON)["ConfigMap", "movalytics-dashboard"]["data"]["movalytics.json"]
    )
    return found


def panels() -> dict[str, dict[str, Any]]:
    """Those that show something, by their titles."""
    return {panel["title"]: panel for panel in dashboard()["panels"] if panel["type"] != "row"}


def expressions() -> list[str]:
    return [target["expr"] for panel in panels().values() for target in panel["targets"]]


NOON, SPARK = at(25, 12), at(25, 3.1)
# Each panel: when it is asked, and what its series show, by their labels' texts.
SHOWN: dict[str, list[tuple[float, list[dict[str, float]]]]] = {
    "Last run": [(at(23, 12), [{"": 1}]), (at(24, 5), [{"": 0}]), (at(24, 7), [{"": 0}]), (NOON, [{"": 1}])],
    "Ready at": [(at(24, 12), [{"": 7.5 * 3600}]), (NOON, [{"": 3.5 * 3600}])],
    "Since the last success": [(at(24, 7), [{"": 27.5 * 3600}]), (NOON, [{"": 8.5 * 3600}])],
    "Rejected": [(NOON, [{"": 0.2}])],
    "Checks that found something": [(NOON, [{"": 0}, {"": 2}])],
    "Published": [(NOON, [{"": at(24, 7.5) * 1000}])],
    "What the latest run came to": [(at(24, 5), [{"": 0}]), (NOON, [{"": 1}])],
    "Ready at, against 7:00": [(NOON, [{"": 3.5 * 3600}])],
    "How long runs take": [(at(24, 5), [{"movalytics-daily": 3600}]), (NOON, [{"movalytics-daily": 1700}])],
    "How long the steps took": [(NOON, [{"publish": 200, "stage": 90}])],
    "Rows": [(NOON, [{"accepted": 1400, "merged": 200, "rejected": 400}])],
    "Rejected share": [(NOON, [{"": 0.2}])],
    "Checks that found something, by severity": [(NOON, [{"error": 0, "warn": 2}])],
    "Newest data": [(NOON, [{"movies": at(1, 0) * 1000, "cpi": (at(1, 0) - 86400) * 1000}])],
    "Executors": [(SPARK, [{"transform-ratings": 2}]), (NOON, [{}])],
    "Tasks and cores": [(SPARK, [{"transform-ratings": 3}, {"transform-ratings": 4}])],
    "Memory of the fullest executor": [(SPARK, [{"transform-ratings": 2 * 2**30}, {"transform-ratings": 2 * 2**20}])],
}


def test_each_panel_has_its_case() -> None:
    titles = [panel["title"] for panel in dashboard()["panels"]]
    assert len(set(titles)) == len(titles)
    assert panels().keys() == SHOWN.keys()


@pytest.mark.parametrize(
    ("title", "moment", "shown"), [(title, *case) for title, cases in SHOWN.items() for case in cases]
)
def test_a_panel_shows_what_happened(
    prometheus: Prometheus, title: str, moment: float, shown: list[dict[str, float]]
) -> None:
    found = []
    for target in panels()[title]["targets"]:
        answer = prometheus.ask(target["expr"].replace("$namespace", NAMESPACE), moment)
        found.append({" ".join(text for _, text in sorted(labels)): value for labels, value in answer.items()})
        named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert all(named == {key for key, _ in labels} for labels in answer)
    assert found == [pytest.approx(one) for one in shown]


def test_the_namespaces_to_choose_from_are_those_that_had_runs(prometheus: Prometheus) -> None:
    (query,) = [one["definition"] for one in dashboard()["templating"]["list"] if one["name"] == "namespace"]
    metric, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", query).groups()  # type: ignore[union-attr]
    assert {dict(labels)[label] for labels in prometheus.ask(metric, NOON)} == {NAMESPACE}


def test_every_metric_of_ours_that_is_asked_for_is_made_and_every_measure_is_shown() -> None:
    spec = daily().to_dict()["spec"]
    made = {
        metric["name"].removeprefix("movalytics_")
        for holder in (spec, *spec["templates"])
        for metric in holder.get("metrics", {}).get("prometheus", [])
    }
    asked = {name for text in expressions() for name in re.findall(rf"{OURS}(\w+)", text)}
    assert asked <= made
    assert {metric for metric, *_ in MEASURES.values()} <= asked


def test_panels_neither_overlap_nor_leave_the_grid() -> None:
    places = [panel["gridPos"] for panel in dashboard()["panels"]]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def test_the_dashboard_is_there_when_it_is_asked_for_with_its_labels_and_annotations() -> None:
    assert ("ConfigMap", "movalytics-dashboard") not in rendered(*NEEDED)
    more = "--set=dashboard.labels.team=films,dashboard.annotations.grafana_folder=Films"
    metadata = rendered(*NEEDED, SWITCHED_ON, more)["ConfigMap", "movalytics-dashboard"]["metadata"]
    assert metadata["labels"].items() >= {"grafana_dashboard": "1", "team": "films"}.items()
    assert metadata["annotations"] == {"grafana_folder": "Films"}


SCRAPED = "--set=sparkMetrics.enabled=true"


def scraping(spec: dict[str, Any]) -> dict[str, str]:
    """Of an application's settings those by which Prometheus reads it."""
    prefixes = ("spark.metrics.", "spark.ui.prometheus.")
    return {name: text for name, text in spec["sparkConf"].items() if name.startswith(prefixes)}


def test_drivers_can_be_scraped_when_it_is_asked_for() -> None:
    for name, spec in applications(*NEEDED, SCRAPED).items():
        assert spec["sparkConf"]["spark.ui.prometheus.enabled"] == "true"
        assert spec["sparkConf"]["spark.metrics.namespace"] == f"movalytics_{name}"
        assert spec["driver"]["template"]["metadata"]["annotations"] == {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": "4040",
            "prometheus.io/path": "/metrics/executors/prometheus",
        }
        assert "template" not in spec["executor"]
    for spec in applications(*NEEDED).values():
        assert "template" not in spec["driver"]
        assert scraping(spec) == {}


def test_a_pod_monitor_takes_the_place_of_annotations() -> None:
    things = rendered(*NEEDED, SCRAPED, "--set=sparkMetrics.podMonitor.enabled=true,sparkMetrics.podMonitor.labels.a=b")
    monitor = things["PodMonitor", "movalytics-spark"]
    assert monitor["metadata"]["labels"]["a"] == "b"
    assert monitor["spec"]["selector"] == {"matchLabels": {"spark-role": "driver"}}
    paths = {one["path"]: one["port"] for one in monitor["spec"]["podMetricsEndpoints"]}
    assert paths == dict.fromkeys(["/metrics/executors/prometheus", "/metrics/driver/prometheus"], "spark-ui")
    for spec in applications(*NEEDED, SCRAPED, "--set=sparkMetrics.podMonitor.enabled=true").values():
        assert "template" not in spec["driver"]
    assert ("PodMonitor", "movalytics-spark") not in rendered(*NEEDED, "--set=sparkMetrics.podMonitor.enabled=true")


def test_only_who_scrapes_reaches_a_drivers_page() -> None:
    name = ("NetworkPolicy", "movalytics-spark-metrics")
    spec = rendered(*NEEDED, SCRAPED)[name]["spec"]
    assert (spec["podSelector"], spec["policyTypes"]) == ({"matchLabels": {"spark-role": "driver"}}, ["Ingress"])
    (rule,) = spec["ingress"]
    assert rule["ports"] == [{"port": 4040, "protocol": "TCP"}]
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]
    assert name not in rendered(*NEEDED)
    assert name not in rendered(*NEEDED, SCRAPED, "--set-json=sparkMetrics.from=[]")
