"""A run that cannot succeed ends in time, says why where `argo get` shows it, and leaves the last good tables."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cluster.place import TAG, Json, Place, load_as, moment, pod_nodes

pytestmark = pytest.mark.timeout(1500)
SHORT = "deadlines.transform-catalogue=60,deadlines.transform-ratings=60"


def no_image_of_spark(place: Place) -> None:
    """A tag under which the node has all images but Spark's."""
    tag = f"{TAG}-without-spark"
    for image in ("extract", "warehouse", "operations"):
        load_as(image, f"{image}:{tag}")
    place.install(f"images.tag={tag}", SHORT)


def no_secret(place: Place) -> None:
    """The warehouse's password is in a Secret that nobody made."""
    place.install("secrets.warehouse=not-made-yet")


def no_bucket(place: Place) -> None:
    """The lake is in a bucket that nobody made."""
    place.install("lake=s3://not-made-yet/lake")


def wrong_password(place: Place) -> None:
    """The Secret holds another password than the warehouse knows."""
    place.kubectl("create", "secret", "generic", "outdated", "--from-literal=PGPASSWORD=Wrong-2025")
    place.install("secrets.warehouse=outdated")


def full_quota(place: Place) -> None:
    """The stand-ins ask for 512 MiB of it and a step for 320: a driver with its 1408 does not fit."""
    place.install(SHORT)
    place.kubectl("create", "quota", "full", "--hard=requests.memory=1500Mi")


def no_room_for_executors(place: Place) -> None:
    """Executors that no node has the memory for."""
    place.install("deadlines.transform-ratings=60", "applications.ratings.executors.memory=900g")


@pytest.mark.parametrize(
    ("spoil", "step", "words"),
    [
        (no_image_of_spark, "transform-", r"(ImagePullBackOff|ErrImagePull): .*/spark:.*-without-spark"),
        (no_secret, "plan", r"warehouse:5439/dev refused the user awsuser or the password: check PGPASSWORD"),
        (no_bucket, "discover", "the bucket of s3://not-made-yet/.* does not exist"),
        pytest.param(
            no_room_for_executors,
            "transform-",
            r"no executor of it starts: .*0/\d+ nodes are available: .*Insufficient",
            marks=pytest.mark.slow,
        ),
        (full_quota, "transform-", "pods .* is forbidden: exceeded quota"),
    ],
)
def test_fails_with_its_reason(
    place: Place, published: dict[str, str], spoil: Callable[[Place], None], step: str, words: str
) -> None:
    says_why(place, ended_without_success(place, spoil), f"{step}.*: {words}")
    assert place.digests() == published


def test_a_wrong_password_is_not_tried_again_and_is_told_within_thirty_seconds(
    place: Place, published: dict[str, str]
) -> None:
    over = ended_without_success(place, wrong_password)
    (tried,) = pod_nodes(over, "plan")
    (retry,) = [node for node in over["status"]["nodes"].values() if node["displayName"] == "plan"]
    assert tried["outputs"]["exitCode"] == "77"
    assert moment(retry["finishedAt"]) - moment(retry["startedAt"]) < timedelta(seconds=30)
    says_why(place, over, "plan.*: warehouse:5439/dev refused .* password authentication failed")
    says_why(place, over, "refused the user awsuser or the password")
    assert place.digests() == published


def says_why(place: Place, over: Json, words: str) -> None:
    """`argo get` shows it as the run's message."""
    said = place.argo_get(over["metadata"]["name"])
    (message,) = [line for line in said.splitlines() if line.startswith("Message:")]
    assert re.search(words, message), said


def ended_without_success(place: Place, spoil: Callable[[Place], None]) -> Json:
    """A run in a spoilt place, which is as before again when the run is over."""
    spoil(place)
    try:
        over = place.ended(place.submit(force="true"))
    finally:
        place.kubectl("delete", "resourcequota", "full", "--ignore-not-found")
        place.install()
    assert over["status"]["phase"] in {"Failed", "Error"}
    return over
