"""What breaks between here and there: nothing is lost by it, and nothing is run twice."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from recrate.model.errors import OutsideFailed
from sshd import login_node
from sshd_attempts import make_attempt, make_runner, result_of, wait_for, wait_for_ends

FORKED = multiprocessing.get_context("fork")


def words_of(process: psutil.Process) -> str:
    """Return the command line of a process; empty where it has ended by now."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@pytest.fixture(scope="module")
def host():
    with login_node() as one:
        yield one


@pytest.fixture
def node(host):
    host.forget()
    yield host
    wait_for(lambda: not host.processes())


@pytest.fixture
def crate(tmp_path) -> Path:
    place = tmp_path / "tides.crate.zip"
    place.write_bytes(os.urandom(2_000_000))
    return place


def keeper_of(node) -> int:
    """Return the number of the keeper's process, once it has said it."""
    (campaign,) = (node.spool / "campaigns").iterdir()
    wait_for((campaign / "keeper.json").exists)
    return int(json.loads((campaign / "keeper.json").read_text())["pid"])


def test_connections_that_are_cut_again_and_again_lose_nothing(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    attempts = [
        make_attempt(tmp_path, f"{number}-1", crate, seconds=0.5, many=2000) for number in range(5)
    ]
    cut = 0
    try:
        for one in attempts:
            pool.submit(one)
        ended: list[str] = []
        until = time.monotonic() + 100
        while len(ended) < len(attempts) and time.monotonic() < until:
            ended += [one.attempt for one in pool.ended(2.0)]
            if cut < 8:
                cut += node.cut()
    finally:
        pool.close()
    assert cut > 2
    assert sorted(ended) == sorted(node.runs()) == [one.id for one in attempts]
    for one in attempts:
        assert result_of(one)["of"] == one.id
        assert (tmp_path / "runs" / one.id / "crate.bin").read_bytes() == crate.read_bytes()


def test_a_host_that_is_away_for_a_while_is_waited_for(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", crate, seconds=1))
        wait_for(lambda: node.runs() == ["1-1"])
        node.stop()
        assert pool.ended(3.0) == ()
        assert pool.state().note
        node.start()
        assert wait_for_ends(pool, 1)["1-1"].code == 0
        assert node.runs() == ["1-1"]
    finally:
        pool.close()


def test_only_when_patience_is_over_a_host_that_is_away_is_given_up(node, tmp_path, crate):
    pool = make_runner(node, tmp_path, patience="3").open("c1", tmp_path, workers=0)
    attempt = make_attempt(tmp_path, "1-1", crate)
    node.stop()
    try:
        pool.submit(attempt)
        with pytest.raises(OutsideFailed, match="cannot be reached"):
            wait_for_ends(pool, 1)
        with pytest.raises(OutsideFailed):
            pool.submit(attempt)
    finally:
        pool.close()
        node.start()


def test_a_killed_keeper_is_followed_by_another_and_no_attempt_runs_twice(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        for number in range(4):
            pool.submit(make_attempt(tmp_path, f"{number}-1", crate, seconds=4))
        wait_for(lambda: len(node.runs()) == 2)
        first = keeper_of(node)
        os.kill(first, signal.SIGKILL)
        ends = wait_for_ends(pool, 4)
        assert {one.code for one in ends.values()} == {0}
        assert sorted(node.runs()) == ["0-1", "1-1", "2-1", "3-1"]
        assert not psutil.pid_exists(first) or psutil.Process(first).status() == "zombie"
    finally:
        pool.close()


def test_a_worker_that_dies_with_its_keeper_is_told_as_lost(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", crate, seconds=300))
        wait_for(lambda: node.runs() == ["1-1"])
        os.kill(keeper_of(node), signal.SIGKILL)
        for one in node.processes():
            if "pretend_worker" in words_of(one):
                one.kill()
        assert wait_for_ends(pool, 1)["1-1"].why == "lost"
        assert node.runs() == ["1-1"]
    finally:
        pool.close()


def test_a_worker_that_no_pool_watches_keeps_to_its_time_all_the_same(node, tmp_path, crate):
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        pool.submit(replace(make_attempt(tmp_path, "1-1", crate, seconds=300), seconds=6.0))
        wait_for(lambda: node.runs() == ["1-1"])
        os.kill(keeper_of(node), signal.SIGKILL)
        assert wait_for_ends(pool, 1)["1-1"].why == "time"
    finally:
        pool.close()


def abandon(node, folder: Path, crate: Path) -> None:
    """Begin a campaign and die in the middle of it."""
    pool = make_runner(node, folder).open("c1", folder, workers=0)
    pool.submit(make_attempt(folder, "1-1", crate))
    pool.submit(make_attempt(folder, "2-1", crate, seconds=300))
    wait_for(lambda: len(node.runs()) == 2)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_campaign_that_was_killed_here_finds_its_results_and_ends_the_rest(node, tmp_path, crate):
    child = FORKED.Process(target=abandon, args=(node, tmp_path, crate))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    (campaign,) = (node.spool / "campaigns").iterdir()
    wait_for((campaign / "attempts/1-1/ended.json").exists)
    for place in ("attempts/1-1/result.json", "runs/1-1"):  # had come just before the end
        shutil.rmtree(tmp_path / place, ignore_errors=True)
    pool = make_runner(node, tmp_path).open("c1", tmp_path, workers=0)
    try:
        found = json.loads((tmp_path / "attempts/1-1/result.json").read_text())
        assert found["of"] == "1-1"
        assert not (tmp_path / "attempts/2-1/result.json").exists()
        wait_for(lambda: not [one for one in node.processes() if "worker" in one.name()])
        pool.submit(make_attempt(tmp_path, "2-2", crate))
        assert wait_for_ends(pool, 1)["2-2"].code == 0
        assert sorted(node.runs()) == ["1-1", "2-1", "2-2"]
    finally:
        pool.close()


@pytest.fixture
def small_disk(node):
    """A file system of 3 MB there, for the spool."""
    place = node.home / "small"
    place.mkdir()
    shutil.chown(place, node.account)
    owner = f"size=3m,uid={place.stat().st_uid},mode=700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", owner, "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system is mounted for this test: needs CAP_SYS_ADMIN")
    yield place
    wait_for(lambda: not node.processes())
    subprocess.run(["umount", place], check=True)
    place.rmdir()


def test_a_full_disk_there_loses_the_attempt_with_a_word_and_the_next_one_runs(
    node, small_disk, tmp_path, crate
):
    large = tmp_path / "large.crate.zip"
    large.write_bytes(os.urandom(5_000_000))
    small = tmp_path / "small.crate.zip"
    small.write_bytes(os.urandom(100_000))
    pool = make_runner(node, tmp_path, folder="~/small").open("c1", tmp_path, workers=0)
    try:
        pool.submit(make_attempt(tmp_path, "1-1", large))
        pool.submit(make_attempt(tmp_path, "2-1", small))
        ends = wait_for_ends(pool, 2)
    finally:
        pool.close()
    assert ends["1-1"].why == "lost"
    assert "No space left" in ends["1-1"].note
    assert ends["2-1"].code == 0
    assert not list(small_disk.rglob(".recrate-*"))
    assert node.runs() == ["2-1"]
