"""The parameters that the chart gives an environment's values: what they are called and what each means."""

ENVIRONMENT = {
    "lake": "the lake's root: s3://bucket/prefix",
    "s3-endpoint": "the endpoint of a lake that is not on AWS; empty: AWS",
    "s3-path-style": "true: buckets are addressed as endpoint/bucket",
    "warehouse": "the warehouse's URL: redshift://user@host:port/database?options",
    "copy-role": "the IAM role Redshift's COPY reads the lake with",
    "time-zone": "where a day begins, and what the schedules' hours are of: an IANA name",
    "extract-image": "the image of the steps that fetch",
    "warehouse-image": "the image of the steps that load, check and report",
    "operations-image": "the image of the steps that look after runs",
    "spark-image": "the image of Spark's driver and executors",
    "movies-source": "where the movies dataset comes from",
    "cpi-source": "where the consumer price index comes from",
    "sample": "of what the data are a sample, as a sentence; empty: they are all there is",
    "allow": "ceilings on losses raised for this run, as ratings.not_in_links=0.3 links.shrink=0.5; empty: none",
    "retention-keep": "how many published runs keep their data when retention clears up",
    "sources-secret": "the Secret with the sources' credentials, when they need any",
    "warehouse-secret": "the Secret with the warehouse's password, when it needs one",
    "notify-secret": "the Secret with who is told how runs end, when anybody is",
    "lake-secret": "the Secret with the lake's keys, when it needs any",
    "debug": "true: steps log tracebacks",
}
# Of each Spark application, after its name.
SIZES = {
    "driver-cpu-request": "CPU that the driver asks of Kubernetes",
    "driver-memory": "memory of the driver",
    "executors-min": "the fewest executors",
    "executors-max": "the most executors",
    "executors-idle": "seconds until an idle executor is given back",
    "executor-cores": "cores of an executor",
    "executor-cpu-request": "CPU that an executor asks of Kubernetes",
    "executor-memory": "memory of an executor",
}
# Each with its name among the chart's `retries`; `retries.py` says what they do, README.md why they are as they are.
RETRIES = {
    "retry-patience": (
        "patienceSeconds",
        "seconds from its first attempt in which a step is tried again after a passing fault",
    ),
    "retry-last-patience": ("lastPatienceSeconds", "the same of finish and alarm"),
    "retry-pause": ("pauseSeconds", "seconds before the second attempt; each later pause is twice as long"),
    "retry-longest-pause": ("longestPauseSeconds", "seconds that no pause is longer than"),
    "retry-limit": ("limit", "attempts of a step after its first, at most"),
}
