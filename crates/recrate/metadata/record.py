"""A crate, a study or a verdict as one record: all that any repository is told of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from recrate.metadata.fields import date_of
from recrate.metadata.licence import spdx
from recrate.metadata.own_crate import entities_of, from_crate
from recrate.metadata.own_people import Entities, Entity, first_text, followed
from recrate.metadata.people import checked_people
from recrate.metadata.verdict_reading import is_run, judged_address, verdict_of
from recrate.metadata.works import checked_grants, checked_works, work_url
from recrate.metadata.writing.common_items import contributors_of, institution_of, links_of
from recrate.model.crate import METADATA_NAME, Crate
from recrate.model.record import (
    Contributor,
    LinkRelation,
    Record,
    RecordFile,
    RecordKind,
    RecordLink,
)
from recrate.model.study import (
    AccessRight,
    DataReference,
    Description,
    Language,
    Organisation,
    Related,
    Relation,
    Translation,
)

__all__ = ["Stated", "is_run", "record_of_crate", "record_of_run", "record_of_study"]

RE_EXECUTION = "re-execution"
"""What `Reviews` means here; DataCite 4.7 has room for it."""
_RELATIONS = {
    Relation.IS_SUPPLEMENT_TO: (LinkRelation.IS_SUPPLEMENT_TO, "Text"),
    Relation.CITES: (LinkRelation.CITES, None),
    Relation.IS_DERIVED_FROM: (LinkRelation.IS_DERIVED_FROM, "Dataset"),
}
_LANGUAGES = {"python": "Python", "r": "R", "julia": "Julia"}
"""As a kernel writes a language → as people do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What nothing says of itself: where and when it is published, and by which program."""

    today: str
    agent: str
    doi: str | None = None
    concept_doi: str | None = None
    url: str | None = None
    publisher: str | None = None
    version: str | None = None
    links: tuple[RecordLink, ...] = ()


def record_of_crate(
    crate: Crate,
    *,
    today: str,
    agent: str,
    doi: str | None = None,
    concept_doi: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    version: str | None = None,
    links: tuple[RecordLink, ...] = (),
) -> Record:
    """Return a study's crate as a record, whoever made the crate.

    today: ISO date, for a crate that does not say when it was published
    links: related things beside those that the crate names
    Identifiers that are none are left out.
    """
    stated = Stated(
        today=today,
        agent=agent,
        doi=doi,
        concept_doi=concept_doi,
        url=url,
        publisher=publisher,
        version=version,
        links=links,
    )
    description = _description(crate)
    return record_of_study(
        replace(description, references=crate.references or description.references),
        stated=stated,
        identity=crate.identity,
        files=_files(crate, {one.path: one.access for one in description.restricted}),
        notebooks=crate.notebooks,
        languages=_languages(crate),
    )


def record_of_study(
    description: Description,
    *,
    stated: Stated,
    identity: str,
    files: tuple[RecordFile, ...],
    notebooks: tuple[str, ...],
    languages: tuple[str, ...],
) -> Record:
    """Return a study as a record; of one that is not packed, its folder as it lies."""
    common = description.common
    return Record(
        description=description,
        kind=RecordKind.STUDY,
        identity=identity,
        issued=description.published or stated.today,
        agent=stated.agent,
        doi=stated.doi,
        concept_doi=stated.concept_doi,
        url=stated.url,
        publisher=stated.publisher or institution_of(common),
        version=stated.version or description.version,
        links=_each_once(
            [
                *(_related(one) for one in description.related),
                *links_of(common),
                *_data_links(description.references),
                *_version_link(stated.concept_doi),
                *stated.links,
            ]
        ),
        contributors=_contributors(description),
        files=files,
        notebooks=notebooks,
        languages=tuple(dict.fromkeys(_LANGUAGES.get(one.lower(), one) for one in languages)),
    )


def record_of_run(
    crate: Crate,
    *,
    today: str,
    agent: str,
    doi: str | None = None,
    concept_doi: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    version: str | None = None,
    links: tuple[RecordLink, ...] = (),
    replayed: Crate | None = None,
) -> Record:
    """Return a replay's run crate as a record: the verdict, and what it is of.

    replayed: the crate that was replayed, where it is at hand: its names, what it is related to,
              and who may have it, for the run crate holds its notebooks
    """
    verdict = verdict_of(crate.metadata)
    judged = _review(crate, replayed)
    told, of = _description(crate), _description(replayed) if replayed is not None else None
    references = _referred(of, replayed) if of is not None and replayed is not None else ()
    return Record(
        description=_description_of_run(crate, told, of),
        kind=RecordKind.REPLAY,
        identity=crate.identity,
        issued=date_of(told.published) or today,
        agent=agent,
        doi=doi,
        concept_doi=concept_doi,
        url=url,
        publisher=publisher,
        version=version,
        links=_each_once([*judged, *references, *_version_link(concept_doi), *links]),
        files=_files(crate, {}),
        notebooks=(replayed or crate).notebooks,
        languages=_languages(replayed) if replayed is not None else (),
        verdict=verdict.judgement.value if verdict.judgement is not None else None,
    )


def _files(crate: Crate, withheld: dict[str, AccessRight]) -> tuple[RecordFile, ...]:
    return tuple(
        RecordFile(
            path=one.path,
            size_bytes=one.size_bytes,
            sha256=one.sha256,
            media_type=one.media_type,
            access=withheld.get(one.path),
        )
        for one in crate.files
    )


def _description(crate: Crate) -> Description:
    """Return what the root data set says, with the identifiers that are some."""
    said = from_crate(crate.metadata, METADATA_NAME)
    creators, _ = checked_people(said.creators, METADATA_NAME)
    related, _ = checked_works(said.related, METADATA_NAME)
    funding, _ = checked_grants(said.funding, METADATA_NAME)
    stated = said.licence if said.licence != "No licence stated" else ""
    return Description(
        title=said.title or crate.name,
        description=said.description,
        creators=creators,
        licence=(spdx(stated) or stated) or None,
        keywords=said.keywords,
        published=said.published or None,
        version=said.version or None,
        related=related,
        references=said.references,
        language=said.language,
        translations=said.translations,
        funding=funding,
        access=said.access,
        restricted=said.restricted,
        common=said.common,
    )


_BY_HAND = "Review by hand of "
"""How the names of run crates begin that a person made in JupyterLab."""


def _description_of_run(crate: Crate, told: Description, of: Description | None) -> Description:
    """Return title, sentence and people of a verdict; what may be seen is as in the crate's."""
    verdict = verdict_of(crate.metadata)
    by_hand = crate.name.startswith(_BY_HAND)
    plain = crate.name.removeprefix("Replay of ").removeprefix(_BY_HAND)
    name = (of.title if of else "") or verdict.judged_name or plain
    in_japanese = Translation(
        language=Language.JAPANESE,
        title=f"「{_title_in(of, Language.JAPANESE) or name}」の"
        + ("手動による確認" if by_hand else "再実行"),
        description=verdict.in_japanese,
    )
    return Description(
        title=(_BY_HAND if by_hand else "Replay of ") + (_title_in(of, Language.ENGLISH) or name),
        description=verdict.sentence or told.description,
        creators=verdict.asked,
        licence=told.licence,
        keywords=tuple(dict.fromkeys((RE_EXECUTION, *(of.keywords if of else ())))),
        language=Language.ENGLISH,
        translations=(in_japanese,),
        access=of.access if of else None,
    )


