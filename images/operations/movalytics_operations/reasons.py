"""Why a run failed, as one plain sentence: which nodes of its Workflow failed, and what Argo knows of them."""

import re
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
CHARACTERS = 500
SIGNALS = _SIGKILL, _SIGTERM = 137, 143  # 128 and the signal's number
STOPPED = "stopped by argo stop"
AT_DEADLINE = " (ended at its deadline)"
POD_DELETED = "its pod was deleted"
NO_POD = "no pod could be created before its deadline: is the namespace's quota full?"

_BARE = re.compile(r"(?:\w+: )?(\w+) \(exit code (\d+)\)")
_SENTENCE = re.compile(r"(?:^|\bmain: )Error \(exit code \d+\): (.+)", re.DOTALL)
_DEADLINE = re.compile(
    r"longer than the specified deadline|exceeded (?:its|workflow) deadline|^deadline exceeded$|^timeout$",
    re.IGNORECASE,
)


def sentence(step: str, reason: str, suffix: str = "") -> str:
    """`step: reason`, on one line, at most 500 characters."""
    text = f"{step}: {' '.join(reason.split())}"
    room = CHARACTERS - len(suffix)
    return (text if len(text) <= room else text[: room - 1] + "…") + suffix


def failed_nodes(workflow: Document) -> list[Document]:
    """The pods that failed, the earliest first; neither the exit handler's nor those that another attempt followed."""
    run, nodes = workflow["metadata"]["name"], _nodes(workflow)
    followed = _followed(nodes)
    failed = [
        node
        for node in nodes.values()
        if node.get("type") == "Pod"
        and node.get("phase") in {"Failed", "Error"}
        and node.get("id") not in followed
        and not _is_exit_handler(node, run)
    ]
    return sorted(failed, key=lambda node: node.get("finishedAt") or "9999")


def is_stopped(workflow: Document) -> bool:
    """Whether somebody said `argo stop`."""
    return bool((workflow.get("spec") or {}).get("shutdown") == "Stop")


def is_transform(node: Document) -> bool:
    """Whether a SparkApplication did the step's work."""
    return str(node.get("templateName", "")).startswith("transform-")


def is_timed_out(node: Document) -> bool:
    """Whether a deadline ended the step."""
    return bool(_DEADLINE.search(node.get("message") or ""))


def application_name(run: str, node: Document) -> str:
    """The step's SparkApplication."""
    return f"{run}-{node['templateName']}"


def pod_name(run: str, node: Document) -> str:
    """What Argo calls the node's pod: its events can outlive it."""
    return f"{run}-{node['templateName']}-{str(node['id']).rpartition('-')[2]}"


def said_by_step(node: Document) -> str:
    """The sentence that the step ended with, if it had one."""
    match = _SENTENCE.search(node.get("message") or "")
    return match[1].strip() if match else ""


def suffix(workflow: Document, node: Document) -> str:
    """What is to be added to the reason: a deadline, and how often it was tried."""
    return (AT_DEADLINE if is_timed_out(node) else "") + _tries(_nodes(workflow), node)


def ending(reason: str, code: int) -> str:
    """How a container ended that said nothing: Kubernetes' reason and its exit code, in words."""
    if reason == "OOMKilled":
        return f"ran out of memory (OOMKilled, exit code {code}): give it more"
    if reason in {"ContainerStatusUnknown", "Unknown"}:
        return f"was lost with its node ({reason}, exit code {code})"
    if code == _SIGTERM:
        return f"was ended from outside (exit code {code}, SIGTERM): its pod was evicted, preempted, drained or deleted"
    if code == _SIGKILL:
        return f"was killed (exit code {code}, SIGKILL): its memory may have run out, or its node did not wait for it"
    return f"{reason} (exit code {code})"


def last_words(workflow: Document) -> str:
    """What Argo itself says, when nothing better is known."""
    run = workflow["metadata"]["name"]
    if failed := failed_nodes(workflow):
        node = failed[0]
        return sentence(
            node.get("templateName", run), _words(node.get("message") or ""), _tries(_nodes(workflow), node)
        )
    words = (workflow.get("status") or {}).get("message") or _nodes(workflow).get(run, {}).get("message")
    return sentence(run, words or f"no step says why: look at `argo get {run}`")


def _words(message: str) -> str:
    if bare := _BARE.fullmatch(message):
        return ending(bare[1], int(bare[2]))
    return {"": "failed without a word", "timeout": NO_POD, "pod deleted": POD_DELETED}.get(message, message)


def _nodes(workflow: Document) -> Mapping[str, Document]:
    return (workflow.get("status") or {}).get("nodes") or {}


def _attempts(nodes: Mapping[str, Document]) -> list[list[str]]:
    """The ids of each step's attempts, in their order."""
    found = []
    for retry in nodes.values():
        if retry.get("type") == "Retry":
            children = [nodes[child] for child in retry.get("children") or [] if child in nodes]
            pods = [node for node in children if node.get("type") == "Pod"]
            found.append([str(node["id"]) for node in sorted(pods, key=lambda node: node.get("startedAt") or "")])
    return found


def _followed(nodes: Mapping[str, Document]) -> set[str]:
    """The attempts that Argo made up for with another one."""
    return {node for attempts in _attempts(nodes) for node in attempts[:-1]}


def _tries(nodes: Mapping[str, Document], node: Document) -> str:
    tries = next((len(attempts) for attempts in _attempts(nodes) if node.get("id") in attempts), 1)
    return f" (after {tries} attempts)" if tries > 1 else ""


def _is_exit_handler(node: Document, run: str) -> bool:
    name = str(node.get("name", ""))
    return name.endswith(".onExit") or name.startswith(f"{run}.onExit")
