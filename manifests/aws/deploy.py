"""`make aws`: the stack of movalytics.yaml made or changed, and the chart's values of it on standard output."""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, WaiterError
from movalytics_common.errors import AccessDenied, InvalidSettings, PipelineError, StorageFailed, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

TEMPLATE = Path(__file__).with_name("movalytics.yaml")
NAME = re.compile(r"[a-z][a-z0-9-]{1,19}")  # it begins the names of bucket and registries, which allow no more
ACCOUNTS = ("extract", "spark", "warehouse", "finish", "retention", "history")
# Where EKS Pod Identity's agent answers, on each node.
AGENT = {"cidr": "169.254.170.23/32", "ports": [80]}
ATTEMPTS = {"Delay": 10, "MaxAttempts": 360}


class _Loader(yaml.SafeLoader):
    """Passes over CloudFormation's functions."""


_Loader.add_multi_constructor("!", lambda *_: None)


def main(argv: Sequence[str] | None = None) -> int:
    """Deploy as the arguments say; 0, or an error's exit code with its sentence on standard error."""
    arguments = _parser().parse_args(argv)
    try:
        with _errors_translated():
            outputs = deploy(arguments.stack, arguments.parameters)
    except PipelineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(yaml.safe_dump(chart_values(outputs), sort_keys=False))
    return 0


def deploy(stack: str, given: Sequence[str]) -> Mapping[str, str]:
    """The stack's outputs once it is as the template and the parameters (`Name=value`) say. Raises InvalidSettings."""
    if not NAME.fullmatch(stack):
        raise InvalidSettings(f"STACK={stack} is no name: it takes 2 to 20 lower-case letters, digits and hyphens")
    cloudformation = boto3.client("cloudformation")
    template, known = TEMPLATE.read_text(), _parameters_of(cloudformation, stack)
    declared = list(yaml.load(template, Loader=_Loader)["Parameters"])  # noqa: S506 it is a SafeLoader
    about: Any = {
        "StackName": stack,
        "TemplateBody": template,
        "Parameters": parameters(given, declared, known or {}),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    if known is None:
        cloudformation.create_stack(**about, EnableTerminationProtection=True)
        _wait(cloudformation, stack, "create")
    elif _updated(cloudformation, about):
        _wait(cloudformation, stack, "update")
    return {one["OutputKey"]: one["OutputValue"] for one in _described(cloudformation, stack)["Outputs"]}


def parameters(given: Sequence[str], declared: Sequence[str], known: Mapping[str, str]) -> "list[ParameterTypeDef]":
    """As CloudFormation takes them; what a stack has already stays unless it is given. Raises InvalidSettings."""
    pairs = dict(word.partition("=")[::2] for word in given)
    if strange := sorted(pairs.keys() - {*declared}):
        raise InvalidSettings(f"the template has no parameter {strange[0]}: it takes {', '.join(declared)}")
    kept = {name: text for name, text in known.items() if name in declared}
    return [{"ParameterKey": name, "ParameterValue": text} for name, text in (kept | pairs).items()]


def chart_values(outputs: Mapping[str, str]) -> dict[str, Any]:
    """The values of helm/movalytics that the stack decides."""
    roles = {name: outputs[f"{name.capitalize()}Role"] for name in ACCOUNTS}
    annotated = {name: {"annotations": {"eks.amazonaws.com/role-arn": role}} for name, role in roles.items()}
    policy: dict[str, Any] = {"warehouseCidrs": [outputs["WarehouseCidr"]]}
    by_annotation = outputs["Trust"] == "IRSA"
    return {
        "images": {"registry": outputs["Registry"]},
        "lake": outputs["Lake"],
        "warehouse": {
            "host": outputs["WarehouseHost"],
            "database": outputs["Database"],
            "credentials": "serverless",
            "workgroup": outputs["Workgroup"],
            "region": outputs["Region"],
        },
        "copyRole": outputs["CopyRole"],
        **({"serviceAccounts": annotated} if by_annotation else {}),
        "networkPolicy": policy if by_annotation else policy | {"extraEgress": [AGENT]},
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--stack", default="movalytics", help="the stack's name, which begins all others")
    parser.add_argument("parameters", nargs="*", metavar="Name=value", help="of the template; others stay as they are")
    return parser


def _described(cloudformation: "CloudFormationClient", stack: str) -> Any:
    return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]


def _parameters_of(cloudformation: "CloudFormationClient", stack: str) -> dict[str, str] | None:
    """The parameters that the stack has, None when there is no stack."""
    try:
        found = _described(cloudformation, stack).get("Parameters", [])
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return {one["ParameterKey"]: one["ParameterValue"] for one in found}


def _updated(cloudformation: "CloudFormationClient", about: Mapping[str, Any]) -> bool:
    """Whether anything was to be changed."""
    try:
        cloudformation.update_stack(**about)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return False
        raise
    return True


def _wait(cloudformation: "CloudFormationClient", stack: str, verb: str) -> None:
    """Until it is done. Raises StorageFailed with what CloudFormation says of the first resource that failed."""
    sys.stderr.write(f"{verb} of stack {stack}: Redshift takes some minutes\n")
    waiter: Any = cloudformation.get_waiter(f"stack_{verb}_complete")  # type: ignore[call-overload]
    try:
        waiter.wait(StackName=stack, WaiterConfig=ATTEMPTS)
    except WaiterError as error:
        raise StorageFailed(f"the {verb} of stack {stack} failed: {_reason(cloudformation, stack)}") from error


def _reason(cloudformation: "CloudFormationClient", stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [one for one in events if one.get("ResourceStatus", "").endswith("_FAILED")]
    if not failed:
        return f"see its events in CloudFormation ({_described(cloudformation, stack)['StackStatus']})"
    first = failed[-1]  # events come newest first, and the first failure is what cancelled the others
    return f"{first.get('LogicalResourceId')}: {first.get('ResourceStatusReason', first.get('ResourceStatus'))}"


@contextmanager
def _errors_translated() -> Iterator[None]:
    """What AWS and its client say, as ours."""
    try:
        yield
    except (NoCredentialsError, NoRegionError) as error:
        raise AccessDenied(
            f"{error}: set AWS_PROFILE and AWS_DEFAULT_REGION, or log in with `aws sso login`"
        ) from error
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if "AccessDenied" in code or "Token" in code:
            raise AccessDenied(
                f"AWS refused ({code}: {message}): manifests/aws/README.md says what is needed"
            ) from error
        raise InvalidSettings(f"CloudFormation does not take this ({code}: {message})") from error
    except BotoCoreError as error:
        raise Unavailable(f"AWS did not answer: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
