"""The workflow's parameters: what differs per environment (from a ConfigMap), per run, and what the code fixes."""

from hera.workflows import Parameter
from hera.workflows.models import ConfigMapKeySelector, ValueFrom

from movalytics_workflows.digest import code_digest

CONFIG_MAP = "movalytics"

ENVIRONMENT = {
    "lake": "the lake's root: s3://bucket/prefix",
    "warehouse": "the warehouse's URL: redshift://user@host:port/database?options",
    "copy-role": "the IAM role Redshift's COPY reads the lake with",
    "notify": "the URL that is told how a run ended; empty: nobody",
    "registry": "where the images are, without their names",
    "version": "the images' tag",
    "movies-source": "where the movies dataset comes from",
    "cpi-source": "where the consumer price index comes from",
    "debug": "true: steps log tracebacks",
}
APPLICATIONS = ("catalogue", "ratings")
EXECUTORS = {
    "executors-min": "the fewest executors",
    "executors-max": "the most executors",
    "executor-cores": "cores of an executor",
    "executor-memory": "memory of an executor",
}
# Seconds, counted per attempt. A step that cannot start (image, quota, secret) would wait for ever without one.
DEADLINES = {
    "discover": 900,
    "plan": 600,
    "extract-movies": 3600,
    "extract-cpi": 900,
    "transform-catalogue": 3600,
    "transform-ratings": 3600,
    "stage": 3600,
    "check-staged": 1800,
    "publish": 3600,
    "check-published": 1800,
    "report": 600,
    "finish": 600,
}


def workflow_parameters() -> list[Parameter]:
    """All parameters in the order the Argo UI shows them: a run's own first, then those of the environment."""
    return [
        Parameter(name="movies-version", value="", description="pin of the dataset's version; empty: the newest"),
        Parameter(name="cpi-vintage", value="", description="CPI as known on this date; empty: today"),
        Parameter(
            name="force", value="false", enum=["false", "true"], description="load again what is published, or older"
        ),
        *(_from_config_map(name, text) for name, text in ENVIRONMENT.items()),
        *(
            _from_config_map(f"{application}-{name}", f"{text} of transform-{application}")
            for application in APPLICATIONS
            for name, text in EXECUTORS.items()
        ),
        *(
            _from_config_map(f"{step}-deadline", f"seconds until an attempt of {step} is ended", str(seconds))
            for step, seconds in DEADLINES.items()
        ),
        Parameter(name="code-digest", value=code_digest(), description="of transforms and SQL; set by `make render`"),
    ]


def value(name: str) -> str:
    """How a template names a parameter of the workflow."""
    return f"{{{{workflow.parameters.{name}}}}}"


def _from_config_map(name: str, description: str, default: str | None = None) -> Parameter:
    selector = ConfigMapKeySelector(name=CONFIG_MAP, key=name)
    return Parameter(
        name=name, description=description, value_from=ValueFrom(config_map_key_ref=selector, default=default)
    )
