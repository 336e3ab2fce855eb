"""Bring a crate here: fetched once, verified, its folders given back, kept by content."""

from pathlib import Path

from recrate.locate.bags import inner_crate, take_out
from recrate.locate.choosing import choose
from recrate.locate.fetching import Fetcher
from recrate.locate.folders import bring_folder
from recrate.locate.keeping import Cache, KeptCrate, contents_of
from recrate.locate.settings import LocateSettings, Secrets, no_secrets
from recrate.locate.whereabouts import Candidate, Origin, Whereabouts
from recrate.locate.written import safe_name
from recrate.model.errors import RecrateError
from recrate.model.progress import Progress, silent
from recrate.outside.disk import disk_errors, scratch_folder, sha256_of


def bring(
    whereabouts: Whereabouts,
    folder: Path,
    *,
    agreed_bytes: int | None,
    settings: LocateSettings,
    secrets: Secrets = no_secrets,
    keys: tuple[str, ...] = (),
    now: str = "",
    progress: Progress = silent,
) -> Path:
    """Return the crate as a zip file or folder of the cache `folder`, fetched if it is not there.

    agreed_bytes: what the person agreed to; None takes the settings' limit for what is not asked
    keys, now:    by which addresses it is remembered, and the ISO time that stands beside
    What was cut goes on where it was. Raises TooLarge (a Refused) where more has to be agreed to,
    BadInput and BadCrate where something is not what the record or the crate says, OutsideFailed
    when the network lets us down.
    """
    agreed = min(agreed_bytes or settings.big_bytes, settings.limit_bytes)
    cache = Cache(folder=folder)
    fetcher = Fetcher(cache=cache, settings=settings, secrets=secrets, progress=progress)
    choice = choose(whereabouts)
    if choice.zip is not None:
        path = _whole(fetcher, choice.zip, agreed)
    else:
        assert choice.metadata is not None, "a choice is one or the other"
        path = bring_folder(
            fetcher, choice.metadata, choice.others, agreed_bytes=agreed, where=whereabouts.url
        )
    kept = KeptCrate(
        origin=origin_of(whereabouts, now),
        place=path.relative_to(folder).as_posix(),
        sha256=contents_of(path) if path.is_dir() else sha256_of(path),
    )
    cache.remember((*keys, whereabouts.url), kept)
    return path


def origin_of(whereabouts: Whereabouts, now: str) -> Origin:
    """Return what is remembered of where a crate came from."""
    return Origin(
        url=whereabouts.url,
        fetched=now,
        doi=whereabouts.doi,
        record_url=whereabouts.record_url,
        title=whereabouts.title,
        version=whereabouts.version,
    )


def _whole(fetcher: Fetcher, candidate: Candidate, agreed_bytes: int) -> Path:
    """Bring a zip file; of a package, the crate that lies in it."""
    kept = fetcher.file(candidate, agreed_bytes, otherwise="crate.zip")
    path = fetcher.cache.path(kept.place)
    try:
        inner = inner_crate(path)
        return path if inner is None else _taken(fetcher.cache, path, inner)
    except RecrateError:
        fetcher.cache.forget(kept)
        raise


def _taken(cache: Cache, package: Path, inner: str) -> Path:
    with scratch_folder(".recrate-", cache.folder) as scratch:
        taken = take_out(package, inner, scratch / "taken")
        place = cache.place_for(sha256_of(taken), safe_name(inner, otherwise="crate.zip"))
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            taken.replace(place)
    return place
