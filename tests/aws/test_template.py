"""What the template says where moto makes nothing of it, and that cfn-lint has nothing to say."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from movalytics_workflows.house import ROOT

from tests.aws.stacks import TEMPLATE
from tests.aws.template import Loader


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=Loader)["Resources"]
    return found


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: one for name, one in resources.items() if one["Type"] == kind}


def test_cfn_lint_has_nothing_to_say() -> None:
    lint = Path(sys.executable).parent / "cfn-lint"
    answer = subprocess.run([lint, TEMPLATE], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout + answer.stderr) == (0, "")


def test_cloudformation_takes_a_template_of_this_size() -> None:
    assert (
        len(TEMPLATE.read_bytes()) < 51_200
    )  # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html


def test_no_rule_of_the_bucket_ends_what_is_current(resources: dict[str, Any]) -> None:
    rules = resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    asked = {key for rule in rules for key in rule} - {"Id", "Status"}
    assert asked == {"AbortIncompleteMultipartUpload", "ExpiredObjectDeleteMarker", "NoncurrentVersionExpiration"}


def test_the_bucket_is_reached_over_tls_alone(resources: dict[str, Any]) -> None:
    statements = resources["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert [one["Effect"] for one in statements] == ["Deny", "Deny"]
    assert all(one["Resource"] == ["Bucket.Arn", "${Bucket.Arn}/*"] for one in statements)
    conditions = [one["Condition"] for one in statements]
    assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
    assert {"NumericLessThan": {"s3:TlsVersion": "1.2"}} in conditions


def test_the_bucket_is_this_accounts_alone_and_keeps_versions(resources: dict[str, Any]) -> None:
    bucket = resources["Bucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.parametrize("name", ["Bucket", "Key", "WarehouseNamespace", "Workgroup"])
def test_what_holds_data_outlives_the_stack(resources: dict[str, Any], name: str) -> None:
    assert (resources[name]["DeletionPolicy"], resources[name]["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_redshift_is_private_encrypted_by_our_key_and_speaks_tls(resources: dict[str, Any]) -> None:
    namespace, workgroup = (resources[name]["Properties"] for name in ("WarehouseNamespace", "Workgroup"))
    assert (namespace["KmsKeyId"], namespace["ManageAdminPassword"]) == ("Key.Arn", True)
    assert workgroup["PubliclyAccessible"] is False
    assert {"ParameterKey": "require_ssl", "ParameterValue": "true"} in workgroup["ConfigParameters"]


def test_redshift_has_the_role_that_copy_is_told(resources: dict[str, Any]) -> None:
    assert resources["WarehouseNamespace"]["Properties"]["IamRoles"] == ["CopyRole.Arn"]


def test_redshift_is_reached_by_the_clusters_pods_at_its_port_alone(resources: dict[str, Any]) -> None:
    rules = resources["WarehouseSecurityGroup"]["Properties"]["SecurityGroupIngress"]
    port = resources["Workgroup"]["Properties"]["Port"]
    assert [(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in rules] == [("VpcCidr", port, port)]


def test_every_image_that_is_pushed_has_a_repository_that_scans_it(resources: dict[str, Any]) -> None:
    pushed = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("PRODUCTION := "))
    repositories = [one["Properties"] for one in of_type(resources, "AWS::ECR::Repository").values()]
    named = {one["RepositoryName"].rpartition("/")[2] for one in repositories}
    assert named == set(pushed.removeprefix("PRODUCTION := ").split())
    assert all(one["ImageScanningConfiguration"] == {"ScanOnPush": True} for one in repositories)
    assert all(json.loads(one["LifecyclePolicy"]["LifecyclePolicyText"])["rules"] for one in repositories)


def test_every_role_of_a_service_account_has_its_association(resources: dict[str, Any]) -> None:
    associations = of_type(resources, "AWS::EKS::PodIdentityAssociation").values()
    accounts = {one["Properties"]["ServiceAccount"]: one["Properties"]["RoleArn"] for one in associations}
    roles = {name for name in of_type(resources, "AWS::IAM::Role") if name != "CopyRole"}
    assert {arn.removesuffix(".Arn") for arn in accounts.values()} == roles
    assert all(account == f"movalytics-{arn.removesuffix('Role.Arn').lower()}" for account, arn in accounts.items())
