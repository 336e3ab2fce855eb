"""Who made a crate and under which licence, or that nobody is to be named, as its metadata says."""

from typing import Any

from recrate.crate.names import BLIND
from recrate.model.crate import Crate

MOST = 20
"""Names told at most; a report is no list of an author collaboration."""


def creators_of(metadata: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the root dataset's authors; malformed entries are passed over."""
    graph = _graph(metadata)
    root = _root(graph)
    people = _names(root.get("author", root.get("creator")), graph)
    return tuple(people[:MOST])


def licence_of(metadata: dict[str, Any]) -> str:
    """Return the root dataset's licence by name, else as it is written; empty when it has none."""
    graph = _graph(metadata)
    return ", ".join(_names(_root(graph).get("license"), graph)[:MOST])


def root_of(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the entity of the root dataset; empty where the metadata has none."""
    return _root(_graph(metadata))


def is_blind(crate: Crate) -> bool:
    """Say whether a crate was packed for blind review: its root dataset is marked with `BLIND`.

    A session of such a crate names no person.
    """
    marked = root_of(crate.metadata).get(BLIND)
    return marked is True or marked == "true"


def _graph(metadata: dict[str, Any]) -> dict[str, dict[str, Any]]:
    entities = metadata.get("@graph")
    return {
        entity["@id"]: entity
        for entity in (entities if isinstance(entities, list) else [])
        if isinstance(entity, dict) and isinstance(entity.get("@id"), str)
    }


def _root(graph: dict[str, dict[str, Any]]) -> dict[str, Any]:
    descriptor = graph.get("ro-crate-metadata.json", {})
    about = descriptor.get("about")
    identifier = about.get("@id") if isinstance(about, dict) else None
    return graph.get(identifier if isinstance(identifier, str) else "./", {})


def _names(value: object, graph: dict[str, dict[str, Any]]) -> list[str]:
    """Return what a property's values are called: text itself, a reference by its name."""
    names = []
    for one in value if isinstance(value, list) else [value]:
        name: object = one
        if isinstance(one, dict):
            identifier = one.get("@id")
            known = graph.get(identifier, one) if isinstance(identifier, str) else one
            name = known.get("name") or identifier
        if isinstance(name, str) and name:
            names.append(name)
    return names
