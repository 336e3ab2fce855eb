"""Who made a study and what others may do with it, as RO-Crate entities."""

from license_expression import ExpressionError, get_spdx_licensing

from recrate.crate.graph import Graph
from recrate.model.common_terms import say_common
from recrate.model.study import Description
from recrate.model.terms import Said, add_licence, say

NO_LICENCE = "#no-licence"


def describe_root(graph: Graph, description: Description, *, name: str) -> None:
    """Say of the root data set what people say of the study, in the terms of the study's own file.

    name: what the study is called where it has no title
    RO-Crate 1.1 requires a description and a licence: one that is not there gives way to the title,
    and a study that states no licence says just that.
    """
    said = say(description)
    if description.licence:
        add_licence(said, description.licence, _keys(description.licence))
    else:
        _add_no_licence(said)
    if description.common is not None:
        say_common(said, description.common)
    title = description.title or name
    said.root |= {"name": title, "description": description.description or title}
    said.root.pop("datePublished", None)
    add_entities(graph, said)
    graph.root(**said.root)


def add_entities(graph: Graph, said: Said) -> None:
    """Add the entities that were said to a graph."""
    for identifier, entity in said.entities.items():
        properties = {key: value for key, value in entity.items() if not key.startswith("@")}
        graph.entity(identifier, entity["@type"], **properties)


def _add_no_licence(said: Said) -> None:
    stated = said.entity(
        NO_LICENCE,
        "CreativeWork",
        name="No licence stated",
        description="The authors have not said what others may do with this study.",
    )
    said.tell(license=stated)


def _keys(licence: str) -> tuple[str, ...]:
    """Return the licences that an expression names; none where it is no SPDX expression."""
    spdx = get_spdx_licensing()
    try:
        parsed = spdx.parse(licence, validate=True)
    except (ExpressionError, ValueError, TypeError):
        return ()
    return tuple(spdx.license_keys(parsed)) if parsed is not None else ()
