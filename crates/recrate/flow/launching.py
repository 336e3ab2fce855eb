"""Open a crate in JupyterLab, at whichever place: make ready what the place wants, and start."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from recrate.crate.addressing import address_of
from recrate.crate.read import read_crate
from recrate.flow.parts import target_of
from recrate.flow.replay import refuse_without_sandbox
from recrate.flow.sessions import (
    SessionOrder,
    last_verdict,
    make_session,
    new_session_id,
    sessions_folder,
)
from recrate.flow.settings import Settings
from recrate.launch.target import Cargo, Running, Target, Workshop
from recrate.locate.whereabouts import Origin
from recrate.model.errors import NotFound, Refused
from recrate.model.finding import Finding, Severity
from recrate.model.launch import LaunchOrder
from recrate.model.progress import Progress, silent
from recrate.outside.disk import remove_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a person asked for.

    location: the crate's file or folder on this machine; origin: where it was brought from
    target:   a kind of target
    """

    location: Path
    target: str = "here"
    order: LaunchOrder = field(default_factory=LaunchOrder)
    origin: Origin | None = None
    trusted: bool = False


def make_target(kind: str, answers: Mapping[str, str], settings: Settings) -> Target:
    """Make the target of a kind, with the answers to its options."""
    maker = target_of(kind)
    workshop = Workshop(
        cache=settings.cache,
        data=settings.data,
        web=settings.web,
        agent=settings.agent,
        today=settings.clock().date().isoformat(),
        secret=settings.publish.token(kind),
        variables=settings.environment.variables,
        index=settings.environment.index,
    )
    return maker(answers, workshop)


def check(launch: Launch, *, settings: Settings) -> tuple[Finding, ...]:
    """Say what would not work at that place, before anything is started."""
    target = make_target(launch.target, launch.order.answers, settings)
    return target.check(_cargo(launch, settings), launch.order)


@contextmanager
def launched(
    launch: Launch, *, settings: Settings, progress: Progress = silent
) -> Iterator[Running]:
    """Start it, give what runs, and take everything away at the end of the block.

    Raises Refused where the place says that it will not work, and what its steps raise.
    """
    target = make_target(launch.target, launch.order.answers, settings)
    cargo = _cargo(launch, settings)
    wants_session = target.about.capabilities.wants == "session"
    if wants_session:
        refuse_without_sandbox(settings, trusted=launch.trusted)
    refused = [one for one in target.check(cargo, launch.order) if one.severity is Severity.ERROR]
    if refused:
        raise Refused(refused[0].message, where=launch.target, hint=refused[0].hint)
    root = sessions_folder(settings.data) / new_session_id()
    try:
        if wants_session:
            session = make_session(
                _session_order(launch, root, settings), settings=settings, progress=progress
            )
            cargo = replace(cargo, session=session)
        running = target.launch(cargo, launch.order, progress)
        try:
            yield running
        finally:
            running.end()
    finally:
        remove_tree(root)


def _session_order(launch: Launch, root: Path, settings: Settings) -> SessionOrder:
    return SessionOrder(
        location=launch.location,
        root=root,
        origin=launch.origin,
        walls="bubblewrap" if settings.replay.sandboxed else "none",
        target=launch.target,
        memory_bytes=launch.order.memory_bytes,
        network=launch.order.network,
    )


def _cargo(launch: Launch, settings: Settings) -> Cargo:
    crate = read_crate(launch.location)
    wanted = launch.order.notebook
    if wanted is not None and wanted not in crate.notebooks:
        raise NotFound(
            f"no notebook {wanted} in this crate",
            where=launch.location.name,
            hint="its notebooks: " + ", ".join(crate.notebooks),
        )
    known = address_of(crate)
    origin = launch.origin
    doi = (origin.doi if origin else None) or known.doi
    address = f"https://doi.org/{doi}" if doi else (origin.url if origin else known.url)
    return Cargo(
        crate=crate,
        path=launch.location,
        address=address,
        doi=doi,
        last_verdict=last_verdict(launch.location, settings),
    )
