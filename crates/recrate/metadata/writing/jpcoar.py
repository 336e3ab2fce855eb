"""JPCOAR Schema 2.0 and 2.1, what JAIRO Cloud and other Japanese repositories hand on.

Source: https://github.com/JPCOAR/schema; guidelines: https://schema.irdb.nii.ac.jp/en
"""

from collections.abc import Iterable

from lxml import etree

from recrate.metadata.writing.funding import Grant, grants
from recrate.metadata.writing.parts import (
    Name,
    Said,
    access_of,
    available_of,
    data_type,
    descriptions,
    doi,
    erad_of,
    fields,
    is_person,
    items_of,
    keywords,
    links,
    name_by_hash,
    names_of,
    orcid_of,
    organisation_names,
    remarks,
    ror_of,
    size_in_words,
    titles,
    total_bytes,
)
from recrate.metadata.writing.rights import licences_of, terms_of
from recrate.metadata.writing.text import (
    address,
    date_of,
    doi_address,
    language_of_name,
    line,
    local_identifier,
)
from recrate.metadata.writing.vocabulary import (
    ERAD_FIELD,
    ERAD_FUNDER,
    GRANT_NUMBER,
    GRANT_STREAM,
    GRANT_STREAM_ADDRESS,
    ISO_639_3,
    JPCOAR_ROLES,
    RESOURCE_TYPES,
    jpcoar_relation,
)
from recrate.model.errors import BadInput
from recrate.model.record import Contributor, Record
from recrate.model.study import Language, Organisation, Person
from recrate.model.terms import COAR, ERAD_SCHEME

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements

NAMESPACE = "https://github.com/JPCOAR/schema/blob/master/{}/"
_DC = "http://purl.org/dc/elements/1.1/"
_DCTERMS = "http://purl.org/dc/terms/"
_DATACITE = "https://schema.datacite.org/meta/kernel-4/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def write_2_0(record: Record) -> bytes:
    """Return the record as JPCOAR 2.0. Raises BadInput where nothing at all identifies it."""
    return _Document(record, "2.0").to_bytes()


def write_2_1(record: Record) -> bytes:
    """Return the record as JPCOAR 2.1. Raises BadInput where nothing at all identifies it."""
    return _Document(record, "2.1").to_bytes()


