"""Campaigns on a real Slurm cluster: the same verdicts as here, and none lost or doubled by faults.

`RECRATE_ALL_FAULTS=1` (`nox -s campaign`) breaks it in every way that the table of
docs/campaign-faults.md names; otherwise its command is killed, and goes on.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from campaign_crates import counting_crates, crate_like, study_of
from conftest import CommandLine
from corpus_crates import MANY, SMALL, crates_of
from slurm import Slurm
from slurm_campaigns import SlurmCampaign

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
_COUNT = 5
_ALL = bool(os.environ.get("RECRATE_ALL_FAULTS"))
Break = Callable[[SlurmCampaign, "subprocess.Popen[str]"], None]


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory, recrate: CommandLine) -> Path:
    """A crate of one notebook that prints a number, with a lock."""
    folder = tmp_path_factory.mktemp("counting")
    done = recrate(
        "pack", study_of(folder / "study", "print(1)", "1\n"), "-o", folder / "one.crate.zip"
    )
    assert done.code in {0, 1}, done.error
    return folder / "one.crate.zip"


@pytest.fixture
def campaign_of(recrate: CommandLine, slurm: Slurm, tmp_path: Path) -> Callable[..., SlurmCampaign]:
    """Make a campaign on the cluster."""

    def make(listed: Path, *options: object, **site: object) -> SlurmCampaign:
        return SlurmCampaign(recrate, slurm, tmp_path, listed, options, site)

    return make


Verdicts = dict[str, tuple[object, ...]]


@pytest.fixture
def here_and_there(
    recrate: CommandLine, slurm: Slurm, tmp_path: Path
) -> Callable[..., dict[str, Verdicts]]:
    """Replay crates on this machine and on the cluster; the verdicts of each, by the crate."""

    def replay(crates: Path, count: int, *options: object, again: int = 0) -> dict[str, Verdicts]:
        """`again`: attempts beyond one each that limits and the shared machine may cost."""
        verdicts = {}
        for runner in ("local", "cluster"):
            folder = tmp_path / runner
            folder.mkdir()
            # A busy machine may be silent for long; here no node is lost, and none is to be.
            patient = {"heartbeat": 120}
            campaign = SlurmCampaign(recrate, slurm, folder, crates, ("--again", *options), patient)
            done = subprocess.run(
                campaign.command(runner), env=campaign.variables, capture_output=True, check=False
            )
            tally = campaign.tally()
            assert tally.verdicts == tally.tasks == count, done.stderr.decode()
            assert (tally.lost, tally.doubled) == (0, 0)
            assert tally.tasks <= tally.started <= tally.tasks + again
            verdicts[runner] = campaign.verdicts()
        return verdicts

    return replay


def test_twenty_real_notebooks_get_the_same_verdicts_here_and_on_a_cluster(
    tmp_path: Path,
    cache_folder: Path,
    recrate: CommandLine,
    here_and_there: Callable[..., dict[str, Verdicts]],
) -> None:
    crates_of([SMALL], tmp_path / "all", tmp_path / "made", cache_folder, recrate)
    (tmp_path / "crates").mkdir()
    for crate in sorted((tmp_path / "all").iterdir())[:20]:
        os.link(crate, tmp_path / "crates" / crate.name)
    verdicts = here_and_there(tmp_path / "crates", 20)
    assert verdicts["local"] == verdicts["cluster"]
    assert {told[0] for told in verdicts["local"].values()} == {"identical", "equivalent"}


@pytest.mark.skipif(not _ALL, reason="an hour; make campaign")
@pytest.mark.timeout(4 * 3600)
def test_two_hundred_real_notebooks_get_the_same_verdicts_here_and_on_a_cluster(
    tmp_path: Path,
    cache_folder: Path,
    recrate: CommandLine,
    here_and_there: Callable[..., dict[str, Verdicts]],
) -> None:
    crates = tmp_path / "crates"
    count = crates_of(MANY, crates, tmp_path / "made", cache_folder, recrate)
    assert count >= 200
    verdicts = here_and_there(crates, count, "--cell-timeout", 300, again=10)
    for crate, told in sorted(verdicts["local"].items()):
        _note({"crate": crate, "here": told, "there": verdicts["cluster"].get(crate, ("none",))})
    here, there = ({name: told[0] for name, told in one.items()} for one in verdicts.values())
    assert here == there  # counts may differ where a notebook draws at random, as some do


def kill_a_worker(campaign: SlurmCampaign, _client: object) -> None:
    campaign.until(campaign.started, "a worker starts")
    campaign.worker().kill()


def lose_a_node(campaign: SlurmCampaign, _client: object) -> None:
    campaign.until(lambda: len(campaign.started()) >= 3, "three workers start")
    busy = next(job.node for job in campaign.slurm.jobs() if job.state == "RUNNING")
    campaign.slurm.lose_node(busy)
    time.sleep(20)
    campaign.slurm.start_node(busy)


def restart_the_controller(campaign: SlurmCampaign, _client: object) -> None:
    campaign.until(campaign.started, "a worker starts")
    campaign.slurm.stop_controller()
    time.sleep(8)
    campaign.slurm.start_controller()


def kill_the_client(campaign: SlurmCampaign, client: "subprocess.Popen[str]") -> None:
    campaign.until(lambda: len(campaign.started()) >= 2, "two workers start")
    client.kill()


def fill_the_disk(campaign: SlurmCampaign, client: "subprocess.Popen[str]") -> None:
    campaign.until(lambda: campaign.rows("SELECT 1 FROM tasks WHERE folder <> ''"), "a verdict")
    filler = campaign.out / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while stream.write(bytes(1 << 16)):
                pass
        except OSError:
            pass
    time.sleep(25)
    filler.unlink()


def poison_the_environment(campaign: SlurmCampaign, _client: object) -> None:
    campaign.until(lambda: campaign.rows("SELECT 1 FROM tasks WHERE folder <> ''"), "a verdict")
    (found,) = (campaign.folder / "cache").glob("environments/*/**/ipykernel/kernelapp.py")
    found.write_text("raise SystemExit('poisoned')\n")


FAULTS: dict[str, Break] = {
    "client killed": kill_the_client,
}
MORE: dict[str, Break] = {
    "node lost": lose_a_node,
    "slurmctld restarted": restart_the_controller,
    "worker killed": kill_a_worker,
    "file system full": fill_the_disk,
    "poisoned environment": poison_the_environment,
}


@pytest.mark.parametrize("fault", [*FAULTS, *(MORE if _ALL else ())])
def test_no_fault_loses_or_doubles_a_verdict(
    counting: Path, campaign_of: Callable[..., SlurmCampaign], tmp_path: Path, fault: str
) -> None:
    counting_crates(counting, tmp_path / "crates", _COUNT)
    campaign = campaign_of(tmp_path / "crates")
    if fault == "poisoned environment":
        campaign.cache = tmp_path / "cache"
    small = fault == "file system full"
    if small:
        campaign.out.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "small", campaign.out], check=True)
    try:
        with campaign.begun() as client:
            (FAULTS | MORE)[fault](campaign, client)
            client.communicate(timeout=600)
        if client.returncode not in {0, 1}:
            campaign.run()
        _note({"fault": fault, **asdict(campaign.tally())})
        assert sorted(one[0] for one in campaign.verdicts().values()) == [
            "different", *["identical"] * (_COUNT - 1),
        ]  # fmt: skip
        tally = campaign.tally()
    finally:
        if small:
            subprocess.run(["umount", "-l", campaign.out], check=False)
    assert (tally.tasks, tally.verdicts, tally.lost, tally.doubled) == (_COUNT, _COUNT, 0, 0)
    campaign.slurm.wait_for_jobs(0)


@pytest.mark.skipif(not _ALL, reason="on this machine tests/core/campaign tries it; make campaign")
@pytest.mark.parametrize(
    ("fault", "source", "output", "options"),
    [
        (
            "task over memory",
            "print(len(bytearray(500 * 2**20)))",
            f"{500 * 2**20}\n",
            ("--memory", "300MiB", "--memory-ceiling", "1200MiB"),
        ),
        (
            "task over time",
            "import time; time.sleep(25); print(1)",
            "1\n",
            ("--timeout", "15", "--timeout-ceiling", "120"),
        ),
    ],
)
def test_a_task_that_ran_out_of_a_limit_gets_more(
    counting: Path,
    campaign_of: Callable[..., SlurmCampaign],
    tmp_path: Path,
    fault: str,
    source: str,
    output: str,
    options: tuple[str, ...],
) -> None:
    counting_crates(counting, tmp_path / "crates", _COUNT - 1)
    crate_like(counting, tmp_path / "crates" / "big.crate.zip", source, output)
    campaign = campaign_of(tmp_path / "crates", *options)
    campaign.run()
    _note({"fault": fault, **asdict(campaign.tally())})
    assert campaign.verdicts()["big.crate.zip"][0] == "identical"
    tally = campaign.tally()
    assert (tally.tasks, tally.verdicts, tally.lost, tally.doubled) == (_COUNT, _COUNT, 0, 0)
    assert tally.started > _COUNT


def test_a_cell_that_wants_more_than_its_job_has_is_no_lost_node(
    counting: Path, campaign_of: Callable[..., SlurmCampaign], tmp_path: Path
) -> None:
    (tmp_path / "crates").mkdir()
    greedy = "print(len(bytearray(2 * 2**30)))"
    crate_like(counting, tmp_path / "crates" / "big.crate.zip", greedy, f"{2 * 2**30}\n")
    campaign = campaign_of(tmp_path / "crates", "--memory", "8GiB", memory=1)
    campaign.run()
    (row,) = campaign.rows("SELECT * FROM tasks")
    assert campaign.verdicts()["big.crate.zip"][0] == "failed"
    assert (row["attempts"], row["cause"]) == (1, "memory")


@pytest.mark.skipif(not _ALL, reason="waits for the index twice; make campaign")
def test_an_index_that_is_away_costs_no_verdict(
    counting: Path, campaign_of: Callable[..., SlurmCampaign], tmp_path: Path
) -> None:
    counting_crates(counting, tmp_path / "crates", _COUNT)
    campaign = campaign_of(tmp_path / "crates", "--tries", "2")
    campaign.cache = tmp_path / "cache"
    campaign.index = "http://127.0.0.1:9/simple"
    told = campaign.run()
    assert told["states"] == {"given up": _COUNT}
    assert all(row["message"] and row["hint"] for row in campaign.rows("SELECT * FROM tasks"))
    campaign.index = ""
    campaign.run()
    _note({"fault": "package index away", **asdict(campaign.tally())})
    tally = campaign.tally()
    assert (tally.verdicts, tally.lost, tally.doubled) == (_COUNT, 0, 0)


def _note(line: dict[str, object]) -> None:
    """Keep a line of a table, where one is wanted."""
    kept = os.environ.get("RECRATE_FAULT_TABLE")
    if kept:
        with Path(kept).open("a") as table:
            table.write(json.dumps(line) + "\n")
