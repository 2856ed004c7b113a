"""Of a connection that was not made libpq gives words alone: what passes is told from what does not."""

import pytest
from movalytics_common.errors import InvalidSettings, PipelineError, Unavailable
from movalytics_warehouse.redshift.address import parse_address
from movalytics_warehouse.redshift.connection import as_pipeline_error

HOST = 'could not translate host name "films.redshift.amazonaws.com" to address: '


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (f"{HOST}Temporary failure in name resolution", Unavailable),
        (f"{HOST}Name or service not known", InvalidSettings),
        ("connection to server failed: Connection refused", Unavailable),
        ("connection to server failed: timeout expired", Unavailable),
        ("FATAL:  the database system is starting up", Unavailable),
        ("FATAL:  sorry, too many clients already", Unavailable),
    ],
)
def test_a_name_service_or_a_warehouse_that_does_not_answer_now_passes(words: str, kind: type[PipelineError]) -> None:
    error = as_pipeline_error(words, parse_address("redshift://films@films.redshift.amazonaws.com/dev"))
    assert type(error) is kind
    assert words.rpartition(": ")[2].strip() in str(error)
