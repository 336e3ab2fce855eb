"""What others wrote into a study's metadata file stays, whatever a person types."""

import json
from dataclasses import replace

import pytest

from recrate.metadata.describe import describe_as_typed
from recrate.metadata.keeping import keep_description
from recrate.metadata.looking import look
from recrate.metadata.own_crate import entities_of
from recrate.model.study import Organisation, Person

ORCID = "https://orcid.org/0000-0002-1825-0097"
ROR = "https://ror.org/04ksd4g47"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    return folder


def document(root):
    return json.loads((root / "ro-crate-metadata.json").read_text(encoding="utf-8"))


FOREIGN = {
    "@context": ["https://w3id.org/ro/crate/1.1/context", {"mine": "https://example.org/mine"}],
    "odd": True,
    "@graph": [
        {"@id": "ro-crate-metadata.json", "about": {"@id": "./"}, "extra": [1, "ä"]},
        {
            "@id": "./",
            "@type": "Dataset",
            "name": {"@value": "Peas", "@language": "en"},
            "datePublished": "2024-05-06T10:00:00+09:00",
            "mine": "stays",
            "author": [{"@id": "#me"}, {"@id": "#nameless"}],
            "citation": [{"@id": "#thesis"}, "https://doi.org/10.1234/old"],
            "subjectOf": "https://example.org/news",
            "funding": "A word from the dean",
            "publisher": {"@id": ROR},
            "license": {"@id": "https://spdx.org/licenses/MIT"},
            "hasPart": [{"@id": "levels.csv"}],
        },
        {"@id": "#me", "@type": "Person", "name": "Me", "jobTitle": "Gardener",
         "affiliation": [{"@id": "#lab"}, {"@id": "#second"}],
         "identifier": [{"@id": "#isni"}, "old"]},
        {"@id": "#lab", "@type": "Organization", "name": "Lab", "telephone": "1"},
        {"@id": "#second", "@type": "Organization", "name": "Second"},
        {"@id": "#isni", "@type": "PropertyValue", "propertyID": "ISNI", "value": "7"},
        {"@id": "#nameless", "@type": "Person", "jobTitle": "Ghost"},
        {"@id": "#thesis", "@type": "Thesis", "name": "A thesis without an address"},
        {"@id": ROR, "@type": "Organization", "name": "NII", "address": "Tokyo"},
        {"@id": "https://spdx.org/licenses/MIT", "@type": "CreativeWork", "name": "Long MIT"},
        {"@id": "#note", "@type": "Comment", "about": {"@id": "#me"}},
        {"@id": "#person-1", "@type": "Person", "name": "A reader", "email": "r@lab.org"},
        {"@id": "levels.csv", "@type": "File", "contentUrl": "https://example.org/l",
         "sha256": "0" * 64, "contentSize": "3", "description": "kept"},
    ],
}  # fmt: skip


def test_what_others_wrote_there_stays(root):
    (root / "ro-crate-metadata.json").write_text(json.dumps(FOREIGN), encoding="utf-8")
    typed = describe_as_typed(root, look(root))
    me = replace(typed.creators[0], identifier=ORCID, email="me@lab.org")
    assert typed.creators[0].affiliation == Organisation(name="Lab")
    keep_description(root, replace(typed, creators=(me, Person(name="New")), keywords=("peas",)))
    after, entities = document(root), entities_of(document(root))
    old = entities_of(FOREIGN)
    assert after["odd"] is True
    assert after["@context"][0] == FOREIGN["@context"][0]
    assert after["@context"][1] == FOREIGN["@context"][1] | {"sha256": "http://schema.org/sha256"}
    kept = ("ro-crate-metadata.json", "#second", "#isni", "#nameless", "#thesis", "#person-1",
            "levels.csv", ROR, "https://spdx.org/licenses/MIT", "#lab")  # fmt: skip
    assert {name: entities[name] for name in kept} == {name: old[name] for name in kept}
    root_before, root_after = old["./"], entities["./"]
    for name in (
        "name",
        "datePublished",
        "mine",
        "subjectOf",
        "funding",
        "publisher",
        "license",
        "hasPart",
    ):
        assert root_after[name] == root_before[name], name
    assert {"@id": "#thesis"} in root_after["citation"]
    person = entities[ORCID]
    assert (person["jobTitle"], person["email"]) == ("Gardener", "me@lab.org")
    assert person["affiliation"] == [{"@id": "#lab"}, {"@id": "#second"}]
    assert {"@id": "#isni"} in person["identifier"]
    assert "#me" not in entities
    assert entities["#note"]["about"] == {"@id": ORCID}
    assert [one["@id"] for one in root_after["author"]][-1] == "#nameless"
