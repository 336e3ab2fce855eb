"""What people say of a study: the core's records, and the documents that the contract shapes.

The core has one main title in one language, and translations; the contract shows a field per
language, as a form does. Nothing is lost on the way there and back.
"""

from collections.abc import Iterable
from typing import Any

from recrate.model.common import CommonMetadata
from recrate.model.form import DescriptionForm, FieldComplaint, Suggestion
from recrate.model.study import (
    Access,
    AccessRight,
    DataReference,
    Description,
    Funding,
    Language,
    Organisation,
    Person,
    Related,
    Relation,
    RestrictedFile,
    Translation,
)
from recrate.model.wire import from_plain, to_plain

Plain = dict[str, Any]

_KINDS = {
    Relation.IS_SUPPLEMENT_TO: "paper",
    Relation.IS_DERIVED_FROM: "data",
    Relation.CITES: "other",
}
_RELATIONS = {kind: relation for relation, kind in _KINDS.items()}
_FIELDS = {
    "alternate_name": "name_ja",
    "award_number": "number",
    "award_title": "title",
    "landing_page": "url",
    "right": "level",
    "relation": "kind",
}
"""What the core calls a field, and what the contract does, where the names differ."""


def description_document(said: Description) -> Plain:
    """Return a description as the contract shapes it."""
    titles = {one.language.value: one.title for one in said.translations}
    texts = {one.language.value: one.description for one in said.translations}
    if said.language is not None:
        titles[said.language.value] = said.title
        texts[said.language.value] = said.description
    return {
        "title": said.title,
        "description": said.description,
        "language": said.language.value if said.language else None,
        **{f"title_{one.value}": titles.get(one.value) or None for one in Language},
        **{f"description_{one.value}": texts.get(one.value) or None for one in Language},
        "creators": [_person_document(one) for one in said.creators],
        "licence": said.licence,
        "keywords": list(said.keywords),
        "published": said.published,
        "version": said.version,
        "related": [
            {"identifier": one.url, "kind": _KINDS[one.relation], "title": one.title}
            for one in said.related
        ],
        "funding": [_funding_document(one) for one in said.funding],
        "access": _access_document(said.access),
        "restricted": [_restricted_document(one) for one in said.restricted],
        "common": to_plain(said.common) if said.common is not None else None,
    }


def description_of(document: Plain) -> Description:
    """Return the description in a document that the contract has allowed already.

    Where `language` says which language is the main one, its own field (`title_ja`) counts before
    `title`; where it does not, a title that stands in one of the two says it.
    """
    language = _language_of(document)
    return Description(
        title=_main(document, "title", language),
        description=_main(document, "description", language),
        language=language,
        translations=tuple(_translations(document, language)),
        creators=tuple(_person_of(one) for one in document.get("creators") or ()),
        licence=_said(document, "licence"),
        keywords=tuple(word for one in document.get("keywords") or () if (word := one.strip())),
        published=_said(document, "published"),
        version=_said(document, "version"),
        related=tuple(
            Related(
                url=one["identifier"].strip(),
                relation=_RELATIONS[one["kind"]],
                title=_said(one, "title"),
            )
            for one in document.get("related") or ()
        ),
        funding=tuple(_funding_of(one) for one in document.get("funding") or ()),
        access=_access_of(document.get("access")),
        restricted=tuple(_restricted_of(one) for one in document.get("restricted") or ()),
        common=_common_of(document.get("common")),
    )


def form_document(form: DescriptionForm) -> Plain:
    """Return a form as the contract shapes it."""
    return {
        "description": description_document(form.description),
        "sources": {_name(field): source for field, source in form.sources.items()},
        "suggestions": [_suggestion(one) for one in form.suggestions],
        "complaints": [_complaint(one) for one in form.complaints],
    }


def reference_document(reference: DataReference) -> Plain:
    """Return a data reference as the contract shapes it."""
    return {
        "path": reference.path,
        "url": reference.url or None,
        "sha256": reference.sha256,
        "size_bytes": reference.size_bytes,
        "media_type": reference.media_type,
        "conditions": reference.conditions,
        "access": reference.access.value if reference.access else None,
        "landing_page": reference.landing_page,
        "contact": reference.contact,
    }


def _suggestion(one: Suggestion) -> Plain:
    value = description_document(one.offered).get(one.field)
    return {"field": one.field, "from": one.source, "value": value}


def _complaint(one: FieldComplaint) -> Plain:
    return {
        "field": _name(one.field),
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "hint": one.hint,
    }


