"""The door of this room: a study's metadata files in, one `Description` out."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.metadata.citation import from_cff, from_codemeta, from_zenodo
from recrate.metadata.common_grdm import exported_projects
from recrate.metadata.fields import Fields
from recrate.metadata.licence import recognise, spdx
from recrate.metadata.own_crate import from_crate
from recrate.metadata.people import checked_people
from recrate.metadata.person_file import from_person
from recrate.metadata.project import from_pyproject, from_r_description
from recrate.metadata.reading import (
    UnreadableFileError,
    read_json,
    read_text,
    read_toml,
    read_yaml,
    table,
)
from recrate.metadata.readme import heading
from recrate.metadata.withheld import withhold
from recrate.metadata.works import checked_grants, checked_works
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import DataReference, Description, Inventory
from recrate.outside.git import last_commit

_LICENCE_NAME = re.compile(r"(un)?licen[cs]e|copying", re.IGNORECASE)
FOLDER = "the folder's name"
"""The source of a title that nobody has given."""
_Reader = Callable[[Path, str], Fields]


def describe(root: Path, inventory: Inventory, *, metadata_file: Path | None = None) -> Description:
    """Merge what the study's files say of it, each field from the most trusted that speaks.

    In order of trust: `metadata_file` (JSON, YAML or CFF, given by the person), the study's own
    `ro-crate-metadata.json`, CITATION.cff, codemeta.json, .zenodo.json, pyproject.toml, R's
    DESCRIPTION, a project exported from GakuNin RDM, the licence file's text, the README's heading,
    the folder's name. The git author is a suggestion in a finding, never filled in. What is not
    published becomes references.
    Raises BadInput when `metadata_file` cannot be read; a file of the study that cannot be is a
    finding.
    """
    told, _ = _merge(root, inventory, metadata_file)
    sources = told.sources or {}
    creators, wrong = checked_people(told.creators, sources.get("creators", ""))
    related, odd = checked_works(told.related, sources.get("related", ""))
    funding, doubted = checked_grants(told.funding, sources.get("funding", ""))
    references, changed = _references(told.references, inventory)
    references, withheld = withhold(root, inventory, told.restricted, references)
    return replace(
        told,
        creators=creators,
        related=related,
        funding=funding,
        references=references,
        findings=(
            *told.findings, *wrong, *odd, *doubted, *changed, *withheld,
            *(() if creators else (_no_author(root),)),
        ),
    )  # fmt: skip


def describe_as_typed(root: Path, inventory: Inventory) -> Description:
    """Merge as `describe` does, and leave what is wrong as it was typed, for a form to show.

    Nothing is hashed: what is not published stands in `restricted` alone.
    """
    told, said = _merge(root, inventory, None)
    own = next((one for one in said if one.source == METADATA_NAME and one.licence), None)
    if own is None or spdx(own.licence) is not None:
        return told
    sources = {**(told.sources or {}), "licence": METADATA_NAME}
    return replace(told, licence=own.licence, sources=sources)


def _merge(
    root: Path, inventory: Inventory, metadata_file: Path | None
) -> tuple[Description, list[Fields]]:
    """Return each field from the first file that speaks, identifiers as they are written."""
    said = [*_given(metadata_file), *_from_study(root, inventory)]
    sources: dict[str, str] = {}

    def first(name: str) -> Any:
        for one in said:
            if value := getattr(one, name):
                sources[name] = one.source
                return value
            if name in one.emptied:
                break
        return getattr(Fields(source=""), name)

    licence, about_licence = _licence(said, root, inventory, sources)
    if not (title := first("title")):
        title, file = heading(root, inventory)
        sources["title"] = file or FOLDER
    told = Description(
        title=title or inventory.name,
        description=first("description"),
        creators=first("creators"),
        licence=licence,
        keywords=first("keywords"),
        published=first("published") or None,
        version=first("version") or None,
        related=first("related"),
        references=first("references"),
        sources=sources,
        findings=(*(_unreadable(one) for one in said if one.complaint), *about_licence),
        language=first("language"),
        translations=first("translations"),
        funding=first("funding"),
        access=first("access"),
        restricted=first("restricted"),
        common=first("common"),
    )
    return told, said


def _given(file: Path | None) -> list[Fields]:
    if file is None:
        return []
    try:
        return [from_person(file)]
    except UnreadableFileError as error:
        raise BadInput(
            str(error), where=str(file), hint="a metadata file is JSON, YAML or CFF"
        ) from error


def _from_study(root: Path, inventory: Inventory) -> Iterator[Fields]:
    present = {file.path: file.path for file in inventory.files}
    present.update({path.lower(): path for path in present if "/" not in path})
    for name, reader in _READERS:
        path = present.get(name) or present.get(name.lower())
        if name == METADATA_NAME and (root / name).is_file() and not (root / name).is_symlink():
            path = name
        if path is None:
            continue
        try:
            yield reader(root / path, path)
        except UnreadableFileError as error:
            yield Fields(source=path, complaint=str(error))
    yield from exported_projects(root)


_READERS: tuple[tuple[str, _Reader], ...] = (
    (METADATA_NAME, lambda file, name: from_crate(table(read_json(file)), name)),
    ("CITATION.cff", lambda file, name: from_cff(table(read_yaml(file)), name)),
    ("codemeta.json", lambda file, name: from_codemeta(table(read_json(file)), name)),
    (".zenodo.json", lambda file, name: from_zenodo(table(read_json(file)), name)),
    ("pyproject.toml", lambda file, name: from_pyproject(read_toml(file), name)),
    ("DESCRIPTION", lambda file, name: from_r_description(read_text(file), name)),
)


def _licence(
    said: list[Fields], root: Path, inventory: Inventory, sources: dict[str, str]
) -> tuple[str | None, list[Finding]]:
    """Return the licence as SPDX, from the first file that names a valid one, with findings."""
    findings: list[Finding] = []
    for one in said:
        if not one.licence:
            continue
        known = spdx(one.licence)
        if known is not None:
            sources["licence"] = one.source
            return known, findings
        findings.append(
            find(
                Severity.WARNING,
                "invalid-licence",
                f"`{one.licence[:80]}` is not on the SPDX licence list",
                hint="write an SPDX identifier, e.g. CC-BY-4.0 or MIT",
                path=one.source,
            )
        )
    texts = [path for path in inventory.descriptions if _is_licence_file(path)]
    for path in texts:
        try:
            known = recognise(read_text(root / path))
        except UnreadableFileError:
            continue
        if known is not None:
            sources["licence"] = path
            return known, findings
    named = f"; the text of {texts[0]} is not one we know" if texts else ""
    findings.append(
        find(
            Severity.WARNING,
            "no-licence",
            f"nothing says under which licence the study may be used{named}",
            hint="add `license: CC-BY-4.0` (or another SPDX identifier) to CITATION.cff",
        )
    )
    return None, findings


def _is_licence_file(path: str) -> bool:
    return _LICENCE_NAME.match(posixpath.basename(path)) is not None or (
        path.startswith("LICENSES/")
    )


def _references(
    references: tuple[DataReference, ...], inventory: Inventory
) -> tuple[tuple[DataReference, ...], list[Finding]]:
    """Return the references, and a finding for each local file that is no longer what they say."""
    sizes = {file.path: file.size_bytes for file in inventory.files}
    findings = [
        find(
            Severity.WARNING,
            "reference-changed",
            f"has {sizes[one.path]:,} bytes, but its reference says {one.size_bytes:,}",
            hint="run `recrate refer` again, or put the file back as it was",
            path=one.path,
        )
        for one in references
        if sizes.get(one.path, one.size_bytes) != one.size_bytes
    ]
    kept = tuple(one for one in references if _is_inside(one.path))
    return kept, findings


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _no_author(root: Path) -> Finding:
    author = "".join(one for one in last_commit(root, "%an") or "" if one.isprintable())[:200]
    suggested = f"; git knows {author}: is that you?" if author else ""
    return find(
        Severity.WARNING,
        "no-author",
        f"nothing says who made the study{suggested}",
        hint="add a CITATION.cff with your name and ORCID",
    )


def _unreadable(said: Fields) -> Finding:
    return find(
        Severity.WARNING,
        "unreadable-metadata",
        said.complaint,
        hint="mend it, or remove it",
        path=said.source,
    )
