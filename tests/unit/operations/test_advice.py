"""Which sizes are advised, why, and that advice which was taken needs no further one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from movalytics_operations.advice import (
    DEFAULT_HEAP,
    FRACTION,
    LEAST_OVERHEAD,
    RESERVED,
    advice,
    executors_needed,
    heap_needed,
)
from movalytics_operations.usage import MIB, Task, Usage, in_bytes

GIB = 1024 * MIB


def task(seconds: float = 1, held: int = 0, spilled: int = 0, stage: int = 0, collecting: float = 0) -> Task:
    return Task((stage, 0), seconds, seconds, collecting, held, spilled, spilled // 3)


def usage(tasks: Sequence[Task] = (task(),), **given: object) -> Usage:
    """An executor of two cores and 4 GiB, of which 3 were in use."""
    known = Usage(heap=4 * GIB, cores=2, peaks={"JVMHeapMemory": 3 * GIB}, tasks=list(tasks), last=1000)
    return replace(known, **given)  # type: ignore[arg-type]


def values(found: Usage) -> dict[str, str]:
    return dict(one.value.split("=") for one in advice(found))


def test_what_fits_needs_no_change() -> None:
    assert advice(usage()) == []


def test_what_tasks_held_and_spilled_fits_into_sparks_share_of_the_heap_that_is_advised() -> None:
    found = usage([task(held=800 * MIB, spilled=1600 * MIB)])
    heap = in_bytes(values(found)["executors.memory"])
    assert (heap - RESERVED) * FRACTION >= 2 * (800 + 1600) * MIB
    assert heap - heap_needed(found) < 256 * MIB
    assert "spilled 533 MiB to disk" in advice(found)[0].reason


def test_a_spill_that_more_memory_would_not_have_spared_is_no_reason() -> None:
    assert advice(usage([task(held=10 * MIB, spilled=20 * MIB)])) == []


def test_a_heap_that_ran_out_is_doubled() -> None:
    assert values(usage(out_of_heap=True)) == {"executors.memory": "8192m"}


def test_a_heap_full_of_garbage_is_raised_by_half_and_one_that_is_not_full_is_not() -> None:
    tasks = [task(seconds=10, collecting=1.5)]
    full = usage(tasks, peaks={"JVMHeapMemory": int(3.5 * GIB)})
    assert values(full) == {"executors.memory": "6144m"}
    assert advice(replace(full, peaks={"JVMHeapMemory": 2 * GIB})) == []


def test_far_too_much_memory_is_lowered_to_what_the_heap_held_and_what_tasks_need() -> None:
    assert values(usage(heap=16 * GIB)) == {"executors.memory": "3072m"}
    large = usage([task(held=1200 * MIB)], heap=16 * GIB)
    assert values(large) == {"executors.memory": f"{-int(-heap_needed(large) // (256 * MIB)) * 256}m"}


def test_no_heap_is_advised_that_is_smaller_than_sparks_own_default() -> None:
    assert values(usage(peaks={"JVMHeapMemory": 100 * MIB})) == {"executors.memory": f"{DEFAULT_HEAP // MIB}m"}


def test_where_nobody_looked_into_the_heap_it_is_not_lowered() -> None:
    assert advice(usage(heap=64 * GIB, peaks={})) == []


def test_what_lies_beside_the_heap_gets_room() -> None:
    assert values(usage(beside=1000 * MIB)) == {"executors.memoryOverhead": "1280m"}
    assert values(usage(beside=1000 * MIB, overhead=1200 * MIB)) == {}
    assert values(usage(beside=200 * MIB)) == {}


def test_executors_that_were_killed_get_more_room_beside_the_heap() -> None:
    found = usage(killed=3, overhead=1024 * MIB)
    assert values(found) == {"executors.memoryOverhead": "1536m"}
    assert advice(found)[0].reason.startswith("3 executors died by SIGKILL")


def test_room_beside_the_heap_that_nothing_takes_is_lowered_where_it_was_asked_for() -> None:
    assert values(usage(overhead=4096 * MIB, beside=300 * MIB)) == {"executors.memoryOverhead": "512m"}
    assert values(usage(overhead=None, beside=300 * MIB)) == {}


def test_on_one_machine_nothing_is_said_of_what_kubernetes_counts() -> None:
    assert advice(usage(local=True, beside=3 * GIB)) == []


@pytest.mark.parametrize(
    ("stages", "executors"),
    [
        ([[1.0] * 8], 4),  # eight tasks at once
        ([[1.0] * 8, [9.0]], 2),  # beside the second stage the first takes little of the time
        ([[10.0, *[0.1] * 50]], 1),  # one task is longer than all others together
        ([[1.0]], 1),
        ([[1.0] * 100], 8),  # no more than there may be
    ],
)
def test_executors_are_enough_when_stages_take_hardly_longer_than_their_longest_tasks(
    stages: list[list[float]], executors: int
) -> None:
    assert executors_needed(stages, cores=2, most=8) == executors


def test_idle_executors_are_left_out_down_to_those_that_must_be_there() -> None:
    executors = {f"{number}": 0 for number in range(8)}
    found = usage([task(seconds=1) for _ in range(6)], most=8, came=executors)
    assert values(found) == {"executors.max": "3"}
    assert values(replace(found, fewest=5)) == {"executors.max": "5"}
    assert values(replace(found, last=700)) == {}  # 6 of the 11 seconds of all cores: busy enough


MEMORY = st.integers(0, 8 * GIB)
TASKS = st.lists(
    st.builds(
        task,
        seconds=st.floats(0.01, 60),
        held=st.integers(0, GIB),
        spilled=st.just(0) | st.integers(0, 8 * GIB),
        stage=st.integers(0, 3),
    ),
    min_size=1,
    max_size=30,
)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Whatever an application may have used that its sizes allow."""
    heap = 256 * MIB * draw(st.integers(2, 64))
    overhead = draw(st.none() | st.integers(1, 16).map(lambda steps: 256 * MIB * steps))
    most = draw(st.integers(1, 20))
    return Usage(
        heap=heap,
        overhead=overhead,
        cores=draw(st.integers(1, 4)),
        fewest=draw(st.integers(1, most)),
        most=most,
        killed=0,
        out_of_heap=draw(st.booleans()),
        peaks={"JVMHeapMemory": round(heap * draw(st.floats(0.01, 1)))},
        beside=draw(st.integers(0, overhead or LEAST_OVERHEAD)),
        tasks=draw(TASKS),
        came={f"{number}": 0 for number in range(most)},
        last=draw(st.integers(1000, 10_000_000)),
    )


