"""All faults."""

from tests.faults.disk import DISK
from tests.faults.kills import KILLS
from tests.faults.s3 import S3_FAULTS
from tests.faults.sources import SOURCES
from tests.faults.warehouse import WAREHOUSE

FAULTS = [*WAREHOUSE, *DISK, *S3_FAULTS, *KILLS, *SOURCES]
