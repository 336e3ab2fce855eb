"""A campaign's attempts on a real Slurm cluster of three nodes."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from cluster_attempts import an_attempt, take, worker_python
from recrate.model.errors import BadInput, OutsideFailed
from recrate.runners.runner import Pool
from slurm import Slurm

pytestmark = pytest.mark.slow
HERE = Path(__file__).resolve()


def _left(slurm: Slurm) -> list[str]:
    """Return what still runs on the nodes beside their slurmd, once nothing more ends."""
    end = time.monotonic() + 30
    while True:
        left = []
        for one in slurm.processes():
            with contextlib.suppress(psutil.Error):
                if one.name() != "slurmd" and one.status() != psutil.STATUS_ZOMBIE:
                    left.append(f"{one.pid} of {one.ppid()}: {one.cmdline()}")
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.3)


def _interchanges(campaign: Path) -> list[psutil.Process]:
    """Return the interchanges that keep their logs in the campaign's folder."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if "interchange" in " ".join(one.cmdline()) and any(
                str(campaign) in file.path for file in one.open_files()
            ):
                found.append(one)
    return found


def test_twenty_attempts_end_well_on_several_nodes(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(cores="4", workers="2")
    assert pool.slots == 7
    for number in range(20):
        pool.submit(an_attempt(campaign, number, limit=60, seconds=1.5))
    ended = take(pool, 20)
    assert {one.code for one in ended.values()} == {0}
    assert {one.why for one in ended.values()} == {""}
    results = [
        json.loads((campaign / "attempts" / f"{number}-1" / "result.json").read_text())
        for number in range(20)
    ]
    nodes = {one["node"] for one in results}
    assert nodes <= set(slurm.nodes)
    assert len(nodes) > 1
    log = (campaign / "attempts" / "7-1" / "worker.log").read_text()
    assert sorted(log.splitlines()) == ["complaint", "worker 7-1"]
    assert pool.ended(0) == ()


def test_a_code_of_a_worker_comes_back_and_what_it_left_is_ended(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(at_once=1, workers="2")
    assert pool.slots == 1
    pool.submit(an_attempt(campaign, 1, code=75))
    assert take(pool, 1)["1-1"].code == 75
    pool.close()
    pool.close()
    slurm.wait_for_jobs(0)
    assert _left(slurm) == []


def test_a_state_names_the_nodes_at_work(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1", partition="lone")
    pool.submit(an_attempt(campaign, 1, seconds=4))
    end = time.monotonic() + 90
    while not pool.state().machines or not pool.state().workers:
        assert time.monotonic() < end, pool.state()
        assert pool.ended(0.2) == ()
    assert pool.state().machines == ("n3",)
    assert pool.state().workers == 1
    assert pool.state().queued == 0
    take(pool, 1)
    assert pool.state().machines == ()


def test_a_job_of_two_nodes_runs_on_both(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1", nodes="2", workers="1")
    for number in range(2):
        pool.submit(an_attempt(campaign, number, seconds=3))
    take(pool, 2)
    where = {
        json.loads((campaign / "attempts" / f"{n}-1" / "result.json").read_text())["node"]
        for n in range(2)
    }
    assert len(where) == 2


def test_an_attempt_over_its_time_is_ended_with_its_children(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1")
    pool.submit(an_attempt(campaign, 1, limit=2, seconds=200, child=True))
    ended = take(pool, 1)["1-1"]
    assert (ended.code, ended.why) == (None, "time")
    assert not (campaign / "attempts" / "1-1" / "result.json").exists()
    assert "sleep" not in {one.name() for one in slurm.processes()}


def test_a_cancelled_attempt_ends_on_its_node_and_one_that_waits_at_once(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="1", workers="1")
    pool.submit(an_attempt(campaign, 1, seconds=200, child=True))
    pool.submit(an_attempt(campaign, 2, seconds=0))
    started = campaign / "attempts" / "1-1" / "started.json"
    while not started.exists():
        assert pool.ended(0.2) == ()
    pool.cancel("2-1")
    assert [(one.attempt, one.why) for one in pool.ended(0)] == [("2-1", "cancelled")]
    pool.cancel("1-1")
    pool.cancel("of another campaign")
    ended = take(pool, 1)["1-1"]
    assert ended.why == "cancelled"
    assert "sleep" not in {one.name() for one in slurm.processes()}
    pool.submit(an_attempt(campaign, 3))
    assert take(pool, 1)["3-1"].code == 0
    assert not (campaign / "attempts" / "2-1" / "started.json").exists()


def test_closing_ends_running_and_waiting_work_and_leaves_nothing(
    slurm: Slurm, open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(jobs="2")
    for number in range(3):
        pool.submit(an_attempt(campaign, number, seconds=200, child=True))
    while len(list(campaign.glob("attempts/*/pids"))) < 2:
        assert pool.ended(0.2) == ()
    assert _interchanges(campaign)
    pool.close()
    slurm.wait_for_jobs(0)
    assert _left(slurm) == []
    assert _interchanges(campaign) == []
    assert list(campaign.rglob("*.key_secret")) == []


def test_a_site_whose_jobs_never_come_to_work_is_given_up_with_what_they_said(
    open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(init="echo no such licence >&2; exit 4")
    pool.submit(an_attempt(campaign, 1))
    with pytest.raises(OutsideFailed, match="no such licence"):
        take(pool, 1)
    with pytest.raises(OutsideFailed):
        pool.submit(an_attempt(campaign, 2))


def test_a_refused_job_is_told_in_the_schedulers_words(
    open_pool: Callable[..., Pool], campaign: Path
) -> None:
    pool = open_pool(partition="nowhere")
    pool.submit(an_attempt(campaign, 1))
    with pytest.raises(OutsideFailed, match="invalid partition"):
        take(pool, 1)


def test_answers_that_make_no_sense_are_refused(
    runner_of: Callable[..., object], campaign: Path, open_pool: Callable[..., Pool]
) -> None:
    for wrong in (
        {"jobs": "many"},
        {"walltime": "soon"},
        {"partition": "a b"},
        {"colour": "red"},
        {"ports": "9-1"},
        {"exclusive": "perhaps"},
        {"longest": "00:59:30", "walltime": "01:00:00"},
        {"walltime": "00:01:00"},
        {"scheduler": "reservation=x"},
    ):
        with pytest.raises(BadInput):
            runner_of(**wrong)
    with pytest.raises(BadInput):
        open_pool(interface="no0")
    with pytest.raises(BadInput):
        open_pool(campaign="../x")


_CLIENT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from cluster_attempts import a_depot, an_attempt
from recrate_binder.cluster.runners import Slurm
import os
folder = Path({folder!r})
runner = Slurm({{"python": {python!r}, "jobs": "2", "workers": "1", "cores": "2", "memory": "1",
                 "heartbeat": {heartbeat!r}}}, a_depot(folder, dict(os.environ)))
pool = runner.open("c7", folder / "camp 日本", workers=0)
for number in range(3):
    pool.submit(an_attempt(folder / "camp 日本", number, seconds=200, child=True))
while len(list(folder.glob("*/attempts/*/pids"))) < 2:
    pool.ended(0.2)
print("ready", flush=True)
pool.ended(300)
"""


def _killed_client(slurm: Slurm, folder: Path, heartbeat: str) -> None:
    code = _CLIENT.format(
        tests=str(HERE.parents[2]),
        folder=str(folder),
        python=worker_python(folder),
        heartbeat=heartbeat,
    )
    with subprocess.Popen(
        (sys.executable, "-c", code), env=slurm.variables, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "ready\n"
        assert _interchanges(folder)
        client.kill()


def test_a_killed_client_leaves_nothing_after_a_while(
    slurm: Slurm, tmp_path: Path, campaign: Path
) -> None:
    _killed_client(slurm, tmp_path, "5")
    assert slurm.jobs()
    slurm.wait_for_jobs(0)
    assert _left(slurm) == []
    assert _interchanges(campaign) == []


def test_the_next_campaign_of_the_same_id_takes_away_what_a_killed_one_left(
    slurm: Slurm, open_pool: Callable[..., Pool], tmp_path: Path, campaign: Path
) -> None:
    _killed_client(slurm, tmp_path, "600")
    left = {job.id for job in slurm.jobs()}
    assert left
    other = open_pool(campaign="c77")
    assert left <= {job.id for job in slurm.jobs()}
    other.close()
    assert left <= {job.id for job in slurm.jobs() if job.state == "RUNNING"}
    pool = open_pool(campaign="c7")
    assert not left & {job.id for job in slurm.jobs()}
    pool.submit(an_attempt(campaign, 9))
    assert take(pool, 1)["9-1"].code == 0
