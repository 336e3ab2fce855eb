"""What attribution is told of a replay beside its notebooks: their code, versions and data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from packaging.utils import canonicalize_name

from recrate.compare.attribution import Known, with_causes
from recrate.compare.authors import FilesBy, judge_in_the_open
from recrate.compare.drawn import with_draws
from recrate.compare.eliminated import by_elimination
from recrate.compare.probes import Probes
from recrate.environment.table import distribution_of
from recrate.flow.running import language_of
from recrate.model.environment import Lock
from recrate.model.observation import EnvironmentSeen, Observation
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import Verdict
from recrate.scan.cell_code import read_cell_codes

_CHANGED = "data reference "


def judge_with_causes(
    recorded: Mapping[str, Notebook],
    observations: Sequence[Observation],
    reruns: Sequence[Mapping[str, Notebook]],
    policy: Policy,
    *,
    lock: Lock | None,
    probes: Probes,
    files: FilesBy,
) -> Verdict:
    """Judge, and say of each output that does not hold why that is; see `compare.judge.judge`."""
    verdict = judge_in_the_open(recorded, observations, reruns, policy, files)
    known = replace(what_is_known(recorded, observations, lock), probes=probes)
    own = known.own_versions
    verdict = by_elimination(verdict, recorded, observations, own_versions=own)
    return with_causes(verdict, recorded, observations, reruns, known)


def what_is_known(
    recorded: Mapping[str, Notebook], observations: Sequence[Observation], lock: Lock | None
) -> Known:
    """Read the recorded code, and say whether the packages are those of the author's kernel."""
    first = observations[0] if observations else None
    environment = first.environment if first is not None else None
    codes = {
        path: read_cell_codes(notebook, language_of(notebook))
        for path, notebook in recorded.items()
    }
    modules = {name for cells in codes.values() for cell in cells for name in cell.modules}
    packages = dict(_imported(modules, environment))
    drew = {run.path: run.drew for one in reversed(observations) for run in one.notebooks}
    return Known(
        codes={
            path: with_draws(cells, recorded[path], drew.get(path, ()), packages)
            for path, cells in codes.items()
        },
        packages=packages,
        own_versions=environment is not None and _are_own(recorded, environment, lock),
        others=environment.differences if environment is not None else (),
        r=_version_of_r(environment),
        changed=tuple(one for one in first.notes if one.startswith(_CHANGED)) if first else (),
    )


def _imported(
    modules: Iterable[str], environment: EnvironmentSeen | None
) -> Iterator[tuple[str, str]]:
    """Yield each module that comes from a package of this environment, with its version."""
    packages = environment.packages if environment is not None else ()
    versions = {canonicalize_name(one.name): one.version for one in packages}
    for module in modules:
        name = canonicalize_name((distribution_of(module) or module).partition("[")[0])
        if name in versions:
            yield module, f"{name} {versions[name]}"


def _version_of_r(environment: EnvironmentSeen | None) -> str:
    """Return R's version: that of its package `base`; empty where none ran."""
    packages = environment.packages if environment is not None else ()
    return next((one.version for one in packages if one.name == "base"), "")


def _are_own(
    recorded: Mapping[str, Notebook], environment: EnvironmentSeen, lock: Lock | None
) -> bool:
    """Say whether the lock was measured in a kernel of the Python that the notebooks name."""
    if lock is None or lock.source != "kernel" or environment.differences or environment.added:
        return False
    return environment.restored and all(
        _minor(_python_of(notebook)) == _minor(environment.python) for notebook in recorded.values()
    )


def _python_of(notebook: Notebook) -> str:
    metadata = notebook.get("metadata")
    told = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = told.get("version") if isinstance(told, dict) else None
    return version if isinstance(version, str) else ""


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
