"""The network policies by their effect: who can open a connection to whom, tried from inside pods of each kind."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

import pytest

from tests.cluster.place import REGISTRY, TAG, Json, Place, command

pytestmark = pytest.mark.timeout(600)
AGENT = "169.254.170.23"  # where EKS Pod Identity's agent answers on each node
BLOCK_MANAGER = 7079  # any port: Spark's pods choose theirs
KINDS = {
    "step": {"workflows.argoproj.io/workflow": "a-run"},
    "driver": {"workflows.argoproj.io/workflow": "a-run", "spark-role": "driver"},
    "executor": {"workflows.argoproj.io/workflow": "a-run", "spark-role": "executor"},
    "stranger": {"app": "a-stranger"},
}
LISTEN = """
import http.server, sys, threading
for port in sys.argv[1:]:
    server = http.server.ThreadingHTTPServer(("", int(port)), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever).start()
"""
# Gives the node the agent's address, as the add-on does.
BE_AGENT = f"""
import fcntl, socket, struct
request = struct.pack("16sHH4s8x", b"lo:agent", socket.AF_INET, 0, socket.inet_aton("{AGENT}"))
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8916, request)
"""
REACH = """
import concurrent.futures, json, socket, sys
def reaches(place):
    try:
        socket.create_connection(place, timeout=3).close()
    except OSError:
        return False
    return True
print(json.dumps(list(concurrent.futures.ThreadPoolExecutor(20).map(reaches, json.loads(sys.argv[1])))))
"""
RESTRICTED = {
    "runAsNonRoot": True,
    "runAsUser": 8737,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


def pod(name: str, labels: Json, script: str, *ports: int, security: Json = RESTRICTED, **more: object) -> Json:
    """A pod that listens at these ports."""
    words = ["python", "-c", script, *map(str, ports)]
    main = {"name": "main", "image": f"{REGISTRY}/stand_ins:{TAG}", "command": words, "securityContext": security}
    ready = {"tcpSocket": {"port": ports[0]}, "periodSeconds": 1}
    spec = {"containers": [main | {"readinessProbe": ready}], "terminationGracePeriodSeconds": 0, **more}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels}, "spec": spec}


def started(place: Place, *pods: Json) -> dict[str, str]:
    """Start these pods; name → address."""
    place.kubectl("apply", "--filename=-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}))
    names = [one["metadata"]["name"] for one in pods]
    place.kubectl("wait", "--for=condition=Ready", "--timeout=120s", *(f"pod/{name}" for name in names))
    return {name: place.read("pod", name)["status"]["podIP"] for name in names}


@pytest.fixture(scope="module")
def beyond(cluster: None) -> Iterator[tuple[Place, dict[str, str]]]:
    """Another namespace with who is to be reached, and somebody else: name → address."""
    place = Place(f"movalytics-outside-{uuid4().hex[:6]}")
    command("kubectl", "create", "namespace", place.namespace)
    root = {"runAsUser": 0, "privileged": True}
    try:
        addresses = started(
            place,
            pod("world", {}, LISTEN, 443, 5439, 6443, 80, 8080, security=root),
            pod("elsewhere", {}, LISTEN, 443, 5439, security=root),
        )
        started(place, pod("agent", {}, BE_AGENT + LISTEN, 80, security=root, hostNetwork=True))
        yield place, addresses | name_server(place) | {"agent": AGENT}
    finally:
        place.remove()


@pytest.fixture(scope="module")
def outside(beyond: tuple[Place, dict[str, str]]) -> dict[str, str]:
    """The addresses beyond the namespace."""
    return beyond[1]


@pytest.fixture(scope="module")
def inside(outside: dict[str, str]) -> Iterator[tuple[Place, dict[str, str]]]:
    """A namespace with the chart's policies and a pod of each kind: kind → address."""
    place = Place(f"movalytics-policies-{uuid4().hex[:6]}")
    command("kubectl", "create", "namespace", place.namespace)
    try:
        install(place, outside)
        yield place, started(place, *(pod(kind, labels, LISTEN, BLOCK_MANAGER) for kind, labels in KINDS.items()))
    finally:
        place.remove()