def applied(before: Usage, advised: dict[str, str]) -> Usage:
    """The same work with these sizes: tasks hold what they spilled where it fits, and the heap is as full as it was.

    A heap that ran out is as full as it was large.
    """
    heap = in_bytes(advised.get("executors.memory", f"{before.heap // MIB}m"))
    fits = heap_needed(before) <= heap
    peak = before.heap if before.out_of_heap else min(before.peaks["JVMHeapMemory"], heap)
    tasks = [replace(one, held=one.held + one.spilled, spilled=0, on_disk=0) if fits else one for one in before.tasks]
    room = advised.get("executors.memoryOverhead")
    most = int(advised.get("executors.max", before.most))
    return replace(
        before,
        heap=heap,
        overhead=in_bytes(room) if room else before.overhead,
        most=most,
        out_of_heap=False,
        peaks={"JVMHeapMemory": peak},
        tasks=tasks,
        came={f"{number}": 0 for number in range(most)},
    )


@given(usages())
def test_advice_that_was_taken_needs_no_further_one(before: Usage) -> None:
    assert values(applied(before, values(before))) == {}


@given(usages())
def test_memory_is_never_advised_below_what_was_in_the_heap(before: Usage) -> None:
    advised = values(before).get("executors.memory")
    assert advised is None or in_bytes(advised) >= before.peaks["JVMHeapMemory"]
