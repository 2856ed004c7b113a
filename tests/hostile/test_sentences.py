"""What an error quotes can neither forge a line of a log nor command a terminal, nor fill either."""

import unicodedata

from hypothesis import example, given
from movalytics_common.errors import LONGEST, InvalidData, sentence
from redshift_local.refusal import Refusal

from tests.hostile.material import HUGE, hostile, texts
from tests.hostile.told import is_a_sentence


@hostile
@given(texts())
@example(HUGE)
@example("\x1b]0;owned\x07\nERROR forged\u202etxt.exe\ud800")
def test_an_error_is_a_sentence_whatever_it_quotes(text: str) -> None:
    assert is_a_sentence(str(InvalidData(f"{text} is no number: correct it")))


@hostile
@given(texts())
@example(HUGE)
def test_a_refusal_fits_into_a_field_of_the_protocol(text: str) -> None:
    for value in Refusal("42601", f'syntax error at or near "{text}"', text).fields.values():
        assert "\0" not in value.encode().decode()
        assert len(value) <= LONGEST


@hostile
@given(texts())
def test_an_ordinary_sentence_stays_as_it_is(text: str) -> None:
    plain = "".join(each for each in text if unicodedata.category(each)[0] in "LNPS" or each == " ")[:LONGEST]
    assert sentence(plain) == plain
