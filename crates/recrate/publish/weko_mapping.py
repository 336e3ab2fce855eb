"""A repository's JSON-LD mapping: which keys of a deposit have a place there, and which are lost.

A mapping is a JSON object from a property of the item type (`Title.タイトル`) to a path of keys
(`dc:title.value`). WEKO puts what no mapping names into the item's `Extra` field where there is
one, and throws it away else.

Source: RCOSDP/weko v2.0.0, weko_search_ui/mapper.py, JsonLdMapper._map_to_item
"""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from recrate.model.errors import BadInput, NotFound, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.outside.disk import disk_errors, scratch_folder
from recrate.outside.web import WebSettings, download
from recrate.publish.weko_words import field_of

LIMIT_BYTES = 4 << 20
_NAMES = "jpcoar:nameIdentifier(value nameIdentifierScheme nameIdentifierURI)"
_PERSON = f"jpcoar:familyName(value language) jpcoar:givenName(value language) {_NAMES}"
_REFERENCE = f"""
datePublished
dc:title(value language)
jpcoar:creator({_PERSON} jpcoar:creatorName(value language nameType)
 jpcoar:affiliation(jpcoar:affiliationName(value language) {_NAMES}))
jpcoar:contributor({_PERSON} contributorType jpcoar:contributorName(value language nameType)
 jpcoar:affiliation({_NAMES}))
dcterms:accessRights(value rdf:resource)
dc:rights(value language rdf:resource)
jpcoar:subject(value language subjectScheme subjectURI)
datacite:description(value language descriptionType)
dc:publisher(value language)
datacite:date(value dateType)
dc:language(value)
dc:type(value rdf:resource)
datacite:version(value)
jpcoar:relation(relationType jpcoar:relatedTitle(value language)
 jpcoar:relatedIdentifier(value identifierType))
jpcoar:fundingReference(jpcoar:awardNumber(value awardNumberType awardURI)
 jpcoar:awardTitle(value language) jpcoar:funderName(value language)
 jpcoar:funderIdentifier(value funderIdentifierType) jpcoar:fundingStream(value language)
 jpcoar:fundingStreamIdentifier(value fundingStreamIdentifierType fundingStreamIdentifierTypeURI))
hasPart(@id name jpcoar:mimeType jpcoar:extent(value) dcterms:accessRights datePublished license
 datacite:date(value dateType) datacite:version)
"""
"""What WEKO's reference mapping for the full default item type reads of the keys that we write."""

_SILENT = {"hasPart.contentSize", "hasPart.encodingFormat", "identifier", "uri", "license.name"}
"""Told to readers of RO-Crate, and to WEKO by other keys."""


class Mapping:
    """What one mapping reads. `known`: it is the repository's own, not the one we suppose."""

    def __init__(self, paths: Iterable[str], *, known: bool) -> None:
        self._paths = frozenset(paths)
        self._groups = {
            path[: end.start()] for path in self._paths for end in re.finditer(r"\.", path)
        }
        self.known = known

    def takes(self, path: str) -> bool:
        """Say whether a value at this path of keys has a place; a group of others has none."""
        return path in self._paths and path not in self._groups

    def takes_group(self, path: str) -> bool:
        """Say whether anything below this path has a place."""
        return path in self._groups or path in self._paths


def at(path: str, key: str) -> str:
    """Return the path of a key below another."""
    return f"{path}.{key}" if path else key


def reference_mapping() -> Mapping:
    """Return what a repository is supposed to read that did not say what it reads."""
    paths: list[str] = []
    stack: list[str] = []
    last = ""
    for word in re.findall(r"[^\s()]+|[()]", _REFERENCE):
        if word == "(":
            stack.append(last)
        elif word == ")":
            stack.pop()
        else:
            last = at(stack[-1] if stack else "", word)
            paths.append(last)
    return Mapping(paths, known=False)


