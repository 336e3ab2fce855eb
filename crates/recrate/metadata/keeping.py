"""What a person typed, kept in the study's own `ro-crate-metadata.json`.

Everything that others wrote there stays: properties we do not know, their entities, and the data
references. Which field goes to which term stands in docs/metadata.md.
"""

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recrate.metadata.common_keeping import data_of_others, keep_common, remember_links
from recrate.metadata.fields import date_of, tables_of, text_of
from recrate.metadata.licence import keys_of, spdx
from recrate.metadata.merging import Merging
from recrate.metadata.own_crate import LISTS, from_crate, language_of, restricted_of, right_of
from recrate.metadata.own_people import Entity
from recrate.metadata.reading import SIZE_LIMIT_BYTES
from recrate.metadata.references import add_part, name_of, own_document, own_root
from recrate.model.common_terms import COMMON_TERMS, say_common
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput
from recrate.model.study import Access, AccessRight, Description, RestrictedFile
from recrate.model.terms import (
    FILE_TERMS,
    LICENCE,
    TERMS,
    Said,
    access_properties,
    add_licence,
    say,
)
from recrate.outside.disk import disk_errors, write_text

_ACCESS = ("accessRights", "available", "conditionsOfAccess", "accessContact")
_RESTRICTING = ("accessRights", "conditionsOfAccess", "accessContact", "url")
_BARE = {"@id", "@type", "name"}
_LISTED = ("keywords", "citation", "isBasedOn", "subjectOf", "funder", "funding")
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"


def keep_description(
    root: Path, description: Description, *, emptied: Collection[str] = ()
) -> Path:
    """Write what people say of the study into its `ro-crate-metadata.json`, and return its path.

    emptied: fields (`creators`, `keywords`, `related`, `funding`, `common`) that the person has
             cleared: it is written that there are none, so that no other file fills them again
    What is wrong is kept as it was typed. `references`, `sources` and `findings` are not written.
    Written whole or not at all. Raises BadInput for a file that is there and no RO-Crate, which is
    never overwritten; OutsideFailed when the disk lets us down.
    """
    target = root / METADATA_NAME
    with disk_errors(root):
        if not root.is_dir():
            raise BadInput("is not a folder", where=str(root), hint="name the folder of a study")
        if target.is_symlink():
            raise BadInput("is a link", where=METADATA_NAME, hint="put the file itself there")
    document = own_document(target)
    merging = Merging.of(document, own_root(document))
    remember_links(merging)
    known = merging.known(description)
    said = say(description, known=known, taken=merging.entities.keys())
    if description.licence:
        add_licence(said, description.licence, keys_of(description.licence))
    if description.common is not None:
        say_common(said, description.common, taken=data_of_others(merging))
    _keep_restricted(root, merging, said, description.restricted)
    _keep_root(merging, said, description, emptied)
    merging.put(keep_common(root, merging, said, description.common), known)
    merging.sweep(said.entities)
    _define_terms(document)
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text.encode()) > SIZE_LIMIT_BYTES:
        raise BadInput("would be larger than 5 MB", where=METADATA_NAME, hint="shorten the texts")
    write_text(target, text)
    return target


def _keep_root(
    merging: Merging, said: Said, description: Description, emptied: Collection[str]
) -> None:
    """Replace the root's properties that are ours; what reads the same already stays as it is."""
    root, wanted = merging.root, said.root
    before = from_crate(merging.document, "")
    texts = {
        "name": (before.title, description.title),
        "description": (before.description, description.description),
        "datePublished": (date_of(root.get("datePublished")), description.published),
        "version": (before.version, description.version),
        "license": (spdx(before.licence) or before.licence, description.licence),
    }
    for name, (old, new) in texts.items():
        if (old or "") != (new or ""):
            _set(root, name, wanted.get(name))
    whole = wanted.get("usageInfo")
    if whole or text_of(next(tables_of(root.get("usageInfo")), {}).get("@id")).startswith(LICENCE):
        _set(root, "usageInfo", whole)
    if language_of(root) is not description.language:
        _set(root, "inLanguage", wanted.get("inLanguage"))
    people = "creator" if root.get("creator") and not root.get("author") else "author"
    others = {name: merging.unread(name) for name in (*_LISTED, people)}
    for name, foreign in others.items():
        if name == "keywords" and before.keywords == description.keywords:
            continue
        told = [*wanted.get("author" if name == people else name, []), *foreign]
        if told != _list(root.get(name)):
            _set(root, name, told)
    if description.access is not None or right_of(root) is not None:
        for name in _ACCESS:
            _set(root, name, wanted.get(name))
    for field in emptied:
        free = [name for name in LISTS[field] if not root.get(name)]
        if not getattr(description, field) and free:
            root[free[0]] = []


