"""Who made a study and what others may do with it, as RO-Crate entities."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from license_expression import ExpressionError, get_spdx_licensing

from recrate.crate.graph import Graph
from recrate.model.study import Organisation, Person

NO_LICENCE = "#no-licence"


def add_people(graph: Graph, people: Sequence[Person]) -> list[dict[str, str]]:
    """Add the creators and their organisations; a person without an ORCID gets a local name."""
    return [_add_person(graph, person, number) for number, person in enumerate(people, 1)]


def _add_person(graph: Graph, person: Person, number: int) -> dict[str, str]:
    return graph.entity(
        person.identifier or f"#person-{number}",
        "Person",
        name=person.name,
        givenName=person.given_name,
        familyName=person.family_name,
        email=person.email,
        affiliation=_add_organisation(graph, person.affiliation) if person.affiliation else None,
    )


def _add_organisation(graph: Graph, organisation: Organisation) -> dict[str, str]:
    return graph.entity(
        organisation.identifier or f"#organisation-{quote(organisation.name, safe='')}",
        "Organization",
        name=organisation.name,
        url=organisation.identifier,
    )


def add_licence(graph: Graph, licence: str | None) -> dict[str, Any]:
    """Add the licences of an SPDX expression and return the root's properties that tell of them.

    RO-Crate 1.1 requires a licence; a study that states none says just that.
    """
    if not licence:
        stated = graph.entity(
            NO_LICENCE,
            "CreativeWork",
            name="No licence stated",
            description="The authors have not said what others may do with this study.",
        )
        return {"license": stated}
    keys = _keys(licence)
    entities = [_add_one(graph, key) for key in keys]
    if keys == [licence]:
        return {"license": entities}
    return {"license": entities, "conditionsOfAccess": f"Licence (SPDX): {licence}"}


def _keys(licence: str) -> list[str]:
    """Return the licences that an expression names; all of it where it is no SPDX expression."""
    spdx = get_spdx_licensing()
    try:
        parsed = spdx.parse(licence, validate=True)
    except (ExpressionError, ValueError, TypeError):
        return [licence]
    return list(spdx.license_keys(parsed)) if parsed is not None else [licence]


def _add_one(graph: Graph, key: str) -> dict[str, str]:
    plain = quote(key, safe="")
    known = key in get_spdx_licensing().known_symbols
    if not known:
        return graph.entity(f"#licence-{plain}", "CreativeWork", name=key)
    url = f"https://spdx.org/licenses/{plain}"
    return graph.entity(url, "CreativeWork", name=key, identifier=key, url=f"{url}.html")
