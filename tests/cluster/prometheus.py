"""What Prometheus sees of Argo's controller through some days, and which of the chart's alerts fire then."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.chart import NEEDED, ROOT, rendered

NAMESPACE = "cinema"  # where chart.rendered puts it
SLOT = 5  # minutes between two scrapes, and two evaluations
DAILY, ALARM = "movalytics-daily", "movalytics-alarm"
GAUGE = "argo_workflows_movalytics_{outcome}_timestamp_seconds"
HOW = "promtool is neither in .venv/bin nor on PATH: make promtool gets it, or install Prometheus"


@dataclass(frozen=True)
class End:
    """A workflow ended: `hour` counts from the midnight before the chart was installed."""

    hour: float
    outcome: str = "succeeded"
    workflow: str = DAILY
    namespace: str = NAMESPACE


@dataclass(frozen=True)
class Story:
    """Some days: what ended when, when the controller was started anew, and from when to when nobody scraped it."""

    ends: Sequence[End] = ()
    restarts: Sequence[float] = ()
    gaps: Sequence[tuple[float, float]] = ()
    hours: int = 80
    paused: Sequence[tuple[float, float]] | None = None  # None: the chart's own rule records it
    values: Sequence[str] = field(default=())

    def series(self) -> list[dict[str, str]]:
        """promtool's input: one series per metric, labels and life of the controller."""
        lives = [0.0, *self.restarts, float(self.hours)]
        found = []
        for number, (born, died) in enumerate(pairwise(lives)):
            life = [slot if born <= slot / 60 < died else None for slot in range(0, self.hours * 60, SLOT)]
            seen = [None if slot is None or self._is_gap(slot / 60) else slot for slot in life]
            pod = f'pod="controller-{number}"'
            found.append({"series": f"argo_workflows_is_leader{{{pod}}}", "values": _values([s and 1 for s in seen])})
            kinds = {(end.namespace, end.workflow, end.outcome) for end in self.ends}
            found += [self._gauge(*kind, pod=pod, born=born, seen=seen) for kind in kinds]
        return [*found, *self._pauses()]

    def _gauge(
        self, namespace: str, workflow: str, outcome: str, pod: str, born: float, seen: Sequence[int | None]
    ) -> dict[str, str]:
        name = GAUGE.format(outcome=outcome)
        wanted = [
            end.hour
            for end in self.ends
            if (end.namespace, end.workflow, end.outcome) == (namespace, workflow, outcome)
        ]
        known = [
            max((hour for hour in wanted if slot is not None and born <= hour <= slot / 60), default=None)
            for slot in seen
        ]
        return {
            "series": f'{name}{{{pod},namespace="{namespace}",workflow="{workflow}"}}',
            "values": _values([None if hour is None else round(hour * 3600) for hour in known]),
        }

    def _is_gap(self, hour: float) -> bool:
        return any(start <= hour < end for start, end in self.gaps)

    def _pauses(self) -> list[dict[str, str]]:
        if self.paused is None:
            return []
        hours = [slot / 60 for slot in range(0, self.hours * 60, SLOT)]
        values = " ".join(str(int(any(start <= hour < end for start, end in self.paused))) for hour in hours)
        return [{"series": f'movalytics:schedule_suspended{{namespace="{NAMESPACE}"}}', "values": values}]

    def rules(self) -> list[dict[str, Any]]:
        """The chart's rules; a pause that was lifted is told by a series instead of the rule that records it."""
        return [rule for rule in _rules(*self.values) if self.paused is None or "alert" in rule]

    def must_fire(self, folder: Path, expected: dict[float, set[str]]) -> None:
        """At each hour these alerts fire, in the chart's namespace, and no others. Fails in promtool's words."""
        rules = self.rules()
        alerts = {rule["alert"]: rule for rule in rules if "alert" in rule}
        assert set().union(*expected.values()) <= alerts.keys()
        questions = [
            {
                "eval_time": f"{round(hour * 60)}m",
                "alertname": name,
                "exp_alerts": [_fired(rule)] if name in names else [],
            }
            for hour, names in expected.items()
            for name, rule in alerts.items()
        ]
        group = {"groups": [{"name": "movalytics", "interval": f"{SLOT}m", "rules": rules}]}
        (folder / "rules.yaml").write_text(yaml.safe_dump(group))
        test = {"interval": f"{SLOT}m", "input_series": self.series(), "alert_rule_test": questions}
        story = {"rule_files": ["rules.yaml"], "evaluation_interval": f"{SLOT}m", "tests": [test]}
        (folder / "story.yaml").write_text(yaml.safe_dump(story))
        done = promtool("test", "rules", str(folder / "story.yaml"))
        assert done.returncode == 0, done.stdout + done.stderr


@cache
def _rules(*values: str) -> list[dict[str, Any]]:
    chart = rendered(*NEEDED, "--set=alerts.enabled=true", *values)["PrometheusRule", "movalytics"]
    (group,) = chart["spec"]["groups"]
    return list(group["rules"])


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Prometheus' own tool. Fails, rather than skips, with how to get it where it is missing."""
    tool = shutil.which(ROOT / ".venv" / "bin" / "promtool") or shutil.which("promtool")
    if tool is None:
        pytest.fail(HOW)
    return subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)


def days(last: int, first: int = 0) -> list[End]:
    """Mornings on which all is well: a run that ends at 3:40, and the alarm, content, a minute past six."""
    return [end for day in range(first, last) for end in (End(24 * day + 3.67), End(24 * day + 6.02, workflow=ALARM))]


def _values(values: Sequence[int | None]) -> str:
    """promtool's notation: what stood there, `stale` where a series ended, `_` while there is none."""
    words = ["_" if value is None else str(value) for value in values]
    return " ".join(
        "stale" if word == "_" and before != "_" else word for before, word in zip(["_", *words], words, strict=False)
    )


def _fired(rule: dict[str, Any]) -> dict[str, Any]:
    return {"exp_labels": {**rule["labels"], "namespace": NAMESPACE}, "exp_annotations": rule["annotations"]}
