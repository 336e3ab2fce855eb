"""Nodes that do not see the campaign's files, on a real Slurm cluster: all goes through Parsl.

A job's script begins again in a file system view of its own, where the folder is empty.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign_crates import counting_crates, study_of
from cluster_attempts import an_attempt, take
from conftest import CommandLine
from recrate.model.finding import Severity
from recrate.runners.runner import Pool
from recrate_binder.cluster.onnode_pushed import CARRIED_BYTES
from recrate_binder.cluster.pushing import Pushing
from recrate_binder.cluster.runners import Slurm as SlurmRunner
from slurm import Slurm
from slurm_campaigns import SlurmCampaign

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _hiding(folder: Path) -> str:
    """Return lines of a job that hide a folder from all that comes after them."""
    probe = ("unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none")
    if shutil.which("unshare") is None or subprocess.run((*probe, "/mnt"), check=False).returncode:
        pytest.skip("no mount namespaces here (unshare --mount)")
    again = 'mount -t tmpfs none "$1" && exec bash "$2"'
    return (
        'if [ -z "$HIDDEN" ]; then export HIDDEN=1\n'
        f'exec unshare --mount --propagation private bash -c \'{again}\' hide "{folder}" "$0"\n'
        "fi\n"
        f'[ -z "$(ls -A "{folder}")" ] || exit 9'
    )


def _files(folder: Path) -> set[str]:
    """Return the files in a node's scratch but for locks, relative to it."""
    every = (one for one in folder.rglob("*") if one.is_file())
    return {str(one.relative_to(folder)) for one in every if one.name != "lock"}


def test_three_crates_get_the_same_verdicts_as_on_this_machine(
    recrate: CommandLine, slurm: Slurm, tmp_path: Path
) -> None:
    here, node = tmp_path / "here", tmp_path / "node"
    pack = ("pack", study_of(here / "study", "print(1)", "1\n"), "-o", here / "one.crate.zip")
    assert recrate(*pack).code in {0, 1}
    counting_crates(here / "one.crate.zip", here / "crates", 3)
    node.mkdir()
    shutil.copyfile(recrate.configuration, node / "recrate_config.py")
    site = {
        "shared": "no",
        "jobs": 1,
        "workers": 2,
        "cores": 2,
        "init": f'export JUPYTER_CONFIG_DIR="{node}"\n{_hiding(here)}',
        "scratch": f"{node}/$SLURMD_NODENAME",
    }
    verdicts = {}
    for runner in ("local", "cluster"):
        folder = here / runner
        folder.mkdir()
        campaign = SlurmCampaign(recrate, slurm, folder, here / "crates", ("--again",), site)
        done = subprocess.run(
            campaign.command(runner), env=campaign.variables, capture_output=True, check=False
        )
        tally = campaign.tally()
        told = (tally.started, tally.verdicts, tally.lost, tally.doubled)
        assert told == (3, 3, 0, 0), done.stderr.decode()
        verdicts[runner] = campaign.verdicts()
    assert verdicts["cluster"] == verdicts["local"]
    found = sorted(told[0] for told in verdicts["cluster"].values())
    assert found == ["different", "identical", "identical"]
    assert list((here / "cluster" / "out" / "runs").glob("*/ro-crate-metadata.json"))
    kept = set().union(*(_files(one) for one in node.iterdir() if one.is_dir()))
    assert len(kept) == 3, "a node keeps the three crates and nothing else"
    assert all(one.startswith(f"recrate-{os.getuid()}/contents/") for one in kept)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """The scratch of the node that a test's pool uses."""
    return tmp_path / "scratch"


@pytest.fixture
def pushing(open_pool: Callable[..., Pool], campaign: Path, node: Path) -> Pool:
    """A pool of one place on a node that does not see the campaign's folder."""
    campaign.mkdir()
    answers = {"jobs": "1", "workers": "1", "shared": "no", "scratch": str(node)}
    return open_pool(init=_hiding(campaign), **answers)


def _crate(folder: Path, size_bytes: int = 1_000_000) -> str:
    place = folder / f"{size_bytes}.crate.zip"
    place.write_bytes(os.urandom(min(size_bytes, 1_000_000)))
    os.truncate(place, size_bytes)
    return str(place)


def test_contents_go_to_a_node_once_and_nothing_else_stays_there(
    slurm: Slurm, pushing: Pool, campaign: Path, node: Path, tmp_path: Path
) -> None:
    attempts, crate = campaign / "attempts", _crate(tmp_path)
    left = node / f"recrate-{os.getuid()}" / "attempts" / "of-a-lost-node"
    left.mkdir(parents=True)
    (left / "crate.zip").write_bytes(b"left")
    way = pushing.way  # type: ignore[attr-defined] # of this kind of pool
    assert isinstance(way, Pushing)
    pushing.submit(an_attempt(campaign, 1, crate=crate))
    assert take(pushing, 1)["1-1"].code == 0
    assert way.sent_bytes == 1_000_000
    names = {one.name for one in (attempts / "1-1").iterdir()}
    assert names == {"order.json", "started.json", "worker.log", "pids", "result.json"}
    assert "worker attempt" in (attempts / "1-1" / "worker.log").read_text()
    assert not left.exists()

    pushing.submit(an_attempt(campaign, 2, crate=crate, child=True, kills="parent", seconds=200))
    lost = take(pushing, 1)["2-1"]
    assert (lost.code, lost.why) == (None, "lost")
    assert "WorkerLost" in lost.note
    assert "sleep" not in {one.name() for one in slurm.processes()}

    pushing.submit(an_attempt(campaign, 3, crate=_crate(tmp_path, CARRIED_BYTES + 1)))
    told = take(pushing, 1)["3-1"]
    assert told.why == "refused"
    assert f"no more than {CARRIED_BYTES:,} go to nodes" in told.note
    assert "`shared`" in told.note

    pushing.submit(an_attempt(campaign, 4, crate=crate, limit=4, seconds=200))
    pushing.submit(an_attempt(campaign, 5, crate=crate))
    pushing.cancel("4-1")
    assert [(one.attempt, one.why) for one in pushing.ended(0)] == [("4-1", "cancelled")]
    assert take(pushing, 1)["5-1"].code == 0
    assert way.sent_bytes == 1_000_000, "the node has kept the crate"
    assert {one.name for one in (attempts / "4-1").iterdir()} == {"order.json"}
    pushing.close()
    slurm.wait_for_jobs(0)
    end = time.monotonic() + 20
    while len(_files(node)) > 1 and time.monotonic() < end:
        time.sleep(0.2)
    (kept,) = _files(node)
    assert kept.startswith(f"recrate-{os.getuid()}/contents/")
    assert not list(node.rglob("pids"))


def test_a_check_says_what_is_pushed_and_asks_for_no_shared_folder(
    runner_of: Callable[..., SlurmRunner], slurm: Slurm, tmp_path: Path
) -> None:
    init = _hiding(tmp_path / "cache")
    node = tmp_path / "scratch"
    runner = runner_of(python=sys.executable, shared="no", init=init, scratch=str(node))
    assert not runner.about.capabilities.shared
    (found,) = runner.check()
    assert (found.severity, found.code) == (Severity.NOTE, "runner-works")
    assert "through Parsl, at most 100 MiB" in found.message
    assert f"{node}/recrate-{os.getuid()} there" in found.message
    assert _files(node) == set()
    assert slurm.jobs() == ()
    assert list((tmp_path / "cache").iterdir()) == []
    assert [one.code for one in runner_of(init=init).check()] == ["folder-not-shared"]
