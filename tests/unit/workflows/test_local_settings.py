"""Sources as a person names them, the password's file, the code's digest, and what a log says."""

import re
import tomllib
from pathlib import Path

import pytest
from movalytics_common.errors import MissingInput
from movalytics_workflows.digest import code_digest
from movalytics_workflows.house import SAMPLE
from movalytics_workflows.local.events import Events, last_line
from movalytics_workflows.local.settings import Home, run_name, sources

NOTHING_DECLARED = {"sample": "", "allow": ""}


def test_the_sample_is_the_source_when_none_is_given_and_says_what_it_lacks(tmp_path: Path) -> None:
    found = sources("", tmp_path)
    assert (found.pop("movies-source"), found.pop("cpi-source")) == (str(SAMPLE), str(SAMPLE))
    assert found == tomllib.loads(SAMPLE.with_name("sample.toml").read_text())
    assert found.keys() == {"sample", "allow"}
    assert sources(str(SAMPLE), tmp_path) == sources("", tmp_path)


def test_kaggle_means_the_originals_and_all_of_them(tmp_path: Path) -> None:
    assert sources("kaggle", tmp_path) == {
        "movies-source": "kaggle:rounakbanik/the-movies-dataset",
        "cpi-source": "fred:CUSR0000SS62031",
        **NOTHING_DECLARED,
    }


def test_a_path_is_relative_to_the_caller_and_no_sample(tmp_path: Path) -> None:
    (tmp_path / "my data").mkdir()
    place = str(tmp_path / "my data")
    assert sources("my data", tmp_path) == {"movies-source": place, "cpi-source": place, **NOTHING_DECLARED}


def test_a_source_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"SOURCE=nothing\.zip is not there: give a directory or a \.zip"):
        sources("nothing.zip", tmp_path)


def test_the_password_is_made_once_and_its_owners_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.password() == home.password()
    assert len(home.password()) >= 24
    assert home.password_file.stat().st_mode & 0o777 == 0o600


def test_a_runs_name_leaves_room_for_the_names_made_from_it() -> None:
    assert re.fullmatch(r"movalytics-daily-\d{8}-\d{6}", run_name("movalytics-daily"))


def test_the_digest_changes_with_a_transform_a_query_a_ceiling_and_a_name_and_nothing_else(tmp_path: Path) -> None:
    spark, sql = tmp_path / "spark_apps", tmp_path / "sql"
    spark.mkdir()
    (sql / "movies").mkdir(parents=True)
    digests = [code_digest(spark, sql)]
    changes = [(spark / "a.py", "1"), (spark / "a.py", "2"), (sql / "movies" / "b.sql", "1")]
    for path, text in [*changes, (sql / "movies" / "table.toml", "1"), (sql / "movies" / "table.toml", "2")]:
        path.write_text(text)
        digests.append(code_digest(spark, sql))
    (sql / "movies" / "b.sql").rename(sql / "movies" / "c.sql")
    digests.append(code_digest(spark, sql))
    assert len(set(digests)) == len(digests)
    (spark / "notes.md").write_text("not code")
    assert code_digest(spark, sql) == digests[-1]


def test_events_are_the_whole_json_lines_that_appear_after_the_beginning(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text('{"event": "failed", "error": "of an earlier attempt"}\n')
    events = Events(log)
    with log.open("a") as file:
        file.write('{"event": "started"}\nWARN Utils: Spark speaks\n{"broken\n{"no_event": 1}\n{"event": "pro')
        file.flush()
        assert [event["event"] for event in events.new()] == ["started"]
        file.write('gress", "done": 1}\n')
        file.flush()
        assert events.new() == [{"event": "progress", "done": 1}]
    assert events.new() == []


def test_the_last_line_is_the_last_that_says_something(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert last_line(log) == ""
    log.write_text("first\nlast\n\n  \n")
    assert last_line(log) == "last"
