"""The chart refuses nonsense, in words that say where it stands, before anything reaches a cluster."""

import pytest

from tests.cluster.chart import CHART, NEEDED, NEEDS_HELM, helm

pytestmark = NEEDS_HELM

HIGHEST = "--set=applications.ratings.executors.max"


def refused(*arguments: str) -> str:
    done = helm("template", "movalytics", str(CHART), *NEEDED, *arguments)
    assert done.returncode != 0, "helm took it"
    return done.stderr


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (f"{HIGHEST}=four", "at '/applications/ratings/executors/max': got string, want integer"),
        (f"{HIGHEST.replace('--set', '--set-string')}=4", "got string, want integer"),
        (f"{HIGHEST}=-1", "at '/applications/ratings/executors/max': minimum: got -1, want 1"),
        (f"{HIGHEST}=2.5", "want integer"),
        ("--set=applications.catalogue.executors.memory=2", "got number, want string"),
        ("--set=applications.catalogue.executors.memory=lots", "'lots' does not match pattern"),
        ("--set=deadlines.publish=0", "at '/deadlines/publish': minimum: got 0, want 10"),
        ("--set=deadlines.upload=600", "additional properties 'upload' not allowed"),
        ("--set=warehouse.password=hunter2", "additional properties 'password' not allowed"),
        ("--set=warehouse.port=70000", "at '/warehouse/port'"),
        ("--set=warehouse.sslmode=maybe", "at '/warehouse/sslmode'"),
        ("--set=schedules.daily=tomorrow", "at '/schedules/daily'"),
        ("--set=timeZone=3", "at '/timeZone': got number, want string"),
        ("--set=suspend=perhaps", "at '/suspend': got string, want boolean"),
        ("--set=lake=file:///lake", "at '/lake'"),
        ("--set=copyRole=admin", "at '/copyRole'"),
        ("--set=networkPolicy.httpsCidrs={anywhere}", "at '/networkPolicy/httpsCidrs/0'"),
    ],
)
def test_the_schema_refuses(value, sentence):
    assert sentence in refused(value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            ["--set=applications.ratings.executors.min=5", f"{HIGHEST}=4"],
            "applications.ratings.executors.min is 5 and above max, which is 4: lower min or raise max",
        ),
        (["--set=lake="], "lake is empty: give the lake's root, as in lake=s3://bucket/prefix"),
        (["--set=warehouse.host="], "warehouse.host is empty: give Redshift's host name"),
        (["--set=warehouse.user="], "warehouse.user is empty"),
        (["--set=warehouse.credentials=provisioned"], "warehouse.cluster is empty"),
        (["--set=warehouse.credentials=serverless"], "warehouse.workgroup is empty"),
    ],
)
def test_what_takes_two_values_to_see_is_refused_in_a_sentence(values, sentence):
    assert sentence in refused(*values)
