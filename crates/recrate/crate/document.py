"""A crate's metadata document, read with suspicion: found, parsed, and its one root named."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recrate.crate.names import LEGACY_METADATA_NAME
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadCrate
from recrate.outside.archive import Archive

METADATA_LIMIT_BYTES = 128 << 20
DEPTH_LIMIT = 50
"""RO-Crate metadata are flat; what nests deeper is made to exhaust whoever walks it."""
CRATE_PROFILE = "https://w3id.org/ro/crate/"

Entity = dict[str, Any]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A metadata document: the whole of it, its entities by `@id`, and which of them is the root.

    prefix: folder of the archive in which the crate lies, with a `/` at its end, or empty
    path:   the metadata file in the archive
    """

    prefix: str
    path: str
    whole: dict[str, Any]
    entities: Mapping[str, Entity]
    root: Entity


def find_metadata(archive: Archive) -> tuple[str, str]:
    """Return the crate's folder inside the archive and the path of its metadata file.

    A zip file made by hand often holds the crate in one folder: that is read too. Raises BadCrate
    when the archive is empty, has no metadata file, or several crates side by side.
    """
    where = str(archive.location)
    if not archive.entries:
        raise BadCrate(f"the crate is empty: no {METADATA_NAME} in it", where=where)
    for name in (METADATA_NAME, LEGACY_METADATA_NAME):
        if name in archive.entries:
            return "", name
        inner = [
            path for path in archive.entries if path.endswith(f"/{name}") and path.count("/") == 1
        ]
        if len(inner) > 1:
            raise BadCrate(
                f"holds {len(inner)} crates side by side: {inner[0]}, {inner[1]}",
                where=where,
                hint="unpack it and name the folder of one of them",
            )
        if inner:
            return inner[0].removesuffix(name), inner[0]
    raise BadCrate(
        f"no {METADATA_NAME} in it",
        where=where,
        hint="this is no RO-Crate; make one from a folder with `recrate pack`",
    )


def read_document(archive: Archive) -> Document:
    """Read and understand the metadata file; nothing it names is fetched.

    Raises BadCrate when it is not JSON, has no root dataset or more than one.
    """
    prefix, path = find_metadata(archive)
    where = f"{archive.location}: {path}"
    whole = parse(archive.read(path, limit_bytes=METADATA_LIMIT_BYTES), where=where)
    entities = _entities(whole, where)
    return Document(
        prefix=prefix,
        path=path,
        whole=whole,
        entities=entities,
        root=_root(entities, path.removeprefix(prefix), where),
    )


def parse(content: bytes, *, where: str) -> dict[str, Any]:
    """Return a JSON object; raises BadCrate for anything else, also for what nests without end."""
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadCrate(f"not JSON: {str(error)[:200]}", where=where) from error
    if not isinstance(whole, dict):
        raise BadCrate("not a JSON object", where=where)
    _refuse_odd_values(whole, where)
    return whole


def _refuse_odd_values(whole: dict[str, Any], where: str) -> None:
    """Raise BadCrate for nesting without end, and for text that no file could hold."""
    waiting: list[tuple[Any, int]] = [(whole, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEPTH_LIMIT:
            raise BadCrate(f"nests more than {DEPTH_LIMIT} deep", where=where)
        if isinstance(value, dict):
            waiting += [(item, depth + 1) for pair in value.items() for item in pair]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]
        elif isinstance(value, str) and not value.isascii() and _LONE_SURROGATE.search(value):
            raise BadCrate(
                "holds text that is not Unicode", where=where, hint="pack it again from its study"
            )


def _entities(whole: dict[str, Any], where: str) -> dict[str, Entity]:
    graph = whole.get("@graph")
    if not isinstance(graph, list):
        raise BadCrate("has no @graph: it is not flattened JSON-LD", where=where)
    entities: dict[str, Entity] = {}
    for entity in graph:
        if not isinstance(entity, dict) or not isinstance(entity.get("@id"), str):
            raise BadCrate("has an entity without an @id", where=where)
        identifier = _normal(entity["@id"])
        if identifier in entities:
            what = "two root datasets" if identifier == "./" else "two entities of one @id"
            raise BadCrate(f"has {what}: {entity['@id']}", where=where)
        entities[identifier] = entity
    return entities


def _root(entities: Mapping[str, Entity], name: str, where: str) -> Entity:
    """Return the root dataset: what the metadata file's own entity is about.

    Source: https://www.researchobject.org/ro-crate/1.1/root-data-entity.html
    """
    descriptors = _descriptors(entities, name)
    roots = {
        _normal(target) for descriptor in descriptors for target in references(descriptor, "about")
    }
    if not roots:
        raise BadCrate("has no root dataset", where=where, hint=f"{name} must say what it is about")
    if len(roots) > 1:
        raise BadCrate(f"has {len(roots)} root datasets: {', '.join(sorted(roots))}", where=where)
    root = entities.get(roots.pop())
    if root is None or "Dataset" not in types(root):
        raise BadCrate("has no root dataset", where=where, hint="its root must be a Dataset")
    return root


def _descriptors(entities: Mapping[str, Entity], name: str) -> list[Entity]:
    """Return the entities that claim to describe this crate: by name, else by conformsTo."""
    names = {name, METADATA_NAME, LEGACY_METADATA_NAME}
    named = [entity for identifier, entity in entities.items() if identifier in names]
    return named or [
        entity
        for entity in entities.values()
        if any(target.startswith(CRATE_PROFILE) for target in references(entity, "conformsTo"))
        and "CreativeWork" in types(entity)
    ]


def _normal(identifier: str) -> str:
    if identifier in {"./", ".", ""}:
        return "./"
    return identifier.removeprefix("./")


def types(entity: Entity) -> tuple[str, ...]:
    """Return the `@type`s of an entity."""
    return tuple(kind for kind in listed(entity.get("@type")) if isinstance(kind, str))


def references(entity: Entity, name: str) -> tuple[str, ...]:
    """Return the `@id`s that a property points at; a bare string counts as one."""
    return tuple(_pointed(listed(entity.get(name))))


def _pointed(values: list[Any]) -> Iterator[str]:
    for value in values:
        target = value.get("@id") if isinstance(value, dict) else value
        if isinstance(target, str):
            yield target


def text(entity: Entity, name: str) -> str | None:
    """Return the first text of a property, with numbers as text; None when there is none."""
    for value in listed(entity.get(name)):
        plain = value.get("@value") if isinstance(value, dict) else value
        if isinstance(plain, str) and plain.strip():
            return plain.strip()
        if isinstance(plain, int | float) and not isinstance(plain, bool):
            return str(plain)
    return None


def number(entity: Entity, name: str) -> int | None:
    """Return a property as a whole number that is not negative, or None."""
    said = text(entity, name)
    try:
        value = float(said) if said is not None else math.nan
    except ValueError:
        return None
    if not math.isfinite(value) or value < 0 or value != int(value):
        return None
    return int(said) if said is not None and said.isdecimal() and len(said) < 20 else int(value)


def listed(value: Any) -> list[Any]:
    """Return a JSON-LD value as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
