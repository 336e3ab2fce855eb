"""How WEKO reads a deposit's JSON-LD (nii.md 3.5): resolved, taken apart, mapped."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

from doubles.weko_store import Refusal, malformed

ROCRATE = "https://w3id.org/ro/crate/1.1/context"
DESCRIPTOR = "ro-crate-metadata.json"
SINGLE = ("PubDate", "Access Rights", "Resource Type", "Version", "Version Type", "APC")
"""Properties of the item type that hold one value: a second one has no place."""


@dataclass
class Read:
    """One item as it was read.

    leaves:     path of keys with numbers → value
    kept, lost: those that the mapping takes, and those that it does not
    """

    entity: dict[str, Any]
    leaves: dict[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, Any] = field(default_factory=dict)
    indexes: list[int] = field(default_factory=list)
    publish_status: str | None = None
    edit_mode: str | None = None
    identifier: str | None = None
    uri: str | None = None
    doi: str | None = None
    agency: str | None = None
    paths: list[str] = field(default_factory=list)
    links: list[tuple[Any, Any]] = field(default_factory=list)

    @property
    def save_as_is(self) -> bool:
        return bool(self.entity.get("wk:saveAsIs", False))

    @property
    def replaces_metadata(self) -> bool:
        return bool(self.entity.get("wk:metadataReplace", False))

    def values(self, key: str) -> list[str]:
        """Return what was kept under a path of keys without numbers, in order."""
        return [str(v) for k, v in self.kept.items() if re.sub(r"\[\d+\]", "", k) == key]


def read_document(document: Any, mapping: dict[str, str]) -> list[Read]:
    """Return the items of a document. Raises Refusal as WEKO does."""
    roots = _roots(_resolved(document))
    found = []
    for root in roots:
        read = Read(entity=root, leaves=_leaves(root))
        # nii.md 3.5: a plain string as the root's identifier is taken as WEKO's own record number.
        read.identifier = read.leaves.pop("identifier", None)
        read.uri = read.leaves.pop("uri", None)
        _grants(read)
        read.paths = [_identified(one) for one in root.get("hasPart", [])]
        read.paths = ["" if _is_address(one) else one for one in read.paths]
        read.links = [
            (one.get("identifier"), one.get("value")) for one in root.get("wk:itemLinks", [])
        ]
        _map(read, mapping)
        found.append(read)
    return found


def _resolved(document: Any) -> dict[str, Any]:
    """Return all entities with references inlined (nii.md 3.5: the graph must be a tree)."""
    context = document.get("@context", "") if isinstance(document, dict) else ""
    named = context.values() if isinstance(context, dict) else context
    if ROCRATE not in named:
        # nii.md 3.5: `@context` holds literally the address of RO-Crate 1.1.
        raise _unexpected('Invalid json-ld format: "@context" is invalid.')
    if not isinstance(document.get("@graph"), list):
        raise _unexpected('Invalid json-ld format: "@graph" is not found.')
    if not all("@id" in one for one in document["@graph"]):
        # nii.md 3.5: each entity of the graph has an `@id`.
        raise _unexpected('Invalid json-ld format: Objects without "@id" are in "@graph"')
    entities = {one["@id"]: one for one in document["@graph"]}
    if DESCRIPTOR not in entities:
        raise _unexpected(f'Invalid json-ld format: "{DESCRIPTOR}" entity is not found.')

    def inlined(value: Any, above: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [inlined(one, above) for one in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"@id"} and value["@id"] in entities:
            name = value["@id"]
            if name in above:
                raise _unexpected("maximum recursion depth exceeded")
            return inlined(entities[name], (*above, name))
        return {key: inlined(one, above) for key, one in value.items()}

    return {name: inlined(one, (name,)) for name, one in entities.items()}


def _roots(entities: dict[str, Any]) -> list[dict[str, Any]]:
    about = entities[DESCRIPTOR].get("about")
    if not isinstance(about, dict):
        raise _unexpected("'NoneType' object has no attribute 'get'")
    if about.get("wk:isSplited", False) and "hasPart" in about:
        return list(about["hasPart"])
    return [about]


def _leaves(root: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def walk(path: str, value: Any) -> None:
        if path.rsplit(".", 1)[-1].startswith("@type"):
            return
        if isinstance(value, dict):
            for key, one in value.items():
                walk(f"{path}.{key}" if path else key, one)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                walk(f"{path}[{number}]", one)
        else:
            found[path] = value

    walk("", root)
    return found


def _grants(read: Read) -> None:
    grants = read.entity.get("wk:grant", [])
    if not isinstance(grants, list):
        # nii.md 3.5, DOI through SWORD: wk:grant must be a list.
        raise _unexpected("Invalid json-ld format: wk:grant is not a list.")
    for grant in grants:
        if isinstance(grant, dict) and grant.get("jpcoar:identifier") == "DOI":
            read.doi = str(grant["@id"]).lstrip("#")
            read.agency = grant.get("jpcoar:identifierRegistration")
            return


def _map(read: Read, mapping: dict[str, str]) -> None:
    """Sort what was read into orders, what has a place, and what has none (nii.md 3.5)."""
    places = {path: name for name, path in mapping.items() if not path.startswith("$")}
    groups = {path[: dot.start()] for path in places for dot in re.finditer(r"\.", path)}
    for key, value in read.leaves.items():
        path = re.sub(r"\[\d+\]", "", key)
        if "wk:index" in path:
            read.indexes.append(int(value))
        elif "wk:publishStatus" in path:
            read.publish_status = value
        elif "wk:editMode" in path:
            read.edit_mode = value
        elif path not in places:
            skipped = "wk:" in key or key.endswith("@id") or key in {"name", "description"}
            if not skipped:
                read.lost[key] = value
        elif value is None or value == "":
            continue
        elif path in groups or _second(key, places[path]):
            read.lost[key] = value
        else:
            read.kept[key] = value


def _second(key: str, name: str) -> bool:
    number = re.search(r"\[(\d+)\]", key)
    return name.split(".", maxsplit=1)[0] in SINGLE and number is not None and number[1] != "0"


def _identified(part: Any) -> str:
    if not isinstance(part, dict) or "@id" not in part:
        raise _unexpected("'@id'")
    return str(part["@id"])


def _is_address(written: str) -> bool:
    parts = urlparse(written)
    return bool(parts.scheme and parts.netloc)


def _unexpected(error: str) -> Refusal:
    return malformed(f"Unexpected error occurred: {error}")
