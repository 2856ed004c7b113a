"""The stack as `make aws` makes it, and what is in it."""

import ast
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import yaml
from movalytics_workflows.house import ROOT

from tests.aws import resources  # noqa: F401 moto looks for its models when it makes the first stack

TEMPLATE = ROOT / "manifests" / "aws" / "movalytics.yaml"


@dataclass(frozen=True)
class Stack:
    """A stack that is there, and the chart's values that were printed."""

    name: str
    values: Mapping[str, Any]

    def statements(self, role: str) -> list[dict[str, Any]]:
        """What this role's policies allow, with the template's functions resolved."""
        iam, name = boto3.client("iam"), f"{self.name}-{role}"
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
        texts = [iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in policies]
        # moto answers a role's own policy as Python would print it.
        return [statement for text in texts for statement in ast.literal_eval(str(text))["Statement"]]

    def trust(self, role: str) -> Any:
        """Who may take this role."""
        return boto3.client("iam").get_role(RoleName=f"{self.name}-{role}")["Role"]["AssumeRolePolicyDocument"]


def make_aws(stack: str, *parameters: str) -> "subprocess.CompletedProcess[str]":
    """`make aws`, as a person runs it."""
    command = ["make", "--silent", "--old-file=.venv/installed", "aws", f"STACK={stack}"]
    given = [f"PARAMETERS={' '.join(parameters)}"] if parameters else []
    return subprocess.run([*command, *given], cwd=ROOT, capture_output=True, text=True)


def made(stack: str, *parameters: str) -> Stack:
    """The stack, made or changed."""
    answer = make_aws(stack, *parameters)
    assert answer.returncode == 0, answer.stderr
    return Stack(stack, yaml.safe_load(answer.stdout))


def network() -> list[str]:
    """A VPC with three subnets, as the template's parameters."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    blocks = [f"10.7.{number}.0/24" for number in range(3)]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"] for block in blocks]
    return [f"VpcId={vpc}", "VpcCidr=10.7.0.0/16", f"SubnetIds={','.join(subnets)}"]
