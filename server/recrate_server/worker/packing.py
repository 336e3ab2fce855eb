"""Pack: written aside first, and under its name only when it is whole."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.flow.adding import Added, found_by
from recrate.flow.documents import pack_document
from recrate.flow.pack import Packed
from recrate.flow.pack import PackOrder as CoreOrder
from recrate.flow.pack import pack as run_pack
from recrate.flow.settings import Settings
from recrate.flow.verifying import verified_by
from recrate.model.crate import Verified
from recrate.model.environment import Addition
from recrate.model.errors import BadInput
from recrate.model.progress import Progress
from recrate.model.wire import from_json, to_json, to_plain
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.leftovers import place_aside
from recrate_server.jobs.orders import PackOrder, VerifyOrder

_PACKING = "packing.json"
_FOUND = "found.json"
"""In a verification's folder: what it found by running, for its next crate."""


def pack_to(
    order: PackOrder,
    study: Path,
    destination: Path,
    *,
    job: str,
    verification: Path | None,
    settings: Settings,
    progress: Progress,
) -> dict[str, Any]:
    """Pack `study`; a crate that lies at `destination` gives way once the new one is whole.

    verification: the folder of a verification, whose verdict the crate tells if it is of this study
    Raises what the core's pack raises; then what lay at `destination` lies there still.
    """
    if destination.is_dir():
        raise BadInput(
            "is a folder", where=str(destination), hint="name a file that ends in .crate.zip"
        )
    aside = place_aside(destination, job)
    verified = verified_in(verification) if verification else None
    remove_tree(aside)
    try:
        packed = _pack(
            CoreOrder(
                root=study,
                destination=aside / destination.name,
                kernel=order.kernel,
                as_of=order.as_of,
                locked=order.locked,
                waived=order.waived,
                verified=verified,
                found=read_found(verification) if verification else (),
                earlier=destination if destination.is_file() else None,
            ),
            order.notebooks,
            settings=settings,
            progress=progress,
        )
        size = (aside / destination.name).stat().st_size
        with disk_errors(destination):
            (aside / destination.name).replace(destination)
    finally:
        remove_tree(aside)
    shown = order.destination or destination.name
    return pack_result(packed, crate=shown, size_bytes=size, verified=verified)


def pack_result(
    packed: Packed, *, crate: str, size_bytes: int, verified: Verified | None
) -> dict[str, Any]:
    """Return the contract's `PackResult`. `crate`: the contents path where it lies now."""
    same = verified is not None and verified.crate == packed.crate.identity
    return {
        **pack_document(packed),
        "kind": "pack",
        "crate": crate,
        "size_bytes": size_bytes,
        "verified": verified.verdict if verified is not None and same else None,
    }


def pack_aside(
    order: VerifyOrder, study: Path, folder: JobFolder, *, settings: Settings, progress: Progress
) -> list[dict[str, Any]]:
    """Pack the study into the job's folder, unless it lies there whole, and return the findings.

    A verification that goes on goes on with the crate that it began with.
    """
    kept = folder.root / _PACKING
    if not (folder.crate.is_file() and kept.is_file()):
        remove_tree(folder.replay)
        remove_tree(folder.crate)
        packed = _pack(
            CoreOrder(
                root=study,
                destination=folder.crate,
                kernel=order.kernel,
                as_of=order.as_of,
                waived=order.waived,
                found=read_found(folder.root),
            ),
            order.notebooks,
            settings=settings,
            progress=progress,
        )
        write_text(kept, json.dumps(to_plain(packed.findings), ensure_ascii=False))
    findings: list[dict[str, Any]] = json.loads(kept.read_bytes())
    return findings


def keep_found(folder: JobFolder) -> bool:
    """Keep what a verification found by running for its next crate; False where it found nothing.

    The crate at hand is then no longer what is to be verified.
    """
    new = found_by(folder.replay)
    if not new:
        return False
    known = {one.name: one for one in (*read_found(folder.root), *new)}
    write_text(folder.root / _FOUND, to_json(Added(packages=tuple(known.values()))))
    with disk_errors(folder.root):
        (folder.root / _PACKING).unlink(missing_ok=True)
    return True


def read_found(run: Path) -> tuple[Addition, ...]:
    """Return what the verification in a job's folder found by running."""
    place = run / _FOUND
    return (
        from_json(place.read_bytes(), Added, where=str(place)).packages if place.is_file() else ()
    )


def verified_in(run: Path) -> Verified | None:
    """Return what a verification came to, for the crate to tell; None when it came to nothing."""
    try:
        return verified_by(JobFolder(root=run).replay)
    except BadInput:
        return None


def _pack(
    order: CoreOrder, notebooks: tuple[str, ...], *, settings: Settings, progress: Progress
) -> Packed:
    return run_pack(
        order,
        options=replace(settings.scan, notebooks=notebooks),
        environment=settings.environment,
        agent=settings.agent,
        today=settings.environment.today,
        progress=progress,
    )
