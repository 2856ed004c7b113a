"""Why a run failed, as one plain sentence: which nodes of its Workflow failed, and what Argo knows of them."""

import re
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
CHARACTERS = 500
STOPPED = "stopped by argo stop"
AT_DEADLINE = " (ended at its deadline)"
NO_POD = "no pod could be created before its deadline: is the namespace's quota full?"

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


def last_words(workflow: Document) -> str:
    """What Argo itself says, when nothing better is known."""
    run = workflow["metadata"]["name"]
    if failed := failed_nodes(workflow):
        message = failed[0].get("message") or "failed without a word"
        return sentence(failed[0].get("templateName", run), NO_POD if message == "timeout" else message)
    words = (workflow.get("status") or {}).get("message") or _nodes(workflow).get(run, {}).get("message")
    return sentence(run, words or f"no step says why: look at `argo get {run}`")


def _nodes(workflow: Document) -> Mapping[str, Document]:
    return (workflow.get("status") or {}).get("nodes") or {}


def _followed(nodes: Mapping[str, Document]) -> set[str]:
    """The attempts that Argo made up for with another one."""
    followed: set[str] = set()
    for retry in nodes.values():
        if retry.get("type") == "Retry":
            attempts = [nodes[child] for child in retry.get("children") or [] if child in nodes]
            pods = [node for node in attempts if node.get("type") == "Pod"]
            followed |= {str(node["id"]) for node in sorted(pods, key=lambda node: node.get("startedAt") or "")[:-1]}
    return followed


def _is_exit_handler(node: Document, run: str) -> bool:
    name = str(node.get("name", ""))
    return name.endswith(".onExit") or name.startswith(f"{run}.onExit")
