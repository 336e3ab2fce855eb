"""Data references: fetched by us before a replay, verified, kept by checksum, put in place."""

import shutil
from pathlib import Path

from recrate.flow.settings import Settings
from recrate.model.crate import Crate
from recrate.model.errors import BadInput
from recrate.model.progress import Progress, silent
from recrate.model.study import DataReference
from recrate.outside.disk import disk_errors, sha256_of
from recrate.outside.web import download


def place_references(
    crate: Crate, study: Path, *, settings: Settings, progress: Progress = silent
) -> dict[str, str]:
    """Put every data reference of `crate` where the study reads it.

    Returns by path a sentence for each one that is not what the crate promised: its place stays
    empty, so the notebooks that need it fail for a reason, and the others are still judged.
    Raises OutsideFailed when the network lets us down, Refused for an address we do not fetch.
    """
    complaints: dict[str, str] = {}
    for done, reference in enumerate(crate.references):
        progress("data", done, len(crate.references), reference.path)
        try:
            kept = _fetch(reference, settings, progress)
        except BadInput as error:
            complaints[reference.path] = f"data reference {reference.path} changed: {error}"
            continue
        target = study / reference.path
        with disk_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, target)
    return complaints


def _fetch(reference: DataReference, settings: Settings, progress: Progress) -> Path:
    kept = settings.cache / "data" / reference.sha256[:2] / reference.sha256
    if kept.is_file() and sha256_of(kept) == reference.sha256:
        return kept
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
