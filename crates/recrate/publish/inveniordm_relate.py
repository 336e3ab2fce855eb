"""A relation written into a published record of InvenioRDM, once, leaving no edit behind.

A published record is edited through a draft of its own. A draft that somebody else began is never
published by us; one that holds nothing but our relation is what a broken connection left.
"""

from typing import Any

from recrate.model.errors import Busy, Conflict, NotFound, RecrateError, Refused
from recrate.model.record import RecordLink
from recrate.publish.inveniordm_api import Api, Json, complaints_of, incomplete, item

_KINDS = {
    "Dataset": "dataset",
    "Software": "software",
    "ComputationalNotebook": "software-computationalnotebook",
    "JournalArticle": "publication-article",
    "Preprint": "publication-preprint",
    "Report": "publication-report",
    "Workflow": "workflow",
}
"""DataCite's general types in the resource types that every instance has.

Source: invenio-rdm-records, fixtures/data/vocabularies/resource_types.yaml
"""


def related_identifier(link: RecordLink) -> Json:
    """Return a relation in InvenioRDM's terms; `information` has no place there."""
    doi = link.target.removeprefix("https://doi.org/")
    told = doi != link.target
    said: Json = {
        "identifier": doi if told else link.target,
        "scheme": "doi" if told else "url",
        "relation_type": {"id": link.relation.value.lower()},
    }
    if link.resource_type in _KINDS:
        said["resource_type"] = {"id": _KINDS[link.resource_type]}
    return said


def relate(api: Api, record: str, link: RecordLink) -> bool:
    """Write a relation into a record; False where it is none of ours to edit.

    Raises Conflict where somebody is editing the record just now.
    """
    try:
        identifier = api.resolve(record)
        found = api.record(identifier)
    except Busy:
        raise
    except (NotFound, Refused):
        return False
    if found is None:
        return False
    said = related_identifier(link)
    if _has(found, said):
        return True
    edit = _begin(api, identifier)
    if edit is None:
        return False
    if not _ours(edit, found, said):
        raise Conflict(
            "somebody is editing this record",
            where=f"{api.base}records/{identifier}",
            hint="publish or discard that edit there, then try again",
        )
    return _write(api, identifier, edit, said)


def _begin(api: Api, identifier: str) -> Json | None:
    """Open the record for editing: the draft of an edit, None where we may not.

    Asking twice gives the same draft.
    """
    try:
        return api.make(f"{item(identifier)}/draft", repeat=True)
    except Busy:
        raise
    except (NotFound, Refused):
        return None


def _write(api: Api, identifier: str, edit: Json, said: Json) -> bool:
    try:
        if not _has(edit, said):
            body = {name: edit[name] for name in _KEPT if name in edit}
            body["metadata"] = _with(edit["metadata"], said)
            answer = api.ask("PUT", f"{item(identifier)}/draft", json_body=body).expect(200)
            if complaints := complaints_of(answer.json()):
                raise incomplete(complaints, f"{api.base}records/{identifier}")
        answer = api.ask("POST", f"{item(identifier)}/draft/actions/publish", repeat=True)
        if answer.status == 404 and _has(api.record(identifier) or {}, said):
            return True
        answer.expect(200, 202)
    except RecrateError as error:
        return _settle(api, identifier, said, error)
    return True


def _settle(api: Api, identifier: str, said: Json, error: RecrateError) -> bool:
    """After a failure: it was published all the same, or the edit is taken back."""
    try:
        found = api.record(identifier)
        if found is not None and _has(found, said):
            return True
        edit = api.draft(identifier)
        if edit is not None and found is not None and _ours(edit, found, said):
            api.ask("DELETE", f"{item(identifier)}/draft").expect(204, 404)
    except RecrateError:
        raise error from None
    if isinstance(error, Refused) and not isinstance(error, Busy):
        return False
    raise error


_KEPT = ("metadata", "access", "files", "custom_fields", "pids")


def _with(metadata: Json, said: Json) -> Json:
    return {**metadata, "related_identifiers": [*_related(metadata), said]}


def _related(metadata: Json) -> list[Json]:
    found = metadata.get("related_identifiers")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _has(record: Json, said: Json) -> bool:
    return any(_plain(one) == _plain(said) for one in _related(record.get("metadata") or {}))


def _plain(said: Json) -> tuple[str, str]:
    """Return what makes a relation that one: DOIs do not differ by case."""
    relation = said.get("relation_type")
    name = relation.get("id", "") if isinstance(relation, dict) else ""
    return str(said.get("identifier", "")).lower(), str(name).lower()


def _ours(edit: Json, published: Json, said: Json) -> bool:
    """Say whether an edit changes nothing but our relation, if that."""

    def rest(record: Json) -> tuple[Any, Any]:
        metadata = dict(record.get("metadata", {}))
        related = [one for one in _related(metadata) if _plain(one) != _plain(said)]
        metadata.pop("related_identifiers", None)
        return metadata, [_plain(one) for one in related]

    return rest(edit) == rest(published) and edit.get("access") == published.get("access")
