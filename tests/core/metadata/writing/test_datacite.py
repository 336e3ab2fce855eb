"""DataCite: properties, in XML and as attributes of the API."""

import json
from dataclasses import replace

import pytest
from lxml import etree

from recrate.metadata.writing.datacite import attributes
from recrate.metadata.writing.formats import write
from recrate.model.record import LinkRelation, RecordLink
from recrate.model.study import Access, AccessRight, Person

SPACES = {"d": "http://datacite.org/schema/kernel-4"}


@pytest.fixture
def said(full):
    return json.loads(write(full, "datacite-json"))


def test_the_api_is_given_all_that_is_mandatory(said):
    assert said["doi"] == "10.5072/peas"
    assert said["url"] == "https://example.org/peas/"
    assert said["types"]["resourceTypeGeneral"] == "ComputationalNotebook"
    assert said["publisher"] == {"name": "Example Repository"}
    assert said["schemaVersion"] == "http://datacite.org/schema/kernel-4"
    assert "event" not in said


def test_the_year_of_an_embargoed_study_is_that_of_its_opening(said):
    assert said["publicationYear"] == "2027"


def test_a_person_has_orcid_e_rad_and_ror(said):
    hanako, group = said["creators"]
    schemes = {one["nameIdentifierScheme"] for one in hanako["nameIdentifiers"]}
    assert schemes == {"ORCID", "e-Rad_Researcher"}
    assert hanako["name"] == "Yamada, Hanako"
    assert hanako["affiliation"][0]["affiliationIdentifier"] == "https://ror.org/04ksd4g47"
    assert group == {"name": "The pea group"}
    assert "hanako@example.ac.jp" not in json.dumps(said)


def test_a_doi_is_written_bare_and_an_address_whole(said):
    related = {
        (one["relatedIdentifierType"], one["relatedIdentifier"])
        for one in said["relatedIdentifiers"]
    }
    assert ("DOI", "10.5072/paper") in related
    assert ("arXiv", "2601.00001") in related
    assert ("URL", "https://example.org/Requires") in related


def test_every_relation_is_a_word_of_4_5(full):
    words = {one["relationType"] for one in attributes(full, "4.5")["relatedIdentifiers"]}
    assert words == {one.value for one in LinkRelation}


def test_a_relation_is_told_once(plain):
    twice = (
        RecordLink(target="https://doi.org/10.5072/a", relation=LinkRelation.CITES, title="A"),
        RecordLink(target="https://doi.org/10.5072/a", relation=LinkRelation.CITES),
    )
    assert len(attributes(replace(plain, links=twice), "4.7")["relatedIdentifiers"]) == 1


def test_what_is_not_known_is_said_in_datacites_own_words(plain):
    root = etree.fromstring(write(plain, "datacite-xml"))
    assert root.findtext("d:identifier", namespaces=SPACES) == "(:tba)"
    assert root.findtext("d:publisher", namespaces=SPACES) == "(:unav)"
    assert root.findtext(".//d:creatorName", namespaces=SPACES) == "(:unav)"


def test_titles_and_funders_stand_in_xml_as_in_json(full, said):
    root = etree.fromstring(write(full, "datacite-xml"))
    titles = [one.text for one in root.findall(".//d:title", SPACES)]
    assert titles == [one["title"] for one in said["titles"]] == ["Growth of peas", "豌豆の成長"]
    funders = [one.text for one in root.findall(".//d:funderName", SPACES)]
    assert funders == [one["funderName"] for one in said["fundingReferences"]]
    assert funders[0] == "Japan Science and Technology Agency"
    assert said["fundingReferences"][0]["funderIdentifier"] == "https://ror.org/00097mb19"


def test_who_may_have_it_stands_among_the_rights(plain):
    description = replace(plain.description, access=Access(right=AccessRight.CLOSED))
    rights = attributes(replace(plain, description=description), "4.7")["rightsList"]
    assert rights[0]["rightsUri"] == "http://purl.org/coar/access_right/c_14cb"


def test_a_title_cannot_end_its_element(plain):
    description = replace(plain.description, title="a ]]></title><x>\x00\ud800", creators=(
        Person(name="<&>"),))  # fmt: skip
    root = etree.fromstring(write(replace(plain, description=description), "datacite-xml"))
    assert root.findtext(".//d:title", namespaces=SPACES) == "a ]]></title><x>"
    assert root.findtext(".//d:creatorName", namespaces=SPACES) == "<&>"
