"""A blind crate and the sealed one it was made of: what binds them, and the proof of it later.

The sealed crate holds a salt. The blind one holds the SHA-256 of that salt with the sealed crate's
identity, and another with the SHA-256 of its metadata: neither tells anything to who lacks the
sealed crate, and nobody can make another crate that fits them.
"""

import hashlib
from pathlib import Path

from recrate.crate.names import BLIND
from recrate.crate.read import read_crate
from recrate.flow.credits import is_blind, root_of
from recrate.model.crate import METADATA_NAME, Crate
from recrate.model.finding import Finding, Severity, find
from recrate.outside.archive import Archive

SALT = "recrate:salt"
PAYLOAD_COMMITMENT = "recrate:commitment"
METADATA_COMMITMENT = "recrate:commitmentToMetadata"
METADATA_LIMIT_BYTES = 256 << 20
_VERSION = "recrate-blind-1"
_DRAFT_HINT = "send the file, or keep a draft (--draft); after the review publish the sealed crate"

Marks = tuple[tuple[str, str | bool], ...]


def sealed_path(destination: Path) -> Path:
    """Return where the full crate is kept: `tides.crate.zip` → `tides.sealed.crate.zip`."""
    name = destination.name
    for end in (".crate.zip", ".zip"):
        if name.lower().endswith(end):
            return destination.with_name(f"{name[: -len(end)]}.sealed{name[-len(end) :]}")
    return destination.with_name(f"{name}.sealed")


def seal_marks(salt: str) -> Marks:
    """Return what the sealed crate's root data set carries."""
    return ((SALT, salt),)


def blind_marks(sealed: Crate, salt: str) -> Marks:
    """Return what the blind crate's root data set carries: that it is blind, and of what."""
    return (
        (BLIND, True),
        (PAYLOAD_COMMITMENT, commitment(salt, sealed.identity)),
        (METADATA_COMMITMENT, commitment(salt, metadata_digest(Path(sealed.location)))),
    )


def commitment(salt: str, digest: str) -> str:
    """Return the SHA-256, in hex, that binds a digest without telling it."""
    return hashlib.sha256(f"{_VERSION}\n{salt}\n{digest}\n".encode()).hexdigest()


def metadata_digest(location: Path) -> str:
    """Return the SHA-256 of a crate's metadata file."""
    with Archive(location) as archive:
        path = min(
            (one for one in archive.entries if one.rpartition("/")[2] == METADATA_NAME), key=len
        )
        content = archive.read(path, limit_bytes=METADATA_LIMIT_BYTES)
    return hashlib.sha256(content).hexdigest()


def prove(sealed: Path, blind: Path) -> tuple[Finding, ...]:
    """Say whether a blind crate was made of a sealed one, and what was changed in it.

    Raises what reading a crate raises. That the sealed crate's files are those it states is for
    `check_crate` to say.
    """
    full, told = read_crate(sealed), read_crate(blind)
    root, marks = root_of(full.metadata), root_of(told.metadata)
    salt, bound = root.get(SALT), marks.get(PAYLOAD_COMMITMENT)
    if not is_blind(told) or not isinstance(bound, str):
        return (_error("blind-not-blind", f"{blind.name} is no blind crate"),)
    if not isinstance(salt, str):
        return (_error("blind-not-sealed", "this is no sealed crate: it holds no salt"),)
    if commitment(salt, full.identity) != bound:
        return (_error("blind-not-of", f"{blind.name} was not made of this crate"),)
    return (
        find(
            Severity.NOTE,
            "blind-proved",
            f"{blind.name} was made of this crate; {_compared(full, told)}",
        ),
        *_described(sealed, salt, marks.get(METADATA_COMMITMENT)),
    )


def _compared(full: Crate, told: Crate) -> str:
    known = {one.path: one.sha256 for one in full.files}
    same = [one.path for one in told.files if known.get(one.path) == one.sha256]
    changed = [one.path for one in told.files if one.path not in set(same)]
    sentence = f"{len(same)} of its {len(told.files)} files are the same to the byte"
    if changed:
        shown = ", ".join(changed[:8]) + (", …" if changed[8:] else "")
        sentence += f", and these are not: {shown}"
    return sentence


def _described(sealed: Path, salt: str, bound: object) -> tuple[Finding, ...]:
    if commitment(salt, metadata_digest(sealed)) == bound:
        return ()
    return (
        find(
            Severity.NOTE,
            "blind-described-since",
            "its description was changed since, as when a DOI is written into it; its files were"
            " not",
        ),
    )


def _error(code: str, message: str) -> Finding:
    return find(
        Severity.ERROR,
        code,
        message,
        hint="give the sealed crate first, and the blind one with --blind-of",
    )


def blind_findings(crate: Crate, *, draft: bool) -> tuple[Finding, ...]:
    """Say why a blind crate is not published: each place names who deposits, and asks for authors.

    A draft, which nobody finds, is let through.
    """
    if draft or not is_blind(crate):
        return ()
    return (
        find(
            Severity.ERROR,
            "blind-published",
            "a blind crate is not published: a record names its authors and who deposited it",
            hint=_DRAFT_HINT,
        ),
    )
