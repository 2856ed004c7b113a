"""How repeated keys are looked for: by the first column where that cannot hide a row."""

from dataclasses import replace

import pytest
from movalytics_common.declaration import Table, tables
from movalytics_warehouse.derived import EVERY_ROW
from movalytics_warehouse.quality.suite import _candidates

RATINGS = tables()["ratings"]
NULLABLE = replace(RATINGS, columns=tuple(replace(column, rules=()) for column in RATINGS.columns))


@pytest.mark.parametrize(("table", "is_narrowed"), [(RATINGS, True), (NULLABLE, False)])
def test_rows_without_a_first_column_are_compared_too_where_there_may_be_some(table: Table, is_narrowed: bool) -> None:
    found = _candidates(table, RATINGS.primary_key, "movies_staging", EVERY_ROW)
    assert (found != 'movies_staging."ratings"') is is_narrowed
