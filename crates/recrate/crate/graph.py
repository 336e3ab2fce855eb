"""A JSON-LD document under construction, on top of the rocrate library."""

from collections.abc import Sequence
from typing import Any

from rocrate.model.contextentity import ContextEntity
from rocrate.model.file import File
from rocrate.model.preview import Preview
from rocrate.rocrate import ROCrate

from recrate.crate.names import id_of
from recrate.model.terms import FILE_TERMS

Properties = dict[str, Any]

TERMS = FILE_TERMS
"""Terms that the RO-Crate 1.1 context lacks, with the meaning that 1.2 gives them."""

RUN_TERMS = {"environment": "https://w3id.org/ro/terms/workflow-run#environment"}
"""What Process Run Crate 0.5 adds, https://w3id.org/ro/wfrun/process/0.5."""


class Graph:
    """An RO-Crate 1.1 being built; entities stand in the order they were added."""

    def __init__(self, *, published: str, preview: bool, terms: dict[str, str]) -> None:
        self._crate = ROCrate(version="1.1")
        if preview:
            self._crate.add(Preview(self._crate))
        self._crate.root_dataset["datePublished"] = published
        self._crate.metadata.extra_terms.update(terms)

    def root(self, **properties: Any) -> None:
        """Set properties of the root dataset; what is None or empty is left out."""
        for name, value in properties.items():
            if value not in (None, "", [], ()):
                self._crate.root_dataset[name] = value

    def file(self, path: str, properties: Properties) -> dict[str, str]:
        """Add a payload file, part of the root, and return a reference to it."""
        self._crate.add(File(self._crate, dest_path=path, properties=_said(properties)))
        return {"@id": id_of(path)}

    def web_file(self, url: str, properties: Properties) -> dict[str, str]:
        """Add a file that is named and not packed, part of the root.

        Source: https://www.researchobject.org/ro-crate/1.1/data-entities.html#web-based-data-entities
        """
        self._crate.add(File(self._crate, url, properties=_said(properties)))
        return {"@id": url}

    def entity(
        self, identifier: str, kind: str | list[str], /, **properties: Any
    ) -> dict[str, str]:
        """Add a contextual entity and return a reference to it; one of the same id gives way."""
        told = {"@type": kind, **_said(properties)}
        self._crate.add(ContextEntity(self._crate, identifier, properties=told))
        return {"@id": identifier}

    def document(self) -> dict[str, Any]:
        """Return the whole JSON-LD document."""
        document: dict[str, Any] = self._crate.metadata.generate()
        document["@graph"] = [_compact(entity) for entity in document["@graph"]]
        return document


def many(values: Sequence[Any]) -> Any:
    """Return a list, or the value itself when there is one only, as RO-Crate 1.1 recommends."""
    return values[0] if len(values) == 1 else list(values)


def _said(properties: Properties) -> Properties:
    return {key: value for key, value in properties.items() if value not in (None, "", [], ())}


def _compact(entity: dict[str, Any]) -> dict[str, Any]:
    return {
        key: many(value) if isinstance(value, list | tuple) else value
        for key, value in entity.items()
    }
