"""Which faults pass, so that a step that met one is tried again, and how patiently: every step's retry strategy.

How an attempt ended is known by Argo 4.0's message (`inferFailedReason` in its workflow/controller/operator.go). It
begins with the container's name when a container ended badly; else the pod or the controller says it.
"""

from hera.workflows import RetryStrategy
from hera.workflows.models import Backoff, IntOrString

from movalytics_workflows.parameters import value

# 75: an outside system did not answer. 143: SIGTERM, the pod was evicted, preempted, drained or deleted.
# The two words: the node was lost, or began anew.
_PASSING = r"^(init|main|wait): (Error [(]exit code (75|143)[)]|ContainerStatusUnknown|Unknown)"
# Kubernetes did not answer, or not yet: said by the controller, or by Argo's own container, whose code is 64.
_NO_ANSWER = "|".join(
    (
        *("failed calling webhook", "connection refused", "connection reset", "no route to host", "i/o timeout", "EOF"),
        *("TLS handshake timeout", "Client.Timeout exceeded", "http2: ", "etcdserver: ", "context canceled"),
        *("unable to handle the request", "he connection to the server", "nable to connect to the server"),
        "[(](InternalError|ServiceUnavailable|Timeout|ServerTimeout|TooManyRequests)[)]",
    )
)
# What ended this pod from outside and would end the next: a deadline, its own hunger, a refusal.
_LASTING = "|".join(
    (
        *(
            "specified deadline",
            "exceeded its deadline",
            "^timeout$",
            "OOMKilled",
            "exceeds the ",
            "exceeded its local",
        ),
        *("is forbidden", "is invalid", "denied the request"),
    )
)
_BLIND_TRIES = 3
# Others wait for what these tell, so they give up earlier.
_LAST_STEPS = {"finish", "alarm"}
# A pod that ended without a word of its container was ended from outside: Argo calls that Failed when it saw the end.
# Of an Error that nothing here knows some more tries tell whether it passes.
PASSES = f"""\
lastRetry.message matches "{_PASSING}"
or ((lastRetry.message startsWith "main: Error (exit code 64)" or not (lastRetry.message startsWith "main: "))
  and lastRetry.message matches "{_NO_ANSWER}")
or (not (lastRetry.message startsWith "main: ") and not (lastRetry.message matches "{_LASTING}")
  and (lastRetry.status == "Failed" or lastRetry.message == "pod deleted" or asInt(retries) < {_BLIND_TRIES}))"""


def patiently(step: str) -> RetryStrategy:
    """The step's strategy: after a passing fault it is tried again, each pause twice as long as the one before.

    `maxDuration` counts from the first attempt's start and ends later attempts too.
    """
    patience = "retry-last-patience" if step in _LAST_STEPS else "retry-patience"
    return RetryStrategy(
        limit=value("retry-limit"),  # without one Argo does not pause
        retry_policy="Always",
        expression=PASSES,
        backoff=Backoff(
            duration=value("retry-pause"),
            factor=IntOrString(root=2),
            cap=value("retry-longest-pause"),
            max_duration=value(patience),
        ),
    )
