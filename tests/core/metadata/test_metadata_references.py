"""`recrate refer`: written whole, read back, and nothing else touched."""

import hashlib
import json
import sys

import pytest

from recrate.metadata.own_crate import entities_of, references_of
from recrate.metadata.references import normalise, refer
from recrate.model.errors import BadInput

URL = "https://example.org/x.csv"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "x y.csv").write_text("a,b\n")
    return folder


def document(root):
    return json.loads((root / "ro-crate-metadata.json").read_text(encoding="utf-8"))


def test_a_reference_is_written_and_read_back(root):
    given = refer(root, "data/x y.csv", URL)
    assert given.sha256 == hashlib.sha256(b"a,b\n").hexdigest()
    assert (given.size_bytes, given.media_type, given.url) == (4, "text/csv", URL)
    assert references_of(entities_of(document(root))) == (given,)
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == []


def test_the_file_it_makes_is_a_minimal_crate(root):
    refer(root, "data/x y.csv", URL)
    entities = entities_of(document(root))
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {
        "@id": "https://w3id.org/ro/crate/1.1"
    }
    assert entities["./"]["hasPart"] == [{"@id": "data/x%20y.csv"}]


def test_what_the_person_typed_stays_as_it_is(root):
    typed = {
        "@context": ["https://w3id.org/ro/crate/1.1/context", {"mine": "https://example.org/"}],
        "@graph": [
            {"@id": "ro-crate-metadata.json", "about": {"@id": "./"}, "extra": [1, "ä"]},
            {"@id": "./", "name": "日本", "hasPart": {"@id": "other.txt"}},
            {"@id": "data/x y.csv", "@type": "File", "description": "kept"},
        ],
        "odd": True,
    }
    (root / "ro-crate-metadata.json").write_text(json.dumps(typed), encoding="utf-8")
    refer(root, "data/x y.csv", URL)
    after = document(root)
    entities = entities_of(after)
    assert after["odd"] is True
    assert after["@context"] == typed["@context"]
    assert entities["ro-crate-metadata.json"] == typed["@graph"][0]
    assert entities["./"]["name"] == "日本"
    assert entities["./"]["hasPart"] == [{"@id": "other.txt"}, {"@id": "data/x y.csv"}]
    assert entities["data/x y.csv"]["description"] == "kept"


def test_referring_again_replaces_the_address(root):
    refer(root, "data/x y.csv", URL)
    (root / "data" / "x y.csv").write_text("changed")
    given = refer(root, "./data/x y.csv", "doi:10.5281/zenodo.123")
    assert references_of(entities_of(document(root))) == (given,)
    assert given.url == "https://doi.org/10.5281/zenodo.123"


@pytest.mark.parametrize(
    "written",
    [
        "10.5281/zenodo.123",
        "doi:10.5281/zenodo.123",
        "DOI: 10.5281/zenodo.123",
        "https://doi.org/10.5281/zenodo.123",
        "http://dx.doi.org/10.5281/zenodo.123",
    ],
)
def test_a_doi_has_one_form(written):
    assert normalise(written) == "https://doi.org/10.5281/zenodo.123"


@pytest.mark.parametrize(
    "written",
    ["", "x", "ftp://example.org/x", "file:///etc/passwd", "https://", "http://[bad",
     "javascript:1", "https://me:secret@example.org/x", "https://example.org/a b"],
)  # fmt: skip
def test_what_is_no_address_is_bad_input(root, written):
    with pytest.raises(BadInput) as caught:
        refer(root, "data/x y.csv", written)
    assert "secret" not in str(caught.value)
    assert not (root / "ro-crate-metadata.json").exists()


@pytest.mark.parametrize(
    "path",
    ["gone", "../x", "/etc/passwd", "data", ".", "", "data/../../x", "ro-crate-metadata.json"],
)
def test_what_is_no_file_of_the_study_is_bad_input(root, path):
    with pytest.raises(BadInput):
        refer(root, path, URL)
    assert not (root / "ro-crate-metadata.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_out_of_the_study_is_bad_input(root, tmp_path):
    (tmp_path / "outside.csv").write_text("1")
    (root / "link.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(BadInput, match="out of the study"):
        refer(root, "link.csv", URL)


@pytest.mark.parametrize("content", ["{", "[]", '{"@graph": 3}', '{"@graph": []}'])
def test_a_metadata_file_that_is_none_is_left_as_it_is(root, content):
    target = root / "ro-crate-metadata.json"
    target.write_text(content)
    with pytest.raises(BadInput):
        refer(root, "data/x y.csv", URL)
    assert target.read_text() == content
