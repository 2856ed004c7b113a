"""A SparkApplication on one machine: the same file and arguments through spark-submit in local mode."""

import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import yaml
from movalytics_common.errors import InvalidSettings

from movalytics_workflows.house import ROOT
from movalytics_workflows.local.errors import Unsupported
from movalytics_workflows.local.grammar import substitute, tags, unknown

_IMAGE = "local:///opt/movalytics/"
_HONOURED = {"mainApplicationFile", "arguments", "sparkConf"}
_CLUSTER_ONLY = {
    *("type", "pythonVersion", "mode", "image", "imagePullPolicy", "sparkVersion", "hadoopConf", "driver", "executor"),
    *("dynamicAllocation", "restartPolicy", "timeToLiveSeconds", "monitoring", "volumes", "sparkUIOptions"),
}
# Where executors are, what Kubernetes counts and how S3 is written: none of it is there on one machine.
_CLUSTER_CONF = (
    *("spark.kubernetes.", "spark.dynamicAllocation.", "spark.executor.processTree", "spark.hadoop.fs.s3"),
    *(
        "spark.sql.sources.commitProtocolClass",
        "spark.sql.parquet.output.committer.class",
        "spark.metrics.",
        "spark.ui.",
    ),
)


def spark_home() -> Path:
    """Where pyspark is installed beside us, whatever PYTHONPATH says. Raises InvalidSettings when it is not."""
    home = Path(sysconfig.get_path("purelib")) / "pyspark"
    if not (home / "bin" / "spark-submit").is_file():
        raise InvalidSettings(f"pyspark is not installed in {home.parent}: run make install")
    return home


def submit_command(manifest: str, values: Mapping[str, str], scratch: Path) -> list[str]:
    """The spark-submit command of a SparkApplication. Raises Unsupported for what local mode would not honour.

    In local mode the driver does the executors' work, so it gets an executor's memory.
    """
    application = read_application(manifest, values)
    spec = application["spec"]
    conf = {key: text for key, text in spec.get("sparkConf", {}).items() if not key.startswith(_CLUSTER_CONF)}
    if directory := conf.get("spark.eventLog.dir"):
        conf["spark.eventLog.dir"] = quote(directory, safe=":/")  # Spark decodes this address, unlike all others
    java_options = f'{conf.pop("spark.driver.extraJavaOptions", "")} "-Djava.io.tmpdir={scratch}"'.strip()
    conf |= {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        # By itself Spark takes the millisecond: two that begin in one would fight for one event log.
        "spark.test.appId": f"local-{uuid4().hex}",
        "spark.sql.warehouse.dir": f"file://{scratch}/spark-warehouse",
        "spark.driver.extraJavaOptions": java_options,
    }
    settings = [part for key, text in conf.items() for part in ("--conf", f"{key}={text}")]
    memory = str(spec["executor"]["memory"])
    name = ["--name", application["metadata"]["name"]]  # as the Spark Operator does: event logs bear it
    submit = [str(spark_home() / "bin" / "spark-submit"), "--master", "local[*]", *name, "--driver-memory", memory]
    return [*submit, *settings, _on_this_machine(spec["mainApplicationFile"]), *spec.get("arguments", [])]


def read_application(manifest: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The manifest as an object with its values in place. Raises Unsupported for another kind or unknown settings.

    Argo replaces names in the text and reads it as YAML then. Here it is the other way round, so that a path with a
    colon or a hash in it (`/home/me/a: b #1`) stays what it is; numbers therefore become texts.
    """
    places = {f"@{number}@": f"{{{{{tag}}}}}" for number, tag in enumerate(tags(manifest))}
    text = manifest
    for place, tag in places.items():
        text = text.replace(tag, f"x{place}", 1)
    application: dict[str, Any] = yaml.safe_load(text)
    if application.get("kind") != "SparkApplication":
        raise Unsupported(f"the local runner knows the resource SparkApplication, not {application.get('kind')}")
    strange = unknown(application["spec"], _HONOURED | _CLUSTER_ONLY)
    if strange:
        raise Unsupported(f"the local runner does not know {', '.join(strange)} in a SparkApplication")
    filled: dict[str, Any] = _filled(
        application, {f"x{place}": substitute(tag, values) for place, tag in places.items()}
    )
    return filled


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(inner, values) for key, inner in part.items()}
    if isinstance(part, list):
        return [_filled(inner, values) for inner in part]
    if isinstance(part, str):
        for place, value in values.items():
            part = part.replace(place, value)
    return part


def _on_this_machine(file: str) -> str:
    if not file.startswith(_IMAGE):
        raise Unsupported(f"the local runner knows applications below {_IMAGE}, not {file}")
    return str(ROOT / file.removeprefix(_IMAGE))
