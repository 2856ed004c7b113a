"""What a run leaves on a cluster holds none of the secrets that it was given."""

from base64 import b64encode
from collections.abc import Iterator

import pytest

from tests.cluster.place import Json, Place, command, secret

pytestmark = pytest.mark.timeout(1500)
PLANTED = [secret(name) for name in ("PGPASSWORD", "KAGGLE_KEY")]


def left(place: Place) -> Iterator[tuple[str, str]]:
    """All objects of the namespace but Secrets, the logs of all containers, the objects of the lake."""
    for kind in command("kubectl", "api-resources", "--namespaced", "--verbs=list", "--output=name").split():
        if kind != "secrets":
            yield kind, place.kubectl("get", kind, "--output=yaml")
    for pod in place.read_names("pods"):
        yield f"logs of {pod}", place.kubectl("logs", pod, "--all-containers")
    with place.bucket() as bucket:
        for found in bucket.objects.all():
            yield found.key, found.get()["Body"].read().decode(errors="replace")


def leaks(place: Place) -> tuple[int, list[str]]:
    """How many places were searched, and those that hold a secret, as it is or in Base64."""
    marks = [text for mark in PLANTED for text in (mark, b64encode(mark.encode()).decode())]
    searched = list(left(place))
    return len(searched), [name for name, text in searched if any(mark in text for mark in marks)]


def test_no_secret_is_found_in_what_a_run_leaves_and_a_planted_one_is(place: Place, first_starts: list[Json]) -> None:
    assert first_starts[0]["status"]["phase"] == "Succeeded"
    searched, found = leaks(place)
    assert found == []
    assert searched > 100
    place.kubectl("create", "configmap", "leak", f"--from-literal=note=it is {PLANTED[0]}")
    try:
        assert leaks(place)[1] == ["configmaps"]
    finally:
        place.kubectl("delete", "configmap", "leak")
