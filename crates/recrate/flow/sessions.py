"""Make a session of a crate: working copy, data in place, environments restored, kernels named."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from recrate.crate.addressing import address_of
from recrate.crate.document import find_metadata
from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.flow.credits import creators_of, is_blind, licence_of
from recrate.flow.provenance import runs_ledger, runs_of, wanted_crate
from recrate.flow.references import place_references
from recrate.flow.replay import read_recorded
from recrate.flow.running import Run, kernel_of, language_of, lock_of, restore
from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder
from recrate.launch.session import MARKER, Session, usual_kernel
from recrate.locate.whereabouts import Origin
from recrate.model.crate import Crate
from recrate.model.environment import Environment, NotRestored
from recrate.model.errors import Conflict, OutsideFailed, RecrateError
from recrate.model.launch import LastVerdict, SessionHead
from recrate.model.progress import Progress, silent
from recrate.outside.archive import Archive
from recrate.outside.disk import disk_errors

Walls = Literal["bubblewrap", "container", "none"]

Begin = Callable[[Session, Path, str], None]
"""Called early: the session's folder, its study and the default kernel; the rest is on its way."""
_NOTEBOOK_LIMIT_BYTES = 200 * 1024**2


class NotRestorable(OutsideFailed):
    """No environment of a crate can be had on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOrder:
    """What a session is made of.

    location: the crate's file or folder
    root:     the session's folder; new, or with nothing of a session in it
    study:    a working copy that is there already, as in an image; None unpacks one
    given:    environments that are there already, by language; the others are restored
    walls:    what the kernels will run within
    """

    location: Path
    root: Path
    origin: Origin | None = None
    study: Path | None = None
    given: Mapping[str, Environment] | None = None
    walls: Walls = "bubblewrap"
    target: str = "here"
    memory_bytes: int | None = None
    network: bool = False


def new_session_id() -> str:
    """Return a name for a session's folder that is never used again."""
    return secrets.token_hex(8)


def sessions_folder(data: Path) -> Path:
    """Return the folder of sessions below Jupyter's data folder of recrate."""
    return data / "sessions"


def make_session(
    order: SessionOrder,
    *,
    settings: Settings,
    progress: Progress = silent,
    begin: Begin | None = None,
) -> Session:
    """Make a session's folder and return it; nothing runs yet but what `begin` starts.

    Raises what reading, unpacking and fetching raise, Conflict where a session is there already,
    and NotRestorable where no environment for any of the crate's languages can be had.
    """
    crate = read_crate(order.location)
    session = _make_folders(order)
    study = order.study or session.study
    if begin is not None:
        begin(session, study, usual_kernel(_first_language(crate)))
    if order.study is None:
        unpack(crate, study, progress=progress)
    recorded = read_recorded(crate, study, ())
    changed = place_references(crate, study, settings=settings, progress=progress)
    run = Run(
        crate=crate,
        study=study,
        recorded=recorded,
        folder=ReplayFolder(root=order.root),
        changed=changed,
    )
    restored = dict(order.given or {}) or _restored(run, settings, progress)
    asked = {kernel_of(one): language_of(one) for one in recorded.values()}
    names = {name: language for name, language in asked.items() if name is not None}
    session.write_kernels(restored, names, walled=order.walls != "container")
    lost = [one for one in dict.fromkeys(asked.values()) if one not in restored]
    notes = [
        *changed.values(),
        *(f"notebooks in {language} cannot be run: no environment for it" for language in lost),
        *(f"{one.name}: {one.reason}" for one in (crate.lock.unrestored if crate.lock else ())),
        *(told for one in restored.values() for told in (*one.differences, *one.notes)),
    ]
    now = settings.clock().isoformat(timespec="seconds")
    head = _head(order, crate, settings, now)
    head = replace(
        head,
        study=str(study),
        notebooks=tuple(recorded),
        first=next(iter(recorded)),
        environments=tuple(restored.values()),
        notes=tuple(notes),
    )
    session.write(head, crate, recorded)
    return session


def _make_folders(order: SessionOrder) -> Session:
    session = Session(root=order.root)
    if (order.root / MARKER).exists():
        raise Conflict(
            "a session is there already", where=str(order.root), hint="choose another folder"
        )
    with disk_errors(order.root):
        order.root.mkdir(parents=True, mode=0o700, exist_ok=True)
        for name in ("home", "tmp"):
            (order.root / name).mkdir(mode=0o700)
        if order.study is None:
            session.study.parent.mkdir(mode=0o700)
    return session


def _first_language(crate: Crate) -> str:
    """Return the language of the first notebook that can be read; Python where none can be."""
    with Archive(Path(crate.location)) as archive:
        prefix, _ = find_metadata(archive)
        for path in crate.notebooks:
            try:
                found = json.loads(archive.read(prefix + path, limit_bytes=_NOTEBOOK_LIMIT_BYTES))
            except (RecrateError, ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                return language_of(found)
    return "python"


def _restored(run: Run, settings: Settings, progress: Progress) -> dict[str, Environment]:
    """Return what could be restored; raises NotRestorable when nothing could."""
    lock = lock_of(run, current=False, settings=settings, progress=progress)
    tried = restore(run, lock, settings=settings, progress=progress)
    found = {name: one for name, one in tried.items() if isinstance(one, Environment)}
    if not found:
        reason = next(one for one in tried.values() if isinstance(one, NotRestored))
        raise NotRestorable(
            f"the environment cannot be restored: {reason.message}",
            where=run.crate.name,
            hint=reason.hint or reason.evidence,
        )
    return found


def _head(order: SessionOrder, crate: Crate, settings: Settings, now: str) -> SessionHead:
    origin = order.origin
    return SessionHead(
        id=order.root.name,
        crate=crate.identity,
        name=crate.name,
        title=crate.name,
        creators=() if is_blind(crate) else creators_of(crate.metadata),
        licence=licence_of(crate.metadata),
        location=origin.url if origin else order.location.resolve().name,
        doi=(origin.doi if origin else None) or address_of(crate).doi,
        blind=is_blind(crate),
        study="",
        notebooks=(),
        first="",
        environments=(),
        walls=order.walls,
        target=order.target,
        started=now,
        agent=settings.agent,
        last_verdict=last_verdict(order.location, settings),
        memory_bytes=order.memory_bytes,
        network=order.network,
    )


def last_verdict(location: Path, settings: Settings) -> LastVerdict | None:
    """Return the latest verdict on a crate that this installation knows of, None without one."""
    try:
        known = runs_of(wanted_crate(location), ledger=runs_ledger(settings))
    except RecrateError:
        return None
    for one in known:
        if one.verdict is not None:
            compared = f"{one.compared} of {one.outputs} outputs compared" if one.outputs else ""
            url = f"https://doi.org/{one.doi}" if one.doi else ""
            return LastVerdict(verdict=one.verdict, sentence=compared, date=one.date, url=url)
    return None
