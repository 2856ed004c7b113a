"""Where the house's components stand on this machine."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A machine's lake and warehouse, unless --home says another place.
DEFAULT_HOME = ROOT / ".movalytics"
SPARK_APPS = ROOT / "spark_apps"
SQL = ROOT / "sql"
# What makes SQL and columns of the declarations.
DERIVING = (
    ROOT / "images" / "common" / "movalytics_common" / "declaration",
    ROOT / "images" / "warehouse" / "movalytics_warehouse" / "derived.py",
)
KINDS = DERIVING[0] / "kinds.py"
# The workflows of which a run is named; known without Hera.
DAILY, RESTORE = "movalytics-daily", "movalytics-restore"
MANIFESTS = ROOT / "manifests"
STACK = MANIFESTS / "aws" / "movalytics.yaml"
CLOCK_CHANGES = ROOT / "helm" / "movalytics" / "clock-changes.yaml"
SAMPLE = ROOT / "tests" / "data" / "the-movies-dataset.zip"
SAMPLE_FACTS = SAMPLE.with_name("sample.toml")
BENCHMARK = ROOT / "tests" / "benchmark" / "benchmark.json"
