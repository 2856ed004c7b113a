"""What a person reads in a terminal."""

from datetime import timedelta

import pytest
from movalytics_operations.terminal import duration, plural, section, size, table


def test_columns_are_as_wide_as_their_widest_text_and_lines_end_with_it() -> None:
    assert table([("run", "rows"), ("a-long-name", "1")]) == "run          rows\na-long-name  1\n"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (5e15, "5000.0 TB")]
)
def test_a_size_has_a_unit_that_keeps_it_short(count: float, text: str) -> None:
    assert size(count) == text


def test_one_is_no_plural() -> None:
    assert [plural(1, "folder"), plural(1200, "folder")] == ["1 folder", "1,200 folders"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (200, "3 min 20 s"), (3900, "1 h 5 min")]
)
def test_a_span_of_time_is_as_exact_as_a_person_needs(seconds: float, text: str) -> None:
    assert duration(timedelta(seconds=seconds)) == text


def test_a_section_without_rows_is_nothing() -> None:
    assert section("Rows", []) == ""
    assert section("Rows", [("a", "1")]) == "Rows\n  a  1\n"
