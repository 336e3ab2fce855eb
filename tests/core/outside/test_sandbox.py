"""The walls themselves: they are there or nothing runs, and they end what they hold."""

import os
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from recrate.model.errors import Refused
from recrate.outside import sandbox
from recrate.outside.limits import Bounds, Limits

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(not sandbox.availability().ok, reason="needs bubblewrap"),
]

WALLS = sandbox.Walls(folder="/tmp", variables={"PATH": "/usr/bin:/bin"})


def test_what_it_prints_and_its_exit_code_come_back() -> None:
    done = sandbox.run(
        ["/bin/sh", "-c", "echo out; echo err >&2; exit 3"], WALLS, timeout_seconds=9
    )
    assert (done.code, done.out, done.error, done.timed_out) == (3, "out\n", "err\n", False)


def test_past_the_timeout_all_of_it_is_gone() -> None:
    begun = time.monotonic()
    done = sandbox.run(
        ["/bin/sh", "-c", "setsid sleep 43211 & (sleep 43212 &) ; sleep 43213"],
        WALLS,
        timeout_seconds=0.5,
    )
    assert done.timed_out
    assert time.monotonic() - begun < 5
    left = [p.pid for p in psutil.process_iter(["cmdline"]) if "4321" in str(p.info["cmdline"])]
    assert left == []


def test_no_control_group_is_left_behind() -> None:
    bounds = Bounds.make(Limits(memory_bytes=10**9))
    inside = all(group.is_dir() for group in bounds.groups)
    bounds.close()
    assert inside
    assert not any(group.exists() for group in bounds.groups)


def test_a_limit_that_cannot_be_entered_runs_nothing(tmp_path: Path) -> None:
    bounds = Bounds(limits=Limits(), groups=(tmp_path / "gone",))
    done = subprocess.run(bounds.around(["/bin/echo", "ran"]), capture_output=True, check=False)
    assert done.returncode == 97
    assert done.stdout == b""


def test_a_wall_that_cannot_be_built_runs_nothing(tmp_path: Path) -> None:
    walls = sandbox.Walls(folder="/tmp", readable=(str(tmp_path / "not there"),))
    done = sandbox.run(["/bin/echo", "ran"], walls, timeout_seconds=9)
    assert done.code != 0
    assert "ran" not in done.out


def test_without_bubblewrap_it_is_refused_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    sandbox.availability.cache_clear()
    try:
        found = sandbox.availability()
        assert not found.ok
        assert "bubblewrap" in found.reason
        assert "--unsandboxed" in found.hint
        with pytest.raises(Refused):
            sandbox.run(["/bin/true"], WALLS, timeout_seconds=9)
    finally:
        sandbox.availability.cache_clear()


def test_no_variable_of_ours_is_seen_and_no_descriptor_is_open() -> None:
    os.environ["SECRET_TOKEN"] = "x"
    try:
        done = sandbox.run(["/bin/sh", "-c", "env; ls /proc/self/fd"], WALLS, timeout_seconds=9)
    finally:
        del os.environ["SECRET_TOKEN"]
    lines = done.out.split()
    assert [line for line in lines if "=" in line] == ["PATH=/usr/bin:/bin", "PWD=/tmp"]
    assert [line for line in lines if line.isdigit()] == ["0", "1", "2", "3"]
