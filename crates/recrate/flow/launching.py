"""Open a crate in JupyterLab, at whichever place: make ready what the place wants, and start."""

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from recrate.crate.addressing import address_of
from recrate.crate.read import read_crate
from recrate.flow.parting import Parting, part
from recrate.flow.parts import target_kinds, target_of
from recrate.flow.replay import refuse_without_sandbox
from recrate.flow.sessions import (
    SessionOrder,
    last_verdict,
    make_session,
    new_session_id,
    sessions_folder,
)
from recrate.flow.settings import Settings
from recrate.launch.care import make_folder, reap_sessions, remove_unless_verdicts
from recrate.launch.session import Session
from recrate.launch.target import Cargo, Early, Running, Target, Workshop
from recrate.locate.whereabouts import Origin
from recrate.model.errors import BadInput, NotFound, RecrateError, Refused
from recrate.model.finding import Finding, Severity
from recrate.model.launch import AboutTarget, Launched, LaunchOrder, SessionHead
from recrate.model.progress import Progress, silent
from recrate.outside.disk import remove_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a person asked for.

    location: the crate's file or folder on this machine; origin: where it was brought from
    target:   a kind of target
    keep:     the working copy stays when the session ends
    """

    location: Path
    target: str = "here"
    order: LaunchOrder = field(default_factory=LaunchOrder)
    origin: Origin | None = None
    trusted: bool = False
    keep: bool = False


@dataclass(kw_only=True)
class Opened:
    """A launch under way; `parting` is there once it was ended.

    head: of the session, where one was made on this machine
    """

    running: Running
    head: SessionHead | None = None
    parting: Parting = field(default_factory=Parting)

    @property
    def launched(self) -> Launched:
        """Return what the target gave back."""
        return self.running.launched


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTarget:
    """A place to launch that is installed. `trouble`: why it cannot be used; empty where it can."""

    kind: str
    about: AboutTarget | None
    trouble: str = ""


def offered_targets() -> tuple[OfferedTarget, ...]:
    """Return the places to launch that are installed, this machine first."""
    kinds = sorted(target_kinds(), key=lambda kind: (kind != "here", kind))
    return tuple(_offered(kind) for kind in kinds)


def _offered(kind: str) -> OfferedTarget:
    try:
        return OfferedTarget(kind=kind, about=target_of(kind).about)
    except RecrateError as error:
        return OfferedTarget(kind=kind, about=None, trouble=error.message)


def make_target(kind: str, answers: Mapping[str, str], settings: Settings) -> Target:
    """Make the target of a kind, with the answers to its options.

    Raises BadInput for a kind or an option that there is not, and what the target raises.
    """
    maker = target_of(kind)
    _check_answers(maker.about, answers)
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


def _check_answers(about: AboutTarget, answers: Mapping[str, str]) -> None:
    known = {one.name: one for one in about.options}
    for name, value in answers.items():
        option = known.get(name)
        if option is None:
            there = ", ".join(known) if known else "none"
            raise BadInput(
                f"{about.kind} has no option {name!r}", where="--set", hint=f"its options: {there}"
            )
        if option.choices and value not in option.choices:
            raise BadInput(
                f"{value!r} is no choice for {name}",
                where="--set",
                hint=f"one of {', '.join(option.choices)}",
            )


def check(launch: Launch, *, settings: Settings) -> tuple[Finding, ...]:
    """Say what would not work at that place, before anything is started."""
    target = make_target(launch.target, launch.order.answers, settings)
    found: tuple[Finding, ...] = ()
    if target.about.capabilities.wants == "session":
        found = _findings_of_walls(launch, settings)
    return (*found, *target.check(_cargo(launch, settings), launch.order))


def _findings_of_walls(launch: Launch, settings: Settings) -> tuple[Finding, ...]:
    try:
        refuse_without_sandbox(settings, trusted=launch.trusted)
    except Refused as error:
        return (
            Finding(
                severity=Severity.ERROR,
                code="no-sandbox",
                where=launch.target,
                message=error.message,
                hint=error.hint or "",
            ),
        )
    return ()


@contextmanager
def launched(
    launch: Launch, *, settings: Settings, progress: Progress = silent
) -> Iterator[Opened]:
    """Start it, give what runs, and take everything away at the end of the block.

    What killed launches left behind is taken away first. Raises Refused where the place says that
    it will not work, and what its steps raise.
    """
    target = make_target(launch.target, launch.order.answers, settings)
    cargo = _cargo(launch, settings)
    wants_session = target.about.capabilities.wants == "session"
    if wants_session:
        refuse_without_sandbox(settings, trusted=launch.trusted)
    refused = [one for one in target.check(cargo, launch.order) if one.severity is Severity.ERROR]
    if refused:
        raise Refused(refused[0].message, where=launch.target, hint=refused[0].hint)
    take_away_the_dead(settings)
    target.reap()
    if not wants_session:
        yield from _run(target.launch(cargo, launch.order, progress))
        return
    with _session_of(launch, target, settings, progress) as session:
        running = target.launch(replace(cargo, session=session), launch.order, progress)
        opened = Opened(running=running, head=session.read_head())
        try:
            yield opened
        finally:
            running.end()
            data = verdicts_folder(settings, session.root.name)
            opened.parting = part(session, data, keep=launch.keep, settings=settings)


def _run(running: Running) -> Iterator[Opened]:
    try:
        yield Opened(running=running)
    finally:
        running.end()


@contextmanager
def _session_of(
    launch: Launch, target: Target, settings: Settings, progress: Progress
) -> Iterator[Session]:
    """Make a session whose server may start meanwhile; its folder is gone at the end."""
    root = sessions_folder(settings.data) / new_session_id()
    data = verdicts_folder(settings, root.name)

    def begin(session: Session, study: Path, kernel: str) -> None:
        if isinstance(target, Early):
            target.begin(session, study, kernel, launch.order, data)

    try:
        make_folder(root)
        order = _session_order(launch, root, settings)
        yield make_session(order, settings=settings, progress=progress, begin=begin)
    finally:
        if isinstance(target, Early):
            target.abandon()
        remove_unless_verdicts(data)
        remove_tree(root)


def take_away_the_dead(settings: Settings) -> tuple[str, ...]:
    """End and remove the sessions of launches that were killed; return their ids."""
    gone = reap_sessions(sessions_folder(settings.data))
    for name in gone:
        with contextlib.suppress(OSError):
            remove_unless_verdicts(verdicts_folder(settings, name))
    return gone


def verdicts_folder(settings: Settings, session: str) -> Path:
    """Return where a session's server extension keeps its jobs: verdicts outlive the session."""
    return settings.data / "verdicts" / session


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
