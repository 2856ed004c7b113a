"""Container templates with the defaults every step has: image, deadline, retry, resources, security, writable /tmp."""

from collections.abc import Sequence
from dataclasses import dataclass

from hera.workflows import Container, EmptyDirVolume, Parameter, Resources, RetryStrategy, SecretEnvFrom
from hera.workflows.models import (
    Capabilities,
    PodSecurityContext,
    SeccompProfile,
    SecurityContext,
    ValueFrom,
)

from movalytics_workflows import lake
from movalytics_workflows.parameters import value

# Argo retries a lost pod (OnError) only: a step that says why it failed would fail again.
LOST_POD = RetryStrategy(limit=3, retry_policy="OnError")
POD_SECURITY = PodSecurityContext(
    run_as_non_root=True, run_as_user=8737, fs_group=8737, seccomp_profile=SeccompProfile(type="RuntimeDefault")
)
_CONTAINER_SECURITY = SecurityContext(
    allow_privilege_escalation=False, capabilities=Capabilities(drop=["ALL"]), read_only_root_filesystem=True
)


@dataclass(frozen=True)
class Room:
    """A room whose image steps run: its module, its Secret (all keys become environment), its resources."""

    name: str
    module: str
    secret: str
    resources: Resources


EXTRACT = Room(
    "extract",
    "movalytics_extract",
    "movalytics-sources",
    Resources(cpu_request="100m", memory_request="256Mi", memory_limit="1Gi"),
)
WAREHOUSE = Room(
    "warehouse",
    "movalytics_warehouse",
    "movalytics-warehouse",
    Resources(cpu_request="100m", memory_request="256Mi", memory_limit="1Gi"),
)


def container(
    step: str, room: Room, arguments: Sequence[str], inputs: Sequence[str] = (), outputs: Sequence[str] = ()
) -> Container:
    """The template `step` that runs `python -m <room's module> <arguments> --record=… --debug=…`.

    `inputs` are names of parameters; `outputs` are names of parameters that the step writes to the file it is told
    by `--<name>-to=`.
    """
    written = [f"--{name}-to={{{{outputs.parameters.{name}.path}}}}" for name in outputs]
    common = [f"--record={lake.record(step)}", f"--debug={value('debug')}"]
    return Container(
        name=step,
        image=f"{value('registry')}/{room.name}:{value('version')}",
        image_pull_policy="IfNotPresent",
        command=["python", "-m", room.module],
        args=[*arguments, *written, *common],
        inputs=[Parameter(name=name) for name in inputs],
        outputs=[Parameter(name=name, value_from=ValueFrom(path=f"/tmp/{name}")) for name in outputs],  # noqa: S108 in a pod of its own
        active_deadline_seconds=value(f"{step}-deadline"),
        retry_strategy=LOST_POD,
        service_account_name=f"movalytics-{room.name}",
        resources=room.resources,
        security_context=_CONTAINER_SECURITY,
        env_from=[SecretEnvFrom(name=room.secret, optional=True)],
        volumes=[EmptyDirVolume(name="tmp", mount_path="/tmp")],  # noqa: S108
    )
