"""`make aws` against an AWS on loopback: what it makes, prints, changes and refuses."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import jsonschema
import pytest
from movalytics_workflows.house import ROOT

from tests.aws.conftest import ISSUER, REGION, administrator
from tests.aws.recorder import Recorder, serving
from tests.aws.stacks import Stack, made, make_aws, network

SCHEMA = json.loads((ROOT / "helm" / "movalytics" / "values.schema.json").read_text())
ACCOUNT = "123456789012"  # moto's


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    with serving(Recorder()) as url, administrator(url):
        yield


@pytest.fixture(scope="module")
def cinema(aws: None) -> Stack:
    return made("cinema", f"OidcProvider={ISSUER}", "Namespace=films", *network())


def partial(schema: Any) -> Any:
    """The schema of values to which the chart's own are added: nothing must be there."""
    if isinstance(schema, dict):
        return {key: partial(inner) for key, inner in schema.items() if key != "required"}
    return [partial(one) for one in schema] if isinstance(schema, list) else schema


def test_what_is_printed_are_values_of_the_chart(cinema: Stack) -> None:
    jsonschema.validate(cinema.values, partial(SCHEMA))


def test_the_values_say_where_everything_is(cinema: Stack) -> None:
    values, host = cinema.values, f"cinema.{ACCOUNT}.{REGION}.redshift-serverless.amazonaws.com"
    assert values["lake"] == f"s3://cinema-{ACCOUNT}-{REGION}/lake"
    assert values["images"] == {"registry": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/cinema"}
    assert values["copyRole"] == f"arn:aws:iam::{ACCOUNT}:role/cinema-copy"
    about = {"credentials": "serverless", "workgroup": "cinema", "region": REGION}
    assert values["warehouse"] == {"host": host, "database": "dev", **about}
    assert values["networkPolicy"] == {"warehouseCidrs": ["10.7.0.0/16"]}


def test_each_account_is_annotated_with_a_role_that_trusts_it_alone(cinema: Stack) -> None:
    for name, account in cinema.values["serviceAccounts"].items():
        assert account["annotations"]["eks.amazonaws.com/role-arn"] == f"arn:aws:iam::{ACCOUNT}:role/cinema-{name}"
        (statement,) = cinema.trust(name)["Statement"]
        assert statement["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}
        assert (
            statement["Condition"]["StringEquals"][f"{ISSUER}:sub"] == f"system:serviceaccount:films:movalytics-{name}"
        )


def test_the_lake_is_encrypted_by_the_stacks_key(cinema: Stack) -> None:
    s3, bucket = boto3.client("s3"), f"cinema-{ACCOUNT}-{REGION}"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    used = rule["ApplyServerSideEncryptionByDefault"]
    aliases = {
        one["AliasName"]: one["TargetKeyId"]
        for one in boto3.client("kms").list_aliases()["Aliases"]
        if "TargetKeyId" in one
    }
    assert (used["SSEAlgorithm"], used["KMSMasterKeyID"].rpartition("/")[2]) == ("aws:kms", aliases["alias/cinema"])


def test_with_pod_identity_the_roles_trust_its_agent_and_pods_may_reach_it(aws: None) -> None:
    stack = made("arthouse", "ClusterName=films", *network())
    (statement,) = stack.trust("spark")["Statement"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    tags = {name.rpartition("/")[2]: text for name, text in statement["Condition"]["StringEquals"].items()}
    account = {"kubernetes-namespace": "movalytics", "kubernetes-service-account": "movalytics-spark"}
    assert tags == {"eks-cluster-name": "films", **account}
    assert "serviceAccounts" not in stack.values
    assert stack.values["networkPolicy"]["extraEgress"] == [{"cidr": "169.254.170.23/32", "ports": [80]}]
    jsonschema.validate(stack.values, partial(SCHEMA))


def test_a_stack_that_is_there_keeps_what_is_not_given_anew(aws: None) -> None:
    before = made("festival", f"OidcProvider={ISSUER}", *network())
    after = made("festival", "LakePrefix=other")
    assert after.values == {**before.values, "lake": f"{before.values['lake'].removesuffix('/lake')}/other"}


@pytest.mark.parametrize(
    ("stack", "parameter", "sentence"),
    [
        ("Cinema", "VpcId=vpc-1", "STACK=Cinema is no name: it takes 2 to 20 lower-case letters, digits and hyphens"),
        ("new", "Vpc=vpc-1", "the template has no parameter Vpc: it takes Namespace, "),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(aws: None, stack: str, parameter: str, sentence: str) -> None:
    answer = make_aws(stack, parameter)
    assert answer.returncode == 2  # make's own
    assert sentence in answer.stderr
    assert answer.stdout == ""


def test_without_credentials_it_says_what_to_set(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    answer = make_aws("new", "VpcId=vpc-1")
    assert "set AWS_PROFILE and AWS_DEFAULT_REGION, or log in with `aws sso login`" in answer.stderr
