"""Replay: crate → environment → observations (saved first) → verdict."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.flow.adding import lock_with_added, observe_first
from recrate.flow.candidates import try_others
from recrate.flow.candidates_kept import chosen_lock, tell_tried
from recrate.flow.explaining import Explainer, explain, open_questions
from recrate.flow.judging import judge_folder
from recrate.flow.policies import keep_authors
from recrate.flow.provenance import remember_run, runs_ledger
from recrate.flow.references import place_references
from recrate.flow.repaired import read_repaired
from recrate.flow.repairing import Repairer
from recrate.flow.running import Restored, Run, lock_of, observe_once
from recrate.flow.settings import Settings
from recrate.flow.signing import sign_replay
from recrate.flow.work import ReplayFolder, ReplayHead, read_notebook
from recrate.locate.whereabouts import Origin
from recrate.model.crate import Crate
from recrate.model.environment import Environment, Lock
from recrate.model.errors import BadInput, Conflict, NotFound, OutsideFailed, Refused
from recrate.model.observation import Observation
from recrate.model.progress import Progress, silent
from recrate.model.repair import Repaired
from recrate.model.study import Notebook
from recrate.model.verdict import Verdict
from recrate.outside import sandbox
from recrate.outside.disk import scratch_folder
from recrate.report.account import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOrder:
    """What a person asked for.

    notebooks: paths relative to the study's root; empty means all
    current:   use the kernel of this machine instead of the crate's lock
    language:  the report opens in it; None lets the reader's browser choose
    origin:    where the crate was brought from, None for what lay on this machine
    explain:   run again with one thing changed at a time, to find out why outputs differ
    repair:    patch gone names in a copy, and run that; all of it is kept apart
    trusted:   the bundled demo or a crate the person vouches for: it may run without a sandbox
    """

    location: Path
    destination: Path
    notebooks: tuple[str, ...] = ()
    repeats: int = 1
    resume: bool = False
    current: bool = False
    explain: bool = False
    repair: bool = False
    trusted: bool = False
    language: Language | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A replay that is done: its verdict, and what it saw."""

    crate: Crate
    folder: ReplayFolder
    observations: tuple[Observation, ...]
    verdict: Verdict
    repaired: Repaired | None = None


Relock = Callable[[Path, Mapping[str, Notebook]], Lock]
"""Gives another lock for a study in a folder and its recorded notebooks."""


def replay(order: ReplayOrder, *, settings: Settings, progress: Progress = silent) -> Replayed:
    """Run a crate's notebooks again and judge what came out; everything lands in the destination.

    An interrupted replay keeps what was done; `resume` goes on at the first notebook not done.
    """
    done = run_and_judge(order, settings=settings, progress=progress)
    if settings.signing.key is not None:
        now = settings.clock().isoformat(timespec="seconds")
        sign_replay(order.destination, settings.signing, now=now, agent=settings.agent)
    _remember(order.destination, settings)
    return done


def run_and_judge(
    order: ReplayOrder,
    *,
    settings: Settings,
    progress: Progress = silent,
    relock: Relock | None = None,
) -> Replayed:
    """Replay without a signature or a note of it; `relock` gives another lock than the crate's."""
    refuse_without_sandbox(settings, trusted=order.trusted)
    crate = read_crate(order.location)
    folder = ReplayFolder(root=order.destination)
    with scratch_folder() as scratch:
        study = scratch / "study"
        unpack(crate, study, progress=progress)
        recorded = read_recorded(crate, study, order.notebooks)
        if relock is not None:
            crate = replace(crate, lock=relock(study, recorded))
        head = _head_of(order, crate, recorded, settings)
        begin(folder, head, resume=order.resume)
        folder.write_recorded(recorded)
        keep_authors(study, folder.root)
        folder.write_crate(replace(crate, location=head.location))
        changed = place_references(crate, study, settings=settings, progress=progress)
        run = Run(crate=crate, study=study, recorded=recorded, folder=folder, changed=changed)
        lock, environments = _observed(
            run, order, settings=settings, progress=progress, others=relock is None
        )
        for repeat in range(order.repeats):
            observe_once(run, environments, repeat, settings=settings, progress=progress)
        tell_tried(folder, crate.lock)
        verdict = _judged(order, settings)
        if order.explain:
            verdict = _explained(
                run, environments, lock, verdict, order=order, settings=settings, progress=progress
            )
        work = (run, environments, lock, settings, progress)
        if order.repair and Repairer(*work).repair(verdict):
            verdict = _judged(order, settings)
    return Replayed(
        crate=crate,
        folder=folder,
        observations=folder.observations(),
        verdict=verdict,
        repaired=read_repaired(folder.root),
    )


