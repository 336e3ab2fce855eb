"""How long work tells how far it is: one call, `(stage, done, total, message)`."""

from typing import Protocol


class Progress(Protocol):
    """Called often and cheaply; it must not raise. `total` is 0 while it is not known."""

    def __call__(self, stage: str, done: int, total: int, message: str) -> None:
        """Say that `done` of `total` steps of `stage` are finished; `message` names the step."""
        ...


def silent(stage: str, done: int, total: int, message: str) -> None:
    """Say nothing: the progress of a caller who does not look."""
