"""A package that holds the crate: the bag that JAIRO Cloud keeps as it was handed in.

Source: RFC 8493 (BagIt); `wk:saveAsIs` keeps such a bag as `payload.zip`.
"""

import re
from pathlib import Path

from recrate.model.errors import BadCrate
from recrate.outside.archive import Archive

_DECLARATION = "bagit.txt"
_MANIFEST = "manifest-sha256.txt"
_LIMIT_BYTES = 64 << 20
_LINE = re.compile(r"([0-9a-fA-F]{64})\s+\*?(.+)")


def inner_crate(package: Path) -> str | None:
    """Return the path of the crate's own zip file inside a bag, None where there is none to take.

    Raises BadCrate and Refused for what is no archive or an unsafe one, BadCrate for several.
    """
    with Archive(package) as archive:
        if _DECLARATION not in archive.entries:
            return None
        inner = [
            path
            for path in archive.entries
            if path.startswith("data/") and path.count("/") == 1 and path.endswith(".crate.zip")
        ]
    if len(inner) > 1:
        raise BadCrate(
            f"holds {len(inner)} crates: {inner[0]}, {inner[1]}",
            where=str(package),
            hint="unpack it and name one of them",
        )
    return inner[0] if inner else None


def take_out(package: Path, path: str, folder: Path) -> Path:
    """Write the crate that lies at `path` of a bag into a new folder, and return where.

    Raises BadCrate when the bag's manifest names it with another checksum, or not at all.
    """
    with Archive(package) as archive:
        if _MANIFEST not in archive.entries:
            raise _unvouched(package, path)
        manifest = archive.read(_MANIFEST, limit_bytes=_LIMIT_BYTES).decode("utf-8", "replace")
        found = (_LINE.fullmatch(line.rstrip("\r\n")) for line in manifest.splitlines())
        stated = {one[2]: one[1].lower() for one in found if one}
        if path not in stated:
            raise _unvouched(package, path)
        name = path.rpartition("/")[2]
        archive.extract({path: name}, folder, expected={path: stated[path]})
    return folder / name


def _unvouched(package: Path, path: str) -> BadCrate:
    return BadCrate(
        f"the bag's manifest does not name {path}",
        where=str(package),
        hint="the package is damaged; ask whoever deposited it",
    )
