"""What goes wrong on a cluster while a campaign runs, on a real Slurm cluster of three nodes."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from cluster_attempts import an_attempt, take
from recrate.model.errors import OutsideFailed
from recrate.runners.runner import Pool
from recrate_binder.cluster.runners import Slurm as SlurmRunner
from slurm import Slurm

pytestmark = pytest.mark.slow


def _node_of(slurm: Slurm, campaign: Path, number: int) -> str:
    pid = int((campaign / "attempts" / f"{number}-1" / "pids").read_text().split()[1])
    return str(psutil.Process(pid).environ()["SLURMD_NODENAME"])


def test_a_killed_worker_loses_its_attempt_and_no_other(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1", workers="2")
    pool.submit(an_attempt(campaign, 1, seconds=200, kills="parent", child=True))
    pool.submit(an_attempt(campaign, 2, seconds=4))
    ended = take(pool, 2)
    assert ended["1-1"].why == "lost"
    assert ended["1-1"].code is None
    assert "WorkerLost" in ended["1-1"].note
    assert ended["2-1"].code == 0
    assert not (campaign / "attempts" / "1-1" / "result.json").exists()
    assert "sleep" not in {one.name() for one in slurm.processes()}
    for number in (3, 4):
        pool.submit(an_attempt(campaign, number))
    assert {one.code for one in take(pool, 2).values()} == {0}


def test_a_lost_node_loses_its_attempts_and_others_take_the_next(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="2", workers="1", cores="4", heartbeat="25")
    for number in (1, 2):
        pool.submit(an_attempt(campaign, number, seconds=12))
    for number in (1, 2):
        while not (campaign / "attempts" / f"{number}-1" / "pids").exists():
            assert pool.ended(0.2) == ()
    node = _node_of(slurm, campaign, 1)
    slurm.lose_node(node)
    try:
        ended = take(pool, 2)
        assert ended["1-1"].why == "lost"
        assert "ManagerLost" in ended["1-1"].note
        assert ended["2-1"].code == 0
        for number in (3, 4):
            pool.submit(an_attempt(campaign, number, seconds=1))
        later = take(pool, 2)
        assert {one.code for one in later.values()} == {0}, later
    finally:
        slurm.start_node(node)
        pool.close()
        slurm.wait_for_nodes()


def test_a_controller_that_restarts_in_the_middle_loses_nothing(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1", workers="2")
    for number in range(4):
        pool.submit(an_attempt(campaign, number, seconds=3))
    while not (campaign / "attempts" / "0-1" / "started.json").exists():
        assert pool.ended(0.2) == ()
    slurm.stop_controller()
    early = take(pool, 2)
    slurm.start_controller()
    ended = early | take(pool, 2)
    assert {one.code for one in ended.values()} == {0}
    assert len(slurm.jobs()) == 1


def test_a_controller_that_is_away_at_first_is_waited_for(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1")
    slurm.stop_controller()
    try:
        pool.submit(an_attempt(campaign, 1))
        end = time.monotonic() + 90
        while "does not answer" not in pool.state().note:
            assert time.monotonic() < end, pool.state()
            assert pool.ended(0.5) == ()
    finally:
        slurm.start_controller()
    assert take(pool, 1)["1-1"].code == 0
    assert pool.state().note == ""


def test_a_place_that_does_not_answer_is_not_opened(
    slurm: Slurm, open_pool: Callable[..., Pool]
) -> None:
    slurm.stop_controller(in_order=True)
    try:
        with pytest.raises(OutsideFailed, match="contact slurm controller"):
            open_pool()
    finally:
        slurm.start_controller()


def test_a_dead_interchange_is_told_and_its_jobs_are_ended(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1")
    pool.submit(an_attempt(campaign, 1, seconds=200))
    while not (campaign / "attempts" / "1-1" / "started.json").exists():
        assert pool.ended(0.2) == ()
    (exchange,) = (
        one for one in psutil.Process().children() if "interchange" in " ".join(one.cmdline())
    )
    exchange.kill()
    with pytest.raises(OutsideFailed, match="interchange"):
        take(pool, 1)
    pool.close()
    slurm.wait_for_jobs(0)


def test_a_job_near_its_end_begins_no_further_attempt(
    slurm: Slurm, runner_of: Callable[..., SlurmRunner], campaign: Path
) -> None:
    runner = runner_of(jobs="1", workers="1")
    runner.pilot = replace(runner.pilot, longest=runner.pilot.walltime - 12)
    pool = runner.open("c1", campaign, workers=0)
    try:
        for number in range(3):
            pool.submit(an_attempt(campaign, number, seconds=6))
        assert {one.code for one in take(pool, 3).values()} == {0}
    finally:
        pool.close()
    blocks = list((campaign / "runner" / "1" / "pilots").glob("block-*"))
    assert len(blocks) > 1, "one job did it all: it took work that it had no time for"
