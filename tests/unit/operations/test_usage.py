"""What executors used, by the events of an application."""

from typing import Any

import pytest
from movalytics_operations.event_logs import Event
from movalytics_operations.usage import MIB, in_bytes, usage_of


def event(kind: str, **fields: object) -> Event:
    return {"Event": f"SparkListener{kind}", **fields}


def settings(**given: str) -> Event:
    conf = {"spark.master": "k8s://https://kubernetes", "spark.executor.memory": "4g"}
    named = {name.replace("_", "."): text for name, text in given.items()}
    return event("EnvironmentUpdate", **{"Spark Properties": conf | named})


def added(executor: str, moment: int, cores: int = 2) -> Event:
    fields: dict[str, Any] = {"Executor ID": executor, "Timestamp": moment, "Executor Info": {"Total Cores": cores}}
    return event("ExecutorAdded", **fields)


def removed(executor: str, moment: int, reason: str = "idle") -> Event:
    return event("ExecutorRemoved", **{"Executor ID": executor, "Timestamp": moment, "Removed Reason": reason})


def task(begin: int, end: int, *, stage: int = 0, peaks: Any = None, reason: Any = None, **measured: int) -> Event:
    fields: dict[str, Any] = {
        "Stage ID": stage,
        "Stage Attempt ID": 0,
        "Task End Reason": reason or {"Reason": "Success"},
        "Task Info": {"Launch Time": begin, "Finish Time": end},
        "Task Metrics": {name.replace("_", " "): number for name, number in measured.items()},
        "Task Executor Metrics": peaks or {},
    }
    return event("TaskEnd", **fields)


def test_cores_are_idle_for_the_time_in_which_they_are_there_and_no_task_is() -> None:
    start, end = event("ApplicationStart", Timestamp=0), event("ApplicationEnd", Timestamp=20_000)
    executors = [added("1", 0), added("2", 10_000), removed("2", 15_000)]  # two cores for 20 s, two for 5 s
    usage = usage_of([start, settings(), *executors, task(0, 10_000), task(0, 15_000), end])
    assert usage.seconds == 20
    assert usage.task_seconds == 25
    assert usage.idle == 0.5
    assert usage.is_over


def test_an_application_that_was_killed_lasted_to_the_last_that_is_known_of_it() -> None:
    usage = usage_of([event("ApplicationStart", Timestamp=1000), settings(), added("1", 1000), task(2000, 9000)])
    assert (usage.seconds, usage.is_over) == (8, False)


def test_garbage_is_a_share_of_the_time_at_work() -> None:
    done = task(0, 10_000, Executor_Run_Time=8000, JVM_GC_Time=2000)
    assert usage_of([settings(), done]).collecting == 0.25


def test_a_peak_is_the_highest_of_any_task() -> None:
    tasks = [task(0, 1, peaks={"JVMHeapMemory": number, "OnHeapUnifiedMemory": 9 - number}) for number in (1, 5, 3)]
    assert usage_of([settings(), *tasks]).peaks == {"JVMHeapMemory": 5, "OnHeapUnifiedMemory": 8}


@pytest.mark.parametrize(
    ("peaks", "mebibytes"),
    [
        ({"JVMOffHeapMemory": 200, "DirectPoolMemory": 30, "MappedPoolMemory": 2}, 232),
        ({"JVMOffHeapMemory": 200, "ProcessTreePythonRSSMemory": 90, "ProcessTreeOtherRSSMemory": 10}, 300),
        ({"JVMOffHeapMemory": 200, "ProcessTreeJVMRSSMemory": 4096 + 700}, 700),
        ({"JVMOffHeapMemory": 200, "ProcessTreeJVMRSSMemory": 2000}, 200),  # a heap that is not all in use
    ],
)
def test_beside_the_heap_lies_what_java_says_or_linux_counts_and_all_of_python(
    peaks: dict[str, int], mebibytes: int
) -> None:
    found = usage_of([settings(), task(0, 1, peaks={name: number * MIB for name, number in peaks.items()})])
    assert found.beside == mebibytes * MIB


@pytest.mark.parametrize(
    ("reason", "killed", "out_of_heap"),
    [
        ("The executor with id 1 exited with exit code 137(SIGKILL, possible container OOM).", 1, False),
        ("The executor with id 1 exited with exit code 52(unexpected).", 0, True),
        ("Executor decommission: worker decommissioned because of kill request", 0, False),
        ("The executor with id 1 exited with exit code 1372.", 0, False),
    ],
)
def test_an_executors_end_tells_whether_it_lacked_memory(reason: str, killed: int, out_of_heap: bool) -> None:
    usage = usage_of([settings(), added("1", 0), removed("1", 5, reason)])
    assert (usage.killed, usage.out_of_heap) == (killed, out_of_heap)


def test_a_task_that_ran_out_of_heap_tells_so_wherever_it_stands() -> None:
    reason = {
        "Reason": "ExceptionFailure",
        "Full Stack Trace": "…\nCaused by: java.lang.OutOfMemoryError: Java heap space",
    }
    assert usage_of([settings(), task(0, 1, reason=reason)]).out_of_heap
    assert not usage_of([settings(), task(0, 1)]).out_of_heap


def test_a_lost_task_has_neither_metrics_nor_peaks() -> None:
    lost = task(0, 3000) | {"Task Metrics": None, "Task Executor Metrics": None}
    usage = usage_of([settings(), lost])
    assert (usage.task_seconds, usage.on_disk, usage.peaks) == (3, 0, {})


def test_on_one_machine_the_driver_is_the_executor() -> None:
    usage = usage_of([settings(spark_master="local[*]", spark_driver_memory="640m"), added("driver", 0, cores=8)])
    assert (usage.local, usage.heap, usage.cores, usage.most) == (True, 640 * MIB, 8, 1)


def test_on_a_cluster_the_settings_say_what_executors_were_given() -> None:
    counts = {"spark_dynamicAllocation_minExecutors": "2", "spark_dynamicAllocation_maxExecutors": "8"}
    usage = usage_of([settings(spark_executor_memoryOverhead="512m", **counts)])
    assert (usage.heap, usage.overhead, usage.fewest, usage.most) == (4096 * MIB, 512 * MIB, 2, 8)
    assert usage_of([settings()]).overhead is None


def test_the_most_skewed_stage_is_where_most_time_was_lost() -> None:
    long = [task(0, seconds * 1000, stage=1) for seconds in (1, 1, 9)]
    even = [task(0, seconds * 1000, stage=2) for seconds in (20, 20, 21)]
    assert usage_of([settings(), *long, *even]).most_skewed() == (1, 9, 1)


@pytest.mark.parametrize(("text", "mebibytes"), [("4g", 4096), ("640m", 640), ("1024", 1024), ("1T", 1024**2)])
def test_a_memory_is_read_as_spark_reads_it(text: str, mebibytes: int) -> None:
    assert in_bytes(text) == mebibytes * MIB
