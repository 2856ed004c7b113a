"""What a run costs at list prices, which are us-east-1's without any discount, as known in 2025: check them.

https://aws.amazon.com/s3/pricing (S3 Standard), https://aws.amazon.com/fargate/pricing (Linux on x86),
https://aws.amazon.com/redshift/pricing (Serverless)
"""

from dataclasses import dataclass

from movalytics_workflows.sizing.means import Application, Means, Pod
from movalytics_workflows.sizing.plan import Plan
from movalytics_workflows.sizing.rates import CATALOGUE, RATINGS

KNOWN = "list prices of us-east-1 as known in 2025"
PUT, GET = 0.005 / 1000, 0.0004 / 1000  # dollars a request
CPU_HOUR, GIBIBYTE_HOUR = 0.04048, 0.004445  # dollars; Fargate's, since what a node costs is yours to know
RPU_HOUR = 0.375  # dollars


@dataclass(frozen=True)
class Dollars:
    """What a run costs at S3, for Spark's drivers and executors, and at Redshift."""

    requests: float
    spark: float
    redshift: float

    @property
    def together(self) -> float:
        """All three."""
        return self.requests + self.spark + self.redshift


def rpu_hours(plan: Plan) -> float:
    """For which Redshift Serverless is paid."""
    return plan.rpus * plan.load_seconds / 3600


def dollars(plan: Plan, means: Means) -> Dollars:
    """A full run's, without what lies in S3 and Redshift, without nodes that idle and the small pods of the steps."""
    ratings = _application(means.ratings, plan.executors, plan.seconds[RATINGS])
    catalogue = _application(means.catalogue, means.catalogue.most, plan.seconds[CATALOGUE])
    return Dollars(plan.puts * PUT + plan.gets * GET, ratings + catalogue, rpu_hours(plan) * RPU_HOUR)


def _application(sizes: Application, executors: int, seconds: float) -> float:
    return (_an_hour(sizes.driver) + executors * _an_hour(sizes.executor)) * seconds / 3600


def _an_hour(pod: Pod) -> float:
    return pod.cpus * CPU_HOUR + pod.gibibytes * GIBIBYTE_HOUR
