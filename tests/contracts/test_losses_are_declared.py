"""What the transforms can lose, and what sql/<table>/table.toml allows them to: the same reasons, and the sample's."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from movalytics_warehouse.plan.allowance import parse_allowance
from movalytics_warehouse.plan.ceilings import declared

ROOT = Path(__file__).parents[2]
SAMPLE = tomllib.loads((ROOT / "tests/data/sample.toml").read_text())
ACCOUNTS = sorted({ceiling.account for ceiling in declared().ceilings})


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_reason_of_a_transform_has_a_ceiling_and_every_ceiling_its_reason(account: str) -> None:
    transform = import_module(f"movalytics_spark.{account}")
    reasons = {"rejected": {"total"}, "repaired": set()}
    for ceiling in declared().ceilings:
        if ceiling.account == account and ceiling.kind in reasons:
            reasons[ceiling.kind].add(ceiling.reason)
    assert reasons == {"rejected": {*transform.REJECTIONS, "total"}, "repaired": {*transform.REPAIRS}}, (
        f"the ceilings of {account} in sql/*/table.toml (losses, repairs) and the reasons in "
        f"spark_apps/movalytics_spark/{account}.py must be the same: add or take out what one of them lacks"
    )


def test_what_the_sample_allows_has_a_ceiling_and_the_dev_cluster_says_the_same() -> None:
    assert parse_allowance(SAMPLE["allow"], declared().ceilings)
    values = yaml.safe_load((ROOT / "helm/values-dev.yaml").read_text())
    assert {name: values[name] for name in SAMPLE} == SAMPLE
