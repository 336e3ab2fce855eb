"""How much memory is ours, seen from processes that were given different parts of the machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from recrate.outside.grants import JOB_BYTES
from recrate.outside.limits import Bounds, Limits

GIB = 1 << 30
TOTAL = psutil.virtual_memory().total
_ASK = """
import json
from recrate.outside.grants import granted_bytes, held_to_grant, usual_memory_bytes
print(json.dumps([granted_bytes(), usual_memory_bytes(), held_to_grant(10**18)]))
"""


def asked(variables: dict[str, str], bounds: Bounds | None = None) -> tuple[int, int, int]:
    """Return what a process says that has these variables, and lives in these groups."""
    command = [sys.executable, "-c", _ASK]
    done = subprocess.run(
        bounds.around(command) if bounds else command,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    granted, usual, held = json.loads(done.stdout)
    return granted, usual, held


def test_a_machine_of_our_own_is_ours_and_takes_any_limit() -> None:
    granted, usual, held = asked({})
    assert granted == TOTAL
    assert usual == int(TOTAL * 0.8)
    assert held == 10**18


@pytest.mark.parametrize(
    "variables",
    [
        {JOB_BYTES: str(4 * GIB)},
        {"SLURM_MEM_PER_NODE": "4096"},
        {"SLURM_MEM_PER_CPU": "1024", "SLURM_CPUS_ON_NODE": "4"},
        {JOB_BYTES: str(4 * GIB), "SLURM_MEM_PER_NODE": "8192"},
    ],
)
def test_a_job_has_what_was_given_to_it(variables: dict[str, str]) -> None:
    assert asked(variables) == (4 * GIB, int(4 * GIB * 0.8), int(4 * GIB * 0.8))


@pytest.mark.parametrize(
    "variables",
    [
        {JOB_BYTES: "all of it"},
        {"SLURM_MEM_PER_NODE": "0"},
        {"SLURM_MEM_PER_CPU": "1024"},
        {JOB_BYTES: "-1"},
    ],
)
def test_words_that_say_nothing_are_passed_over(variables: dict[str, str]) -> None:
    assert asked(variables)[0] == TOTAL


def test_a_small_job_keeps_room_for_those_who_look_after_it() -> None:
    assert asked({JOB_BYTES: str(GIB)})[1] == GIB // 2


@pytest.fixture
def bounds() -> Iterator[Bounds]:
    """Control groups of 3 GiB."""
    made = Bounds.make(Limits(memory_bytes=3 * GIB))
    if not made.groups:
        pytest.skip("control groups cannot be made here")
    yield made
    made.close()


def test_a_control_group_is_a_part_of_the_machine(bounds: Bounds) -> None:
    assert asked({}, bounds) == (3 * GIB, int(3 * GIB * 0.8), int(3 * GIB * 0.8))
