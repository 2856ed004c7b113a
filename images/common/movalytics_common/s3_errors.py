"""What S3 and its client fail with, as our errors: what may pass, whose credentials, which setting."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore import exceptions as aws

from movalytics_common.errors import (
    AccessDenied,
    InvalidSettings,
    MissingInput,
    PipelineError,
    StorageFailed,
    Unavailable,
)


class Conflict(Exception):
    """Somebody is writing the object at this moment."""


_MAY_PASS = (
    *(aws.ConnectionError, aws.HTTPClientError, aws.IncompleteReadError, aws.ChecksumError, aws.FlexibleChecksumError),
    *(aws.MetadataRetrievalError, aws.PaginationError),
)
_CREDENTIALS = (
    *(aws.NoCredentialsError, aws.PartialCredentialsError, aws.CredentialRetrievalError, aws.UnknownCredentialError),
    *(aws.SSOError, aws.LoginError, aws.TokenRetrievalError, aws.NoAuthTokenError, aws.RefreshWithMFAUnsupportedError),
)
# S3's codes (API reference, "Error responses"); HEAD has no body, so there the status is the code.
_ANOTHER_REGION = {
    "301",
    "307",
    "PermanentRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
}
_NO_NAME = {"InvalidBucketName", "InvalidURI", "KeyTooLongError"}
_FULL = {"QuotaExceeded", "XMinioStorageFull", "507"}
_REFUSED = {
    *("AccessDenied", "ExpiredToken", "InvalidToken", "TokenRefreshRequired"),
    *("InvalidAccessKeyId", "SignatureDoesNotMatch"),
}
_LATER = {
    *("SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "RequestLimitExceeded"),
    *("InternalError", "ServiceUnavailable"),
}


@contextmanager
def errors_translated(uri: str) -> Iterator[None]:
    """S3's errors as ours; FileExistsError and Conflict for what a conditional write meets."""
    try:
        yield
    except aws.ClientError as error:
        raise _of_an_answer(error, uri) from error
    except (aws.BotoCoreError, _unreadable()) as error:
        raise _of_the_client(error, uri) from error


def _unreadable() -> type[Exception]:
    """What an answer that is no XML of S3's fails with, which is no error of botocore's family."""
    from botocore.parsers import ResponseParserError  # noqa: PLC0415 as boto3: only where S3 is asked

    return ResponseParserError


def _of_an_answer(error: aws.ClientError, uri: str) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "PreconditionFailed":
        return FileExistsError(uri)
    if code == "ConditionalRequestConflict":
        return Conflict(uri)
    return _setting(code, uri) or _refusal(code, status, uri) or StorageFailed(f"S3 refused {uri}: {error}")


def _setting(code: str, uri: str) -> PipelineError | None:
    if code == "NoSuchBucket":
        return MissingInput(f"the bucket of {uri} does not exist: create it or correct the lake's address")
    if code in _ANOTHER_REGION:
        return InvalidSettings(f"the bucket of {uri} is in another region ({code}): set AWS_REGION to its own")
    if code in _NO_NAME:
        return InvalidSettings(f"{uri} is no name that S3 takes ({code}): correct the lake's address")
    if code == "RequestTimeTooSkewed":
        return InvalidSettings(f"S3 refused access to {uri}, since this machine's clock is wrong: set it")
    return None


def _refusal(code: str, status: int, uri: str) -> PipelineError | None:
    if code in {"404", "NoSuchKey"}:
        return MissingInput(f"{uri} is not there")
    if code in _FULL:
        return StorageFailed(f"S3 has no space left for {uri} ({code}): free some space and run again")
    if code in _REFUSED or status in {401, 403}:
        return AccessDenied(f"S3 refused access to {uri} ({code}): check the role or the keys")
    if code in _LATER or status == 429 or status >= 500:
        return Unavailable(f"S3 could not serve {uri} now ({code})")
    return None


def _of_the_client(error: Exception, uri: str) -> PipelineError:
    if isinstance(error, aws.NoCredentialsError):
        return AccessDenied(f"no AWS credentials for {uri}: set AWS_PROFILE, AWS_ACCESS_KEY_ID, or the pod's role")
    if isinstance(error, _CREDENTIALS):
        return AccessDenied(f"the AWS credentials for {uri} cannot be used: {error}")
    if missing := _missing_certificates():
        return InvalidSettings(f"{missing} is not there: correct it, or unset it to use the usual certificates")
    if isinstance(error, aws.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return InvalidSettings(
            f"S3 cannot be trusted for {uri}: {error}; AWS_CA_BUNDLE names the certificates to trust"
        )
    if isinstance(error, (*_MAY_PASS, _unreadable())):
        return Unavailable(f"S3 did not answer for {uri}: {error}")
    return InvalidSettings(f"S3 cannot be asked for {uri}: {error}")


def _missing_certificates() -> str:
    """The setting that names a file of certificates which is not there; the client tells it as any lost connection."""
    named = ((name, os.environ.get(name)) for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"))
    return next((f"{name}={path}" for name, path in named if path and not Path(path).exists()), "")
