"""What a pool wants of a scheduler: a Parsl provider, and to find and end what carries a name."""

from pathlib import Path
from typing import Any, Protocol


class Scheduler(Protocol):
    """A cluster's scheduler, as one site describes it."""

    def provider(self, name: str, folder: Path) -> Any:
        """Return Parsl's provider of jobs of that name; `folder`: where scripts and logs go.

        Raises BadInput for a folder that it cannot use, OutsideFailed when it is not there.
        """
        ...

    def jobs(self, name: str) -> tuple[str, ...]:
        """Return the ids of our jobs of that name that wait or run; raises OutsideFailed."""
        ...

    def cancel(self, jobs: tuple[str, ...]) -> None:
        """End these jobs. Raises OutsideFailed."""
        ...


def job_name(campaign: str) -> str:
    """Return what names of a campaign's jobs begin with; no other campaign's do."""
    return f"recrate-{campaign}."
