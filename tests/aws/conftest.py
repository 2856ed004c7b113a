"""Who the tests are to AWS, and where."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest

REGION = "eu-central-1"
ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/5F0C"


@contextmanager
def administrator(endpoint: str) -> Iterator[None]:
    """Who may do all, by the environment alone; what the machine's own says of AWS is forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, text in {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "administrator",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }.items():
            patch.setenv(name, text)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        yield
