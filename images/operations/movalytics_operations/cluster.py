"""The Kubernetes API as `finish` uses it: what it reads, deletes and patches in the run's namespace, as plain dicts."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import urllib3.exceptions
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from movalytics_common.errors import AccessDenied, InvalidSettings, MissingInput, PipelineError, Unavailable

from movalytics_operations import labels
from movalytics_operations.reasons import Document

WORKFLOWS = "apis/argoproj.io/v1alpha1", "workflows"
APPLICATIONS = "apis/sparkoperator.k8s.io/v1beta2", "sparkapplications"
PODS = "api/v1", "pods"
EVENTS = "api/v1", "events"
SECONDS = (5, 15)  # to connect, to answer
RETRIES = 1  # urllib3's three would make a silent API cost a minute per question
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True)
class Cluster:
    """One namespace. Every method raises AccessDenied, MissingInput (404) or Unavailable."""

    namespace: str
    api: client.ApiClient

    def workflow(self, run: str) -> Document:
        """The Workflow of this name."""
        return self._get(WORKFLOWS, run)

    def patch_workflow(self, run: str, patch: Document) -> None:
        """Merge this into the Workflow."""
        self._call("PATCH", self._path(WORKFLOWS, run), body=patch, headers={"Content-Type": MERGE_PATCH})

    def application(self, name: str) -> Document:
        """The SparkApplication of this name."""
        return self._get(APPLICATIONS, name)

    def applications(self) -> list[Document]:
        """All SparkApplications that a Workflow made."""
        return self._list(APPLICATIONS, labelSelector=labels.RUN)

    def delete_application(self, application: Document) -> None:
        """Delete this very SparkApplication, not one made since under its name, and what belongs to it."""
        name, uid = application["metadata"]["name"], application["metadata"].get("uid")
        options = {"propagationPolicy": "Foreground"} | ({"preconditions": {"uid": uid}} if uid else {})
        self._call("DELETE", self._path(APPLICATIONS, name), body=options)

    def pods(self, selector: str) -> list[Document]:
        """The pods that a label selector selects."""
        return self._list(PODS, labelSelector=selector)

    def pod(self, name: str) -> Document:
        """The pod of this name."""
        return self._get(PODS, name)

    def warnings(self, name: str) -> list[Document]:
        """The Warning events about the object of this name."""
        return self._list(EVENTS, fieldSelector=f"involvedObject.name={name},type=Warning")

    def log(self, pod: str, container: str, lines: int) -> str:
        """The last lines of a container's log."""
        query = {"container": container, "tailLines": str(lines)}
        return self._call("GET", f"{self._path(PODS, pod)}/log", query).decode(errors="replace")

    def _get(self, kind: tuple[str, str], name: str) -> Document:
        path = self._path(kind, name)
        return _objects([self._ask(path)], path)[0]

    def _list(self, kind: tuple[str, str], **query: str) -> list[Document]:
        path = self._path(kind)
        answer = self._ask(path, query)
        return _objects(answer.get("items") or [] if isinstance(answer, Mapping) else None, path)

    def _ask(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        answer = self._call("GET", path, query)
        try:
            return json.loads(answer)
        except ValueError as error:
            raise Unavailable(f"Kubernetes did not answer GET {path} with JSON: {error}") from error

    def _path(self, kind: tuple[str, str], *name: str) -> str:
        group, plural = kind
        return "/".join(["", group, "namespaces", *(quote(part, safe="") for part in (self.namespace, plural, *name))])

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Document | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        try:
            answer = self.api.call_api(
                path,
                method,
                query_params=list((query or {}).items()),
                header_params={"Accept": "application/json, */*", **(headers or {})},
                body=body,
                auth_settings=["BearerToken"],
                _return_http_data_only=True,
                # The client itself would take a log of one line for JSON, and fail at a log that is not UTF-8.
                _preload_content=False,
                _request_timeout=SECONDS,
            )
            return bytes(answer.data)
        except ApiException as error:
            raise _translated(error, f"{method} {path}") from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise Unavailable(f"Kubernetes did not answer {method} {path}: {error}") from error


def connect(namespace: str) -> Cluster:
    """The cluster this pod is on, else the one of KUBECONFIG. Raises InvalidSettings when there is neither."""
    settings = client.Configuration()
    try:
        try:
            config.load_incluster_config(client_configuration=settings)
        except config.ConfigException:
            # told, because the client itself reads KUBECONFIG only once, when it is imported
            config.load_kube_config(os.environ.get("KUBECONFIG"), client_configuration=settings)
    except (config.ConfigException, OSError) as error:
        raise InvalidSettings(
            f"--namespace={namespace} names a cluster but this is no pod and KUBECONFIG leads to none ({error})"
        ) from error
    settings.retries = RETRIES
    return Cluster(namespace, client.ApiClient(settings))


def _objects(found: Any, path: str) -> list[Document]:
    """Objects of Kubernetes, each with a name. Raises Unavailable for the rest: a proxy's word is not the API's."""
    if isinstance(found, list) and all(_is_object(item) for item in found):
        return found
    raise Unavailable(f"Kubernetes did not answer GET {path} with objects: is there a proxy between?")


def _is_object(item: Any) -> bool:
    metadata = item.get("metadata") if isinstance(item, Mapping) else None
    return isinstance(metadata, Mapping) and bool(metadata.get("name"))


def _translated(error: ApiException, what: str) -> PipelineError:
    reason = _words(error)
    if error.status in {401, 403}:
        return AccessDenied(f"Kubernetes refused {what}: {reason}; check finish's Role")
    if error.status == 404:
        return MissingInput(f"Kubernetes knows nothing for {what}: {reason}")
    return Unavailable(f"Kubernetes could not serve {what}: {error.status} {reason}")


def _words(error: ApiException) -> str:
    """The API server's own sentence, which says who may not do what."""
    try:
        return str(json.loads(error.body)["message"])
    except (TypeError, ValueError, KeyError):
        return str(error.reason)
