"""Records of every kind, and the official schemas they are held to."""

from pathlib import Path

import pytest
from lxml import etree

from recrate.model.common import Award, CommonMetadata, DataItem, DataManager
from recrate.model.record import (
    Contributor,
    LinkRelation,
    Record,
    RecordFile,
    RecordKind,
    RecordLink,
)
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Language,
    Organisation,
    Person,
    Translation,
)

OFFICIAL = Path(__file__).resolve().parents[5] / "shared" / "data"
XML_NAMES = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' targetNamespace="http://www.w3.org/XML/1998/namespace">'
    '<xs:attribute name="lang" type="xs:language"/><xs:attribute name="space" type="xs:NCName"/>'
    '<xs:attribute name="base" type="xs:anyURI"/><xs:attribute name="id" type="xs:ID"/>'
    "</xs:schema>"
)
"""Stands in for the W3C's schema of `xml:lang` and its kin, which the others fetch by address."""
IDENTITY = "3b" * 32


class _Local(etree.Resolver):
    def resolve(self, url, _id, context):
        if url.startswith("http") and url.endswith("xml.xsd"):
            return self.resolve_string(XML_NAMES, context)
        assert not url.startswith("http"), f"a schema asks the network for {url}"
        return None


def schema(*parts: str) -> etree.XMLSchema:
    path = OFFICIAL.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"the official schema is not at {path}")
    parser = etree.XMLParser()
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(path, parser))


@pytest.fixture(scope="session")
def schemas() -> dict[str, etree.XMLSchema]:
    """The schema that each XML form is held to; 4.7 takes all that 4.5 does."""
    datacite = schema("datacite", "4.7", "metadata.xsd")
    return {
        "jpcoar": schema("jpcoar", "2.0", "jpcoar_scm.xsd"),
        "jpcoar-2.1": schema("jpcoar", "2.1", "jpcoar_scm.xsd"),
        "datacite-xml": datacite,
        "datacite-4.5": datacite,
    }


@pytest.fixture
def plain() -> Record:
    """A record of which hardly anything is known."""
    return Record(
        description=Description(title="Peas", description=""),
        kind=RecordKind.STUDY,
        identity=IDENTITY,
        issued="2026-11-21",
        agent="recrate 0.1.0",
    )


ITEM = DataItem(
    number="2021-7",
    title_ja="豌豆の成長",
    title_en="Growth of peas",
    description_ja="豌豆の高さを毎日測った。",
    field="project",
    data_type="measurement and test data",
    size="1-10GB",
    policy="free",
    licence="CCBY",
    citation_ja="出典を明記すること",
    access="embargoed access",
    available="2027-04-01",
    publication_link="10.5072/paper",
    dataset_link="https://example.org/data",
    hosting_ja="国立研究所",
    hosting_en="National Laboratory",
    hosting_ror="https://ror.org/04ksd4g47",
    manager=DataManager(
        kind="individual",
        number="12345678",
        name_ja="鈴木 一郎",
        name_en="Ichiro Suzuki",
        organisation_ja="データ管理室",
        organisation_en="Data Office",
        email="data@example.ac.jp",
    ),
    remarks_en="Measured by hand",
)


def common() -> CommonMetadata:
    return CommonMetadata(
        funder="JST",
        funding_stream="MJPF",
        programme_ja="未来事業",
        award_number="JPMJPF9999",
        project_ja="豌豆の計画",
        project_en="The pea project",
        field="189",
        items=(ITEM,),
        additional=(Award(funder="JSPS", award_number="JP26K00001"),),
    )


def contributors() -> tuple[Contributor, ...]:
    ror = "https://ror.org/04ksd4g47"
    where = Organisation(name="National Laboratory", alternate_name="国立研究所", identifier=ror)
    manager = Person(name="Ichiro Suzuki", alternate_name="鈴木 一郎", erad_number="12345678")
    contact = Organisation(name="Data Office E-Mail: data@example.ac.jp")
    return (
        Contributor(role="HostingInstitution", organisation=where),
        Contributor(role="DataManager", person=manager),
        Contributor(role="ContactPerson", organisation=contact),
    )


def description() -> Description:
    hanako = Person(
        name="Hanako Yamada",
        given_name="Hanako",
        family_name="Yamada",
        alternate_name="山田 花子",
        identifier="https://orcid.org/0000-0002-1825-0097",
        erad_number="87654321",
        email="hanako@example.ac.jp",
        affiliation=Organisation(
            name="Example University",
            alternate_name="例示大学",
            identifier="https://ror.org/04ksd4g47",
        ),
    )
    return Description(
        title="Growth of peas",
        description="How peas grow.\n\nMeasured <daily> & noted ]]> so.",
        creators=(hanako, Person(name="The pea group")),
        licence="CC-BY-4.0",
        keywords=("peas", "豌豆"),
        language=Language.ENGLISH,
        translations=(
            Translation(language=Language.JAPANESE, title="豌豆の成長", description="豌豆の育ち方"),
        ),
        funding=(
            Funding(award_number="JPMJPF9999", award_title="Told twice"),
            Funding(
                funder=Organisation(
                    name="Example Fund", identifier="https://doi.org/10.13039/501100000001"
                ),
                award_number="EF-1",
            ),
        ),
        access=Access(right=AccessRight.EMBARGOED, available="2027-04-01", conditions="Ask first"),
        common=common(),
    )


@pytest.fixture
def full() -> Record:
    """A record of which everything is known that any form has room for."""
    paper = RecordLink(
        target="https://doi.org/10.5072/paper",
        relation=LinkRelation.IS_SUPPLEMENT_TO,
        title="On peas",
        resource_type="JournalArticle",
    )
    return Record(
        description=description(),
        kind=RecordKind.STUDY,
        identity=IDENTITY,
        issued="2026-11-21",
        agent="recrate 0.1.0",
        doi="10.5072/peas",
        concept_doi="10.5072/all-peas",
        url="https://example.org/peas/",
        publisher="Example Repository",
        version="1.2",
        links=(
            paper,
            *(
                RecordLink(target=f"https://example.org/{one.value}", relation=one)
                for one in LinkRelation
            ),
            RecordLink(target="https://arxiv.org/abs/2601.00001", relation=LinkRelation.CITES),
        ),
        contributors=contributors(),
        files=(
            RecordFile(
                path="豌豆/a b.ipynb",
                size_bytes=1_200_000,
                sha256="0" * 64,
                media_type="application/x-ipynb+json",
            ),
        ),
        notebooks=("豌豆/a b.ipynb",),
        languages=("Python",),
    )


@pytest.fixture
def verdict() -> Record:
    """A verdict on a published crate."""
    return Record(
        description=Description(
            title="Replay of Growth of peas",
            description="Equivalent: 31 of 38 outputs compared.",
            creators=(Person(name="recrate"),),
            language=Language.ENGLISH,
        ),
        kind=RecordKind.REPLAY,
        identity=IDENTITY,
        issued="2026-11-22",
        agent="recrate 0.1.0",
        doi="10.5072/verdict",
        links=(
            RecordLink(
                target="https://doi.org/10.5072/peas",
                relation=LinkRelation.REVIEWS,
                title="Growth of peas",
                resource_type="ComputationalNotebook",
                information="re-execution",
            ),
        ),
        verdict="equivalent",
    )
