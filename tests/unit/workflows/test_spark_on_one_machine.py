"""A SparkApplication of ours becomes a spark-submit in local mode with the same file and arguments."""

from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from movalytics_workflows.daily import daily
from movalytics_workflows.digest import application_digest
from movalytics_workflows.house import ROOT, SPARK_APPS, SQL
from movalytics_workflows.local.errors import Unsupported
from movalytics_workflows.local.graph import Step, read_graph
from movalytics_workflows.local.scopes import Scope, resolve_parameters
from movalytics_workflows.local.settings import Home, parameter_settings
from movalytics_workflows.local.spark import submit_command

HOME = Path('/home/me/it\'s a: "clone" #1, $x')


@pytest.fixture
def ratings() -> tuple[Step, dict[str, str]]:
    """The step transform-ratings with its values in a home whose path is an ordeal."""
    graph = read_graph(daily().to_dict())
    settings = {**parameter_settings(Home(HOME), "redshift://x", debug=False), "movies-source": "x", "cpi-source": "x"}
    scope = Scope("run-1", Path("outputs"), resolve_parameters(graph, settings, {}))
    step = graph.steps["transform-ratings"]
    keys = {"transform-ratings-made": "0123", "transform-ratings-earlier": "abcd"}
    return step, scope.of_step(step, {"movies-version": "files-abc", **keys})


def test_file_and_arguments_are_those_of_the_cluster(ratings: tuple[Step, dict[str, str]]) -> None:
    command = submit_command(ratings[0].manifest, ratings[1], Path("/scratch"))
    lake = f"file://{HOME}/lake"
    at = command.index(str(ROOT / "spark_apps" / "transform_ratings.py"))
    assert command[at + 1 :] == [
        "--run=run-1",
        f"--movies={lake}/raw/movies/version=files-abc",
        "--made=0123",
        f"--output={lake}/curated/ratings/made=0123",
        f"--earlier={lake}/curated/ratings/made=abcd",
        f"--code={application_digest('transform-ratings', SPARK_APPS, SQL)}",
        f"--record={lake}/runs/run=run-1/transform-ratings.json",
        "--debug=false",
    ]
    assert command[0].endswith("pyspark/bin/spark-submit")
    assert command[1:3] == ["--master", "local[*]"]


def test_what_speaks_of_a_cluster_is_left_out(ratings: tuple[Step, dict[str, str]]) -> None:
    manifest = yaml.safe_load(_plain(ratings[0].manifest))
    manifest["spec"]["sparkConf"] |= {
        "spark.kubernetes.x": "1",
        "spark.executor.processTreeMetrics.enabled": "true",
        "spark.sql.ansi.enabled": "true",
    }
    command = submit_command(yaml.safe_dump(manifest), {}, Path("/scratch"))
    assert "spark.sql.ansi.enabled=true" in command
    assert "spark.ui.enabled=false" in command
    assert not [part for part in command if part.startswith(("spark.kubernetes", "spark.executor.processTree"))]


def test_an_application_has_the_operators_name_and_its_event_log_an_address_that_spark_decodes(
    ratings: tuple[Step, dict[str, str]],
) -> None:
    command = submit_command(ratings[0].manifest, ratings[1], Path("/scratch"))
    assert command[3:5] == ["--name", "run-1-transform-ratings"]
    (address,) = (part.partition("=")[2] for part in command if part.startswith("spark.eventLog.dir="))
    assert unquote(address) == f"file://{HOME}/lake/spark-events"
    assert " " not in address


def test_applications_that_begin_at_once_have_event_logs_of_their_own(ratings: tuple[Step, dict[str, str]]) -> None:
    commands = [submit_command(ratings[0].manifest, ratings[1], Path("/scratch")) for _ in range(2)]
    first, second = ({part for part in one if part.startswith("spark.test.appId=")} for one in commands)
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize("change", [{"deps": {"jars": []}}, {"batchScheduler": "volcano"}])
def test_refuses_settings_it_would_not_honour(ratings: tuple[Step, dict[str, str]], change: dict[str, object]) -> None:
    manifest = yaml.safe_load(_plain(ratings[0].manifest))
    manifest["spec"] |= change
    with pytest.raises(Unsupported, match=f"does not know {next(iter(change))} in a SparkApplication"):
        submit_command(yaml.safe_dump(manifest), {}, Path("/scratch"))


def test_refuses_other_resources() -> None:
    with pytest.raises(Unsupported, match="knows the resource SparkApplication, not Job"):
        submit_command("kind: Job\nspec: {}", {}, Path("/scratch"))


def _plain(manifest: str) -> str:
    return manifest.replace("{{", "").replace("}}", "")