def _set(entity: Entity, name: str, value: Any) -> None:
    if value in (None, "", []):
        entity.pop(name, None)
    else:
        entity[name] = value


def _keep_restricted(
    root: Path, merging: Merging, said: Said, restricted: Iterable[RestrictedFile]
) -> None:
    """Say of files and folders that they are not published; take back what is said no more."""
    wanted = {one.path: one for one in restricted if one.path.strip("/ ")}
    for identifier, entity in merging.entities.items():
        places = [one.path for one in restricted_of({identifier: entity})]
        if not places or identifier == merging.root["@id"]:
            continue
        if "://" in identifier and not set(places) & set(wanted):
            merging.drop(identifier)
            continue
        for name in _RESTRICTING:
            entity.pop(name, None)
        if set(entity) <= _BARE and not set(places) & set(wanted):
            merging.drop(identifier)
    by_place = {
        place: identifier
        for identifier, entity in merging.entities.items()
        for place in _list(entity.get("localPath"))
        if isinstance(place, str)
    }
    for path, one in wanted.items():
        identifier = by_place.get(path) or _name_of(root, path, merging.entities)
        access = Access(
            right=AccessRight.SHARED if one.access is AccessRight.OPEN else one.access,
            conditions=one.conditions,
            contact=one.contact,
        )
        told = {**access_properties(said, access), "url": one.landing_page}
        present = merging.entities.get(identifier)
        if present is None:
            kind = "Dataset" if identifier.endswith("/") else "File"
            present = {"@id": identifier, "@type": kind, "name": path.rstrip("/").split("/")[-1]}
            merging.document["@graph"].append(present)
        for name in _RESTRICTING:
            _set(present, name, told.get(name))
        add_part(merging.root, identifier)


def _name_of(root: Path, path: str, entities: Collection[str]) -> str:
    """Return the `@id` of a study path, with `/` at the end for a folder, as RO-Crate asks."""
    plain = path.rstrip("/")
    name = name_of(plain, entities) if "://" not in plain else quote(plain, safe="/")
    try:
        is_folder = path.endswith("/") or (root / plain).is_dir()
    except (OSError, ValueError):
        is_folder = False
    return f"{name}/" if is_folder and name not in entities else name


def _define_terms(document: dict[str, Any]) -> None:
    """Define in the document's context the terms of ours that it uses and that are not there."""
    used = {
        name: address
        for name, address in {**TERMS, **FILE_TERMS, **COMMON_TERMS}.items()
        if any(_uses(one, name) for one in document["@graph"])
    }
    context = document.get("@context", _CONTEXT)
    every = context if isinstance(context, list) else [context]
    missing = {
        name: address
        for name, address in used.items()
        if not any(isinstance(one, dict) and name in one for one in every)
    }
    last = every[-1] if every else None
    if missing and isinstance(last, dict):
        every = [*every[:-1], {**last, **missing}]
    elif missing:
        every = [*every, missing]
    document["@context"] = every[0] if len(every) == 1 else every


def _uses(entity: object, name: str) -> bool:
    """Say whether an entity has a property or a type of that name."""
    return isinstance(entity, dict) and (name in entity or name in _list(entity.get("@type")))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