def read_mapping(written: str, web: WebSettings) -> Mapping:
    """Return the mapping in a file or behind an address; of nothing, the reference mapping.

    Raises NotFound for a file that is not there and BadInput for what is no mapping.
    """
    if not written:
        return reference_mapping()
    if re.match(r"https?://", written):
        with scratch_folder() as folder:
            kept = folder / "mapping.json"
            download(
                written, kept, sha256=None, size_bytes=None, limit_bytes=LIMIT_BYTES, settings=web
            )
            content = kept.read_bytes()
    else:
        file = Path(written).expanduser()
        if not file.is_file():
            raise NotFound(
                "the mapping is not there",
                where=written,
                hint="ask the repository's staff for the JSON-LD mapping of your client",
            )
        with disk_errors(file), file.open("rb") as stream:
            content = stream.read(LIMIT_BYTES)
    return _parsed(content, written)


def _parsed(content: bytes, where: str) -> Mapping:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict) and isinstance(document.get("mapping"), dict):
        document = document["mapping"]
    if not isinstance(document, dict) or not all(isinstance(v, str) for v in document.values()):
        raise BadInput(
            "this is no mapping of WEKO",
            where=where,
            hint='it must be a JSON object such as {"Title.タイトル": "dc:title.value"}',
        )
    return Mapping((path for path in document.values() if not path.startswith("$")), known=True)


def mapping_or_finding(written: str, web: WebSettings) -> tuple[Mapping, tuple[Finding, ...]]:
    """Return the mapping; where it cannot be had, the supposed one and an error that says why."""
    try:
        return read_mapping(written, web), ()
    except RecrateError as error:
        told = find(Severity.ERROR, "weko-mapping", str(error), hint=error.hint)
        return reference_mapping(), (told,)


def losses(
    mapping: Mapping, leaves: Sequence[tuple[str, str]], *, files: bool
) -> tuple[Finding, ...]:
    """Return a warning for each part of the deposit that has no place, with its first value.

    leaves: as `weko_view.leaves_of` gives them
    files:  whether files are told of one by one
    """
    lost: dict[str, tuple[str, int]] = {}
    for path, value in leaves:
        if not _counts(path, files=files) or _has_place(mapping, path):
            continue
        last = path.rsplit(".", 1)[-1].removeprefix("jpcoar:")
        detail = "" if last in {"value", "@id"} else f", its {last}"
        key = f"{field_of(path)}{detail}"
        first, count = lost.get(key, (value, 0))
        lost[key] = (first, count + 1)
    return tuple(
        find(
            Severity.WARNING,
            "weko-lost",
            f"the repository has no place for the {name}: “{first[:80]}”"
            + (f" and {count - 1} more" if count > 1 else ""),
            hint="ask its staff to add it to the mapping; inside the deposited crate it is kept",
            subject=name,
        )
        for name, (first, count) in lost.items()
    ) + _required(mapping)


def _counts(path: str, *, files: bool) -> bool:
    if path.startswith("wk:") or ".wk:" in path or path.endswith("@id") or path in _SILENT:
        return False
    return path not in {"name", "description"} and (files or not path.startswith("hasPart"))


def _has_place(mapping: Mapping, path: str) -> bool:
    """Say whether a value arrives; of an attribute in two spellings one is enough."""
    parent, _, last = path.rpartition(".")
    twin = last.removeprefix("jpcoar:") if last.startswith("jpcoar:") else f"jpcoar:{last}"
    return mapping.takes(path) or mapping.takes(at(parent, twin))


def _required(mapping: Mapping) -> tuple[Finding, ...]:
    needed = {
        "dc:title.value": "title",
        "dc:title.language": "title's language",
        "datePublished": "date of publication",
        "dc:type.value": "resource type",
        "hasPart.name": "files' names",
    }
    return tuple(
        find(
            Severity.ERROR,
            "weko-required",
            f"the repository's mapping does not read the {word}, without which WEKO takes no item",
            hint=f"ask its staff to map `{path}`",
            subject=path,
        )
        for path, word in needed.items()
        if not mapping.takes(path)
    )
