"""The kinds `slurm`, `pbs` and `kubernetes`, as entry points."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
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
from recrate_binder.cluster.options import Answers, pilot_of
from recrate_binder.cluster.pbs_checks import check_pbs
from recrate_binder.cluster.pool import open_pool
from recrate_binder.cluster.scheduler import Scheduler
from recrate_binder.cluster.slurm_checks import check_slurm

_CAPABILITIES = RunnerCapabilities(
    elsewhere=True, shared=True, queued=True, time=True, walls="sandbox", needs_account=True
)


class _Cluster:
    """What the kinds share: pilot jobs of one site, on its scheduler."""

    about: AboutRunner
    scheduler: Scheduler

    def __init__(self, answers: Mapping[str, str], depot: Depot, *, python: str) -> None:
        """Take the answers. `python`: on the nodes, where none is named."""
        self.depot = depot
        self.given = Answers(answers, self.about.options)
        self.pilot = pilot_of(self.given, python)
        # Whether nodes see our files is an answer: of one site, not of the kind.
        able = replace(self.about.capabilities, shared=self.pilot.shared)
        self.about = replace(self.about, capabilities=able)

    def open(self, campaign: str, folder: Path, *, workers: int) -> Pool:
        """Begin to submit jobs for a campaign."""
        if not (campaign.isascii() and campaign.isalnum()):
            raise BadInput(
                "an id of a campaign is letters and digits", where=campaign, hint="as `3f9a`"
            )
        if find_spec("parsl") is None:
            raise OutsideFailed(
                "Parsl is not installed beside recrate",
                where="parsl",
                hint="pip install 'recrate[cluster]'",
            )
        with disk_errors(self.depot.cache):
            self.depot.cache.mkdir(parents=True, exist_ok=True)
        place = folder.absolute()
        return open_pool(
            self.scheduler, self.pilot, campaign=campaign, folder=place, workers=workers
        )

    def _commands(self) -> Commands:
        return Commands(variables=dict(self.depot.variables), folder=self.depot.cache)


class Slurm(_Cluster):
    """Pilot jobs on Slurm, submitted from this machine."""

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
        super().__init__(answers, depot, python=depot.python)
        settings = slurm.SlurmSettings.of(self.given)
        self.scheduler = slurm.SlurmScheduler(
            settings=settings, pilot=self.pilot, commands=self._commands()
        )

    def check(self) -> Iterator[Finding]:
        """Ask Slurm, then run a small job on a node."""
        yield from check_slurm(self.scheduler, self.depot)


class Pbs(_Cluster):
    """Pilot jobs on PBS Professional or OpenPBS, submitted from this machine."""

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
        super().__init__(answers, depot, python=depot.python)
        settings = pbs.PbsSettings.of(self.given)
        self.scheduler = pbs.PbsScheduler(
            settings=settings, pilot=self.pilot, commands=self._commands()
        )

    def check(self) -> Iterator[Finding]:
        """Ask PBS, then run a small job on a node."""
        yield from check_pbs(self.scheduler, self.depot)


class Kubernetes(_Cluster):
    """Pods that run many replays each, made from this machine or from a pod of the cluster."""

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
        super().__init__(answers, depot, python="python3")
        settings = kubernetes.KubernetesSettings.of(self.given, shared=self.pilot.shared)
        self.scheduler = kubernetes.KubernetesScheduler(settings=settings, pilot=self.pilot)

    def check(self) -> Iterator[Finding]:
        """Ask the cluster what may be done there; no pod is made."""
        yield from check_kubernetes(self.scheduler, self.depot)
