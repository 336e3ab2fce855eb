"""The common metadata items put into a study's own metadata file, and taken out again."""

from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from recrate.metadata.common_reading import data_sets, plan_of
from recrate.metadata.fields import tables_of, text_of
from recrate.metadata.merging import Merging
from recrate.metadata.own_people import Entity
from recrate.metadata.references import add_part, name_of
from recrate.metadata.withheld import normal_path
from recrate.model.common import CommonMetadata
from recrate.model.common_terms import DATA, PLAN, data_names, file_links
from recrate.model.terms import Link, Said

_SAID = frozenset(
    {"@id", "@type", "name", "about", "funder", "funding", "keyword", "hasPart",
     "additionalProperty", "dataNumber", "description", "creator", "accessRights",
     "availabilityStarts", "isAccessibleForFree", "license", "usageInfo", "repository",
     "contentSize", "hostingInstitution", "dataManager"}
)  # fmt: skip
"""What we say of a plan and its data sets; all else there was written by somebody else."""
_LEADING = {
    "funder": "Organization",
    "hostingInstitution": "Organization",
    "affiliation": "Organization",
    "license": "Licence",
    "repository": "Repository",
}
_BARE = frozenset({"@id", "@type", "name"})


def is_ours(name: str, ours: Collection[str]) -> bool:
    """Say whether an `@id` is the plan's, one of its data sets', or of what these consist of."""
    return name == PLAN or name in ours or name.partition("/")[0] in {PLAN, *ours}


def data_of_others(merging: Merging) -> frozenset[str]:
    """Return the `@id`s of data sets that belong to another plan than ours."""
    ours = _ours(merging)
    return frozenset(name for name in merging.entities if name.startswith(DATA)
                     and not is_ours(name, ours))  # fmt: skip


def _ours(merging: Merging) -> frozenset[str]:
    plan = plan_of(merging.entities)
    sets = data_sets(plan, merging.entities) if plan is not None else []
    return frozenset(text_of(one.get("@id")) for one in sets)


def remember_links(merging: Merging) -> None:
    """Let organisations and licences that only the plan leads to go when it leads there no more."""
    ours = _ours(merging)
    for name, entity in merging.entities.items():
        if is_ours(name, ours):
            for key, kind in _LEADING.items():
                for one in tables_of(entity.get(key)):
                    merging.linked.setdefault(text_of(one.get("@id")), kind)


def keep_common(
    root: Path, merging: Merging, said: Said, common: CommonMetadata | None
) -> dict[str, Entity]:
    """Put what was said of the plan into the document, and return the other entities of `said`.

    root: the study's folder, where files that are named are looked for
    Without items, the plan and its data sets go, and no file leads to them any more.
    """
    before = _ours(merging)
    names = data_names(common, taken=data_of_others(merging)) if common is not None else ()
    wanted = {name: one for name, one in said.entities.items() if is_ours(name, names)}
    ours = {*before, *names}
    entities = merging.entities
    plan = plan_of(entities)
    if plan is not None and plan["@id"] != PLAN:
        plan["@id"] = PLAN
        entities[PLAN] = plan
    graph = [
        one
        for one in merging.document["@graph"]
        if not is_ours(_id(one), before) or _id(one) in wanted
    ]
    for name, entity in wanted.items():
        if name in entities:
            _renew(entities[name], entity, ours)
        else:
            graph.append(dict(entity))
    merging.document["@graph"] = graph
    if common is not None and merging.root.get("dmpDataNumber") == []:
        del merging.root["dmpDataNumber"]
    _link_files(root, merging, common, names, ours)
    return {name: one for name, one in said.entities.items() if name not in wanted}


def _renew(present: Entity, entity: Entity, ours: Collection[str]) -> None:
    """Say of an entity what is said now; what others said of a plan or a data set stays."""
    new = dict(entity)
    if "/" not in text_of(entity["@id"]):
        new |= {key: value for key, value in present.items() if key not in _SAID}
        foreign = [
            one
            for one in tables_of(present.get("additionalProperty"))
            if not is_ours(text_of(one.get("@id")), ours)
        ]
        if foreign:
            new["additionalProperty"] = [*new.get("additionalProperty", []), *foreign]
    present.clear()
    present.update(new)


def _link_files(
    root: Path,
    merging: Merging,
    common: CommonMetadata | None,
    names: tuple[str, ...],
    ours: Collection[str],
) -> None:
    """Let each file say of which data sets it is; add those that data sets name."""
    named = _named_files(root, merging, common)
    entities = merging.entities
    for path, identifier in named.items():
        if identifier not in entities:
            file = {"@id": identifier, "@type": "File", "name": path.rpartition("/")[2]}
            merging.document["@graph"].append(file)
            entities[identifier] = file
            add_part(merging.root, identifier)
    listed = set(named.values())
    links_of = file_links(common, names) if common is not None else _no_links
    for identifier, entity in entities.items():
        if "File" not in _list(entity.get("@type")):
            continue
        links = _list(entity.get("dmpDataNumber"))
        others = [one for one in links if not _leads_to(one, ours)]
        wanted = [link for path in _paths(identifier, entity) for link in links_of(path)]
        told = [*others, *(one for at, one in enumerate(wanted) if one not in wanted[:at])]
        if told != links:
            entity.pop("dmpDataNumber", None)
            if told:
                entity["dmpDataNumber"] = told[0] if len(told) == 1 else told
        bare = set(entity) <= _BARE | {"dmpDataNumber"}
        if bare and links and not others and identifier not in listed:
            merging.drop(identifier)


def _named_files(root: Path, merging: Merging, common: CommonMetadata | None) -> dict[str, str]:
    """Return path → `@id` of the files of the study that data sets name."""
    entities = merging.entities
    found = {}
    for path in (path for one in (common.items if common else ()) for path in one.files):
        normal = normal_path(path)
        try:
            if normal is not None and (root / normal).is_file():
                found[normal] = name_of(normal, entities)
        except (OSError, ValueError):
            continue
    return found


def _id(entity: object) -> str:
    return text_of(entity.get("@id")) if isinstance(entity, dict) else ""


def _no_links(_path: str) -> list[Link]:
    return []


def _leads_to(link: object, ours: Collection[str]) -> bool:
    return isinstance(link, dict) and text_of(link.get("@id")) in ours


def _paths(identifier: str, entity: Entity) -> list[str]:
    if "://" in identifier:
        return [one for one in _list(entity.get("localPath")) if isinstance(one, str)]
    return [unquote(identifier.removeprefix("./"))]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
