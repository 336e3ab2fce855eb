"""A replay in an environment of today: resolved now from what the study declares, not its lock."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from recrate.flow.relocking import lock_of_day
from recrate.flow.replay import Replayed, ReplayOrder, run_and_judge
from recrate.flow.running import language_of
from recrate.flow.settings import Settings
from recrate.model.environment import Lock
from recrate.model.progress import Progress, silent
from recrate.model.study import Notebook


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
        today = settings.environment.today
        return lock_of_day(study, today, settings=settings, progress=progress)

    order = replace(order, repeats=1, current=False)
    with contextlib.suppress(_NoPythonError):
        return run_and_judge(order, settings=settings, progress=progress, relock=relock)
    return None


class _NoPythonError(Exception):
    """There is nothing that an index could give other packages for."""
