"""A mart's `reads` are what its publish.sql reads, through views too: on them depends what is computed anew."""

import pytest
from movalytics_common.declaration import marts, sql_folder, tables_and_marts
from movalytics_warehouse.report.lineage import READ, answers

STORED = {table.name for table in tables_and_marts()}


def stored(name: str) -> set[str]:
    """The table or mart itself; of a view those that it reads."""
    return {name} if name in STORED else {found for read in answers()[name].reads for found in stored(read)}


@pytest.mark.parametrize("mart", marts())
def test_a_mart_declares_what_it_reads(mart: str) -> None:
    statement = (sql_folder() / "marts" / mart / "publish.sql").read_text().lower()
    read = {found for name in READ.findall(statement) for found in stored(name)} - {mart}
    assert read == set(marts()[mart].reads), f"write it as reads in sql/marts/{mart}/table.toml"
