"""In which order runs stand: Kaggle's version, then the CPI series, then the attempt."""

from itertools import pairwise

import pytest
from movalytics_common.errors import PublishRefused
from movalytics_warehouse.ledger import Run, content_digest, refuse_older


def run(movies: str, cpi: str = "2023-11-01-00000000", attempt: int = 1, forced: bool = False) -> Run:
    return Run(f"{movies} {cpi} {attempt}", attempt, movies, cpi, "code", forced)


def test_runs_stand_by_data_set_then_by_month_then_by_attempt() -> None:
    ordered = [
        run("files-abc", "2024-01-01-ffffffff", attempt=9),
        run("7", "2023-11-01-ffffffff", attempt=8),
        run("7", "2023-12-01-00000000", attempt=1),
        run("7", "2023-12-01-00000000", attempt=2),
        run("10", "2020-01-01-00000000", attempt=1),
    ]
    assert all(earlier.order < later.order for earlier, later in pairwise(ordered))


def test_two_states_of_a_series_that_ends_in_one_month_are_equally_old() -> None:
    assert run("7", "2026-09-01-0123abcd").data_order == run("7", "2026-09-01-fedcba98").data_order


def test_versions_of_unknown_form_stand_before_all_others() -> None:
    assert run("latest", "unknown").data_order == (0, "")


def test_an_older_run_is_refused_with_both_names() -> None:
    with pytest.raises(PublishRefused, match=r"run 6 .* is older than the published run 7 "):
        refuse_older(run("6"), run("7"), is_older=True)


def test_an_older_run_is_accepted_when_it_is_forced() -> None:
    refuse_older(run("6", forced=True), run("7"), is_older=True)


def test_the_content_digest_does_not_depend_on_the_order_of_tables() -> None:
    assert content_digest({"a": "1", "b": "2"}) == content_digest({"b": "2", "a": "1"})
    assert content_digest({"a": "1", "b": "2"}) != content_digest({"a": "2", "b": "1"})
