"""manifests/ is what the Hera objects render to now, and the chart knows the clock changes of the locked tzdata."""

from movalytics_workflows.house import CLOCK_CHANGES, MANIFESTS
from movalytics_workflows.render import manifests
from movalytics_workflows.zones import clock_changes


def test_manifests_are_what_make_render_writes() -> None:
    written = {path.name: path.read_text() for path in MANIFESTS.glob("*.yaml")}
    assert written == manifests(), "run make render and commit manifests/"


def test_the_charts_clock_changes_are_what_make_render_writes() -> None:
    assert CLOCK_CHANGES.read_text() == clock_changes(), f"run make render and commit {CLOCK_CHANGES.name}"
