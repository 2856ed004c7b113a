"""What S3 and its client fail with, as a sentence that says whose credentials, which setting, or what may pass."""

import re
from pathlib import Path

import pytest
from botocore import exceptions as aws
from redshift_local.copying import s3
from redshift_local.copying.files import open_file
from redshift_local.copying.unreadable import Missing, Unreadable


class Failing:
    """A client of S3 that has one answer."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_object(self, **_: str) -> object:
        raise self._error


def answer(code: str, status: int) -> aws.ClientError:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return aws.ClientError(response, "GetObject")


def sentence(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Unreadable:
    """What reading an object ends with when S3 or its client fails so."""
    monkeypatch.setattr(s3, "_client", lambda: Failing(error))
    with pytest.raises(Unreadable) as caught, open_file("s3://lake/a.parquet"):
        pass
    return caught.value


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("NoSuchKey", 404, "s3://lake/a.parquet is not there"),
        ("NoSuchBucket", 404, "the bucket of s3://lake/a.parquet does not exist"),
    ],
)
def test_what_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch, code: str, status: int, words: str) -> None:
    said = sentence(monkeypatch, answer(code, status))
    assert isinstance(said, Missing)
    assert words in str(said)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (answer("AccessDenied", 403), "refused access .*: check the role or the keys,Status 403,Error AccessDenied"),
        (answer("ExpiredToken", 400), "refused access .*: check the role or the keys,Status 400,Error ExpiredToken"),
        (answer("PermanentRedirect", 301), "another region .*: set AWS_REGION"),
        (answer("InvalidBucketName", 400), "no name that S3 takes .*: correct the address"),
        (answer("RequestTimeTooSkewed", 403), "clock is wrong: set it"),
        (answer("SlowDown", 503), "could not serve .* now: run the COPY again,Status 503,Error SlowDown"),
        (answer("InternalError", 500), "could not serve .* now: run the COPY again,Status 500,Error InternalError"),
        (answer("{unheard of}", 400), "S3 refused s3://lake/a.parquet: .*unheard of"),
        (aws.NoCredentialsError(), "no AWS credentials .*: set AWS_PROFILE"),
        (aws.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), "AWS_SECRET_ACCESS_KEY"),
        (aws.EndpointConnectionError(endpoint_url="http://s3"), "did not answer for s3://lake/a.parquet"),
        (aws.SSLError(endpoint_url="https://s3", error="CERTIFICATE_VERIFY_FAILED"), "AWS_CA_BUNDLE names"),
        (aws.ParamValidationError(report="key"), "cannot be asked for s3://lake/a.parquet"),
    ],
)
def test_what_cannot_be_read_says_why(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    said = sentence(monkeypatch, error)
    assert not isinstance(said, Missing)
    assert re.search(words, str(said))


def test_certificates_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "none.pem"))
    lost = aws.EndpointConnectionError(endpoint_url="https://s3")
    assert f"AWS_CA_BUNDLE={tmp_path / 'none.pem'} is not there" in str(sentence(monkeypatch, lost))


def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nowhere")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3._client.cache_clear()
    with pytest.raises(Unreadable, match="correct AWS_ENDPOINT_URL"), open_file("s3://lake/a.parquet"):
        pass
