"""`check()` of a site on a real Slurm cluster: each thing that is wrong is said in words."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from recrate.model.finding import Finding, Severity
from recrate_binder.cluster.judging import Here, judge_node, refused
from recrate_binder.cluster.runners import Slurm as SlurmRunner
from recrate_binder.cluster.slurm_checks import check_slurm, limit_seconds
from slurm import Slurm

Maker = Callable[..., SlurmRunner]

HERE = Here(python="3.11.7", recrate="1.2", parsl="2026.10.26", submitted=1000.0, answered=1030.0)
TOLD = {
    "node": "n1",
    "time": 1015.0,
    "python": "3.11.2",
    "cores": 4,
    "memory": 8 * 2**30,
    "recrate": "1.2",
    "parsl": "2026.10.26",
    "walls": "",
    "connects": "192.0.2.1",
    "error": "",
}


def _codes(runner: SlurmRunner) -> list[str]:
    return [one.code for one in runner.check()]


def test_a_site_that_works_says_so_and_nothing_else(
    runner_of: Maker, slurm: Slurm, tmp_path: Path
) -> None:
    found = list(runner_of(python=sys.executable).check())
    assert [(one.severity, one.code) for one in found] == [(Severity.NOTE, "runner-works")]
    assert "3 of 3 nodes of partition main are up" in found[0].message
    assert "cores" in found[0].message
    assert slurm.jobs() == ()
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ({"partition": "nowhere"}, "no-such-partition", "main, members"),
        ({"partition": "shut"}, "partition-down", "closed"),
        ({"partition": "short"}, "walltime-over-limit", "2:00"),
        ({"constraint": "gpu"}, "no-such-constraint", "Invalid feature"),
        ({"cores": "64"}, "nodes-too-small", "not available"),
        ({"python": "/no/such/python"}, "no-python", "/no/such/python"),
        ({"init": "echo no licence >&2\nexit 9"}, "job-failed", "no licence"),
        ({"address": "203.0.113.9", "ports": "54900-54999"}, "node-cannot-connect", "connect"),
    ],
)
def test_what_is_wrong_is_said_in_words_with_a_hint(
    runner_of: Maker, answers: dict[str, str], code: str, words: str
) -> None:
    found = list(runner_of(**{"python": sys.executable, **answers}).check())
    assert [one.code for one in found] == [code]
    assert found[0].severity is Severity.ERROR
    assert words in found[0].message + found[0].hint
    assert found[0].hint


def test_a_machine_without_slurm_is_told_where_to_run(runner_of: Maker, tmp_path: Path) -> None:
    runner = runner_of()
    alone = replace(runner.scheduler.commands, variables={"PATH": str(tmp_path)})
    runner.scheduler = replace(runner.scheduler, commands=alone)
    assert _codes(runner) == ["no-sbatch"]


def test_a_controller_that_does_not_answer_is_told(runner_of: Maker, slurm: Slurm) -> None:
    slurm.stop_controller()
    try:
        found = list(runner_of().check())
    finally:
        slurm.start_controller()
    assert [one.code for one in found] == ["scheduler-silent"]


def test_a_partition_without_a_node_that_is_up_is_told(runner_of: Maker, slurm: Slurm) -> None:
    slurm.run("scontrol", "update", "NodeName=n3", "State=DRAIN", "Reason=test")
    try:
        found = list(runner_of(partition="lone").check())
    finally:
        for state in ("UNDRAIN", "RESUME"):  # which of them it takes depends on how far it came
            slurm.run("scontrol", "update", "NodeName=n3", f"State={state}", check=False)
        slurm.wait_for_nodes()
    assert [one.code for one in found] == ["no-node-up"]
    assert "1 drained" in found[0].message


def test_a_job_that_does_not_begin_is_a_warning_and_is_taken_away(
    runner_of: Maker, slurm: Slurm
) -> None:
    slurm.run("sbatch", "-N3", "--exclusive", "-o", "/dev/null", "--wrap", "sleep 300")
    slurm.wait_for_jobs(1, state="RUNNING")
    try:
        runner = runner_of(python=sys.executable)
        found = list(check_slurm(runner.scheduler, runner.depot, seconds=3))
        assert [(one.severity, one.code) for one in found] == [(Severity.WARNING, "job-waits")]
        assert len(slurm.jobs()) == 1
    finally:
        slurm.run("scancel", "--user=root", "--name=wrap")
        slurm.wait_for_jobs(0)


def test_a_folder_that_a_node_does_not_see_is_told(
    runner_of: Maker, slurm: Slurm, tmp_path: Path
) -> None:
    """The node's slurmd lives in a file system view of its own, where the folder is empty."""
    unshare = ("unshare", "--mount", "--propagation", "private")
    hide = f'mount -t tmpfs none "{tmp_path}/cache" && exec "$@"'
    within = (*unshare, "sh", "-c", hide, "sh")
    if shutil.which("unshare") is None or subprocess.run((*within, "true"), check=False).returncode:
        pytest.skip("no mount namespaces here (unshare --mount)")
    slurm.stop_node("n3")
    slurm.start_node("n3", around=within)
    try:
        slurm.wait_for_nodes()
        assert _codes(runner_of(partition="lone", python=sys.executable)) == ["folder-not-shared"]
    finally:
        slurm.stop_node("n3")
        slurm.start_node("n3")
        slurm.wait_for_nodes()


