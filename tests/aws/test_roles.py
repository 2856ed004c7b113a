"""Every call to AWS that the product makes is allowed by the role of its account, and roles allow nothing else."""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import yaml
from movalytics_workflows.house import ROOT

from tests.aws.actions import Call, Place, calls
from tests.aws.conftest import ISSUER, REGION, administrator
from tests.aws.policies import allows, refused, unused
from tests.aws.product import exercise, product
from tests.aws.recorder import Recorder, serving
from tests.aws.stacks import TEMPLATE, Stack, made, network
from tests.aws.template import Loader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("mvn") is None, reason="mvn is not on PATH: Maven brings the jars of Spark's S3A"),
    pytest.mark.timeout(900),  # of the first, which runs the product
]
SPARK_IMAGE = ROOT / "images" / "spark"
ROLES = {
    name.removesuffix("Role").lower(): [
        one["Sid"] for one in resource["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    ]
    for name, resource in yaml.load(TEMPLATE.read_text(), Loader=Loader)["Resources"].items()
    if resource["Type"] == "AWS::IAM::Role"
}

# Rewritten by each run, for all runs; and the directory of the event logs, whose name ends with a slash.
WRITTEN_ANEW = {"index.html", "history.json", ""}
# What the product may ask and a run does not show, with the reason.
UNSEEN = [
    ("spark", "s3:AbortMultipartUpload", "curated/", "a task that failed: S3A's committer takes its uploads back"),
    ("copy", "s3:ListBucket", "", "COPY: docs.aws.amazon.com/redshift/latest/dg/loading-data-access-permissions.html"),
]


@pytest.fixture(scope="module")
def jars() -> Path:
    """The jars by which the image's Spark speaks S3, fetched once for this environment."""
    home = Path(sys.prefix) / "s3a"
    found = home / "jars"
    if not found.is_dir() or not complete(found):
        shutil.rmtree(home, ignore_errors=True)  # jars of other versions, too
        home.mkdir()
        shutil.copy(SPARK_IMAGE / "pom.xml", home)
        subprocess.run(["mvn", "-q", "-B", "-C", "dependency:copy-dependencies"], cwd=home, check=True)
    assert complete(found)
    return found


def complete(folder: Path) -> bool:
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.jar")}
    meant = (line.split() for line in (SPARK_IMAGE / "jars.sha256").read_text().splitlines())
    return sums == {name: digest for digest, name in meant}


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def stack(recorder: Recorder, jars: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack, when everything was done that the product does with it."""
    with serving(recorder) as url, administrator(url):
        stack = made("movalytics", f"OidcProvider={ISSUER}", *network())
        with product(tmp_path_factory.mktemp("product"), stack, url, jars, ISSUER) as one:
            recorder.password = one.home.password()
            exercise(one)
        yield stack


@pytest.fixture(scope="module")
def place(stack: Stack) -> Place:
    bucket = stack.values["lake"].removeprefix("s3://").partition("/")[0]
    (rule,) = boto3.client("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    login = next(one for one in stack.statements("warehouse") if one["Sid"] == "Login")
    return Place(REGION, rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"], login["Resource"])


@pytest.fixture(scope="module")
def made_calls(recorder: Recorder, stack: Stack, place: Place) -> dict[str, list[Call]]:
    """Role → what it needs."""
    found: dict[str, list[Call]] = {role: [] for role in ROLES}
    for call in {one for request in recorder.requests if request.role for one in calls(request, place)}:
        found[call.role.removeprefix("movalytics-")].append(call)
    for role, action, below, because in UNSEEN:
        bucket, _, root = stack.values["lake"].removeprefix("s3://").partition("/")
        arn = f"arn:aws:s3:::{bucket}/{root}/{below}x" if below else f"arn:aws:s3:::{bucket}"
        found[role].append(Call(role, action, arn, because))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_call_of_a_role_is_allowed(stack: Stack, made_calls: dict[str, list[Call]], role: str) -> None:
    assert refused(stack.statements(role), rightful(made_calls[role])) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_allows_nothing_that_is_not_called(stack: Stack, made_calls: dict[str, list[Call]], role: str) -> None:
    assert [str(right) for right in unused(role, stack.statements(role), rightful(made_calls[role]))] == []


@pytest.mark.parametrize(("role", "sid"), [(role, sid) for role, sids in ROLES.items() for sid in sids])
def test_without_a_statement_the_call_that_needs_it_is_named(
    stack: Stack, made_calls: dict[str, list[Call]], role: str, sid: str
) -> None:
    statements = stack.statements(role)
    (taken,) = [one for one in statements if one["Sid"] == sid]
    named = refused([one for one in statements if one["Sid"] != sid], rightful(made_calls[role]))
    actions = [taken["Action"]] if isinstance(taken["Action"], str) else taken["Action"]
    assert named
    assert all(any(f"needs {action} on " in sentence for action in actions) for sentence in named)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "copy"])
def test_a_role_is_taken_by_its_account_and_by_no_other(
    stack: Stack, made_calls: dict[str, list[Call]], role: str
) -> None:
    (trust,) = stack.trust(role)["Statement"]
    taken = {name: [call for call in found if call.action.startswith("sts:")] for name, found in made_calls.items()}
    assert taken[role]
    assert all(allows(trust, call) for call in taken[role])
    assert not any(allows(trust, call) for name, found in taken.items() if name != role for call in found)


def test_all_that_is_written_lies_where_retention_clears_up(made_calls: dict[str, list[Call]]) -> None:
    written = {call.resource for found in made_calls.values() for call in found if call.action == "s3:PutObject"}
    below = re.compile(
        r".*/lake/(raw/\w+/version=|curated/\w+/made=|(runs|reports)/run=|spark-events/eventlog_v2_)[^/]+/"
    )
    assert {one.rpartition("/")[2] for one in written if not below.match(one)} == WRITTEN_ANEW


def rightful(found: list[Call]) -> list[Call]:
    """Those that the role's own policies are asked about."""
    return [call for call in found if not call.action.startswith("sts:")]
