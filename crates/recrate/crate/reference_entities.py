"""Inputs that are named and not packed, written as RO-Crate entities."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from recrate.crate.graph import Graph, many
from recrate.crate.people import add_entities
from recrate.model.study import Access, DataReference
from recrate.model.terms import Said, access_properties

BY_HASH = "ni:///sha-256;"
"""How a file without an address is named: by its hash, https://www.rfc-editor.org/rfc/rfc6920."""


def reference_ids(given: Sequence[DataReference]) -> dict[str, str]:
    """Return path → `@id`: the address, or the hash of what is not published.

    Two files of the same bytes that are shared under different conditions get two names.
    """
    ids: dict[str, str] = {}
    terms: dict[str, DataReference] = {}
    for one in given:
        identifier = one.url or _by_hash(one.sha256)
        if not one.url and not _same_terms(terms.setdefault(identifier, one), one):
            identifier += f"?path={quote(one.path, safe='')}"
        ids[one.path] = identifier
    return ids


def _by_hash(sha256: str) -> str:
    try:
        digest = base64.urlsafe_b64encode(binascii.unhexlify(sha256)).decode().rstrip("=")
    except (binascii.Error, ValueError):
        digest = quote(sha256, safe="")
    return BY_HASH + digest


def _same_terms(one: DataReference, other: DataReference) -> bool:
    return (one.access, one.conditions, one.landing_page, one.contact) == (
        other.access,
        other.conditions,
        other.landing_page,
        other.contact,
    )


def add_references(
    graph: Graph, given: Sequence[DataReference], ids: Mapping[str, str], created: str
) -> None:
    """Add the references; what is read from two places and comes from one has one entity."""
    groups: dict[str, list[DataReference]] = {}
    for reference in given:
        groups.setdefault(ids[reference.path], []).append(reference)
    said = Said()
    for identifier, group in groups.items():
        first = group[0]
        access = {"conditionsOfAccess": first.conditions}
        if first.access is not None:
            told = Access(right=first.access, conditions=first.conditions, contact=first.contact)
            access = access_properties(said, told)
        graph.web_file(
            identifier,
            {
                "name": first.path.rpartition("/")[2],
                "localPath": many([reference.path for reference in group]),
                "encodingFormat": first.media_type,
                "contentSize": str(first.size_bytes),
                "sha256": first.sha256,
                "url": first.landing_page,
                "sdDatePublished": created if first.url else None,
                **access,
            },
        )
    add_entities(graph, said)
