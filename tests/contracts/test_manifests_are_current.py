"""manifests/ is what the Hera objects render to now."""

from movalytics_workflows.house import MANIFESTS
from movalytics_workflows.render import manifests


def test_manifests_are_what_make_render_writes() -> None:
    written = {path.name: path.read_text() for path in MANIFESTS.glob("*.yaml")}
    assert written == manifests(), "run make render and commit manifests/"
