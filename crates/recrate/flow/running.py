"""One run of a crate: its environments restored, its notebooks observed in order."""

import contextlib
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from recrate.environment.by_running import missing_program
from recrate.environment.card import read_card
from recrate.environment.current import use_kernel
from recrate.environment.locking import make_lock
from recrate.environment.r_restore import realise_r
from recrate.environment.realise import realise
from recrate.environment.standard_library import is_standard
from recrate.environment.table import distribution_of
from recrate.flow.file_keeping import keep_published
from recrate.flow.references import is_withheld, who_to_ask
from recrate.flow.settings import Settings
from recrate.flow.web_access import gateway_of
from recrate.flow.without_network import WithoutNetwork
from recrate.flow.work import ReplayFolder
from recrate.model.crate import Crate
from recrate.model.environment import Environment, Lock, NotRestored
from recrate.model.observation import (
    DEBIAN_PACKAGE,
    KERNEL_MISSING,
    NOT_RESTORED,
    UNKNOWN_MODULE,
    NotebookObservation,
    Observation,
    RunError,
)
from recrate.model.progress import Progress, silent
from recrate.model.study import Notebook
from recrate.model.verdict import Cause
from recrate.outside.gateway import Gateway
from recrate.replay.observe import observe
from recrate.scan.inventory import take_inventory

Restored = Environment | NotRestored

_MODULE = re.compile(r"No module named '([\w.]{1,200})'")
_FILE_ERRORS = ("FileNotFoundError", "OSError", "error", "simpleError")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What all runs of one replay share.

    study:    the unpacked crate, never written to by a run
    recorded: the notebooks as published, in run order
    changed:  data references that are not as promised any more, by path, each with a sentence
    """

    crate: Crate
    study: Path
    recorded: Mapping[str, Notebook]
    folder: ReplayFolder
    changed: Mapping[str, str]


def lock_of(
    run: Run, *, current: bool, settings: Settings, progress: Progress = silent
) -> Lock | None:
    """Return the crate's lock, else one made now as of its date; None where Python needs none."""
    if current or "python" not in {language_of(one) for one in run.recorded.values()}:
        return None
    return run.crate.lock or _lock_now(run, settings, progress)


def restore(
    run: Run,
    lock: Lock | None,
    *,
    current: bool = False,
    settings: Settings,
    progress: Progress = silent,
) -> dict[str, Restored]:
    """Return an environment for each language of the notebooks, in the order they need them.

    Python comes from `lock`, which `lock_of` gives, and R from the crate's; without one, with
    `current`, and for any other language, the machine's own kernel is taken.
    """
    kernels = {language_of(notebook): kernel_of(notebook) for notebook in run.recorded.values()}
    restored: dict[str, Restored] = {}
    for language, kernel in kernels.items():
        progress("environment", len(restored), len(kernels), language)
        if language == "r" and not current:
            asked = lock or run.crate.lock or _lock_now(run, settings, progress)
            restored[language] = realise_r(
                asked, kernel=kernel, settings=settings.environment, progress=progress
            )
        elif lock is None or language != "python":
            restored[language] = use_kernel(language, kernel=kernel)
        else:
            restored[language] = realise(lock, settings=settings.environment, progress=progress)
    return restored


def _lock_now(run: Run, settings: Settings, progress: Progress) -> Lock:
    """Lock a crate that came without one, as of the date it carries."""
    inventory = take_inventory(
        run.study, options=replace(settings.scan, look_for_secrets=False), progress=progress
    )
    return make_lock(
        run.study,
        inventory,
        kernel=None,
        as_of=date_of(run.crate),
        settings=settings.environment,
        progress=progress,
    )


def date_of(crate: Crate) -> str | None:
    """Return the ISO date that a crate says it was published on."""
    graph = crate.metadata.get("@graph")
    for entity in graph if isinstance(graph, list) else []:
        if isinstance(entity, dict) and entity.get("@id") == "./":
            published = entity.get("datePublished")
            return published[:10] if isinstance(published, str) else None
    return None


def day_of(crate: Crate) -> str | None:
    """Return `date_of` where that is a whole day, `2019-04-02`; None for a bare year."""
    told = date_of(crate)
    with contextlib.suppress(ValueError):
        return dt.date.fromisoformat(told or "").isoformat()
    return None


def observe_once(
    run: Run,
    environments: Mapping[str, Restored],
    repeat: int,
    *,
    settings: Settings,
    progress: Progress = silent,
) -> Observation:
    """Run the notebooks once, neighbours of one language together, and save what was seen."""
    python = [one for one in run.recorded.values() if language_of(one) == "python"]
    gateway = gateway_of(run.crate, run.study, python, settings)
    try:
        seen = _observe_all(
            run, environments, repeat, gateway, settings=settings, progress=progress
        )
    finally:
        if gateway is not None:
            gateway.close()
    seen = _with_card(_name_programs(_name_unknown_modules(_name_changed_data(run, seen))))
    run.folder.write_observation(seen)
    keep_published(run.folder, run.study, run.crate, seen, settings.replay)
    return seen


