"""Which of a record's files make the crate."""

from dataclasses import dataclass

from recrate.locate.told import ORIGINAL_NAME
from recrate.locate.whereabouts import Candidate, FileKind, Whereabouts
from recrate.model.errors import BadInput, NotFound

PACKAGE = "payload.zip"
"""What a deposit in JAIRO Cloud is called that was kept as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Either one zip file, or a crate's metadata and the files that may belong to it."""

    zip: Candidate | None = None
    metadata: Candidate | None = None
    others: tuple[Candidate, ...] = ()


def choose(found: Whereabouts) -> Choice:
    """Return what is to be fetched.

    A zip file that is said to be a crate goes first, then one that is called `.crate.zip`, then a
    crate that lies as single files, then the only zip file there is. Raises BadInput where several
    are as good as one another, NotFound where there is none.
    """
    zips = [one for one in found.candidates if one.kind is FileKind.ZIP]
    crates = [one for one in zips if one.is_crate] or [
        one for one in zips if one.name.lower().endswith(".crate.zip")
    ]
    if crates:
        return Choice(zip=_only(crates, found))
    metadata = [one for one in found.candidates if one.kind is FileKind.METADATA]
    if metadata:
        first = min(
            metadata, key=lambda one: (not one.name.endswith(ORIGINAL_NAME), one.name.count("/"))
        )
        others = tuple(one for one in found.candidates if one.kind is not FileKind.METADATA)
        return Choice(metadata=first, others=others)
    packages = [one for one in zips if one.name == PACKAGE] or zips
    if packages:
        return Choice(zip=_only(packages, found))
    names = ", ".join(one.name for one in found.candidates[:5])
    raise NotFound(
        f"the record holds no crate; its files: {names}",
        where=found.url,
        hint="a crate is a zip file, or comes with ro-crate-metadata.json",
    )


def _only(zips: list[Candidate], found: Whereabouts) -> Candidate:
    if len(zips) > 1:
        raise BadInput(
            f"the record holds {len(zips)} crates: " + ", ".join(one.name for one in zips[:5]),
            where=found.url,
            hint=f"name the address of one of them, e.g. {zips[0].url}",
        )
    return zips[0]
