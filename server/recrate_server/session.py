"""The crate that this JupyterLab was opened in, where it was opened in one."""

from dataclasses import dataclass
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any

from recrate.launch.session import Session
from recrate.model.environment import Environment
from recrate.model.errors import NotFound, RecrateError
from recrate.model.launch import SessionHead
from recrate.model.wire import to_plain

MOST_CREATORS = 50
MOST_NOTES = 50
_LONGEST = {"title": 500, "name": 200, "note": 1_000}

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session with what it is of."""

    session: Session
    head: SessionHead


@dataclass(kw_only=True)
class SessionDoor:
    """Where a session is looked for: its server starts while the crate is still being unpacked.

    folder: the session's; empty where this JupyterLab was not opened in a crate
    """

    folder: str
    log: Logger | LoggerAdapter[Any]
    found: OpenSession | None = None

    def look(self) -> OpenSession | None:
        """Return the session, read once it is there; None until then, and where there is none."""
        if self.found is None:
            self.found = open_session(self.folder, self.log)
        return self.found


def open_session(folder: str, log: Logger | LoggerAdapter[Any]) -> OpenSession | None:
    """Return the session in `folder`; None for no folder, and for one that cannot be read.

    The log says why a folder cannot be read: the person's work goes on without it.
    """
    if not folder:
        return None
    session = Session(root=Path(folder))
    try:
        return OpenSession(session=session, head=session.read_head())
    except (RecrateError, OSError) as error:
        log.warning("recrate: the session in %s cannot be read: %s", folder, error)
        return None


def needed(found: OpenSession | None) -> OpenSession:
    """Return the session; raises NotFound where this JupyterLab was not opened in a crate."""
    if found is None:
        raise NotFound(
            "this JupyterLab was not opened in a crate",
            where="session",
            hint="open one with `recrate launch CRATE`",
        )
    return found


def session_document(head: SessionHead) -> Plain:
    """Return a session as the contract shapes it; of a blind one nothing that names a person."""
    creators = () if head.blind else head.creators
    remote = head.location.startswith(("https://", "http://"))
    verdict = head.last_verdict
    return {
        "id": head.id,
        "crate": head.crate,
        "name": cut(head.name, "name"),
        "title": cut(head.title, "title"),
        "creators": [cut(one, "name") for one in creators[:MOST_CREATORS]],
        "creators_total": len(creators),
        "licence": cut(head.licence, "name"),
        "location": "" if head.blind and remote else cut(head.location, "title"),
        "doi": None if head.blind or head.doi is None else cut(head.doi, "name"),
        "blind": head.blind,
        "notebooks": list(head.notebooks),
        "first": head.first,
        "environments": [_environment(one) for one in head.environments],
        "walls": head.walls,
        "target": head.target,
        "started": head.started,
        "last_verdict": None
        if verdict is None
        else {**to_plain(verdict), "url": "" if head.blind else _web(verdict.url)},
        "network": head.network,
        "notes": [cut(one, "note") for one in head.notes[:MOST_NOTES]],
    }


def cut(text: str, kind: str) -> str:
    """Return a stranger's text as one line of a length that a page can show."""
    flat = " ".join(text[:10_000].split())
    longest = _LONGEST[kind]
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def _environment(one: Environment) -> Plain:
    return {
        "language": one.language,
        "python": one.python or None,
        "packages": len(one.packages),
        "restored": one.restored,
        "differences": [cut(line, "note") for line in one.differences[:MOST_NOTES]],
    }
