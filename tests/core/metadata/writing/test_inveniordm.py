"""InvenioRDM: the body of `POST /api/records`."""

import json
from dataclasses import replace

import pytest

from recrate.metadata.writing.formats import write
from recrate.model.record import LinkRelation, RecordLink
from recrate.model.study import Access, AccessRight, Person


@pytest.fixture
def body(full):
    return json.loads(write(full, "inveniordm"))


def test_an_embargo_closes_the_files_until_its_day(body):
    assert body["access"] == {
        "record": "public",
        "files": "restricted",
        "embargo": {"active": True, "until": "2027-04-01"},
    }
    assert body["files"] == {"enabled": True}


@pytest.mark.parametrize(
    ("right", "files"),
    [
        (AccessRight.OPEN, "public"),
        (AccessRight.SHARED, "restricted"),
        (AccessRight.CLOSED, "restricted"),
    ],
)
def test_files_are_public_only_where_the_study_is_open(right, files, plain):
    description = replace(plain.description, access=Access(right=right))
    body = json.loads(write(replace(plain, description=description), "inveniordm"))
    assert body["access"] == {"record": "public", "files": files}


def test_people_have_bare_orcids_and_groups_are_organisations(body):
    hanako, group = body["metadata"]["creators"]
    assert hanako["person_or_org"] == {
        "type": "personal",
        "family_name": "Yamada",
        "given_name": "Hanako",
        "identifiers": [{"scheme": "orcid", "identifier": "0000-0002-1825-0097"}],
    }
    assert hanako["affiliations"] == [{"id": "04ksd4g47", "name": "Example University"}]
    assert group["person_or_org"] == {"type": "organizational", "name": "The pea group"}


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("山田 花子", "山田", "花子"),
        ("Hanako Yamada", "Yamada", "Hanako"),
        ("Hanako", "Hanako", None),
    ],
)
def test_a_person_whose_name_is_whole_still_has_a_family_name(name, family, given, plain):
    person = Person(name=name, identifier="https://orcid.org/0000-0002-1825-0097")
    description = replace(plain.description, creators=(person,))
    body = json.loads(write(replace(plain, description=description), "inveniordm"))
    who = body["metadata"]["creators"][0]["person_or_org"]
    assert (who["family_name"], who.get("given_name")) == (family, given)


def test_translations_have_a_type_and_a_language(body):
    metadata = body["metadata"]
    assert metadata["title"] == "Growth of peas"
    assert metadata["additional_titles"] == [
        {"title": "豌豆の成長", "type": {"id": "translated-title"}, "lang": {"id": "jpn"}}
    ]
    assert {
        "description": "<p>豌豆の育ち方</p>",
        "type": {"id": "abstract"},
        "lang": {"id": "jpn"},
    } in metadata["additional_descriptions"]


def test_a_description_is_html_in_which_what_was_typed_is_text(body):
    assert body["metadata"]["description"] == (
        "<p>How peas grow.</p><p>Measured &lt;daily&gt; &amp; noted ]]&gt; so.</p>"
    )


def test_identifiers_of_vocabularies_are_in_small_letters(body):
    metadata = body["metadata"]
    assert metadata["rights"] == [{"id": "cc-by-4.0"}]
    assert metadata["resource_type"] == {"id": "software-computationalnotebook"}
    assert metadata["related_identifiers"][0] == {
        "identifier": "10.5072/paper",
        "scheme": "doi",
        "relation_type": {"id": "issupplementto"},
        "resource_type": {"id": "publication-article"},
    }
    roles = [one["role"]["id"] for one in metadata["contributors"]]
    assert roles == ["hostinginstitution", "datamanager", "contactperson"]


def test_a_grant_names_its_funder_by_ror(body):
    first = body["metadata"]["funding"][0]
    assert first["funder"] == {"id": "00097mb19", "name": "Japan Science and Technology Agency"}
    assert first["award"] == {
        "number": "JPMJPF9999",
        "title": {"en": "The pea project", "ja": "豌豆の計画"},
    }


def test_the_doi_of_all_versions_is_left_to_the_repository(plain):
    links = tuple(
        RecordLink(target=f"https://doi.org/10.5072/{one}", relation=LinkRelation.IS_VERSION_OF)
        for one in ("all", "elsewhere")
    )
    record = replace(plain, concept_doi="10.5072/all", links=links)
    metadata = json.loads(write(record, "inveniordm"))["metadata"]
    assert [one["identifier"] for one in metadata["related_identifiers"]] == ["10.5072/elsewhere"]


def test_a_verdict_is_a_report_that_reviews(verdict):
    metadata = json.loads(write(verdict, "inveniordm"))["metadata"]
    assert metadata["resource_type"] == {"id": "publication-report"}
    assert metadata["related_identifiers"][0]["relation_type"] == {"id": "reviews"}


def test_the_doi_is_not_in_the_metadata_for_the_draft_reserves_it(body):
    assert "10.5072/peas" not in json.dumps(body)
    assert {"scheme": "other", "identifier": "2021-7"} in body["metadata"]["identifiers"]
