"""What a mart declares is what its publish.sql does: the tables it reads, on which depends what is computed anew, and
the columns it fills."""

import re

import pytest
from movalytics_common.declaration import marts, sql_folder, tables_and_marts
from movalytics_warehouse.report.lineage import READ, answers

STORED = {table.name for table in tables_and_marts()}


def stored(name: str) -> set[str]:
    """The table or mart itself; of a view those that it reads."""
    return {name} if name in STORED else {found for read in answers()[name].reads for found in stored(read)}


def statement(mart: str) -> str:
    return (sql_folder() / "marts" / mart / "publish.sql").read_text().lower()


@pytest.mark.parametrize("mart", marts())
def test_a_mart_declares_what_it_reads(mart: str) -> None:
    read = {found for name in READ.findall(statement(mart)) for found in stored(name)} - {mart}
    assert read == set(marts()[mart].reads), f"write it as reads in sql/marts/{mart}/table.toml"


@pytest.mark.parametrize("mart", marts())
def test_a_mart_fills_the_columns_it_declares(mart: str) -> None:
    inserts = re.findall(rf"insert into movies\.{mart}\s*\(([^)]*)\)", statement(mart))
    assert inserts, f"write INSERT INTO movies.{mart} (its columns) in sql/marts/{mart}/publish.sql"
    declared = {column.name for column in marts()[mart].columns}
    for columns in inserts:
        assert declared ^ set(re.findall(r"\w+", columns)) == set(), (
            f"the INSERT of sql/marts/{mart}/publish.sql and [columns] of sql/marts/{mart}/table.toml "
            "must name the same columns: add what one of them lacks, or take it out of the other"
        )
