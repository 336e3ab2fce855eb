"""A replay in an environment of today: resolved now from what the study declares, not its lock."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from recrate.crate.names import BINDER_FILES, BINDER_MARK
from recrate.environment.locking import make_lock
from recrate.flow.replay import Replayed, ReplayOrder, run_and_judge
from recrate.flow.running import language_of
from recrate.flow.settings import Settings
from recrate.model.environment import Lock
from recrate.model.progress import Progress, silent
from recrate.model.study import Notebook
from recrate.scan.inventory import take_inventory


def replay_today(
    order: ReplayOrder, *, settings: Settings, progress: Progress = silent
) -> Replayed | None:
    """Replay a crate with the packages that an index gives today for what its study declares.

    None where none of its notebooks is in Python: only for that one is an environment made.
    Otherwise as `flow.replay.replay`, of whose order `repeats` and `current` play no part; raises
    what that raises. A study that cannot be resolved today is `not restored`, with the reason.
    """

    def relock(study: Path, recorded: Mapping[str, Notebook]) -> Lock:
        if all(language_of(one) != "python" for one in recorded.values()):
            raise _NoPythonError
        return _lock_of_today(study, settings, progress)

    order = replace(order, repeats=1, current=False)
    with contextlib.suppress(_NoPythonError):
        return run_and_judge(order, settings=settings, progress=progress, relock=relock)
    return None


class _NoPythonError(Exception):
    """There is nothing that an index could give other packages for."""


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
