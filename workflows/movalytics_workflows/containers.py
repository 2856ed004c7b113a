"""Steps with the defaults that all have (deadline, retry, metrics), and containers with image, security and /tmp."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hera.workflows import Container, EmptyDirVolume, Env, Parameter, Resource, Resources, SecretEnvFrom
from hera.workflows.models import (
    Capabilities,
    PodSecurityContext,
    SeccompProfile,
    SecurityContext,
    ValueFrom,
)

from movalytics_workflows import chart, lake
from movalytics_workflows.metrics import MEASURES, measures, step_metrics
from movalytics_workflows.parameters import value
from movalytics_workflows.retries import patiently

POD_SECURITY = PodSecurityContext(
    run_as_non_root=True, run_as_user=8737, fs_group=8737, seccomp_profile=SeccompProfile(type="RuntimeDefault")
)
_CONTAINER_SECURITY = SecurityContext(
    allow_privilege_escalation=False, capabilities=Capabilities(drop=["ALL"]), read_only_root_filesystem=True
)


@dataclass(frozen=True)
class Component:
    """A component whose image steps run: its module, its account, its Secrets (all keys become environment)."""

    name: str
    module: str
    account: str
    secrets: tuple[str, ...]


EXTRACT = Component("extract", "movalytics_extract", "movalytics-extract", (value("sources-secret"),))
WAREHOUSE = Component("warehouse", "movalytics_warehouse", "movalytics-warehouse", (value("warehouse-secret"),))
OPERATIONS = replace(WAREHOUSE, name="operations", module="movalytics_operations")
# finish and the alarm tell whoever wants to know.
ALARM = replace(OPERATIONS, secrets=(*OPERATIONS.secrets, value("notify-secret")))
# finish alone asks Kubernetes what became of the run, and clears up.
FINISH = replace(ALARM, account="movalytics-finish")
# retention alone may delete from the lake.
RETENTION = replace(OPERATIONS, account="movalytics-retention")
# How the attempt before this one ended ("0": there is none): one that ended with 75 has told what it had to tell.
LAST_EXIT = "--last-exit-code={{lastRetry.exitCode}}"


def deadline(step: str) -> str:
    """A template's `timeout`: unlike activeDeadlineSeconds it also counts while no pod can be created."""
    return f"{value(f'{step}-deadline')}s"


def measuring(step: str, component: Component, arguments: Sequence[str]) -> Container:
    """The template `step`, which besides puts out MEASURES: `--measure` tells it the name and the file of each."""
    paths = [word for name in MEASURES for word in ("--measure", name, f"{{{{outputs.parameters.{name}.path}}}}")]
    template = container(step, component, [*arguments, *paths])
    template.outputs = [_written(name) for name in MEASURES]
    template.metrics = measures(step)
    return template


def container(
    step: str, component: Component, arguments: Sequence[str], inputs: Sequence[str] = (), outputs: Sequence[str] = ()
) -> Container:
    """The template `step` that runs `python -m <component's module> <arguments> --record=… --debug=…`.

    `inputs` are names of parameters; `outputs` are names of parameters that the step writes to the file it is told
    by `--<name>-to=`.
    """
    written = [f"--{name}-to={{{{outputs.parameters.{name}.path}}}}" for name in outputs]
    common = [f"--record={lake.record(step)}", f"--debug={value('debug')}"]
    return Container(
        name=step,
        image=value(f"{component.name}-image"),
        image_pull_policy="IfNotPresent",
        command=["python", "-m", component.module],
        args=[*arguments, *written, *common],
        inputs=[Parameter(name=name) for name in inputs],
        outputs=[_written(name) for name in outputs],
        timeout=deadline(step),
        retry_strategy=patiently(step),
        metrics=step_metrics(step),
        service_account_name=component.account,
        resources=_resources(),
        security_context=_CONTAINER_SECURITY,
        env=[Env(name="AWS_ENDPOINT_URL_S3", value=value("s3-endpoint"))],
        env_from=[SecretEnvFrom(name=secret, optional=True) for secret in (*component.secrets, value("lake-secret"))],
        volumes=[EmptyDirVolume(name="tmp", mount_path="/tmp")],  # noqa: S108
    )


def _written(name: str) -> Parameter:
    return Parameter(name=name, value_from=ValueFrom(path=f"/tmp/{name}"))  # noqa: S108 in a pod of its own


def _resources() -> Resources:
    """The chart's default; "" says nothing."""
    found = chart.values()["steps"]["resources"]
    requests, limits = ({name: text or None for name, text in found[part].items()} for part in ("requests", "limits"))
    return Resources(
        cpu_request=requests["cpu"],
        cpu_limit=limits["cpu"],
        memory_request=requests["memory"],
        memory_limit=limits["memory"],
        ephemeral_request=requests["ephemeral-storage"],
        ephemeral_limit=limits["ephemeral-storage"],
    )


def applied(
    step: str, manifest: str, account: str, until: tuple[str, str], inputs: Sequence[str], *, owned: bool = False
) -> Resource:
    """The template `step` that applies an object and follows it `until` it succeeded or failed, by its status.

    The object's name belongs to the run, so a step that is started again follows the object of its first try; what is
    `owned` goes with its Workflow.
    """
    return Resource(
        name=step,
        action="apply",
        manifest=manifest,
        set_owner_reference=owned or None,
        success_condition=until[0],
        failure_condition=until[1],
        inputs=[Parameter(name=parameter) for parameter in inputs],
        timeout=deadline(step),
        retry_strategy=patiently(step),
        metrics=step_metrics(step),
        service_account_name=account,
    )
