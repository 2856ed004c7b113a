"""application.yaml is plain YAML that holds what does not vary, and what the mains insist on."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from movalytics_spark.application import REQUIRED

TEXT = (Path(__file__).parents[3] / "spark_apps/application.yaml").read_text()


@pytest.fixture
def spec() -> Any:
    return yaml.safe_load(TEXT)["spec"]


def test_has_no_placeholders() -> None:
    assert "{{" not in TEXT


def test_every_setting_of_spark_is_a_text_as_the_crd_wants_it(spec: Any) -> None:
    assert all(isinstance(value, str) for value in (spec["sparkConf"] | spec["hadoopConf"]).values())


def test_sets_what_the_mains_insist_on(spec: Any) -> None:
    assert spec["sparkConf"].items() >= REQUIRED.items()


def test_counts_are_numbers(spec: Any) -> None:
    counts = [spec["driver"]["cores"], spec["executor"]["cores"], *list(spec["dynamicAllocation"].values())[1:4]]
    assert all(type(count) is int for count in counts)


@pytest.mark.parametrize("role", ["driver", "executor"])
def test_pods_satisfy_the_restricted_standard(spec: Any, role: str) -> None:
    pod, container = spec[role]["podSecurityContext"], spec[role]["securityContext"]
    assert pod["runAsNonRoot"] is True
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