def _head_of(
    order: ReplayOrder, crate: Crate, recorded: Mapping[str, Notebook], settings: Settings
) -> ReplayHead:
    return ReplayHead(
        recrate=settings.agent,
        crate=crate.identity,
        crate_name=crate.name,
        location=order.origin.url if order.origin else order.location.resolve().name,
        notebooks=tuple(recorded),
        repeats=order.repeats,
        parameters=settings.replay.parameters,
        origin=order.origin,
    )


def _observed(
    run: Run, order: ReplayOrder, *, settings: Settings, progress: Progress, others: bool
) -> tuple[Lock | None, dict[str, Restored]]:
    """Run the notebooks in the crate's lock, or in the best of other environments.

    others: whether others are tried where the lock does not serve
    Returns the lock and its environments, for all further runs.
    """
    earlier = chosen_lock(run.folder)
    lock = earlier or lock_of(run, current=order.current, settings=settings, progress=progress)
    environments = observe_first(
        run, lock, current=order.current, settings=settings, progress=progress
    )
    if not others or lock is None or earlier is not None:
        return lock, environments
    if try_others(run, lock, settings=settings, progress=progress):
        lock = chosen_lock(run.folder)
        environments = observe_first(run, lock, settings=settings, progress=progress)
    return lock, environments


def _judged(order: ReplayOrder, settings: Settings) -> Verdict:
    return judge_folder(
        order.destination, policy=settings.policy, agent=settings.agent, language=order.language
    )


def _explained(
    run: Run,
    environments: Mapping[str, Restored],
    lock: Lock | None,
    verdict: Verdict,
    *,
    order: ReplayOrder,
    settings: Settings,
    progress: Progress,
) -> Verdict:
    """Return the verdict with the causes that further runs show; the first is a plain repeat."""
    environment = environments.get("python")
    if not isinstance(environment, Environment) or not open_questions(verdict):
        return verdict
    if order.repeats == 1:
        progress("explain", 0, 1, "running once more, to tell chance from change")
        observe_once(run, environments, 1, settings=settings, progress=progress)
        verdict = _judged(order, settings)
    explainer = Explainer(
        run=run,
        environment=environment,
        lock=lock_with_added(run.folder) or lock,
        settings=settings,
        progress=progress,
    )
    return explain(explainer, verdict, lambda: _judged(order, settings))


def _remember(root: Path, settings: Settings) -> None:
    """Note that this replay was made; the verdict stands whether that succeeds or not."""
    now = settings.clock().isoformat(timespec="seconds")
    with contextlib.suppress(OutsideFailed):
        remember_run(runs_ledger(settings), root, now=now)


def refuse_without_sandbox(settings: Settings, *, trusted: bool) -> None:
    """Raise Refused when a stranger's code would run without walls and nobody asked for that."""
    if not settings.replay.sandboxed or trusted:
        return
    walls = sandbox.availability()
    if not walls.ok:
        raise Refused(f"no sandbox on this machine: {walls.reason}", hint=walls.hint)


def begin(folder: ReplayFolder, head: ReplayHead, *, resume: bool) -> None:
    """Make the destination ours: empty, or the same replay to be resumed."""
    root = folder.root
    if root.exists() and not root.is_dir():
        raise Conflict("is a file, not a folder", where=str(root), hint="choose another -o")
    if not root.is_dir() or not any(root.iterdir()):
        folder.write_head(head)
        return
    if not resume:
        raise Conflict(
            "has something in it",
            where=str(root),
            hint="choose another folder with -o, or go on with --resume",
        )
    earlier = folder.read_head()
    if (earlier.crate, earlier.parameters) != (head.crate, head.parameters):
        raise Conflict(
            "holds the replay of another crate, or with other parameters",
            where=str(root),
            hint="choose another folder with -o",
        )
    folder.write_head(head)


def read_recorded(crate: Crate, study: Path, chosen: tuple[str, ...]) -> dict[str, Notebook]:
    """Return the chosen notebooks as published, in run order.

    A chosen notebook that is not in the crate or cannot be read raises BadInput; of the others,
    one that cannot be read is left out as long as there is another.
    """
    unknown = [path for path in chosen if path not in crate.notebooks]
    if unknown:
        raise NotFound(
            f"no notebook {unknown[0]} in this crate",
            where=crate.location,
            hint="its notebooks: " + ", ".join(crate.notebooks),
        )
    recorded: dict[str, Notebook] = {}
    complaint: BadInput | None = None
    for path in crate.notebooks:
        if chosen and path not in chosen:
            continue
        try:
            recorded[path] = read_notebook(study / path)
        except BadInput as error:
            complaint = BadInput(error.message, where=path, hint=error.hint)
            if chosen:
                raise complaint from error
    if not recorded:
        raise complaint or BadInput("there is no notebook in this crate", where=crate.location)
    return recorded
