"""How repositories write a record: JPCOAR as WEKO does, Dublin Core, DataCite as Zenodo does."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

JPCOAR1 = "https://irdb.nii.ac.jp/schema/jpcoar/1.0/"
JPCOAR2 = "https://irdb.nii.ac.jp/schema/jpcoar/2.0/"
DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DATACITE = "https://schema.datacite.org/meta/kernel-4/"


@dataclass
class Item:
    """A record. `registered`: its DOI stands in identifierRegistration only.

    files: names, empty where the record tells none
    page:  its own address; empty for none
    """

    number: int
    title: str = "潮位の計算"
    doi: str | None = None
    registered: bool = False
    page: str = "https://weko.example/records/"
    handle: str = ""
    date: str = "2023-04-01"
    journal: str = ""
    files: tuple[str, ...] = ()
    set: str = ""
    stamp: str = "2024-09-01T12:52:55Z"
    deleted: bool = False

    @property
    def identifier(self) -> str:
        """The repository's own."""
        return f"oai:weko.example:{self.number:08d}"

    @property
    def address(self) -> str:
        """The record's page."""
        return f"{self.page}{self.number}" if self.page else ""


def jpcoar(item: Item) -> str:
    """Write JPCOAR 2.0 as WEKO does, identifiers in the namespace of 1.0."""
    told = [f'<dc:title xml:lang="ja">{escape(item.title)}</dc:title>']
    told.append('<datacite:date dateType="Available">1999-01-01</datacite:date>')
    told.append(f'<datacite:date dateType="Issued">{item.date}</datacite:date>')
    for kind, text in (("HDL", item.handle), ("URI", item.address)):
        if text:
            told.append(f'<j1:identifier identifierType="{kind}">{escape(text)}</j1:identifier>')
    if item.doi and item.registered:
        told.append(
            f'<jpcoar:identifierRegistration identifierType="JaLC">{escape(item.doi)}'
            "</jpcoar:identifierRegistration>"
        )
    elif item.doi:
        told.append(
            f'<j1:identifier identifierType="DOI">https://doi.org/{escape(item.doi)}</j1:identifier>'
        )
    told.append(
        '<jpcoar:relation relationType="isSupplementTo"><jpcoar:relatedIdentifier'
        ' identifierType="DOI">10.5072/the-paper</jpcoar:relatedIdentifier></jpcoar:relation>'
    )
    if item.journal:
        told.append(f"<jpcoar:sourceTitle>{escape(item.journal)}</jpcoar:sourceTitle>")
    told += [
        f'<jpcoar:file><jpcoar:URI objectType="fulltext">{escape(item.address)}/files/'
        f'{escape(name)}</jpcoar:URI><datacite:date dateType="Issued">1990-01-01</datacite:date>'
        "</jpcoar:file>"
        for name in item.files
    ]
    return (
        f'<jpcoar:jpcoar xmlns:jpcoar="{JPCOAR2}" xmlns:j1="{JPCOAR1}" xmlns:dc="{DC}"'
        f' xmlns:datacite="{DATACITE}">{"".join(told)}</jpcoar:jpcoar>'
    )


def dublin_core(item: Item) -> str:
    """Write oai_dc: a DOI as an address among the identifiers."""
    said = [item.handle, item.address, f"https://doi.org/{item.doi}" if item.doi else ""]
    told = "".join(f"<dc:identifier>{escape(one)}</dc:identifier>" for one in said if one)
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"><dc:title>{escape(item.title)}'
        f"</dc:title><dc:date>{item.date}</dc:date>{told}"
        "<dc:relation>https://doi.org/10.5072/the-paper</dc:relation></oai_dc:dc>"
    )


def oai_datacite(item: Item) -> str:
    """Write DataCite in its parcel."""
    told = f'<identifier identifierType="DOI">{escape(item.doi)}</identifier>' if item.doi else ""
    return (
        '<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><schemaVersion>4.3'
        f'</schemaVersion><payload><resource xmlns="{DATACITE}">{told}<titles><title>'
        f"{escape(item.title)}</title></titles><publicationYear>{item.date[:4]}"
        "</publicationYear></resource></payload></oai_datacite>"
    )


FORMATS: dict[str, Callable[[Item], str]] = {
    "jpcoar_1.0": jpcoar,
    "jpcoar_2.0": jpcoar,
    "oai_dc": dublin_core,
    "oai_datacite": oai_datacite,
}
"""By metadataPrefix."""
