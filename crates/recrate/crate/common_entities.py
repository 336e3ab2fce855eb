"""The common metadata items in a crate: the plan, and to which data set each file belongs."""

from collections.abc import Mapping
from typing import Any

from recrate.model.common import CommonMetadata
from recrate.model.common_terms import data_names, file_links


def link_files(
    document: Mapping[str, Any], common: CommonMetadata, places: Mapping[str, str]
) -> None:
    """Let each File entity of a crate name its data sets, as NII-DG does.

    places: path in the study → `@id`, of packed files and of those that are only named
    """
    links_of = file_links(common, data_names(common))
    links: dict[str, list[dict[str, str]]] = {}
    for path, identifier in places.items():
        found = links.setdefault(identifier, [])
        found += [one for one in links_of(path) if one not in found]
    for entity in document["@graph"]:
        told = links.get(entity["@id"])
        if told:
            entity["dmpDataNumber"] = told[0] if len(told) == 1 else told