def test_a_node_with_another_recrate_is_told(runner_of: Maker, tmp_path: Path) -> None:
    other = tmp_path / "other" / "recrate"
    (other / "outside").mkdir(parents=True)
    (other / "__init__.py").write_text('__version__ = "0.0.1"\n')
    (other / "outside" / "__init__.py").touch()
    (other / "outside" / "sandbox.py").write_text(
        "class Found:\n    ok = False\n    reason = 'no bubblewrap'\n"
        "def availability():\n    return Found()\n"
    )
    init = f'export PYTHONPATH="{other.parent}"'
    found = list(runner_of(python=sys.executable, init=init).check())
    assert [one.code for one in found] == ["other-version", "no-walls"]
    assert "0.0.1 on the nodes" in found[0].message


def _judged(**told: object) -> list[Finding]:
    return list(judge_node("slurm", {**TOLD, **told}, HERE))


def test_a_node_as_it_should_be_is_judged_to_work() -> None:
    assert [one.code for one in _judged()] == ["runner-works"]


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({"python": "3.12.1"}, ["other-version"]),
        ({"parsl": "2025.1.1"}, ["other-version"]),
        ({"error": "ModuleNotFoundError: No module named 'recrate'"}, ["no-recrate"]),
        ({"time": 900.0}, ["clock-differs", "runner-works"]),
        ({"time": 1100.0}, ["clock-differs", "runner-works"]),
        ({"time": 1038.0}, ["runner-works"]),
        ({"walls": "bubblewrap (bwrap) is not installed"}, ["no-walls"]),
        ({"connects": ""}, ["node-cannot-connect"]),
    ],
)
def test_what_a_node_tells_is_judged(told: dict[str, object], codes: list[str]) -> None:
    assert [one.code for one in _judged(**told)] == codes


def test_a_clock_is_told_with_its_gap_and_stops_nothing() -> None:
    found = _judged(time=900.0)[0]
    assert found.severity is Severity.WARNING
    assert "100 s" in found.message


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Invalid account or account/partition combination specified", "account-refused"),
        ("Invalid qos specification", "qos-refused"),
        ("Invalid partition name specified", "partition-refused"),
        ("Requested time limit is invalid (missing or exceeds some limit)", "walltime-over-limit"),
        ("qsub: Unknown queue", "no-such-queue"),
        ("qsub: Unauthorized Request", "not-allowed"),
        ("qsub: Job violates queue and/or server resource limits", "over-limits"),
        ("the moon is full", "job-refused"),
    ],
)
def test_a_refusal_is_told_by_what_the_scheduler_said(said: str, code: str) -> None:
    found = refused("slurm", said)
    assert found.code == code
    assert said in found.message


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("infinite", None),
        ("30", 1800),
        ("2:00", 120),
        ("1:00:00", 3600),
        ("7-00:00:00", 604800),
        ("n/a", None),
    ],
)
def test_limits_are_read_as_slurm_writes_them(text: str, seconds: int | None) -> None:
    assert limit_seconds(text) == seconds
