"""Write `.binder/` into a project, so that the data analysis function launches the crate."""

from recrate.model.errors import RecrateError
from recrate.model.study import DataReference
from recrate.publish.depositor import Parcel
from recrate.publish.grdm_binder import (
    FOLDER,
    PATHS,
    REQUIREMENTS,
    RUNTIME,
    STRONGER,
    Mount,
    crate_mount,
    data_mount,
    environment_files,
    paths_file,
    was_edited,
)
from recrate.publish.grdm_client import Grdm, place_of
from recrate.publish.grdm_entries import ROOT, Entry
from recrate.publish.grdm_keeping import Content, Keeping, Looking
from recrate.publish.grdm_target import Target

LIMIT_BYTES = 4 << 20
"""No program writes more than this into a file of `.binder/`."""
_RUNTIME_STAYS = "grdm_runtime_stays"


def write_binder(
    grdm: Grdm, keeping: Keeping, target: Target, parcel: Parcel, crate_folder: tuple[str, ...]
) -> tuple[str, ...]:
    """Write the files of `.binder/` into the project's default storage; return notes.

    keeping:      of the default storage
    crate_folder: names of the folder with the crate's files, in the deposit's storage
    What a person edited is left as it is, and told.
    """
    folder = keeping.folder(FOLDER)
    mounts, notes = _mounts(grdm, target, parcel.crate.references, crate_folder)
    files = {**environment_files(parcel.crate.lock), PATHS: paths_file(mounts)}
    if REQUIREMENTS in files and _is_edited(keeping, folder, REQUIREMENTS):
        notes.append(_left(REQUIREMENTS))
        del files[REQUIREMENTS], files[RUNTIME]
    elif RUNTIME in files and _is_persons_runtime(keeping, folder, files[RUNTIME]):
        notes.append(_left(RUNTIME))
        del files[RUNTIME]
    for name, content in files.items():
        if name != RUNTIME and not _may_write(keeping, folder, name, content):
            notes.append(_left(name))
            continue
        keeping.put(folder, name, Content.of_bytes(content), replacing=True)
    if not environment_files(parcel.crate.lock):
        why = "no environment is locked" if parcel.crate.lock is None else "it is not of Python"
        notes.append(f"{FOLDER}/ holds no files for the environment: {why}")
    return (*notes, *stronger_files(keeping))


def stronger_files(looking: Looking) -> list[str]:
    """Say what in a storage repo2docker obeys instead of what we write into `.binder/`."""
    told = []
    if looking.find(ROOT, "binder", is_folder=True) is not None:
        told.append("the folder binder/ of the project is used by Binder instead of .binder/")
    folder = looking.seek((FOLDER,))
    for name in STRONGER if folder is not None else ():
        present = looking.find(folder, name) if folder is not None else None
        if present is not None and present.size_bytes != 0:
            told.append(f"{FOLDER}/{name} of the project is used instead of {REQUIREMENTS}")
    return told


def _left(name: str) -> str:
    return f"{FOLDER}/{name} was written or edited by a person, and was left as it is"


def _is_edited(keeping: Keeping, folder: Entry, name: str) -> bool:
    present = keeping.find(folder, name)
    if present is None:
        return False
    if (present.size_bytes or 0) > LIMIT_BYTES:
        return True
    return was_edited(keeping.shelf.read(present, limit_bytes=LIMIT_BYTES))


def _is_persons_runtime(keeping: Keeping, folder: Entry, content: bytes) -> bool:
    """Say whether a person chose the version of Python: a program writes requirements with it.

    Decided before anything is written, and the same when the deposit is gone on with.
    """
    decided = keeping.journal.get(_RUNTIME_STAYS)
    if decided is None:
        present = keeping.find(folder, RUNTIME)
        alone = keeping.find(folder, REQUIREMENTS) is None
        differs = present is not None and not Content.of_bytes(content).is_in(present)
        decided = alone and differs
        keeping.journal.note(**{_RUNTIME_STAYS: decided})
    return bool(decided)


def _may_write(keeping: Keeping, folder: Entry, name: str, content: bytes) -> bool:
    """Say whether a file is not there, or holds this, or what a program wrote."""
    present = keeping.find(folder, name)
    if present is None or Content.of_bytes(content).is_in(present):
        return True
    return not _is_edited(keeping, folder, name)


def _mounts(
    grdm: Grdm,
    target: Target,
    references: tuple[DataReference, ...],
    crate_folder: tuple[str, ...],
) -> tuple[tuple[Mount, ...], list[str]]:
    """Return what a session finds in its home folder, and what it does not find there."""
    is_default = target.storage.provider == target.default.provider
    mounts = [crate_mount(target.storage.provider, crate_folder, is_default=is_default)]
    missing = []
    for reference in references:
        mount = _data_mount(grdm, target, reference)
        if mount is None:
            missing.append(reference.path)
        else:
            mounts.append(mount)
    notes = []
    if missing:
        shown = ", ".join(missing[:5]) + (", …" if missing[5:] else "")
        notes.append(f"not in the project, so not in a session of Binder: {shown}")
    return tuple(mounts), notes


def _data_mount(grdm: Grdm, target: Target, reference: DataReference) -> Mount | None:
    """Return where a reference lies in this project, None where it lies elsewhere or is gone.

    A source that is not there would let the whole build fail.
    """
    place = place_of(reference.url, grdm.addresses)
    if place is None or place[0] != target.guid:
        return None
    storages = {one.provider: one for one in grdm.storages(target.guid)}
    storage = storages.get(place[1])
    if storage is None:
        return None
    try:
        found = grdm.shelf(storage).look(place[2])
    except RecrateError:
        return None
    return data_mount(reference, storage.provider, found.materialized) if found else None
