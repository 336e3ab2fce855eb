"""What the cells of a replay may ask of the web: through us, who keep it; then of what is kept.

With `--allow-network` every answer is hashed and kept, and named by `recrate pack STUDY --found
REPLAY` as a data reference; a replay of that crate gives the cells the same bytes, without network.
"""

import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder
from recrate.model.crate import Crate
from recrate.model.finding import Finding, Severity, find
from recrate.model.observation import Fetched
from recrate.model.study import DataReference, Notebook
from recrate.outside.gateway import Gateway
from recrate.outside.passing import KeptAnswer

FETCHED = "recrate-fetched"
"""Folder of a study for what its cells ask of the web: there a replay puts it, for the gateway."""

_NAME = 80


def gateway_of(
    crate: Crate, study: Path, notebooks: Iterable[Notebook], settings: Settings
) -> Gateway | None:
    """Return the way to the web of a run's Python kernels; None where they need none.

    study: the unpacked crate with its data references in place
    They may ask for any data reference of the crate; for all else only with `--allow-network`.
    """
    python = tuple(notebooks)
    allowed = settings.replay.allow_network
    if sys.platform == "win32" or not python:
        return None
    kept = {
        one.url: KeptAnswer(
            path=study / one.path,
            sha256=one.sha256,
            size_bytes=one.size_bytes,
            media_type=one.media_type,
        )
        for one in crate.references
        if one.url and (study / one.path).is_file() and _is_asked_for(one, python)
    }
    if not allowed and not kept:
        return None
    return Gateway(
        kept=kept,
        store=settings.cache / "data" if allowed else None,
        web=settings.web,
        limit_bytes=settings.reference_limit_bytes,
    )


def _is_asked_for(reference: DataReference, notebooks: Iterable[Notebook]) -> bool:
    """Say whether cells may ask for a reference by its address, and not for the file alone."""
    if reference.path.startswith(f"{FETCHED}/"):
        return True
    return any(reference.url in source for one in notebooks for source in _sources(one))


def _sources(notebook: Notebook) -> Iterable[str]:
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        source = cell.get("source") if isinstance(cell, dict) else None
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if isinstance(source, str):
            yield source


def fetched_by(replay: Path) -> tuple[tuple[DataReference, ...], tuple[Finding, ...]]:
    """Return what a replay's cells fetched from the web, as data references; what cannot be one.

    Of an address that gave different bytes in two runs nothing is kept.
    Raises NotFound where no replay was made.
    """
    folder = ReplayFolder(root=replay)
    folder.read_head()
    found: dict[str, tuple[str, Fetched]] = {}
    doubtful: dict[str, Finding] = {}
    for seen in folder.observations():
        for notebook in seen.notebooks:
            for one in notebook.fetched:
                first = found.setdefault(one.url, (notebook.path, one))[1]
                if not one.sha256 or _tells(one.url) or first.sha256 != one.sha256:
                    doubtful.setdefault(one.url, _not_kept(notebook.path, one))
    kept = [(path, one) for url, (path, one) in found.items() if url not in doubtful]
    return tuple(_reference(one) for _, one in kept), tuple(doubtful.values())


def _tells(url: str) -> bool:
    """Say whether an address holds a name or password, or is none that can be fetched again."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return "@" in parts.netloc or parts.scheme not in {"http", "https"} or not parts.hostname


def _not_kept(path: str, one: Fetched) -> Finding:
    shown = one.url.partition("?")[0][:200]
    if one.note:
        why = one.note
    elif _tells(one.url):
        why = "its address cannot be told to others"
    else:
        why = "it gave different bytes in two runs"
    return find(
        Severity.WARNING,
        "fetched-not-kept",
        f"what cell {one.cell} asked of {shown} cannot be a data reference: {why}",
        hint="put the data into the study, and let the cell read the file",
        path=path,
        cell=one.cell,
    )


def _reference(one: Fetched) -> DataReference:
    name = PurePosixPath(unquote(urlsplit(one.url).path)).name
    plain = "".join(each if each.isalnum() or each in "._-" else "_" for each in name)
    safe = plain.lstrip(".")[-_NAME:] or "answer"
    kind = one.media_type.partition(";")[0].strip().lower() or "application/octet-stream"
    return DataReference(
        path=f"{FETCHED}/{one.sha256[:12]}/{safe}",
        url=one.url,
        sha256=one.sha256,
        size_bytes=one.size_bytes,
        media_type=kind,
    )
