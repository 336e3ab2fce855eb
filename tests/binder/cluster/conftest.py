"""A Slurm cluster for a module, and runners on it whose workers do what a test orders."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cluster_attempts import a_depot, worker_python
from recrate.runners.runner import Pool
from recrate_binder.cluster.runners import Slurm as SlurmRunner
from slurm import Slurm, slurm

__all__ = ["slurm"]

Opener = Callable[..., Pool]


@pytest.fixture
def runner_of(slurm: Slurm, tmp_path: Path) -> Callable[..., SlurmRunner]:
    """Make a runner on the cluster from a site's answers."""
    depot = a_depot(tmp_path, slurm.variables)

    def make(**answers: str) -> SlurmRunner:
        usual = {"jobs": "3", "workers": "1", "cores": "2", "memory": "1", "heartbeat": "30"}
        return SlurmRunner({"python": worker_python(tmp_path), **usual, **answers}, depot)

    return make


@pytest.fixture
def open_pool(
    runner_of: Callable[..., SlurmRunner], slurm: Slurm, tmp_path: Path
) -> Iterator[Opener]:
    """Open pools that are closed when the test ends; each leaves nothing behind."""
    pools: list[Pool] = []

    def make(campaign: str = "c1", at_once: int = 0, **answers: str) -> Pool:
        pool = runner_of(**answers).open(campaign, tmp_path / "camp 日本", workers=at_once)
        pools.append(pool)
        return pool

    yield make
    for pool in pools:
        pool.close()
    slurm.wait_for_jobs(0)


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Return the campaign's folder, with a blank and Japanese in its name."""
    return tmp_path / "camp 日本"
