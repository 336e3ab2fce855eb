"""DataCite XML, kernels 4.5 and 4.7: the attributes of `datacite` as elements.

Source: https://github.com/datacite/schema, kernel-4.7/metadata.xsd
"""

from typing import Any

from lxml import etree

from recrate.metadata.writing.datacite import SCHEMA, Attributes, attributes
from recrate.model.record import Record

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TO_BE_ASSIGNED = "(:tba)"
"""DataCite's own word for an identifier that is not there yet."""

_LISTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("titles", "title", ("titleType",)),
    ("subjects", "subject", ("subjectScheme",)),
    ("dates", "date", ("dateType",)),
    ("alternateIdentifiers", "alternateIdentifier", ("alternateIdentifierType",)),
    (
        "relatedIdentifiers",
        "relatedIdentifier",
        (
            "resourceTypeGeneral",
            "relatedIdentifierType",
            "relationType",
            "relationTypeInformation",
        ),
    ),
    (
        "rightsList",
        "rights",
        ("rightsUri", "rightsIdentifier", "rightsIdentifierScheme", "schemeUri"),
    ),
    ("descriptions", "description", ("descriptionType",)),
)
"""Lists of texts with attributes: (list, element and key of the text, keys of the attributes)."""


def write_4_7(record: Record) -> bytes:
    """Return the record as DataCite XML 4.7."""
    return _written(record, "4.7")


def write_4_5(record: Record) -> bytes:
    """Return the record as DataCite XML 4.5, for what does not know the later words."""
    return _written(record, "4.5")


def _written(record: Record, version: str) -> bytes:
    said = attributes(record, version)
    spaces: dict[Any, str] = {None: SCHEMA, "xsi": _XSI}
    root = etree.Element(f"{{{SCHEMA}}}resource", nsmap=spaces)
    place = f"https://schema.datacite.org/meta/kernel-{version}/metadata.xsd"
    root.set(f"{{{_XSI}}}schemaLocation", f"{SCHEMA} {place}")
    _add(root, "identifier", said.get("doi", _TO_BE_ASSIGNED), {"identifierType": "DOI"})
    _people(root, "creator", said["creators"])
    _add(root, "publisher", said["publisher"]["name"])
    _add(root, "publicationYear", said["publicationYear"])
    general = {"resourceTypeGeneral": said["types"]["resourceTypeGeneral"]}
    _add(root, "resourceType", said["types"]["resourceType"], general)
    _people(root, "contributor", said.get("contributors", []))
    for name, element, given in _LISTS:
        found = said.get(name, [])
        whole = _add(root, name) if found else root
        for one in found:
            _add(whole, element, one.get(element), {key: one.get(key) for key in (*given, "lang")})
    for name in ("language", "version"):
        if name in said:
            _add(root, name, said[name])
    for name in ("sizes", "formats"):
        if name in said:
            whole = _add(root, name)
            for one in said[name]:
                _add(whole, name.removesuffix("s"), one)
    _funding(root, said.get("fundingReferences", []))
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _add(
    parent: Element, name: str, text: str | None = None, given: dict[str, Any] | None = None
) -> Element:
    """Add an element; attributes that end in `Uri` are written `URI`, and `lang` is XML's own."""
    element = etree.SubElement(parent, f"{{{SCHEMA}}}{name}")
    element.text = text
    for key, value in (given or {}).items():
        if value:
            written = key.removesuffix("Uri") + "URI" if key.endswith("Uri") else key
            element.set(_LANGUAGE if key == "lang" else written, value)
    return element


def _people(root: Element, name: str, people: list[Attributes]) -> None:
    if not people:
        return
    whole = _add(root, f"{name}s")
    for one in people:
        role = {"contributorType": one.get("contributorType")}
        element = _add(whole, name, given=role)
        kinds = {"nameType": one.get("nameType"), "lang": one.get("lang")}
        _add(element, f"{name}Name", one["name"], kinds)
        for part in ("givenName", "familyName"):
            if part in one:
                _add(element, part, one[part])
        for identifier in one.get("nameIdentifiers", []):
            _pair(element, "nameIdentifier", "nameIdentifier", identifier)
        for where in one.get("affiliation", []):
            _pair(element, "affiliation", "name", where)


def _pair(parent: Element, name: str, text: str, found: Attributes) -> None:
    """Add an element whose text stands under `text`, and all else as its attributes."""
    rest = {key: value for key, value in found.items() if key != text}
    _add(parent, name, found[text], rest)


def _funding(root: Element, found: list[Attributes]) -> None:
    if not found:
        return
    whole = _add(root, "fundingReferences")
    for one in found:
        element = _add(whole, "fundingReference")
        _add(element, "funderName", one["funderName"])
        if "funderIdentifier" in one:
            kind = {"funderIdentifierType": one["funderIdentifierType"]}
            _add(element, "funderIdentifier", one["funderIdentifier"], kind)
        for name in ("awardNumber", "awardTitle"):
            if name in one:
                _add(element, name, one[name])
