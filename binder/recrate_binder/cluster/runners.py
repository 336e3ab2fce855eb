"""The kinds `slurm`, `pbs` and `kubernetes`, as entry points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.finding import Finding
from recrate.model.runner import AboutRunner, RunnerCapabilities
from recrate.outside.disk import disk_errors
from recrate.runners.runner import Depot, Pool
from recrate_binder.cluster import kubernetes, pbs, slurm
from recrate_binder.cluster.commands import Commands
from recrate_binder.cluster.kubernetes_checks import check_kubernetes
from recrate_binder.cluster.options import Answers, Pilot, pilot_of
from recrate_binder.cluster.pbs_checks import check_pbs
from recrate_binder.cluster.pool import open_pool
from recrate_binder.cluster.scheduler import Scheduler
from recrate_binder.cluster.slurm_checks import check_slurm

_CAPABILITIES = RunnerCapabilities(
    elsewhere=True, shared=True, queued=True, time=True, walls="sandbox", needs_account=True
)


def _as_described(about: AboutRunner, pilot: Pilot) -> AboutRunner:
    """Return a kind as one site is of it: whether its nodes see our files is an answer."""
    return replace(about, capabilities=replace(about.capabilities, shared=pilot.shared))


def _commands(depot: Depot) -> Commands:
    return Commands(variables=dict(depot.variables), folder=depot.cache)


def _open(scheduler: Scheduler, pilot: Pilot, campaign: str, folder: Path, workers: int) -> Pool:
    if not (campaign.isascii() and campaign.isalnum()):
        raise BadInput("an id of a campaign is letters and digits", where=campaign, hint="")
    if find_spec("parsl") is None:
        raise OutsideFailed(
            "Parsl is not installed beside recrate",
            where="parsl",
            hint="pip install 'recrate[cluster]'",
        )
    return open_pool(scheduler, pilot, campaign=campaign, folder=folder.absolute(), workers=workers)


@dataclass(init=False)
class Slurm:
    """Pilot jobs on Slurm, submitted from this machine."""

    depot: Depot
    pilot: Pilot
    scheduler: slurm.SlurmScheduler

    about = AboutRunner(
        kind="slurm",
        title_en="A cluster with Slurm",
        title_ja="Slurm のクラスター",
        capabilities=_CAPABILITIES,
        options=slurm.OPTIONS,
    )

    def __init__(self, answers: Mapping[str, str], depot: Depot) -> None:
        """Take the answers; raises BadInput where one makes no sense."""
        given = Answers(answers, slurm.OPTIONS)
        self.depot = depot
        self.pilot = pilot_of(given, depot.python)
        self.about = _as_described(self.about, self.pilot)
        self.scheduler = slurm.SlurmScheduler(
            settings=slurm.SlurmSettings.of(given), pilot=self.pilot, commands=_commands(depot)
        )

    def check(self) -> Iterator[Finding]:
        """Ask Slurm, then run a small job on a node."""
        yield from check_slurm(self.scheduler, self.depot)

    def open(self, campaign: str, folder: Path, *, workers: int) -> Pool:
        """Begin to submit jobs for a campaign."""
        with disk_errors(self.depot.cache):
            self.depot.cache.mkdir(parents=True, exist_ok=True)
        return _open(self.scheduler, self.pilot, campaign, folder, workers)


@dataclass(init=False)
class Pbs:
    """Pilot jobs on PBS Professional or OpenPBS, submitted from this machine."""

    depot: Depot
    pilot: Pilot
    scheduler: pbs.PbsScheduler

    about = AboutRunner(
        kind="pbs",
        title_en="A cluster with PBS Professional or OpenPBS",
        title_ja="PBS Professional・OpenPBS のクラスター",
        capabilities=_CAPABILITIES,
        options=pbs.OPTIONS,
    )

    def __init__(self, answers: Mapping[str, str], depot: Depot) -> None:
        """Take the answers; raises BadInput where one makes no sense."""
        given = Answers(answers, pbs.OPTIONS)
        self.depot = depot
        self.pilot = pilot_of(given, depot.python)
        self.about = _as_described(self.about, self.pilot)
        self.scheduler = pbs.PbsScheduler(
            settings=pbs.PbsSettings.of(given), pilot=self.pilot, commands=_commands(depot)
        )

    def check(self) -> Iterator[Finding]:
        """Ask PBS, then run a small job on a node."""
        yield from check_pbs(self.scheduler, self.depot)

    def open(self, campaign: str, folder: Path, *, workers: int) -> Pool:
        """Begin to submit jobs for a campaign."""
        with disk_errors(self.depot.cache):
            self.depot.cache.mkdir(parents=True, exist_ok=True)
        return _open(self.scheduler, self.pilot, campaign, folder, workers)


@dataclass(init=False)
class Kubernetes:
    """Pods that run many replays each, made from this machine or from a pod of the cluster."""

    depot: Depot
    pilot: Pilot
    scheduler: kubernetes.KubernetesScheduler

    about = AboutRunner(
        kind="kubernetes",
        title_en="A Kubernetes cluster",
        title_ja="Kubernetes クラスター",
        capabilities=_CAPABILITIES,
        options=kubernetes.OPTIONS,
    )

    def __init__(self, answers: Mapping[str, str], depot: Depot) -> None:
        """Take the answers; raises BadInput where one makes no sense."""
        given = Answers(answers, kubernetes.OPTIONS)
        self.depot = depot
        self.pilot = pilot_of(given, "python3")
        self.about = _as_described(self.about, self.pilot)
        self.scheduler = kubernetes.KubernetesScheduler(
            settings=kubernetes.KubernetesSettings.of(given, shared=self.pilot.shared),
            pilot=self.pilot,
        )

    def check(self) -> Iterator[Finding]:
        """Ask the cluster what may be done there; no pod is made."""
        yield from check_kubernetes(self.scheduler, self.depot)

    def open(self, campaign: str, folder: Path, *, workers: int) -> Pool:
        """Begin to make pods for a campaign."""
        return _open(self.scheduler, self.pilot, campaign, folder, workers)
