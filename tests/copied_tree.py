"""A copy of the tree that runs by its own code, so that a test may change it."""

import shutil
import subprocess
import sys
from pathlib import Path

from movalytics_workflows.house import ROOT

COMPONENTS = (
    *(f"images/{name}" for name in ("common", "extract", "warehouse", "operations", "redshift_local")),
    "spark_apps",
    "workflows",
)


def copied_tree(tree: Path) -> Path:
    """The new directory, with `.venv/bin/python`, whose components are those of the copy."""
    for folder in (*COMPONENTS, "sql", "manifests", "helm"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    _environment(tree)
    return tree


def _environment(tree: Path) -> None:
    """.venv with this tree's components before the installed packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tree / ".venv"], check=True)
    (packages,) = (tree / ".venv/lib").glob("python3*/site-packages")
    installed = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    for package in installed.iterdir():
        if package.suffix != ".pth" and not (packages / package.name).exists():
            (packages / package.name).symlink_to(package)
    (packages / "components.pth").write_text("\n".join(str(tree / folder) for folder in COMPONENTS) + "\n")
