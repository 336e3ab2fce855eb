"""A crate from wherever it is: a path stays where it lies, an address or DOI is brought here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from recrate.flow.settings import Settings
from recrate.locate.bring import bring
from recrate.locate.find import find_crate
from recrate.locate.keeping import Cache
from recrate.locate.settings import LocateSettings, Secrets
from recrate.locate.whereabouts import Origin, Whereabouts
from recrate.locate.written import read_where
from recrate.model.errors import OutsideFailed, Refused
from recrate.model.progress import Progress, silent
from recrate.model.secret import Secret
from recrate.outside.web import TooLarge

GRDM = "grdm"
"""The place whose token is told to GakuNin RDM."""

Agreed = Callable[[int | None, str], bool]
"""Asks the person about so many bytes (None: not known) from an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A crate on this machine. `origin`: None for what lay here; `notes`: one sentence each."""

    path: Path
    origin: Origin | None = None
    notes: tuple[str, ...] = ()


def here(
    where: str | Path,
    *,
    settings: Settings,
    agreed: bool | Agreed = False,
    progress: Progress = silent,
) -> Here:
    """Return a crate by path, https address or DOI; what is elsewhere is brought here first.

    agreed: whether a large download is agreed to, or who is asked
    Without a network a crate that was brought before is taken as it was then, and a note says so.
    Raises what `find_crate` and `bring` raise; a path is not looked at.
    """
    address = read_where(where)
    if isinstance(address, Path):
        return Here(path=address)
    looking = replace(settings.locate, web=settings.web)
    secrets = secrets_of(settings, looking)
    try:
        found = find_crate(address, settings=looking, secrets=secrets, progress=progress)
    except OutsideFailed:
        earlier = _earlier(address.key, settings)
        if earlier is None:
            raise
        return earlier
    now = settings.clock().isoformat(timespec="seconds")

    def fetched(agreed_bytes: int | None) -> Path:
        return bring(
            found,
            crates_folder(settings),
            agreed_bytes=agreed_bytes,
            settings=looking,
            secrets=secrets,
            keys=(address.key,),
            now=now,
            progress=progress,
        )

    path = _agreed(fetched, found, looking, agreed)
    kept = Cache(folder=crates_folder(settings)).crate(address.key)
    assert kept is not None, "it was remembered a moment ago"
    return Here(path=path, origin=kept.origin, notes=found.notes)


def _earlier(key: str, settings: Settings) -> Here | None:
    """Return the crate as it was brought before, None where it never was or was touched since."""
    kept = Cache(folder=crates_folder(settings)).crate(key)
    if kept is None:
        return None
    day = kept.origin.fetched[:10]
    told = f"{kept.origin.url} cannot be reached now: the crate is taken as fetched on {day}"
    return Here(path=crates_folder(settings) / kept.place, origin=kept.origin, notes=(told,))


def crates_folder(settings: Settings) -> Path:
    """Return the folder of crates that were brought; safe to delete."""
    return settings.cache / "crates"


def secrets_of(settings: Settings, looking: LocateSettings) -> Secrets:
    """Return who knows the token of GakuNin RDM, and no other."""
    host = urlsplit(looking.grdm_api).hostname

    def token(asked: str) -> Secret | None:
        return settings.publish.token(GRDM) if asked == host else None

    return token


def _agreed(
    fetched: Callable[[int | None], Path],
    found: Whereabouts,
    looking: LocateSettings,
    agreed: bool | Agreed,
) -> Path:
    """Fetch what is small; what is large, once it was agreed to; nothing beyond the limit."""
    if agreed is not True:
        try:
            return fetched(None)
        except TooLarge as large:
            if agreed is False or not agreed(large.size_bytes, found.url):
                raise
    try:
        return fetched(looking.limit_bytes)
    except TooLarge as large:
        raise _beyond(large, looking) from large


def _beyond(large: TooLarge, looking: LocateSettings) -> Refused:
    return Refused(
        f"{large.message}; the limit is {looking.limit_bytes:,} bytes",
        where=large.where,
        hint="fetch it by hand and name the file",
    )
