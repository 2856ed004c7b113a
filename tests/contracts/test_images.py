"""Images bring what is pinned, run as nobody in particular, and hold nothing by which one becomes another."""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from movalytics_workflows.local.spark import spark_home

ROOT = Path(__file__).parents[2]
DOCKERFILES = sorted([*ROOT.glob("images/*/Dockerfile"), ROOT / "tests/cluster/stand_ins/Dockerfile"])
PINNED_BY_DIGEST = re.compile(r"\$\{PYTHON_IMAGE\}|\w+@sha256:[0-9a-f]{64}")

each_dockerfile = pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.parent.name)


def commands(dockerfile: Path) -> list[str]:
    """The Dockerfile's instructions, each on one line, without comments."""
    text = "\n".join(line for line in dockerfile.read_text().splitlines() if not line.startswith("#"))
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def last_stage(dockerfile: Path) -> list[str]:
    """The instructions of what becomes the image."""
    found = commands(dockerfile)
    return found[max(at for at, line in enumerate(found) if line.startswith("FROM ")) :]


@each_dockerfile
def test_every_stage_begins_with_a_base_that_the_builder_can_name_by_digest(dockerfile: Path) -> None:
    bases = [line.split()[1] for line in commands(dockerfile) if line.startswith("FROM ")]
    assert bases
    assert [base for base in bases if not PINNED_BY_DIGEST.fullmatch(base)] == []
    assert [line for line in commands(dockerfile) if line.startswith("ARG PYTHON_IMAGE=")]


@each_dockerfile
def test_every_package_comes_by_its_hash_or_from_this_repository(dockerfile: Path) -> None:
    installs = re.findall(r"pip install (.*?)(?:&&|$)", "\n".join(commands(dockerfile)), re.MULTILINE)
    assert installs or dockerfile.parent.name == "stand_ins"  # Python's own library is enough for those
    assert [words for words in installs if "--require-hashes" not in words and "--no-deps /build/" not in words] == []


@each_dockerfile
def test_nothing_is_fetched_from_an_address(dockerfile: Path) -> None:
    text = "\n".join(commands(dockerfile))
    assert not re.search(r"\b(curl|wget|git clone)\b|^ADD |https?://", text, re.MULTILINE)


@each_dockerfile
def test_jars_are_compared_with_their_digests(dockerfile: Path) -> None:
    assert all("sha256sum" in line for line in commands(dockerfile) if " mvn " in line)


@each_dockerfile
def test_the_image_runs_as_a_number_and_holds_no_setuid_file(dockerfile: Path) -> None:
    stage = last_stage(dockerfile)
    (user,) = [line.split()[1] for line in stage if line.startswith("USER ")]
    assert all(part.isdecimal() and part != "0" for part in user.split(":"))
    stripping = [at for at, line in enumerate(stage) if "chmod a-s" in line and "-perm /6000" in line]
    installing = [at for at, line in enumerate(stage) if "apt-get install" in line]
    assert stripping
    assert max(installing, default=-1) < min(stripping)


def test_the_bill_of_the_spark_image_names_every_jar_with_its_digest(tmp_path: Path) -> None:
    bill = tmp_path / "spark_apps.json"
    bill.write_text(json.dumps({"components": [{"name": "pyspark"}]}))
    subprocess.run([sys.executable, ROOT / "images/spark/jars_bom.py", bill], check=True)
    found = {one["hashes"][0]["content"] for one in json.loads(bill.read_text())["components"][1:]}
    assert found == {line.split()[0] for line in (ROOT / "images/spark/jars.sha256").read_text().splitlines()}


def test_the_jars_of_the_image_fit_the_locked_spark() -> None:
    listed = (ROOT / "images/spark/jars.sha256").read_text()
    (hadoop,) = [path.stem.removeprefix("hadoop-client-api-") for path in spark_home().glob("jars/hadoop-client-api-*")]
    assert f" hadoop-aws-{hadoop}.jar" in listed
    # Maven Central has this module of some patch releases only.
    (cloud,) = re.findall(r" spark-hadoop-cloud_2\.13-(\S+)\.jar", listed)
    assert cloud.rpartition(".")[0] == version("pyspark").rpartition(".")[0]


def test_the_operator_is_told_the_locked_spark() -> None:
    application = yaml.safe_load((ROOT / "spark_apps/application.yaml").read_text())
    assert application["spec"]["sparkVersion"] == version("pyspark")