def _title_in(description: Description | None, language: Language) -> str:
    if description is None:
        return ""
    if description.language is language:
        return description.title
    said = (one.title for one in description.translations if one.language is language)
    return next(said, "")


def _languages(crate: Crate) -> tuple[str, ...]:
    """Return the programming languages that the crate names, else that of its lock."""
    entities = entities_of(crate.metadata)
    named = [
        first_text(language.get("name"))
        for entity in entities.values()
        if "programmingLanguage" in entity
        for language in _language_entities(entity["programmingLanguage"], entities)
    ]
    if not any(named) and crate.lock is not None:
        named = [crate.lock.language]
    return tuple(dict.fromkeys(filter(None, named)))


def _language_entities(value: object, entities: Entities) -> Iterator[Entity]:
    yield from followed(value, entities)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield {"name": one}


def _related(one: Related) -> RecordLink:
    relation, kind = _RELATIONS[one.relation]
    return RecordLink(target=one.url, relation=relation, title=one.title, resource_type=kind)


def _data_links(references: Iterable[DataReference]) -> Iterator[RecordLink]:
    """Yield data that a replay fetches: by its address, else by the page that tells of it."""
    for one in references:
        target = work_url(one.url or one.landing_page or "")
        if target is not None:
            yield RecordLink(
                target=target,
                relation=LinkRelation.REQUIRES,
                title=one.path,
                resource_type="Dataset",
            )


def _version_link(concept_doi: str | None) -> list[RecordLink]:
    target = work_url(concept_doi) if concept_doi else None
    return [RecordLink(target=target, relation=LinkRelation.IS_VERSION_OF)] if target else []


def _each_once(links: Iterable[RecordLink]) -> tuple[RecordLink, ...]:
    """Return each relation to a thing once, the first that tells of it.

    What the study is derived from is required, too; the stronger word stays.
    """
    found: dict[tuple[str, LinkRelation], RecordLink] = {}
    for one in links:
        found.setdefault((one.target, one.relation), one)
    return tuple(
        one
        for (target, relation), one in found.items()
        if relation is not LinkRelation.REQUIRES
        or (target, LinkRelation.IS_DERIVED_FROM) not in found
    )


def _contributors(description: Description) -> tuple[Contributor, ...]:
    """Return those of the data sets, and whom to ask where no manager is named."""
    found = contributors_of(description.common, description.creators)
    contact = description.access.contact if description.access else None
    if not contact or any(one.role == "ContactPerson" for one in found):
        return found
    return (*found, Contributor(role="ContactPerson", organisation=Organisation(name=contact)))


def _review(crate: Crate, replayed: Crate | None) -> list[RecordLink]:
    """Return the relation to what was judged; none while that is published nowhere."""
    target = judged_address(
        crate.metadata,
        replayed.metadata if replayed is not None else None,
        replayed.location if replayed is not None else "",
    )
    if target is None:
        return []
    name = replayed.name if replayed is not None else verdict_of(crate.metadata).judged_name
    return [
        RecordLink(
            target=target,
            relation=LinkRelation.REVIEWS,
            title=name or None,
            resource_type="ComputationalNotebook",
            information=RE_EXECUTION,
        )
    ]


def _referred(of: Description, replayed: Crate) -> Iterator[RecordLink]:
    """Yield the papers and data that the replayed crate names: the verdict refers to them."""
    data = _data_links(replayed.references or of.references)
    for link in (*(_related(one) for one in of.related), *links_of(of.common), *data):
        yield replace(link, relation=LinkRelation.REFERENCES)
