"""From which year on an incremental mart is computed anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from movalytics_common.declaration import Table, marts, tables
from movalytics_warehouse.ledger import Run
from movalytics_warehouse.load.filling import Filling
from movalytics_warehouse.load.marts import BEGINNING, event_time_start, origin_digest
from movalytics_warehouse.partitions import Content, Contents

RUN = Run("second", 2, "8", "2023-11-01-0123abcd", "c0de", forced=False)
SQL = {f"marts/{name}/publish.sql": "sql" for name in marts()}
INCREMENTAL = pytest.mark.parametrize(
    "mart", [mart for mart in marts().values() if mart.incremental], ids=lambda mart: mart.name
)
MONTHS = {month: Content(2, month, {}) for month in ("2015-07", "2016-02", "2016-09")}
EVERY: Mapping[str, Contents] = MappingProxyType(
    {name: MONTHS if table.partition else {"": Content(2, "same", {})} for name, table in tables().items()}
)


def filling(mart: Table, run: Run = RUN, **changed: Contents) -> Filling:
    """On the way from a publication of every table to one in which these hold something else."""
    of_mart = {mart.name: {"": Content(4, origin_digest(mart, SQL, EVERY), {})}}
    return Filling(run, RUN, {**EVERY, **changed}, {**EVERY, **of_mart}, {})


@INCREMENTAL
def test_it_is_the_first_year_in_which_a_month_differs_comes_or_goes(mart: Table) -> None:
    differs = {**MONTHS, "2016-09": Content(3, "other", {})}
    comes = {**MONTHS, "2014-12": Content(1, "new", {})}
    goes = {name: content for name, content in MONTHS.items() if name != "2015-07"}
    starts = [event_time_start(filling(mart, ratings=ratings), mart, SQL) for ratings in (differs, comes, goes)]
    assert starts == [date(2016, 1, 1), date(2014, 1, 1), date(2015, 1, 1)]


@INCREMENTAL
def test_it_is_the_beginning_when_anything_but_ratings_differs(mart: Table) -> None:
    ratings = {**MONTHS, "2016-09": Content(3, "other", {})}
    for other in set(mart.reads) - {"ratings"}:
        way = filling(mart, ratings=ratings, **{other: {"": Content(2, "other", {})}})
        assert event_time_start(way, mart, SQL) == BEGINNING
    assert event_time_start(filling(mart, ratings=ratings), mart, {**SQL, "answers/ddl/1.sql": "new"}) == BEGINNING
    assert event_time_start(filling(mart, replace(RUN, rebuilds=True), ratings=ratings), mart, SQL) == BEGINNING


@INCREMENTAL
def test_it_is_the_beginning_when_nobody_knows_what_is_there(mart: Table) -> None:
    way = filling(mart, ratings={**MONTHS, "2016-09": Content(3, "other", {})})
    assert event_time_start(replace(way, old={}), mart, SQL) == BEGINNING
    assert event_time_start(replace(way, old={**way.old, mart.name: {}}), mart, SQL) == BEGINNING
