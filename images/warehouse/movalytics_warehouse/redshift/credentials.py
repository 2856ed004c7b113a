"""Who logs in: user and password from libpq's environment, or temporary credentials that IAM gives for this login."""

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, ParamValidationError
from movalytics_common.errors import AccessDenied, InvalidSettings, PipelineError, Unavailable

from movalytics_warehouse.redshift.address import Address

# The shortest time AWS gives; it limits the login, not the session.
SECONDS = 900


def login(address: Address) -> tuple[str, str | None]:
    """User and password (None: from libpq's environment). Raises AccessDenied, InvalidSettings, Unavailable."""
    if address.credentials == "password":
        return address.user, None
    try:
        return _provisioned(address) if address.credentials == "provisioned" else _serverless(address)
    except ClientError as error:
        raise _translated(error, address) from error
    except NoCredentialsError as error:
        raise AccessDenied(
            f"no AWS credentials for a login to {address}: set AWS_PROFILE or give the pod a role"
        ) from error
    except (NoRegionError, ParamValidationError) as error:
        reason = " ".join(str(error).split())
        raise InvalidSettings(
            f"cluster=, workgroup= or region= in --warehouse does not make sense: {reason}"
        ) from error
    except BotoCoreError as error:
        raise Unavailable(f"AWS gave no credentials for {address}: {error}") from error


def _provisioned(address: Address) -> tuple[str, str]:
    import boto3  # noqa: PLC0415 a third of a second, which a login by password need not wait for

    client = boto3.client("redshift", region_name=address.region or None)
    answer = client.get_cluster_credentials(
        DbUser=address.user,
        DbName=address.database,
        ClusterIdentifier=address.cluster,
        DurationSeconds=SECONDS,
        AutoCreate=False,
    )
    return answer["DbUser"], answer["DbPassword"]


def _serverless(address: Address) -> tuple[str, str]:
    import boto3  # noqa: PLC0415 as above

    client = boto3.client("redshift-serverless", region_name=address.region or None)
    answer = client.get_credentials(workgroupName=address.workgroup, dbName=address.database, durationSeconds=SECONDS)
    return answer["dbUser"], answer["dbPassword"]


def _translated(error: ClientError, address: Address) -> PipelineError:
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if "NotFound" in code:
        return InvalidSettings(
            f"AWS knows no such cluster or workgroup for {address} ({message}): correct cluster=, workgroup= or region="
        )
    if code in {"ThrottlingException", "Throttling", "InternalServerException", "ServiceUnavailable"}:
        return Unavailable(f"AWS gave no credentials for {address} now ({code})")
    return AccessDenied(f"AWS refused credentials for {address} ({code}: {message}): check the role's permissions")