def _name(field: str) -> str:
    """Return a field's name in the contract: `access.right` there is `access.level`."""
    parts = field.split(".")
    if parts[0] == "common":
        return field
    if parts[0] == "translations":
        return parts[0]
    if parts[0] == "related" and parts[-1] == "url":
        return ".".join([*parts[:-1], "identifier"])
    if parts[0] == "funding" and "funder" in parts:
        last = {"identifier": "identifier", "alternate_name": "funder_ja"}.get(parts[-1], "funder")
        return ".".join([*parts[: parts.index("funder")], last])
    if parts[0] == "restricted" and parts[-1] == "access":
        return ".".join([*parts[:-1], "level"])
    return ".".join(_FIELDS.get(part, part) for part in parts)


def _language_of(document: Plain) -> Language | None:
    if document.get("language"):
        return Language(document["language"])
    for one in Language:
        if document["title"].strip() and document["title"] == document.get(f"title_{one.value}"):
            return one
    return None


def _main(document: Plain, field: str, language: Language | None) -> str:
    named = _said(document, f"{field}_{language.value}") if language else None
    others = (_said(document, f"{field}_{one.value}") for one in Language)
    if named or document[field].strip() or language:
        return named or str(document[field]).strip()
    return next((text for text in others if text), "")


def _translations(document: Plain, language: Language | None) -> Iterable[Translation]:
    for one in Language:
        title = _said(document, f"title_{one.value}")
        text = _said(document, f"description_{one.value}")
        if one is not language and (title or text):
            yield Translation(language=one, title=title or "", description=text or "")


def _said(document: Plain, field: str) -> str | None:
    """Return a text without space around it; nothing typed is None."""
    value = document.get(field)
    return (value.strip() or None) if isinstance(value, str) else None


def _person_document(person: Person) -> Plain:
    return {
        "name": person.name,
        "name_ja": person.alternate_name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "identifier": person.identifier,
        "email": person.email,
        "erad_number": person.erad_number,
        "affiliation": _organisation_document(person.affiliation),
    }


def _person_of(document: Plain) -> Person:
    return Person(
        name=document["name"].strip(),
        alternate_name=_said(document, "name_ja"),
        given_name=_said(document, "given_name"),
        family_name=_said(document, "family_name"),
        identifier=_said(document, "identifier"),
        email=_said(document, "email"),
        erad_number=_said(document, "erad_number"),
        affiliation=_organisation_of(document.get("affiliation")),
    )


def _organisation_document(organisation: Organisation | None) -> Plain | None:
    if organisation is None:
        return None
    return {
        "name": organisation.name,
        "name_ja": organisation.alternate_name,
        "identifier": organisation.identifier,
    }


def _organisation_of(document: Plain | None) -> Organisation | None:
    if document is None or not (document["name"].strip() or _said(document, "identifier")):
        return None
    return Organisation(
        name=document["name"].strip(),
        identifier=_said(document, "identifier"),
        alternate_name=_said(document, "name_ja"),
    )


def _funding_document(funding: Funding) -> Plain:
    funder = funding.funder
    return {
        "funder": funder.name if funder else None,
        "funder_ja": funder.alternate_name if funder else None,
        "identifier": funder.identifier if funder else None,
        "number": funding.award_number,
        "title": funding.award_title,
    }


def _funding_of(document: Plain) -> Funding:
    told = {
        "name": document.get("funder") or "",
        "name_ja": document.get("funder_ja"),
        "identifier": document.get("identifier"),
    }
    return Funding(
        funder=_organisation_of(told),
        award_number=_said(document, "number"),
        award_title=_said(document, "title"),
    )


def _access_document(access: Access | None) -> Plain | None:
    if access is None:
        return None
    return {
        "level": access.right.value,
        "available": access.available,
        "conditions": access.conditions,
        "contact": access.contact,
    }


def _access_of(document: Plain | None) -> Access | None:
    if document is None:
        return None
    return Access(
        right=AccessRight(document["level"]),
        available=_said(document, "available"),
        conditions=_said(document, "conditions"),
        contact=_said(document, "contact"),
    )


def _common_of(document: Plain | None) -> CommonMetadata | None:
    """Return the common metadata items, whose names the contract takes over as they are."""
    return None if document is None else from_plain(document, CommonMetadata)


def _restricted_document(file: RestrictedFile) -> Plain:
    return {
        "path": file.path,
        "level": file.access.value,
        "conditions": file.conditions,
        "url": file.landing_page,
        "contact": file.contact,
    }


def _restricted_of(document: Plain) -> RestrictedFile:
    return RestrictedFile(
        path=document["path"],
        access=AccessRight(document["level"]),
        conditions=_said(document, "conditions"),
        landing_page=_said(document, "url"),
        contact=_said(document, "contact"),
    )
