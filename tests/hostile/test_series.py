"""FRED's answers: a series of months whose every line lands, or a refusal in one sentence."""

from hypothesis import example, given
from hypothesis import strategies as st
from movalytics_common.errors import InvalidData, PipelineError
from movalytics_extract import series
from movalytics_extract.fred import Fred

from tests.hostile.material import DATES, HUGE, NUMBERS, Octets, answers, hostile, octets, texts
from tests.hostile.server import IMPATIENT, serving
from tests.hostile.told import inert, is_a_sentence, only

HEADER = b"observation_date,CUSR0000SS62031\n"
cells = st.sampled_from([*DATES, *NUMBERS, "1999-01-01", "1999-02-01", "102.7", ".", ""]) | texts(3)
rows = st.lists(st.lists(cells, min_size=1, max_size=3).map(",".join), max_size=6).map("\n".join)
contents = rows.map(lambda text: HEADER + text.encode(errors="surrogatepass")) | octets()


@hostile
@given(contents)
@example(Octets(HEADER + HUGE.encode()))
@example(Octets(HEADER + b'1999-01-01,"' + HUGE.encode() + b'"'))
@example(Octets(HEADER + b"\n" * 1_000_000))
@example(Octets(b"a\n" * 1_000_000))
@example(Octets(HEADER + b"1999-01-01,102.7\n" * 100_000))
def test_what_lands_is_the_whole_series_or_nothing(content: bytes) -> None:
    with inert(), only(InvalidData) as told:
        landed = series.landed(content, "FRED")
        assert content.endswith(landed.partition(b"\n")[2])
        assert series.version(content, "FRED")
    assert is_a_sentence(told.sentence or "read")


DOCUMENT = {
    "count": 2,
    "units": "lin",
    "observations": [{"date": "1999-01-01", "value": "102.7"}, {"date": "1999-02-01", "value": "."}],
}


@hostile
@given(answers(DOCUMENT))
@example(b'{"count": 1e999, "observations": []}')
@example(b'{"observations": [{"date": "1999-01-01,1\\n1999-02-01", "value": "2"}]}')
@example(b'{"count": ' + b"9" * 5_000 + b', "observations": []}')
def test_the_api_s_json_is_a_series_of_as_many_lines_or_is_refused(answer: bytes) -> None:
    with serving(answer) as address, only(PipelineError) as told:
        content = Fred(address, address, "key", IMPATIENT).fetch("")
        assert content.count(b"\n") == answer.count(b'"date"') + 1
        series.version(content, "FRED")
    assert is_a_sentence(told.sentence or "read")


@hostile
@given(answers({"vintage_dates": ["1999-02-19"]}))
def test_the_api_s_first_vintage_is_a_date_or_is_refused(answer: bytes) -> None:
    with serving(answer) as address, only(PipelineError) as told:
        Fred(address, address, "key", IMPATIENT).fetch("1990-01-01")
    assert is_a_sentence(told.sentence)


@hostile
@given(contents)
def test_a_vintage_of_the_public_csv_is_read_or_refused(answer: bytes) -> None:
    with serving(answer) as address, only(PipelineError) as told:
        assert Fred(address, address, "", IMPATIENT).fetch("2020-01-01")
    assert is_a_sentence(told.sentence or "read")
