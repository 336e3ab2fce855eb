"""Where in a project a deposit goes: which storage, which folder, which name."""

import re
import unicodedata
from dataclasses import dataclass, replace

from recrate.model.crate import identity_of
from recrate.model.errors import BadCrate, BadInput, Conflict, NotFound, Refused
from recrate.outside.archive import Archive, ArchiveLimits
from recrate.outside.disk import scratch_folder
from recrate.publish.depositor import Parcel
from recrate.publish.grdm_about import Wishes
from recrate.publish.grdm_client import Addresses, Grdm, Shelf, Storage, place_of
from recrate.publish.grdm_entries import Entry
from recrate.publish.grdm_keeping import Content, Looking

SUFFIX = ".crate.zip"
READ_BYTES = 64 << 20
"""A larger file of the same name is not fetched to see whether it is the same crate."""
_HINT = "publish as a new version of it, or choose another folder"
UNPACKED_BYTES = 4 << 30
_NAME_BYTES = 120
_NOT_IN_A_NAME = re.compile(r"[^\w.()\-]+|\.\.+")


class Unsure(Conflict):
    """Something of the crate's name is there, too large to be fetched and looked at beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place in a project.

    default:   the storage that `.binder/` belongs into
    folder:    names of the folders above the file
    replacing: the file is a new version of one that lies there
    """

    guid: str
    storage: Storage
    default: Storage
    folder: tuple[str, ...]
    name: str
    replacing: bool

    @property
    def unpacked(self) -> tuple[str, ...]:
        """Names of the folder that takes the crate's files."""
        return (*self.folder, self.name.removesuffix(SUFFIX) or self.name + "-files")


def name_of(parcel: Parcel) -> str:
    """Return the file's name, `<name>.crate.zip`; whatever the crate is called, a plain one."""
    plain = unicodedata.normalize("NFC", parcel.crate.name)
    plain = _NOT_IN_A_NAME.sub("-", plain).strip("-. ")
    plain = plain.encode()[:_NAME_BYTES].decode("utf-8", "ignore").strip("-. ")
    return (plain or parcel.crate.identity[:12] or "study") + SUFFIX


def find_target(grdm: Grdm, wishes: Wishes, parcel: Parcel) -> Target:
    """Return where this parcel goes, asking for the project's storages.

    Raises NotFound for a storage that is not there and for an earlier version that is gone.
    """
    storages = grdm.storages(wishes.guid)
    earlier = parcel.order.new_version_of
    place = _place(earlier, wishes.guid, grdm.addresses) if earlier else None
    storage = _storage(storages, place[0] if place else wishes.storage)
    target = Target(
        guid=wishes.guid,
        storage=storage,
        default=storages[0],
        folder=wishes.folder,
        name=name_of(parcel),
        replacing=False,
    )
    if place is None:
        return target
    entry = grdm.shelf(storage).look(place[1])
    if entry is None or entry.is_folder:
        raise NotFound(
            "the earlier version is not in the project any more",
            where=str(earlier),
            hint="publish without naming an earlier version",
        )
    *folder, name = entry.materialized.strip("/").split("/")
    return replace(target, folder=tuple(folder), name=name, replacing=True)


def settle(looking: Looking, target: Target, parcel: Parcel, *, unpacked: bool) -> Target:
    """Return the target, to be replaced where the same crate lies there from an earlier deposit.

    unpacked: its folder is wanted, too
    Raises Conflict where something else has the name of the file or of the folder already, and
    Unsure where that cannot be told. The same crate is known by its identity, for titles and
    addresses change within the file.
    """
    folder = looking.seek(target.folder)
    if target.replacing or folder is None:
        return target
    present = looking.find(folder, target.name)
    other = looking.find(folder, target.name, is_folder=True)
    if present is None and other is None and unpacked:
        other = looking.find(folder, target.unpacked[-1], is_folder=True)
    if other is not None:
        raise _taken(other)
    if present is None:
        return target
    same = _is_same_crate(looking.shelf, present, parcel)
    if same is None:
        raise Unsure(
            f"{present.materialized} is in the project already, and too large to be looked at",
            where=present.materialized,
            hint=_HINT,
        )
    if not same:
        raise _taken(present)
    return replace(target, replacing=True)


def _is_same_crate(shelf: Shelf, present: Entry, parcel: Parcel) -> bool | None:
    """Say whether a file holds this crate, of whatever title and address; None for a large one."""
    if parcel.file.is_file() and Content.of_file(parcel.file).is_in(present):
        return True
    if present.size_bytes is None or present.size_bytes > READ_BYTES:
        return None
    try:
        with scratch_folder() as scratch:
            file = scratch / "present.zip"
            file.write_bytes(shelf.read(present, limit_bytes=READ_BYTES))
            with Archive(file, limits=ArchiveLimits(total_bytes=UNPACKED_BYTES)) as archive:
                found = identity_of((path, archive.sha256(path)) for path in archive.entries)
    except (BadCrate, Refused):
        return False
    return found == parcel.crate.identity


def _taken(present: Entry) -> Conflict:
    return Conflict(
        f"{present.materialized} is in the project already, and is not this crate",
        where=present.materialized,
        hint=_HINT,
    )


def _place(earlier: str, guid: str, addresses: Addresses) -> tuple[str, str]:
    """Return (provider, path) of the earlier version: `guid/provider/path`, or its address."""
    found = re.fullmatch(r"([a-z0-9]{3,32})/(\w+)(/.+)", earlier)
    place = found.groups() if found else place_of(earlier, addresses)
    if place is None or place[0] != guid:
        raise BadInput(
            "the earlier version is not of this project",
            where=earlier,
            hint="choose the project that holds it, or publish without naming it",
        )
    return place[1], place[2]


def _storage(storages: tuple[Storage, ...], wanted: str | None) -> Storage:
    if not storages:
        raise NotFound(
            "the project has no storage",
            hint="add one in the project's settings",
        )
    for one in storages:
        if wanted in {None, one.provider}:
            return one
    raise NotFound(
        f"the project has no storage {wanted}",
        hint=f"it has {', '.join(one.provider for one in storages)}",
    )