def _observe_all(
    run: Run,
    environments: Mapping[str, Restored],
    repeat: int,
    gateway: Gateway | None,
    *,
    settings: Settings,
    progress: Progress,
) -> Observation:
    seen = run.folder.read_observation(repeat)
    paths: tuple[str, ...] = ()
    follows = not settings.replay.allow_network
    languages = {path: language_of(notebook) for path, notebook in run.recorded.items()}
    for language, group in groupby(run.recorded, key=lambda path: languages[path]):
        paths += tuple(group)
        environment = environments[language]
        if isinstance(environment, NotRestored):
            seen = _not_restored(run, environment, repeat, seen, settings)
            if len(environments) > 1:
                seen = _left_out(seen, paths, environment)
            continue
        seen = observe(
            run.study,
            paths,
            environment,
            crate=run.crate,
            settings=settings.replay,
            destination=run.folder.observation(repeat),
            repeat=repeat,
            earlier=seen,
            progress=progress,
            guide=WithoutNetwork if follows and language == "python" else None,
            gateway=gateway if language == "python" else None,
        )
    assert seen is not None, "a crate has at least one notebook"
    return seen


def _left_out(seen: Observation, paths: tuple[str, ...], reason: NotRestored) -> Observation:
    """Enter the notebooks of a language that has no kernel here, so that no other one runs them."""
    missing = reason.cause == Cause.KERNEL_MISSING
    error = RunError(
        name=KERNEL_MISSING if missing else NOT_RESTORED,
        message=reason.message if missing else f"{reason.cause}: {reason.message}",
        cell=None,
        traceback=reason.evidence,
    )
    left = tuple(
        NotebookObservation(path=path, status="failed", seconds=0.0, error=error)
        for path in paths[len(seen.notebooks) :]
    )
    return replace(seen, notebooks=(*seen.notebooks, *left))


def _with_card(seen: Observation) -> Observation:
    """Note on what kind of machine it ran: where replays disagree that may be why."""
    if seen.environment is None or seen.environment.card is not None:
        return seen
    return replace(seen, environment=replace(seen.environment, card=read_card()))


def _name_changed_data(run: Run, seen: Observation) -> Observation:
    """Say of a notebook that missed a file of ours why it was not there.

    Its data changed, or they are not published: that is a missing file with somebody to ask.
    """
    notes = {one.path: who_to_ask(one) for one in run.crate.references if is_withheld(one)}
    notebooks = []
    for notebook in seen.notebooks:
        error = notebook.error
        for path, note in run.changed.items():
            name = path.rpartition("/")[2]
            if error is not None and name in error.message and error.name in _FILE_ERRORS:
                cause = "FileNotFoundError" if notes.get(path) == note else "DataChanged"
                error = replace(error, name=cause, message=note)
                break
        notebooks.append(replace(notebook, error=error))
    told = tuple(dict.fromkeys((*run.changed.values(), *seen.notes)))
    return replace(seen, notebooks=tuple(notebooks), notes=told)


def _name_unknown_modules(seen: Observation) -> Observation:
    """Note of each notebook that missed a module whether the kept tables know no package for it.

    They are the environment room's, and who judges knows only what was observed.
    """
    notebooks = []
    for notebook in seen.notebooks:
        error = notebook.error
        module = _MODULE.search(error.message) if error is not None else None
        if module is None or distribution_of(module[1]) or is_standard(module[1]):
            notebooks.append(notebook)
            continue
        note = f"{UNKNOWN_MODULE} {module[1].split('.')[0]}"
        notebooks.append(replace(notebook, notes=(*notebook.notes, note)))
    return replace(seen, notebooks=tuple(notebooks))


def _name_programs(seen: Observation) -> Observation:
    """Note of each notebook that missed a program or a library which Debian package has it."""
    notebooks = []
    for notebook in seen.notebooks:
        error = notebook.error
        found = missing_program(error.name, error.message, error.traceback) if error else None
        note = f"{DEBIAN_PACKAGE} {found[1]}: {found[0]}" if found else ""
        if note and note not in notebook.notes:
            notebooks.append(replace(notebook, notes=(*notebook.notes, note)))
        else:
            notebooks.append(notebook)
    return replace(seen, notebooks=tuple(notebooks))


def _not_restored(
    run: Run,
    reason: NotRestored,
    repeat: int,
    seen: Observation | None,
    settings: Settings,
) -> Observation:
    now = settings.clock().isoformat()
    if seen is not None:
        return replace(seen, notes=(*seen.notes, f"{reason.cause}: {reason.message}"))
    return Observation(
        crate=run.crate.identity,
        crate_name=run.crate.name,
        repeat=repeat,
        agent=settings.agent,
        started=now,
        ended=now,
        runner="local",
        sandbox="none",
        environment=None,
        notebooks=(),
        not_restored=reason,
        notes=(f"this machine: {read_card().system} {read_card().machine}",),
    )


def language_of(notebook: Notebook) -> str:
    """Return the language a notebook says it is written in, in small letters; Python if silent."""
    metadata = notebook.get("metadata")
    for section, key in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(section) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(key), str) and part[key]:
            language: str = part[key].lower()
            return "python" if language.startswith("python") else language
    return "python"


def kernel_of(notebook: Notebook) -> str | None:
    """Return the name of the kernel a notebook asks for, or None when it does not say."""
    metadata = notebook.get("metadata")
    part = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = part.get("name") if isinstance(part, dict) else None
    return name if isinstance(name, str) and name else None
