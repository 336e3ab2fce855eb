"""Another lock for a study: resolved anew, as of a day, from what the study itself declares."""

from dataclasses import replace
from pathlib import Path

from recrate.crate.names import BINDER_FILES, BINDER_MARK
from recrate.environment.locking import make_lock
from recrate.flow.settings import Settings
from recrate.model.environment import Addition, Lock
from recrate.model.progress import Progress, silent
from recrate.model.study import Inventory
from recrate.scan.inventory import take_inventory


def look_again(study: Path, *, settings: Settings, progress: Progress = silent) -> Inventory:
    """Return what is in an unpacked crate's study; what packing generated declares nothing."""
    inventory = take_inventory(
        study, options=replace(settings.scan, look_for_secrets=False), progress=progress
    )
    if (study / BINDER_MARK).is_file():
        own = tuple(one for one in inventory.declarations if one.path not in BINDER_FILES)
        inventory = replace(inventory, declarations=own)
    return inventory


def lock_of_day(
    study: Path,
    as_of: str,
    *,
    settings: Settings,
    found: tuple[Addition, ...] = (),
    progress: Progress = silent,
) -> Lock:
    """Return the study's lock as of an ISO date; what packing generated is the old lock again.

    found: packages that a run showed to be missing
    Raises as `environment.locking.make_lock` does.
    """
    return make_lock(
        study,
        look_again(study, settings=settings, progress=progress),
        kernel=None,
        as_of=as_of,
        settings=settings.environment,
        found=found,
        progress=progress,
    )
