"""The deposit view: a small RO-Crate 1.1 that WEKO's parser takes, derived from a crate's record.

WEKO inlines every reference, takes a plain `identifier` of the root for a record of its own, and
every entry of `hasPart` for a file beside the metadata; so the view is a tree, and holds nothing
that is not meant for the repository. The crate's own metadata are deposited as they are, beside it.

Source: RCOSDP/weko v2.0.0, weko_search_ui/mapper.py, JsonLdMapper; utils.py, handle_*
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from recrate.model.crate import METADATA_NAME
from recrate.model.jpcoar import JPCOAR_RELATIONS
from recrate.model.record import Record
from recrate.model.study import AccessRight
from recrate.publish.weko_mapping import Mapping, at
from recrate.publish.weko_options import WekoSettings
from recrate.publish.weko_parts import Part, access_of, parts_of, relation_part
from recrate.publish.weko_words import FILE_ACCESS

Document = dict[str, Any]
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
JPCOAR = "https://github.com/JPCOAR/schema/blob/master/2.0/"
SCHEMA = "http://schema.org/"
_TERMS = (
    "awardNumberType", "awardURI", "contributorType", "dateType", "descriptionType",
    "funderIdentifierType", "fundingStreamIdentifierType", "fundingStreamIdentifierTypeURI",
    "identifierType", "nameIdentifierScheme", "nameIdentifierURI", "nameType", "relationType",
    "subjectScheme",
)  # fmt: skip
INLINE: dict[str, str] = {
    "wk": "http://purl.org/wk/v1/wk-context.jsonld#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "jpcoar": JPCOAR,
    "datacite": "https://schema.datacite.org/meta/kernel-4/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "language": f"{SCHEMA}inLanguage",
    "uri": f"{SCHEMA}url",
    **{term: f"{JPCOAR}#{term}" for term in _TERMS},
}
_TYPES = {"jpcoar:creator": "Person", "jpcoar:affiliation": "Organization"}
LARGEST_NAME_BYTES = 255
"""Of a name as WEKO keeps it, in its database and on its disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewFile:
    """A file of the deposit. `path`: in the package's `data/`."""

    path: str
    size_bytes: int
    media_type: str

    @property
    def name_there(self) -> str:
        """Return the name that WEKO gives the file: percent-quoted, so without folders."""
        return quote(self.path, safe="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What the view of a record that is there says.

    new_version: a version is made; else the record's last one is mended
    has_doi:     it has a DOI, which nobody asks for twice
    """

    recid: str
    new_version: bool
    has_doi: bool = False


def mark_word(mark: str) -> str:
    """Return a deposit's mark as one word of letters, which every analyser leaves in one piece."""
    digest = hashlib.sha256(mark.encode()).hexdigest()[:24]
    return "rcd" + digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def make_view(
    record: Record,
    files: Sequence[ViewFile],
    settings: WekoSettings,
    *,
    mark: str,
    mapping: Mapping,
    update: Update | None = None,
) -> Document:
    """Return the document that lies as `data/ro-crate-metadata.json` in the package.

    files: in the order in which WEKO shows them
    The same record, files and answers give the same document.
    """
    graph = _Graph()
    root: Part = {
        "@id": "./",
        "@type": "Dataset",
        "name": record.description.title,
        "description": record.description.description or record.description.title,
        "datePublished": record.issued[:10],
        "license": graph.keep(_licence(record)),
        "hasPart": [{"@id": one.path} for one in files],
        **_orders(record, settings, update, graph),
    }
    said = _with_mark(parts_of(record, settings), mark_word(mark), mapping)
    root |= {key: graph.put(key, value) for key, value in said.items()}
    descriptor = {
        "@id": METADATA_NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    entities = [_file_entity(one, record) for one in files]
    return {
        "@context": [CONTEXT, dict(INLINE)],
        "@graph": [descriptor, root, *entities, *graph.entities],
    }


def _orders(record: Record, settings: WekoSettings, update: Update | None, graph: "_Graph") -> Part:
    """Return what the repository shall do with the item."""
    said: Part = {
        "wk:index": list(settings.indexes),
        "wk:publishStatus": "public" if settings.public else "private",
        "wk:saveAsIs": settings.whole,
    }
    if update is not None:
        said["identifier"] = update.recid
        said["uri"] = settings.record_url(update.recid)
        said["wk:editMode"] = "Upgrade" if update.new_version else "Keep"
    else:
        said["wk:editMode"] = "Keep"
    if settings.feedback:
        said["wk:feedbackMail"] = list(settings.feedback)
    if settings.prefix and settings.public and not (update is not None and update.has_doi):
        grant = {
            "@id": f"{settings.prefix}/",
            "@type": "PropertyValue",
            "jpcoar:identifier": "DOI",
            "jpcoar:identifierRegistration": settings.agency,
        }
        said["wk:grant"] = [graph.keep(grant)]
    mine = update.recid if update is not None else None
    linked: dict[str, Part] = {}
    for link in record.links:
        recid = settings.recid_of(link.target) if "/records/" in link.target else None
        if recid is not None and recid != mine:
            relation = JPCOAR_RELATIONS[link.relation]
            linked.setdefault(recid, {"identifier": settings.record_url(recid), "value": relation})
    if linked:
        said["wk:itemLinks"] = graph.put("wk:itemLinks", list(linked.values()))
    return said


def _with_mark(parts: Part, word: str, mapping: Mapping) -> Part:
    """Put the deposit's mark where the repository keeps and searches it."""
    path = "jpcoar:relation.jpcoar:relatedIdentifier.value"
    if mapping.takes(path) or not mapping.takes("datacite:description.value"):
        mine = relation_part("isIdenticalTo", "Local", f"recrate-deposit:{word}")
        return {**parts, "jpcoar:relation": [*parts.get("jpcoar:relation", []), mine]}
    *others, last = parts["datacite:description"]
    last = {**last, "value": f"{last['value']} Deposit {word}."}
    return {**parts, "datacite:description": [*others, last]}


def _file_entity(file: ViewFile, record: Record) -> Part:
    """Return a file's entity; `name` is the path, which for a file at the root is its name."""
    right = access_of(record)
    own = next((one.access for one in record.files if one.path == file.path), None)
    access = record.description.access
    opened = access.available if access is not None and access.available else record.issued
    right = own or right
    if right is AccessRight.EMBARGOED and (access is None or not access.available):
        right = AccessRight.CLOSED
    return {
        "@id": file.path,
        "@type": "File",
        "name": file.path,
        "encodingFormat": file.media_type,
        "jpcoar:mimeType": file.media_type,
        "contentSize": str(file.size_bytes),
        "dcterms:accessRights": FILE_ACCESS[right],
        "datePublished": opened[:10],
    }


def _licence(record: Record) -> Part:
    licence = record.description.licence or ""
    single = re.fullmatch(r"[A-Za-z0-9.+-]+", licence)
    return {
        "@id": f"https://spdx.org/licenses/{licence}" if single else "#licence",
        "@type": "CreativeWork",
        "name": licence or "no licence is stated",
    }


class _Graph:
    """Nested parts as entities that refer to one another, each used once: so it is a tree."""

    def __init__(self) -> None:
        self.entities: list[Part] = []
        self._counts: dict[str, int] = {}

    def put(self, key: str, value: Any) -> Any:
        """Keep what is nested in `value`, and return it with references."""
        if isinstance(value, list):
            return [self.put(key, one) for one in value]
        if not isinstance(value, dict):
            return value
        kind = key.rsplit(":", 1)[-1].lower()
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        entity: Part = {"@id": f"#{kind}-{number}", "@type": _TYPES.get(key, "PropertyValue")}
        self.entities.append(entity)
        entity |= {name: self.put(name, inner) for name, inner in value.items()}
        return {"@id": entity["@id"]}

    def keep(self, entity: Part) -> Part:
        """Keep an entity that has a name of its own, and return a reference."""
        self.entities.append(entity)
        return {"@id": entity["@id"]}


def leaves_of(document: Document) -> list[tuple[str, str]]:
    """Return (path of keys without numbers, value) of all that WEKO reads of a view, in order."""
    extracted = {entity["@id"]: entity for entity in document["@graph"]}
    found: list[tuple[str, str]] = []

    def walk(value: Any, path: str) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one, path)
        elif isinstance(value, dict):
            inner = extracted.get(value["@id"], value) if set(value) == {"@id"} else value
            for key, one in inner.items():
                if key != "@type":
                    walk(one, at(path, key))
        else:
            found.append((path, str(value)))

    walk(extracted["./"], "")
    return found
