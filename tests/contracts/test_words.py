"""The report has words for everything that the other components name."""

import importlib
import pkgutil
import tomllib
from pathlib import Path

import movalytics_spark
from movalytics_common.declaration import inputs, marts, tables
from movalytics_warehouse import words

SQL = Path(__file__).parents[2] / "sql"
WORDS = "images/warehouse/movalytics_warehouse/words.py"
REASONS = ("REJECTIONS", "MERGES", "REPAIRS")


def emitted() -> set[str]:
    """The reasons that the transforms declare, each module for its table or input."""
    names = [module.name for module in pkgutil.iter_modules(movalytics_spark.__path__)]
    modules = [importlib.import_module(f"movalytics_spark.{name}") for name in names]
    return {reason for module in modules for kind in REASONS for reason in getattr(module, kind, ())}


def bounded() -> set[str]:
    """What the tables' declarations set a ceiling for."""
    declared = [tomllib.loads(path.read_text()) for path in SQL.glob("*/table.toml")]
    accounts = [*declared, *(account for table in declared for account in table.get("inputs", {}).values())]
    parts = ("losses", "repairs", "series", "history")
    return {name for account in accounts for part in parts for name in account.get(part, {})}


def test_every_reason_that_a_transform_emits_has_words():
    reasons = emitted()
    assert {"other_name", "merged_duplicate", "film_not_in_catalogue"} <= reasons
    assert reasons - words.REASONS.keys() == set(), f"write what it means into REASONS of {WORDS}"


def test_every_ceiling_that_a_person_can_raise_has_words():
    # Nobody raises a drift: naming the reason itself does it.
    without = bounded() - words.REASONS.keys() - words.CEILINGS.keys() - {"drift"}
    assert without == set(), f"write what it means into REASONS or CEILINGS of {WORDS}"


def test_every_table_mart_and_input_has_words():
    assert {*tables(), *marts(), *inputs()} - words.labels().keys() == set(), f"labels() of {WORDS} must have it"
