"""`make render`: the manifests that Argo gets, from the Hera objects, and what the chart knows of time zones."""

from pathlib import Path
from typing import Any

import yaml

from movalytics_workflows.alarm import alarm
from movalytics_workflows.backfill import backfill
from movalytics_workflows.cron import cron_alarm, cron_daily, cron_retention
from movalytics_workflows.daily import daily
from movalytics_workflows.house import CLOCK_CHANGES, MANIFESTS
from movalytics_workflows.restore import hold, release, restore
from movalytics_workflows.retention import retention
from movalytics_workflows.zones import clock_changes

_HEADER = "# Generated from workflows/movalytics_workflows/{module}.py by `make render`; edit that, not this.\n"


def manifests() -> dict[str, str]:
    """File name → text of every manifest."""
    return {
        "workflowtemplate-movalytics-daily.yaml": _text("daily", daily().to_dict()),
        "workflowtemplate-movalytics-alarm.yaml": _text("alarm", alarm().to_dict()),
        "workflowtemplate-movalytics-restore.yaml": _text("restore", restore().to_dict()),
        "workflowtemplate-movalytics-hold.yaml": _text("restore", hold().to_dict()),
        "workflowtemplate-movalytics-release.yaml": _text("restore", release().to_dict()),
        "workflowtemplate-movalytics-backfill.yaml": _text("backfill", backfill().to_dict()),
        "workflowtemplate-movalytics-retention.yaml": _text("retention", retention().to_dict()),
        "cronworkflow-movalytics-daily.yaml": _text("cron", cron_daily().to_dict()),
        "cronworkflow-movalytics-alarm.yaml": _text("cron", cron_alarm().to_dict()),
        "cronworkflow-movalytics-retention.yaml": _text("cron", cron_retention().to_dict()),
    }


def render(directory: Path = MANIFESTS, changes: Path = CLOCK_CHANGES) -> None:
    """Write every manifest and the chart's clock changes, and remove manifests that nothing renders any more."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = manifests()
    for stale in {path.name for path in directory.glob("*.yaml")} - texts.keys():
        (directory / stale).unlink()
    for name, text in texts.items():
        (directory / name).write_text(text)
    changes.write_text(clock_changes())


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, so that a diff of the manifests can be read."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _block)


def _text(module: str, manifest: dict[str, Any]) -> str:
    body: str = yaml.dump(manifest, Dumper=_Dumper, sort_keys=False, width=1000)
    return _HEADER.format(module=module) + body
