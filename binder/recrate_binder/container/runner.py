"""Runner `container`: each attempt in a container of its own, on podman, docker or apptainer."""

import itertools
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from recrate.model.finding import Finding
from recrate.model.runner import AboutRunner, RunnerCapabilities
from recrate.outside.disk import remove_tree
from recrate.runners.runner import Depot
from recrate_binder.container.engine import find_engine
from recrate_binder.container.kept import owner_lives, owner_now
from recrate_binder.container.runner_apptainer import find_apptainer
from recrate_binder.container.runner_boxes import Terms, write_terms
from recrate_binder.container.runner_image import find_wares
from recrate_binder.container.runner_options import OPTIONS, Answers
from recrate_binder.container.runner_places import OnApptainer, OnEngine, Place
from recrate_binder.container.runner_pool import ContainerPool
from recrate_binder.container.runner_trial import try_place
from recrate_binder.container.runner_walls import user_of

_PREFIX = "container-"
_numbers = itertools.count()
"""One process may have several pools at once."""


class ContainerRunner:
    """A container engine of this machine as a runner."""

    about = AboutRunner(
        kind="container",
        title_en="Containers of this machine (podman, docker, apptainer)",
        title_ja="このマシンのコンテナ(podman・docker・apptainer)",
        capabilities=RunnerCapabilities(memory=True, time=True, survives=True, walls="container"),
        options=OPTIONS,
    )

    def __init__(self, answers: Mapping[str, str], depot: Depot) -> None:
        """Take the answers; raises BadInput where one makes no sense."""
        self._answers = Answers.read(answers, depot.variables)
        self._depot = depot

    def check(self) -> Iterator[Finding]:
        """Try the place: engine, image, walls inside, index, space; ends with what works."""
        return try_place(self._answers, self._depot, self._place, self._terms)

    def open(self, campaign: str, folder: Path, *, workers: int) -> ContainerPool:
        """Return the pool; what a killed client of the same campaign left is taken away first.

        Raises BadInput where no engine is installed, OutsideFailed where one does not answer, or
        no wheel of recrate can be built for an image.
        """
        kept = self._new_folder(folder.absolute() / "runner")
        place = self._place(kept)
        place.reap(campaign)
        terms = self._terms(place, campaign, kept)
        write_terms(terms, self._depot.variables)
        variables = dict(self._depot.variables)
        return ContainerPool(place, terms, workers or self._answers.workers, variables)

    def _new_folder(self, parent: Path) -> Path:
        """Return a folder for one pool; those of dead clients are removed."""
        for left in parent.glob(f"{_PREFIX}*"):
            if not owner_lives(left.name.removeprefix(_PREFIX).rpartition("-")[0]):
                remove_tree(left)
        return parent / f"{_PREFIX}{owner_now()}-{next(_numbers)}"

    def _place(self, kept: Path) -> Place:
        answers, variables = self._answers, self._depot.variables
        if answers.engine == "apptainer" or (not answers.engine and _only_apptainer(variables)):
            program = find_apptainer(variables)
            return OnApptainer(program=program, given=answers.image, scratch=kept / "scratch")
        engine = find_engine(answers.engine, variables)
        folder = self._depot.cache / "containers"
        return OnEngine(
            engine=engine,
            given=answers.image,
            base=answers.base,
            wares=None if answers.image else find_wares(folder),
            bundle=answers.bundle,
            pull=answers.pull,
            index=variables.get("UV_DEFAULT_INDEX") or variables.get("PIP_INDEX_URL", ""),
            folder=folder,
        )

    def _terms(self, place: Place, campaign: str, kept: Path) -> Terms:
        answers = self._answers
        return Terms(
            campaign=campaign,
            owner=owner_now(),
            cache=self._depot.cache,
            kept=kept,
            python=answers.python,
            network=answers.network,
            mounts=answers.mounts,
            gpus=answers.gpus,
            bundle=answers.bundle if answers.image else None,
            user=user_of(place.engine) if isinstance(place, OnEngine) else (0, 0),
        )


def _only_apptainer(variables: Mapping[str, str]) -> bool:
    path = variables.get("PATH")
    engines = any(shutil.which(name, path=path) for name in ("podman", "docker"))
    return not engines and shutil.which("apptainer", path=path) is not None
