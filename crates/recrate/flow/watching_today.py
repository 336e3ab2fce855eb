"""A replay in an environment of today: resolved now from what the study declares, not its lock."""

from dataclasses import replace
from pathlib import Path

from recrate.crate.names import BINDER_FILES, BINDER_MARK
from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.environment.locking import make_lock
from recrate.flow.judging import judge_folder
from recrate.flow.references import place_references
from recrate.flow.replay import (
    Replayed,
    ReplayOrder,
    begin,
    read_recorded,
    refuse_without_sandbox,
)
from recrate.flow.running import Run, language_of, observe_once, restore
from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder, ReplayHead
from recrate.model.environment import Lock
from recrate.model.progress import Progress, silent
from recrate.outside.disk import scratch_folder
from recrate.scan.inventory import take_inventory


def replay_today(
    order: ReplayOrder, *, settings: Settings, progress: Progress = silent
) -> Replayed | None:
    """Replay a crate with the packages that an index gives today for what its study declares.

    None where none of its notebooks is in Python: only for that one is an environment made.
    Otherwise as `flow.replay.replay`, of whose order `repeats` and `current` play no part; raises
    what that raises. A study that cannot be resolved today is `not restored`, with the reason.
    """
    refuse_without_sandbox(settings, trusted=order.trusted)
    crate = read_crate(order.location)
    folder = ReplayFolder(root=order.destination)
    with scratch_folder() as scratch:
        study = scratch / "study"
        unpack(crate, study, progress=progress)
        recorded = read_recorded(crate, study, order.notebooks)
        if all(language_of(one) != "python" for one in recorded.values()):
            return None
        crate = replace(crate, lock=_lock_of_today(study, settings, progress))
        head = ReplayHead(
            recrate=settings.agent,
            crate=crate.identity,
            crate_name=crate.name,
            location=order.origin.url if order.origin else order.location.resolve().name,
            notebooks=tuple(recorded),
            repeats=1,
            parameters=settings.replay.parameters,
            origin=order.origin,
        )
        begin(folder, head, resume=order.resume)
        folder.write_recorded(recorded)
        folder.write_crate(replace(crate, location=head.location))
        changed = place_references(crate, study, settings=settings, progress=progress)
        run = Run(crate=crate, study=study, recorded=recorded, folder=folder, changed=changed)
        environments = restore(run, current=False, settings=settings, progress=progress)
        observe_once(run, environments, 0, settings=settings, progress=progress)
    verdict = judge_folder(
        order.destination, policy=settings.policy, agent=settings.agent, language=order.language
    )
    return Replayed(crate=crate, folder=folder, observations=folder.observations(), verdict=verdict)


def _lock_of_today(study: Path, settings: Settings, progress: Progress) -> Lock:
    """Resolve what the study itself declares; what packing generated is the old lock again."""
    if (study / BINDER_MARK).is_file():
        for name in BINDER_FILES:
            (study / name).unlink(missing_ok=True)
    inventory = take_inventory(
        study, options=replace(settings.scan, look_for_secrets=False), progress=progress
    )
    return make_lock(
        study,
        inventory,
        kernel=None,
        as_of=settings.environment.today,
        settings=settings.environment,
        progress=progress,
    )
