"""The warehouse's URL: what is in it, what it must have, and what it must not have."""

import pytest
from movalytics_common.errors import InvalidSettings
from movalytics_warehouse.redshift.address import Address, parse_address


def test_a_url_without_options_means_a_password_and_a_proven_certificate() -> None:
    address = parse_address("redshift://loader@example.com:5439/dev")
    assert address == Address("loader", "example.com", 5439, "dev", credentials="password", sslmode="verify-full")


def test_the_port_is_redshifts_when_none_is_given() -> None:
    assert parse_address("redshift://loader@example.com/dev").port == 5439


def test_names_may_be_percent_encoded() -> None:
    address = parse_address("redshift://me%40work@example.com:1/my%20db")
    assert (address.user, address.database) == ("me@work", "my db")


def test_serverless_needs_no_user_because_iam_names_it() -> None:
    url = "redshift://@example.com/dev?credentials=serverless&workgroup=w&region=eu-west-1"
    assert parse_address(url).workgroup == "w"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u@h/d", "must start with redshift://"),
        ("redshift://u:secret@h/d", "holds a password"),
        ("redshift://h/d", "no user"),
        ("redshift://u@h", "no database"),
        ("redshift://u@/d", "no host"),
        ("redshift://u@h:port/d", "no usable port"),
        ("redshift://u@h/d?ssl=on", "unknown option 'ssl'"),
        ("redshift://u@h/d?sslmode=on", "sslmode=on"),
        ("redshift://u@h/d?credentials=iam", "credentials=iam"),
        ("redshift://u@h/d?credentials=provisioned", "no cluster"),
        ("redshift://u@h/d?credentials=serverless", "no workgroup"),
    ],
)
def test_a_bad_url_is_refused_with_what_is_wrong_in_it(url: str, words: str) -> None:
    with pytest.raises(InvalidSettings, match=words):
        parse_address(url)


def test_a_password_in_the_url_is_not_repeated_in_the_message() -> None:
    with pytest.raises(InvalidSettings) as refusal:
        parse_address("redshift://u:secret@h/d")
    assert "secret" not in str(refusal.value)


def test_an_address_with_half_a_bracket_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="is no URL"):
        parse_address("redshift://[::1/dev")
