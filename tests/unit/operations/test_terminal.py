"""What a person reads in a terminal."""

import pytest
from movalytics_operations.terminal import plural, size, table


def test_columns_are_as_wide_as_their_widest_text_and_lines_end_with_it() -> None:
    assert table([("run", "rows"), ("a-long-name", "1")]) == "run          rows\na-long-name  1\n"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (5e15, "5000.0 TB")]
)
def test_a_size_has_a_unit_that_keeps_it_short(count: float, text: str) -> None:
    assert size(count) == text


def test_one_is_no_plural() -> None:
    assert [plural(1, "folder"), plural(1200, "folder")] == ["1 folder", "1,200 folders"]