def install(place: Place, outside: dict[str, str], *more: tuple[str, int]) -> None:
    """The chart, with one address for all that is outside; `more` is what every pod of a run may reach besides."""
    world, (server, port) = f"{outside['world']}/32", api_server()
    if "name server" in outside:
        more = (outside["name server"], 53), *more
    policy = {
        "enabled": True,
        "httpsCidrs": [world],
        "warehouseCidrs": [world],
        "apiServerCidrs": [f"{server}/32"],
        "apiServerPorts": [port],
        "extraEgress": [{"cidr": f"{address}/32", "ports": [port]} for address, port in more],
    }
    with NamedTemporaryFile("w", suffix=".json") as values:
        json.dump({"networkPolicy": policy}, values)
        values.flush()
        place.install(values=[Path(values.name)])


def name_server(place: Place) -> dict[str, str]:
    """The address of one on the node; none where pods in kube-system are asked, which the policies know anyway."""
    pods = command("kubectl", "get", "pods", "--namespace=kube-system", "--selector=k8s-app=kube-dns", "--output=name")
    configured = place.kubectl("exec", "world", "--", "cat", "/etc/resolv.conf").splitlines()
    (address,) = [line.split()[1] for line in configured if line.startswith("nameserver")]
    return {} if pods else {"name server": address}


def reached(place: Place, kind: str, places: list[tuple[str, int]]) -> list[bool]:
    """Which of these places a pod of this kind can open a connection to."""
    answer: list[bool] = json.loads(
        place.kubectl("exec", kind, "--", "python", "-c", REACH, json.dumps(places)).splitlines()[-1]
    )
    return answer


def api_server() -> tuple[str, int]:
    """Its address behind the Service, where policies see it."""
    (subset,) = json.loads(command("kubectl", "get", "endpoints", "kubernetes", "--output=json"))["subsets"]
    return subset["addresses"][0]["ip"], subset["ports"][0]["port"]


# Where, and which kinds of pods reach it.
OUTWARDS = [
    (("world", 443), {"step", "driver", "executor"}),
    (("world", 5439), {"step"}),
    (("world", 80), set()),
    (("world", 8080), set()),
    (("elsewhere", 443), set()),
    (("elsewhere", 5439), set()),
    (("api server", 0), {"step", "driver"}),
    (("agent", 80), set()),
]
AMONG = [
    (("driver", BLOCK_MANAGER), {"driver", "executor"}),
    (("executor", BLOCK_MANAGER), {"driver", "executor"}),
    (("step", BLOCK_MANAGER), set()),
    (("stranger", BLOCK_MANAGER), set()),
]


def test_each_kind_of_pod_reaches_what_it_needs_and_nothing_else(
    inside: tuple[Place, dict[str, str]], outside: dict[str, str]
) -> None:
    place, pods = inside
    server, addresses = api_server(), outside | pods
    ways = [*OUTWARDS, *AMONG]
    places = [server if name == "api server" else (addresses[name], port) for (name, port), _ in ways]
    found: dict[tuple[str, int], set[str]] = {where: set() for where, _ in ways}
    for kind in KINDS:
        for (where, _), is_open in zip(ways, reached(place, kind, places), strict=True):
            own = where == (kind, BLOCK_MANAGER)  # no policy stands between a pod and itself
            found[where] |= {kind} if is_open and not own else set()
    wanted = {where: kinds - {where[0]} for where, kinds in ways}
    assert found == wanted


def test_nobody_from_outside_reaches_a_pod_of_a_run(
    inside: tuple[Place, dict[str, str]], beyond: tuple[Place, dict[str, str]]
) -> None:
    _, pods = inside
    places = [(address, BLOCK_MANAGER) for address in pods.values()]
    assert reached(beyond[0], "world", places) == [False] * len(KINDS)


def test_pods_of_a_run_can_ask_for_a_name_and_strangers_cannot(inside: tuple[Place, dict[str, str]]) -> None:
    place, _ = inside
    ask = "import socket; socket.getaddrinfo('kubernetes.default.svc.cluster.local', 443)"
    told = f'timeout 10 python -c "{ask}" 2>/dev/null; echo $?'
    knows = {kind: place.kubectl("exec", kind, "--", "sh", "-c", told).strip() for kind in KINDS}
    assert {kind for kind, code in knows.items() if code == "0"} == KINDS.keys() - {"stranger"}


def test_the_agent_of_pod_identity_is_reached_when_the_values_say_so(
    inside: tuple[Place, dict[str, str]], outside: dict[str, str]
) -> None:
    place, _ = inside
    install(place, outside, (AGENT, 80))
    assert {kind for kind in KINDS if reached(place, kind, [(AGENT, 80)]) == [True]} == KINDS.keys() - {"stranger"}