class _Document:
    """The XML being written; elements stand in the order that the schema fixes."""

    def __init__(self, record: Record, version: str) -> None:
        self.record = record
        self.version = version
        self.space = NAMESPACE.format(version)
        self.root = etree.Element(
            f"{{{self.space}}}jpcoar",
            nsmap={
                "jpcoar": self.space,
                "dc": _DC,
                "dcterms": _DCTERMS,
                "datacite": _DATACITE,
                "rdf": _RDF,
                "xsi": _XSI,
            },
        )
        self.root.set(f"{{{_XSI}}}schemaLocation", f"{self.space} jpcoar_scm.xsd")

    def to_bytes(self) -> bytes:
        """Write all of it."""
        for one in titles(self.record):
            self._text(self.root, f"{{{_DC}}}title", one)
        for person in self.record.description.creators:
            self._person(self._own(self.root, "creator"), person, "creatorName")
        for contributor in self.record.contributors:
            self._contributor(contributor)
        self._rights()
        self._subjects()
        self._descriptions()
        self._dates()
        self._kind()
        self._identifiers()
        self._relations()
        for grant in grants(self.record):
            self._grant(grant)
        self._files()
        content: bytes = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True
        )
        return content

    def _own(self, parent: Element, name: str, text: str | None = None, **given: str) -> Element:
        """Add an element of JPCOAR's own."""
        return self._add(parent, f"{{{self.space}}}{name}", text, **given)

    @staticmethod
    def _add(parent: Element, name: str, text: str | None = None, **given: str) -> Element:
        element = etree.SubElement(parent, name)
        element.text = text
        for key, value in given.items():
            element.set(key, value)
        return element

    def _text(self, parent: Element, name: str, said: Said | Name, **given: str) -> Element:
        """Add a text with its language."""
        element = self._add(parent, name, said.text, **given)
        if said.language is not None:
            element.set(_LANGUAGE, said.language.value)
        return element

    def _texts(self, parent: Element, name: str, said: Iterable[Said]) -> None:
        for one in said:
            self._text(parent, f"{{{self.space}}}{name}", one)

    def _person(self, element: Element, person: Person, name: str) -> None:
        """Fill a creator or contributor: identifiers, names in each script, affiliation."""
        erad, orcid = erad_of(person), orcid_of(person)
        if erad is not None:
            self._own(element, "nameIdentifier", erad, nameIdentifierScheme=ERAD_SCHEME)
        if orcid is not None:
            bare = orcid.rpartition("/")[2]
            self._own(
                element, "nameIdentifier", bare, nameIdentifierScheme="ORCID",
                nameIdentifierURI=orcid,
            )  # fmt: skip
        names = names_of(person)
        kind = {"nameType": "Personal"} if is_person(person) else {}
        for one in names:
            self._text(element, f"{{{self.space}}}{name}", one, **kind)
        for part in ("family", "given"):
            for one in names:
                if text := getattr(one, part):
                    self._texts(element, f"{part}Name", (Said(text, one.language),))
        if person.affiliation is not None:
            where = self._own(element, "affiliation")
            self._ror(where, person.affiliation)
            self._texts(where, "affiliationName", organisation_names(person.affiliation))

    def _ror(self, element: Element, organisation: Organisation) -> None:
        ror = ror_of(organisation)
        if ror is not None:
            self._own(
                element, "nameIdentifier", ror, nameIdentifierScheme="ROR", nameIdentifierURI=ror
            )

    def _contributor(self, one: Contributor) -> None:
        role = one.role if one.role in JPCOAR_ROLES else "Other"
        element = self._own(self.root, "contributor", contributorType=role)
        if one.person is not None:
            self._person(element, one.person, "contributorName")
        elif one.organisation is not None:
            self._ror(element, one.organisation)
            for name in organisation_names(one.organisation):
                self._text(
                    element, f"{{{self.space}}}contributorName", name, nameType="Organizational"
                )

    def _rights(self) -> None:
        access = access_of(self.record)
        if access is not None:
            where, word = COAR[access.right]
            self._add(
                self.root, f"{{{_DCTERMS}}}accessRights", word, **{f"{{{_RDF}}}resource": where}
            )
        for licence in licences_of(self.record):
            said = Said(licence.name, Language.ENGLISH if licence.key else None)
            given = {f"{{{_RDF}}}resource": licence.address} if licence.address else {}
            self._text(self.root, f"{{{_DC}}}rights", said, **given)
        for terms in terms_of(self.record):
            self._text(self.root, f"{{{_DC}}}rights", terms)

    def _subjects(self) -> None:
        name = f"{{{self.space}}}subject"
        for _, japanese, english in fields(self.record):
            for said in (Said(japanese, Language.JAPANESE), Said(english, Language.ENGLISH)):
                self._text(self.root, name, said, subjectScheme=ERAD_FIELD)
        for word in keywords(self.record):
            self._text(self.root, name, word, subjectScheme="Other")

    def _descriptions(self) -> None:
        name = f"{{{_DATACITE}}}description"
        for one in descriptions(self.record):
            self._text(self.root, name, one, descriptionType="Abstract")
        for one in remarks(self.record):
            self._text(self.root, name, one, descriptionType="Other")

    def _dates(self) -> None:
        publisher = line(self.record.publisher)
        if publisher:
            self._text(
                self.root, f"{{{_DC}}}publisher", Said(publisher, language_of_name(publisher))
            )
        available, issued = available_of(self.record), date_of(self.record.issued)
        if available is not None:
            self._add(self.root, f"{{{_DATACITE}}}date", available, dateType="Available")
        if issued is not None:
            self._add(self.root, f"{{{_DATACITE}}}date", issued, dateType="Issued")

    def _kind(self) -> None:
        languages = dict.fromkeys(one.language for one in titles(self.record) if one.language)
        for language in languages:
            self._add(self.root, f"{{{_DC}}}language", ISO_639_3[language])
        word = data_type(self.record)
        resource = {f"{{{_RDF}}}resource": RESOURCE_TYPES[word]}
        self._add(self.root, f"{{{_DC}}}type", word, **resource)
        version = line(self.record.version)
        if version:
            self._add(self.root, f"{{{_DATACITE}}}version", version)

    def _identifiers(self) -> None:
        bare, page = doi(self.record), address(self.record.url)
        found = [("DOI", doi_address(bare))] if bare else []
        found += [("URI", page)] if page else []
        if not found and (hashed := name_by_hash(self.record)):
            found.append(("URI", hashed))
        if not found:
            raise BadInput(
                "nothing identifies this record, and JPCOAR wants an identifier",
                hint="give a DOI with --doi, or pack the study first",
            )
        for kind, where in found:
            self._own(self.root, "identifier", where, identifierType=kind)

    def _relations(self) -> None:
        for link, target in links(self.record):
            relation = jpcoar_relation(link.relation, self.version)
            element = self._own(self.root, "relation", relationType=relation)
            self._own(element, "relatedIdentifier", target.address, identifierType=target.jpcoar)
            title = line(link.title)
            if title:
                self._texts(element, "relatedTitle", (Said(title, language_of_name(title)),))
        for number in dict.fromkeys(local_identifier(one.number) for one in items_of(self.record)):
            if number:
                element = self._own(self.root, "relation", relationType="isIdenticalTo")
                self._own(element, "relatedIdentifier", number, identifierType="Local")

    def _grant(self, grant: Grant) -> None:
        element = self._own(self.root, "fundingReference")
        for identifier, kind in (
            (grant.erad, ERAD_FUNDER),
            (grant.ror, "ROR"),
            (grant.crossref, "Crossref Funder"),
        ):
            if identifier is not None:
                self._own(element, "funderIdentifier", identifier, funderIdentifierType=kind)
                break  # the schema has room for one
        # A grant without a funder cannot be told: the schema wants the name, so it stays empty.
        self._texts(element, "funderName", grant.names or (Said("", None),))
        if grant.stream:
            self._own(
                element, "fundingStreamIdentifier", grant.stream,
                fundingStreamIdentifierType=GRANT_STREAM,
                fundingStreamIdentifierTypeURI=GRANT_STREAM_ADDRESS,
            )  # fmt: skip
        self._texts(element, "fundingStream", grant.programme)
        if grant.number:
            given = {"awardNumberType": GRANT_NUMBER} if grant.japanese else {}
            self._own(element, "awardNumber", grant.number, **given)
        self._texts(element, "awardTitle", grant.titles)

    def _files(self) -> None:
        """Tell the crate as one file, and each data set by the size that its item states."""
        if self.record.files:
            element = self._own(self.root, "file")
            self._own(element, "mimeType", "application/zip")
            self._own(element, "extent", size_in_words(total_bytes(self.record)))
        for size in dict.fromkeys(line(one.size) for one in items_of(self.record)):
            if size:
                self._own(self._own(self.root, "file"), "extent", size)
