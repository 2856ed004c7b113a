"""S3 as COPY reads it, with boto3's own configuration: AWS_ENDPOINT_URL, AWS_PROFILE, a pod's role.

What S3 and its client fail with is said in one sentence: whose credentials, which setting, what may pass. Refusals and
what may pass are told as Redshift tells them: clients look for `Status 503`, or for a query's failed connection.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import boto3
from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from redshift_local.copying.unreadable import Missing, Unreadable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MAY_PASS = (
    *(aws.ConnectionError, aws.HTTPClientError, aws.IncompleteReadError, aws.ChecksumError, aws.FlexibleChecksumError),
    *(aws.MetadataRetrievalError, ResponseParserError),
)
_CREDENTIALS = (
    *(aws.NoCredentialsError, aws.PartialCredentialsError, aws.CredentialRetrievalError, aws.UnknownCredentialError),
    *(aws.SSOError, aws.LoginError, aws.TokenRetrievalError, aws.NoAuthTokenError, aws.RefreshWithMFAUnsupportedError),
)
# S3's codes (API reference, "Error responses").
_MISSING = {
    "NoSuchBucket": "the bucket of {uri} does not exist: create it or correct the address",
    "NoSuchKey": "{uri} is not there",
    "404": "{uri} is not there",
}
_ANOTHER_REGION = "the bucket of {uri} is in another region ({code}): set AWS_REGION to its own"
_NO_NAME = "{uri} is no name that S3 takes ({code}): correct the address"
_ANSWER = ",Status {status},Error {code}"
_REFUSED = "S3ServiceException:S3 refused access to {uri}: check the role or the keys" + _ANSWER
_LATER = "S3ServiceException:S3 could not serve {uri} now: run the COPY again" + _ANSWER
_SENTENCES = {
    **dict.fromkeys(("301", "307", "PermanentRedirect", "AuthorizationHeaderMalformed"), _ANOTHER_REGION),
    **dict.fromkeys(("InvalidBucketName", "InvalidURI", "KeyTooLongError"), _NO_NAME),
    **dict.fromkeys(("ExpiredToken", "InvalidToken", "TokenRefreshRequired"), _REFUSED),
    **dict.fromkeys(("InvalidAccessKeyId", "SignatureDoesNotMatch"), _REFUSED),
    **dict.fromkeys(("SlowDown", "RequestTimeout", "RequestLimitExceeded"), _LATER),
    **dict.fromkeys(("Throttling", "ThrottlingException"), _LATER),
    "RequestTimeTooSkewed": "S3 refused access to {uri}, since this machine's clock is wrong: set it",
}


@contextmanager
def open_object(uri: str) -> Iterator[BinaryIO]:
    """A binary stream of the object at `s3://bucket/key`, taken literally. Raises Missing, Unreadable."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    # Reading can be cut midway, too. As a context manager the body would give what it wraps, which checks nothing.
    with _explained(uri), closing(_client().get_object(Bucket=bucket, Key=key)["Body"]) as body:
        yield cast("BinaryIO", body)


@cache
def _client() -> "S3Client":
    try:
        return boto3.client("s3")
    except ValueError as error:  # botocore's word for an endpoint that is no URL
        raise Unreadable(f"S3's address is none ({error}): correct AWS_ENDPOINT_URL") from error


@contextmanager
def _explained(uri: str) -> Iterator[None]:
    try:
        yield
    except aws.ClientError as error:
        raise _of_an_answer(error, uri) from error
    except (aws.BotoCoreError, ResponseParserError) as error:
        raise Unreadable(_of_the_client(error, uri)) from error


def _of_an_answer(error: aws.ClientError, uri: str) -> Unreadable:
    code = error.response.get("Error", {}).get("Code", "")
    if code in _MISSING:
        return Missing(_MISSING[code].format(uri=uri))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    sentence = _SENTENCES.get(code) or _of_a_status(status) or "S3 refused {uri}: {error}"
    return Unreadable(sentence.format(uri=uri, code=code, status=status, error=error))


def _of_a_status(status: int) -> str:
    if status in {401, 403}:
        return _REFUSED
    return _LATER if status == 429 or status >= 500 else ""


def _of_the_client(error: Exception, uri: str) -> str:
    if isinstance(error, aws.NoCredentialsError):
        return f"no AWS credentials for {uri}: set AWS_PROFILE, AWS_ACCESS_KEY_ID, or the pod's role"
    if isinstance(error, _CREDENTIALS):
        return f"the AWS credentials for {uri} cannot be used: {error}"
    if missing := _missing_certificates():
        return f"{missing} is not there: correct it, or unset it to use the usual certificates"
    if isinstance(error, aws.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"S3 cannot be trusted for {uri}: {error}; AWS_CA_BUNDLE names the certificates to trust"
    if isinstance(error, _MAY_PASS):
        return f"S3Query Exception Connection failed, retries exceeded: S3 did not answer for {uri}: {error}"
    return f"S3 cannot be asked for {uri}: {error}"


def _missing_certificates() -> str:
    """The setting that names a file of certificates which is not there; the client tells it as any lost connection."""
    named = ((name, os.environ.get(name)) for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"))
    return next((f"{name}={path}" for name, path in named if path and not Path(path).exists()), "")
