"""Data references: fetched by us before a replay, verified, kept by checksum, put in place."""

import shutil
from pathlib import Path

from recrate.crate.names import shown
from recrate.flow.settings import Settings
from recrate.model.crate import Crate
from recrate.model.errors import BadInput, NotFound, OutsideFailed
from recrate.model.progress import Progress, silent
from recrate.model.study import AccessRight, DataReference
from recrate.outside.disk import disk_errors, sha256_of, writing
from recrate.outside.web import download

_WITHHELD = {
    AccessRight.SHARED: "is shared on request",
    AccessRight.CLOSED: "is not published",
    AccessRight.EMBARGOED: "is not published yet",
}


def place_references(
    crate: Crate, study: Path, *, settings: Settings, progress: Progress = silent
) -> dict[str, str]:
    """Put every data reference of `crate` where the study reads it.

    Returns by path a sentence for each one that is not what the crate promised, or that is not
    published: its place stays empty, so the notebooks that need it fail for a reason, and the
    others are still judged. What is not published and was supplied earlier is put in place; what
    is there already, as in an image, stays.
    Raises OutsideFailed when the network lets us down, Refused for an address we do not fetch.
    """
    complaints: dict[str, str] = {}
    for done, reference in enumerate(crate.references):
        progress("data", done, len(crate.references), reference.path)
        target = study / reference.path
        if target.is_file() and sha256_of(target) == reference.sha256:
            continue
        try:
            kept = _fetch(reference, settings, progress)
        except BadInput as error:
            complaints[reference.path] = f"data reference {reference.path} changed: {error}"
            continue
        except OutsideFailed:
            if not is_withheld(reference):
                raise
            kept = None
        if kept is None:
            complaints[reference.path] = who_to_ask(reference)
            continue
        with disk_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, target)
    return complaints


def supply(crate: Crate, path: str, file: Path, *, settings: Settings) -> DataReference:
    """Take a person's own copy of a data reference for replays on this machine, and return it.

    path: as the crate names it; file: what the person was given by those who share it
    Raises NotFound when the crate has no such reference, BadInput when the file is another than
    the one the crate was made with.
    """
    found = next((one for one in crate.references if one.path == path), None)
    if found is None:
        raise NotFound(
            f"no data reference {path} in this crate",
            where=crate.location,
            hint="its data references: " + ", ".join(one.path for one in crate.references),
        )
    with disk_errors(file):
        if not file.is_file():
            raise NotFound(
                "no such file", where=str(file), hint="name the copy that you were given"
            )
        digest = sha256_of(file)
    if digest != found.sha256:
        raise BadInput(
            f"is not the file that the crate was made with: its SHA-256 is {digest}",
            where=str(file),
            hint=f"ask for the one whose SHA-256 is {found.sha256}",
        )
    with disk_errors(file), file.open("rb") as source, writing(_place(found, settings)) as target:
        shutil.copyfileobj(source, target)
    return found


def is_withheld(reference: DataReference) -> bool:
    """Say whether a reference is not published: it has no address, or whoever made it says so."""
    return not reference.url or reference.access in _WITHHELD


def who_to_ask(reference: DataReference) -> str:
    """Return a sentence for a person who lacks what is not published."""
    state = _WITHHELD.get(reference.access or AccessRight.CLOSED, "is not published")
    terms = f": {reference.conditions}" if reference.conditions else ""
    ways = [
        f"contact {reference.contact}" if reference.contact else "",
        f"see {reference.landing_page}" if reference.landing_page else "",
    ]
    asking = "; ".join(one for one in ways if one)
    return shown(f"{reference.path} {state}{terms}" + (f"; {asking}" if asking else ""))


def _place(reference: DataReference, settings: Settings) -> Path:
    return settings.cache / "data" / reference.sha256[:2] / reference.sha256


def _fetch(reference: DataReference, settings: Settings, progress: Progress) -> Path | None:
    """Return the kept copy; None for what has no address and was not supplied."""
    kept = _place(reference, settings)
    if kept.is_file() and sha256_of(kept) == reference.sha256:
        return kept
    if not reference.url:
        return None
    download(
        reference.url,
        kept,
        sha256=reference.sha256,
        size_bytes=reference.size_bytes,
        limit_bytes=settings.reference_limit_bytes,
        settings=settings.web,
        progress=progress,
    )
    return kept
