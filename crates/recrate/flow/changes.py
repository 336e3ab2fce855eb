"""What changed from one crate of a study to the next: files, references, packages, description."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.crate.read import read_crate
from recrate.model.crate import ENVIRONMENT_FOLDER, Crate
from recrate.model.environment import Lock
from recrate.model.errors import RecrateError
from recrate.model.finding import Finding, Severity, find

_FIELDS = {
    "name": "title",
    "author": "creators",
    "license": "licence",
    "datePublished": "published",
    "citation": "related",
    "isBasedOn": "related",
    "subjectOf": "related",
    "funder": "funding",
    "inLanguage": "language",
    "usageInfo": "access",
    "conditionsOfAccess": "access",
    "isAccessibleForFree": "access",
}
"""Property of the root data set → what the person knows the field as; others by their own name."""

_NOT_SAID = frozenset(
    {
        "@id",
        "@type",
        "additionalProperty",
        "conformsTo",
        "dateModified",
        "hasPart",
        "identifier",
        "mainEntity",
        "mentions",
    }
)
"""Properties of the root that people do not type: the parts, who packed it, its identity."""

_OURS = (f"{ENVIRONMENT_FOLDER}/", "binder/")
_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """A package, or Python, at another version; None where there was or is none."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is not as it was in the crate before. Paths are sorted.

    same:        both have one identity: the payload is the same, byte for byte
    added, removed, changed: files of the study
    notebooks:   those of them that are notebooks
    references:  paths of data references that came, went or name something else
    environment: files that only say how to run it: the lock, the Dockerfile, `binder/`
    description: fields that the crate says otherwise: `title`, `creators`, …
    """

    same: bool
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    packages: tuple[VersionChange, ...] = ()
    python: VersionChange | None = None
    description: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Neither the payload nor what the crate says of itself is another."""
        return self.same and not (self.references or self.description)


def read_earlier(location: Path) -> tuple[Crate | None, tuple[Finding, ...]]:
    """Return the crate that lies at `location`; where it cannot be read, None and a note."""
    try:
        return read_crate(location), ()
    except RecrateError as error:
        note = find(
            Severity.NOTE,
            "earlier-crate-unreadable",
            f"the crate that lay there cannot be read: {error.message}",
            hint="what changed since then is not known",
            path=location.name,
        )
        return None, (note,)


def changes_between(earlier: Crate, later: Crate) -> Changes:
    """Return what changed from `earlier` to `later`; both may be anybody's. Raises nothing."""
    before = {file.path: file.sha256 for file in earlier.files}
    after = {file.path: file.sha256 for file in later.files}
    added, removed = after.keys() - before.keys(), before.keys() - after.keys()
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    touched = added | removed | changed
    ours = {path for path in touched if path.startswith(_OURS)}
    notebooks = {*earlier.notebooks, *later.notebooks}
    return Changes(
        same=earlier.identity == later.identity,
        added=_sorted(added - ours),
        removed=_sorted(removed - ours),
        changed=_sorted(changed - ours),
        notebooks=_sorted(touched & notebooks),
        references=_references(earlier, later),
        environment=_sorted(ours),
        packages=_packages(earlier.lock, later.lock),
        python=_python(earlier.lock, later.lock),
        description=_description(earlier, later),
    )


def summarise_changes(changes: Changes) -> str:
    """Return one line: `2 files added, 1 changed (1 notebook); numpy 1.26 → 2.1; title`."""
    if changes.nothing:
        return "nothing changed since the last crate"
    counted = [
        f"{len(paths)} {word}"
        for paths, word in (
            (changes.added, "added"),
            (changes.removed, "removed"),
            (changes.changed, "changed"),
        )
        if paths
    ]
    parts = []
    if counted:
        books = f" ({len(changes.notebooks)} of them notebooks)" if changes.notebooks else ""
        parts.append("files: " + ", ".join(counted) + books)
    if changes.references:
        parts.append(f"data references: {len(changes.references)}")
    versions = [*([changes.python] if changes.python else []), *changes.packages]
    if versions:
        told = ", ".join(
            f"{one.name} {one.before or 'none'} → {one.after or 'none'}" for one in versions[:5]
        )
        more = f" and {len(versions) - 5} more" if len(versions) > 5 else ""
        parts.append(f"environment: {told}{more}")
    elif changes.environment:
        parts.append(f"environment: {len(changes.environment)} files")
    if changes.description:
        parts.append("description: " + ", ".join(changes.description))
    return "since the last crate: " + ("; ".join(parts) or "its identity")


def _sorted(paths: set[str]) -> tuple[str, ...]:
    return tuple(sorted(paths, key=lambda path: path.encode("utf-8", "surrogatepass")))


def _references(earlier: Crate, later: Crate) -> tuple[str, ...]:
    before = {one.path: one for one in earlier.references}
    after = {one.path: one for one in later.references}
    return _sorted(
        {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    )


def _packages(earlier: Lock | None, later: Lock | None) -> tuple[VersionChange, ...]:
    before = {one.name: one.version for one in (earlier.packages if earlier else ())}
    after = {one.name: one.version for one in (later.packages if later else ())}
    return tuple(
        VersionChange(name=name, before=before.get(name), after=after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def _python(earlier: Lock | None, later: Lock | None) -> VersionChange | None:
    """Return the change of the interpreter, in whatever language the study is."""
    before, after = (
        f"{lock.language} {lock.python}".strip() if lock else "" for lock in (earlier, later)
    )
    if before == after:
        return None
    one, other = (text.partition(" ") for text in (before, after))
    if one[0] in {other[0], ""} or not other[0]:
        name = other[0] or one[0]
        return VersionChange(name=name, before=one[2] or None, after=other[2] or None)
    return VersionChange(name="language", before=before, after=after)


def _description(earlier: Crate, later: Crate) -> tuple[str, ...]:
    before, after = _said(earlier), _said(later)
    fields = {
        _FIELDS.get(key, key)
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }
    return tuple(sorted(fields))


def _said(crate: Crate) -> dict[str, Any]:
    """Return what the root data set says, with the entities it refers to in their places."""
    graph = crate.metadata.get("@graph")
    found = graph if isinstance(graph, list) else []
    entities = {
        entity["@id"]: entity
        for entity in found
        if isinstance(entity, dict) and isinstance(entity.get("@id"), str)
    }
    root = entities.get("./", {})
    return {key: _told(value, entities, 0) for key, value in root.items() if key not in _NOT_SAID}


def _told(value: object, entities: Mapping[str, Any], depth: int) -> object:
    """Follow references a few steps: a person's new affiliation is a change of the creators."""
    if isinstance(value, list):
        return [_told(one, entities, depth) for one in value]
    if not isinstance(value, dict):
        return value
    identifier = value.get("@id")
    known = entities.get(identifier) if isinstance(identifier, str) else None
    if known is None or depth >= _DEEPEST or identifier == "./":
        return value
    return {key: _told(one, entities, depth + 1) for key, one in known.items()}
