"""What every place to launch is: one small interface, and what it is handed.

A target starts nothing that outlives it unseen: what it starts it also ends, and what a kill left
behind is found by its label or folder and taken away by `reap`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from recrate.launch.session import Session
from recrate.model.crate import Crate
from recrate.model.finding import Finding
from recrate.model.launch import AboutTarget, LastVerdict, Launched, LaunchOrder
from recrate.model.progress import Progress
from recrate.model.secret import Secret
from recrate.outside.web import WebSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """The crate to be launched.

    path:    its file or folder on this machine
    address: a DOI as `https://doi.org/…`, else the address it was brought from; None for a file
    doi:     bare
    session: made where the target wants one
    """

    crate: Crate
    path: Path
    address: str | None
    doi: str | None
    last_verdict: LastVerdict | None = None
    session: Session | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a target is made with, beside a place's own answers.

    cache:  folder, safe to delete; data: folder that is kept
    secret: gives the token of a target, None where there is none
    variables: the process environment without our secrets
    index:  arguments for uv that name the package indexes; empty: its own
    """

    cache: Path
    data: Path
    web: WebSettings
    agent: str
    today: str
    secret: Secret | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    index: tuple[str, ...] = ()


class Running(Protocol):
    """A launch under way."""

    launched: Launched

    def wait(self) -> int:
        """Wait until its JupyterLab ends, and return the exit code; 0 at once for a mere link."""
        ...

    def end(self) -> None:
        """End what was started and take it away; may be called more than once."""
        ...


class Target(Protocol):
    """A place to launch. Made by its entry point: `(answers, workshop)`."""

    about: AboutTarget

    def check(self, cargo: Cargo, order: LaunchOrder) -> tuple[Finding, ...]:
        """Say before anything is started what would not work there; errors are refusals."""
        ...

    def launch(self, cargo: Cargo, order: LaunchOrder, progress: Progress) -> Running:
        """Start it, and return when JupyterLab answers, or when the link is made."""
        ...

    def reap(self) -> tuple[str, ...]:
        """Take away what killed launches left behind, and name it."""
        ...


@runtime_checkable
class Early(Protocol):
    """A target that wants a session, and starts its server while the session is being made."""

    def begin(
        self, session: Session, study: Path, kernel: str, order: LaunchOrder, data: Path
    ) -> None:
        """Start what needs no more than the session's folder.

        study: will hold the working copy; kernel: the default one; data: of the server extension
        """
        ...

    def abandon(self) -> None:
        """End what `begin` started; may be called more than once, also after the launch."""
        ...


class TargetMaker(Protocol):
    """What an entry point of the group `recrate.targets` names: the target's class."""

    about: AboutTarget

    def __call__(self, answers: Mapping[str, str], workshop: Workshop) -> Target:
        """Make a target. Raises BadInput where the answers are not enough."""
        ...
