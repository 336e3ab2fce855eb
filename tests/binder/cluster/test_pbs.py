"""PBS: what is submitted, and a campaign on programs that do as PBS documents."""

import json
import sys
import time
from pathlib import Path

import pytest

from cluster_attempts import a_depot, an_attempt, take, worker_python
from pbs_double import pbs_variables
from recrate.model.errors import BadInput, OutsideFailed
from recrate_binder.cluster.runners import Pbs


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    return pbs_variables(tmp_path / "pbs")


def _runner(tmp_path: Path, variables: dict[str, str], **answers: str) -> Pbs:
    usual = {"jobs": "1", "workers": "1", "heartbeat": "30", "queue": "batch"}
    return Pbs(
        {"python": worker_python(tmp_path), **usual, **answers}, a_depot(tmp_path, variables)
    )


def test_what_is_submitted_asks_for_what_the_site_says(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    runner = _runner(
        tmp_path,
        variables,
        account="gr10",
        cores="8",
        memory="16",
        select="ngpus=1",
        scheduler="-l place=excl\n-P project",
        walltime="1-02:00:00",
        modules="python/3.11 gcc",
        proxy="http://proxy.example.org:3128",
        scratch="/local/$USER",
        init="ulimit -c 0",
    )
    provider = runner.scheduler.provider("recrate-c1.", tmp_path)
    job = provider.submit("run the pilot", 1, "parsl.pilots.block-0")
    script = (tmp_path / "pbs" / "state" / f"{job}.sh").read_text()
    head = [line for line in script.splitlines() if line.startswith("#PBS")]
    assert head[0:3] == ["#PBS -S /bin/bash", head[1], "#PBS -m n"]
    assert head[1].startswith("#PBS -N recrate-c1.0.")
    assert "#PBS -l walltime=26:00:00" in head
    assert "#PBS -l select=1:ncpus=8:mem=16gb:ngpus=1" in head
    assert head[-3:] == ["#PBS -r n", "#PBS -l place=excl", "#PBS -P project"]
    body = script.partition("module load")[2]
    assert body.startswith(" python/3.11 gcc\n")
    for line in (
        "export https_proxy=http://proxy.example.org:3128",
        'export TMPDIR="/local/$USER"',
        "ulimit -c 0",
    ):
        assert f"\n{line}\n" in body
    assert body.index("ulimit") < body.index("run the pilot")
    options = json.loads((tmp_path / "pbs" / "state" / f"{job}.options").read_text())
    assert (options["-q"], options["-A"]) == ("batch", "gr10")


@pytest.mark.slow
def test_attempts_run_in_jobs_of_pbs_and_closing_leaves_none(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    runner = _runner(tmp_path, variables)
    pool = runner.open("c1", tmp_path / "campaign", workers=0)
    try:
        for number in range(3):
            pool.submit(an_attempt(tmp_path / "campaign", number))
        assert {one.code for one in take(pool, 3).values()} == {0}
        assert len(runner.scheduler.jobs("recrate-c1.")) == 1
        assert runner.scheduler.jobs("recrate-c.") == ()
    finally:
        pool.close()
    assert runner.scheduler.jobs("recrate-c1.") == ()
    provider = runner.scheduler.provider("recrate-c2.", tmp_path)
    job = provider.submit("exit 3", 1, "parsl.pilots.block-0")
    end = time.monotonic() + 20
    while not provider.status([job])[0].terminal:
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_job_that_the_server_forgot_has_ended(tmp_path: Path, variables: dict[str, str]) -> None:
    runner = _runner(tmp_path, variables)
    provider = runner.scheduler.provider("recrate-c1.", tmp_path)
    job = provider.submit("sleep 60", 1, "parsl.pilots.block-0")
    assert not provider.status([job])[0].terminal
    runner.scheduler.cancel((job,))
    (tmp_path / "pbs" / "state" / f"{job}.json").unlink()
    assert provider.status([job])[0].terminal


def test_a_refused_job_is_told_in_the_servers_words(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    pool = _runner(tmp_path, variables, account="broke").open(
        "c1", tmp_path / "campaign", workers=0
    )
    try:
        pool.submit(an_attempt(tmp_path / "campaign", 1))
        with pytest.raises(OutsideFailed, match="Unauthorized Request"):
            take(pool, 1)
    finally:
        pool.close()


def test_a_path_that_a_job_script_cannot_name_is_refused(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    with pytest.raises(BadInput, match="blanks"):
        _runner(tmp_path, variables).open("c1", tmp_path / "my campaign", workers=0)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "runner-works"),
        ({"queue": "nowhere"}, "no-such-queue"),
        ({"queue": "closed"}, "queue-down"),
        ({"walltime": "02:00:00"}, "walltime-over-limit"),
        ({"account": "broke"}, "not-allowed"),
        ({"python": "/no/such/python"}, "no-python"),
    ],
)
def test_what_is_wrong_with_a_site_is_said(
    tmp_path: Path, variables: dict[str, str], answers: dict[str, str], code: str
) -> None:
    runner = _runner(tmp_path, variables, **{"python": sys.executable, **answers})
    assert [one.code for one in runner.check()] == [code]


def test_a_machine_without_pbs_is_told_where_to_run(tmp_path: Path) -> None:
    found = list(_runner(tmp_path, {"PATH": str(tmp_path)}).check())
    assert [one.code for one in found] == ["no-qsub"]
