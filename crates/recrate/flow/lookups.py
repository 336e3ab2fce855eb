"""Ask a registry for what a person typed into a form."""

from typing import Any, Literal

from recrate.flow.settings import Settings
from recrate.metadata.lookups import (
    LookupSettings,
    Work,
    look_up_organisations,
    look_up_people,
    look_up_work,
)
from recrate.model.study import Organisation, Person

Plain = dict[str, Any]
Kind = Literal["person", "organisation", "work"]

_PAPERS = ("article", "paper", "chapter", "book", "thesis", "report", "preprint", "manuscript")
_DATA = ("dataset",)


def look_up(
    kind: Kind, query: str, *, settings: Settings, registries: LookupSettings | None = None
) -> Plain:
    """Return what a registry knows, in the shapes of the server's contract; never an error.

    registries: where they are; None takes what is configured
    `people`, `organisations`, `works`: best first, the other two empty; `note`: why there is none.
    """
    where = registries or settings.lookups
    people: list[Plain] = []
    organisations: list[Plain] = []
    works: list[Plain] = []
    note = ""
    if kind == "person":
        persons = look_up_people(query, settings=where)
        people, note = [_person(one) for one in persons.found], persons.note
    elif kind == "organisation":
        places = look_up_organisations(query, settings=where)
        organisations, note = [_organisation(one) for one in places.found], places.note
    else:
        named = look_up_work(query, settings=where)
        works, note = [_work(one) for one in named.found], named.note
    return {"people": people, "organisations": organisations, "works": works, "note": note}


def _person(one: Person) -> Plain:
    where = one.affiliation
    return {
        "name": one.name,
        "name_ja": one.alternate_name,
        "given_name": one.given_name,
        "family_name": one.family_name,
        "identifier": one.identifier,
        "affiliation": None
        if where is None
        else {"name": where.name, "name_ja": where.alternate_name, "identifier": where.identifier},
    }


def _organisation(one: Organisation) -> Plain:
    return {
        "name": one.name,
        "identifier": one.identifier,
        "alternate_name": one.alternate_name,
    }


def _work(one: Work) -> Plain:
    """Return a work as a related one: data, a paper, or something else."""
    kind = "other"
    if any(word in one.kind for word in _PAPERS):
        kind = "paper"
    if any(word in one.kind for word in _DATA):
        kind = "data"
    return {"identifier": one.url, "kind": kind, "title": one.title}
