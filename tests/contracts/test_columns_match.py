"""The transforms write the tables that are declared for their application, each under its declared columns."""

import importlib
import pkgutil
import re
from pathlib import Path

import movalytics_spark
import pytest
from movalytics_common.declaration import tables
from movalytics_spark.columns import CURATED

SPARK_APPS = Path(__file__).parents[2] / "spark_apps"


@pytest.mark.parametrize("table", tables())
def test_the_curated_columns_are_the_declared_ones_in_their_order(table):
    assert CURATED[table].names == [column.name for column in tables()[table].columns]


@pytest.mark.parametrize("table", tables().values(), ids=lambda table: table.name)
def test_the_application_that_is_declared_for_a_table_writes_it(table):
    text = (SPARK_APPS / f"{table.application.replace('-', '_')}.py").read_text()
    assert re.search(rf'"{table.name}"', text), f"{table.application} does not write {table.name}"


def test_every_table_that_an_application_writes_is_declared():
    names = {module.name for module in pkgutil.iter_modules(movalytics_spark.__path__)}
    with_reasons = {name for name in names if hasattr(importlib.import_module(f"movalytics_spark.{name}"), "MERGES")}
    assert tables().keys() <= with_reasons
