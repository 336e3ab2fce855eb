"""JPCOAR: what a Japanese repository is told, the common metadata items among it."""

from dataclasses import replace

import pytest
from lxml import etree

from recrate.metadata.writing.formats import write
from recrate.model.errors import BadInput
from recrate.model.record import LinkRelation, RecordKind, RecordLink
from recrate.model.study import Access, AccessRight

SPACES = {
    "jpcoar": "https://github.com/JPCOAR/schema/blob/master/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "datacite": "https://schema.datacite.org/meta/kernel-4/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


@pytest.fixture
def told(full):
    return etree.fromstring(write(full, "jpcoar"))


def texts(root, path):
    return [(one.get(LANGUAGE), one.text) for one in root.findall(path, SPACES)]


def test_titles_and_descriptions_stand_in_both_languages(told):
    assert texts(told, "dc:title") == [("en", "Growth of peas"), ("ja", "豌豆の成長")]
    abstracts = texts(told, "datacite:description[@descriptionType='Abstract']")
    assert abstracts == [
        ("en", "How peas grow.\n\nMeasured <daily> & noted ]]> so."),
        ("ja", "豌豆の育ち方"),
    ]


def test_a_creator_has_both_scripts_and_every_number(told):
    creator = told.find("jpcoar:creator", SPACES)
    assert texts(creator, "jpcoar:creatorName") == [("en", "Yamada, Hanako"), ("ja", "山田 花子")]
    assert texts(creator, "jpcoar:familyName") == [("en", "Yamada")]
    numbers = {
        one.get("nameIdentifierScheme"): one.text
        for one in creator.findall("jpcoar:nameIdentifier", SPACES)
    }
    assert numbers == {"e-Rad_Researcher": "87654321", "ORCID": "0000-0002-1825-0097"}
    where = creator.find("jpcoar:affiliation", SPACES)
    assert where.find("jpcoar:nameIdentifier", SPACES).text == "https://ror.org/04ksd4g47"
    names = [("en", "Example University"), ("ja", "例示大学")]
    assert texts(where, "jpcoar:affiliationName") == names


def test_who_keeps_the_data_and_whom_to_ask_are_contributors(told):
    found = {
        one.get("contributorType"): texts(one, "jpcoar:contributorName")
        for one in told.findall("jpcoar:contributor", SPACES)
    }
    assert found == {
        "HostingInstitution": [("en", "National Laboratory"), ("ja", "国立研究所")],
        "DataManager": [("en", "Ichiro Suzuki"), ("ja", "鈴木 一郎")],
        "ContactPerson": [("en", "Data Office E-Mail: data@example.ac.jp")],
    }


def test_an_embargo_has_its_coar_address_and_its_end(told):
    access = told.find("dcterms:accessRights", SPACES)
    assert access.text == "embargoed access"
    assert access.get(RESOURCE) == "http://purl.org/coar/access_right/c_f1cf"
    dates = {one.get("dateType"): one.text for one in told.findall("datacite:date", SPACES)}
    assert dates == {"Available": "2027-04-01", "Issued": "2026-11-21"}


@pytest.mark.parametrize(
    ("right", "word", "number"),
    [
        (AccessRight.OPEN, "open access", "c_abf2"),
        (AccessRight.SHARED, "restricted access", "c_16ec"),
        (AccessRight.CLOSED, "metadata only access", "c_14cb"),
    ],
)
def test_who_may_have_it_is_said_in_coars_words(right, word, number, plain):
    description = replace(plain.description, access=Access(right=right, available="2027-01-01"))
    root = etree.fromstring(write(replace(plain, description=description), "jpcoar"))
    access = root.find("dcterms:accessRights", SPACES)
    assert (access.text, access.get(RESOURCE).rpartition("/")[2]) == (word, number)
    assert root.find("datacite:date[@dateType='Available']", SPACES) is None


def test_licence_policy_and_conditions_are_rights(told):
    rights = [(one.text, one.get(RESOURCE)) for one in told.findall("dc:rights", SPACES)]
    assert rights[0] == (
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
    )
    assert {text for text, _ in rights[1:]} == {
        "Ask first",
        "無償",
        "free of charge",
        "出典を明記すること",
    }


def test_a_grant_of_the_common_metadata_is_told_once_with_its_codes(told):
    first, second, third = told.findall("jpcoar:fundingReference", SPACES)
    identifier = first.find("jpcoar:funderIdentifier", SPACES)
    assert (identifier.text, identifier.get("funderIdentifierType")) == ("1020", "e-Rad_funder")
    assert texts(first, "jpcoar:funderName") == [
        ("ja", "国立研究開発法人科学技術振興機構"),
        ("en", "Japan Science and Technology Agency"),
    ]
    stream = first.find("jpcoar:fundingStreamIdentifier", SPACES)
    assert (stream.text, stream.get("fundingStreamIdentifierType")) == ("MJPF", "JGN_fundingStream")
    assert stream.get("fundingStreamIdentifierTypeURI") == "https://www.nistep.go.jp/taikei"
    award = first.find("jpcoar:awardNumber", SPACES)
    assert (award.text, award.get("awardNumberType")) == ("JPMJPF9999", "JGN")
    titles = [("ja", "豌豆の計画"), ("en", "The pea project")]
    assert texts(first, "jpcoar:awardTitle") == titles
    assert second.find("jpcoar:awardNumber", SPACES).text == "JP26K00001"
    crossref = third.find("jpcoar:funderIdentifier", SPACES)
    assert crossref.get("funderIdentifierType") == "Crossref Funder"


def test_fields_numbers_types_and_sizes_of_data_sets_are_told(told):
    field = told.findall("jpcoar:subject[@subjectScheme='e-Rad_field']", SPACES)
    assert [one.text for one in field] == ["ライフサイエンス", "Life Science"]
    kind = told.find("dc:type", SPACES)
    assert kind.text == "measurement and test data"
    assert kind.get(RESOURCE) == "http://purl.org/coar/resource_type/DD58-GFSX"
    local = told.find(".//jpcoar:relatedIdentifier[@identifierType='Local']", SPACES)
    assert local.text == "2021-7"
    assert local.getparent().get("relationType") == "isIdenticalTo"
    extents = [one.text for one in told.findall("jpcoar:file/jpcoar:extent", SPACES)]
    assert extents == ["1.2 MB", "1-10GB"]


def test_cites_has_a_capital_in_2_0_and_none_in_2_1(full):
    assert b'relationType="Cites"' in write(full, "jpcoar")
    later = write(full, "jpcoar-2.1")
    assert b'relationType="cites"' in later
    assert b'relationType="Cites"' not in later


def test_a_verdict_references_what_it_judges(verdict):
    root = etree.fromstring(write(verdict, "jpcoar"))
    relation = root.find("jpcoar:relation", SPACES)
    assert relation.get("relationType") == "references"
    identifier = relation.find("jpcoar:relatedIdentifier", SPACES)
    assert (identifier.get("identifierType"), identifier.text) == (
        "DOI",
        "https://doi.org/10.5072/peas",
    )
    assert root.find("dc:type", SPACES).text == "report"


def test_without_a_doi_the_identity_identifies_the_crate(plain):
    root = etree.fromstring(write(plain, "jpcoar"))
    assert root.find("jpcoar:identifier", SPACES).text.startswith("ni:///sha-256;")


def test_a_record_that_nothing_identifies_is_refused_with_a_hint(plain):
    with pytest.raises(BadInput) as told:
        write(replace(plain, identity=""), "jpcoar")
    assert "--doi" in told.value.hint


def test_addresses_are_told_by_their_scheme_and_rubbish_is_left_out(plain):
    targets = (
        "https://hdl.handle.net/2433/1",
        "https://arxiv.org/abs/2601.00001",
        "javascript:alert(1)",
        "https://user:password@example.org/",
        "https://example.org/a b",
    )
    links = tuple(RecordLink(target=one, relation=LinkRelation.CITES) for one in targets)
    root = etree.fromstring(write(replace(plain, links=links), "jpcoar"))
    found = [
        (one.get("identifierType"), one.text)
        for one in root.findall(".//jpcoar:relatedIdentifier", SPACES)
    ]
    assert found == [
        ("HDL", targets[0]),
        ("arXiv", targets[1]),
        ("URI", "https://example.org/a%20b"),
    ]


def test_a_study_without_common_metadata_is_a_data_set(plain):
    assert plain.kind is RecordKind.STUDY
    root = etree.fromstring(write(plain, "jpcoar"))
    assert root.find("dc:type", SPACES).text == "dataset"
