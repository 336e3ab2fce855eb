"""What a landing page says to machines: schema.org and Signposting; and the list of forms."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from recrate.metadata.writing import schema_org, signposting
from recrate.metadata.writing.formats import FORMATS, describing, write
from recrate.model.errors import BadInput


def test_no_text_ends_the_script_that_holds_the_json(plain):
    typed = "</script><script>alert(1)</script><!-- & \u2028"
    record = replace(plain, description=replace(plain.description, title=typed))
    content = write(record, "schema-org").decode()
    assert not set("<>&\u2028") & set(content)
    assert json.loads(content)["name"] == "</script><script>alert(1)</script><!-- &"


def test_a_study_is_a_data_set_and_source_code_with_its_files(full):
    said = json.loads(write(full, "schema-org"))
    assert said["@type"] == ["Dataset", "SoftwareSourceCode"]
    assert said["@id"] == "https://doi.org/10.5072/peas"
    file = said["distribution"][0]
    assert file["contentUrl"] == "https://example.org/peas/%E8%B1%8C%E8%B1%86/a%20b.ipynb"
    assert file["sha256"] == "0" * 64
    assert said["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert said["isAccessibleForFree"] is False
    assert "hanako@example.ac.jp" not in json.dumps(said)


def test_a_page_that_is_no_folder_promises_no_files(full):
    page = replace(full, url="https://zenodo.example/records/1")
    assert "distribution" not in json.loads(write(page, "schema-org"))
    (told,) = json.loads(write(page, "signposting"))["linkset"]
    assert "item" not in told
    assert "describedby" not in told


def test_a_publisher_that_knows_its_downloads_names_them(full):
    zipped = schema_org.Download(
        url="https://example.org/peas.zip", name="peas.zip", media_type="application/zip"
    )
    said = schema_org.document(full, downloads=(zipped,))
    assert said["distribution"] == [
        {
            "@type": "DataDownload",
            "contentUrl": "https://example.org/peas.zip",
            "name": "peas.zip",
            "encodingFormat": "application/zip",
        }
    ]


def test_a_verdict_is_a_review_of_what_was_replayed(verdict):
    said = json.loads(write(verdict, "schema-org"))
    assert said["@type"] == "Review"
    assert said["itemReviewed"][0]["@id"] == "https://doi.org/10.5072/peas"
    assert said["reviewBody"] == "Equivalent: 31 of 38 outputs compared."
    assert said["reviewAspect"] == "re-execution"


def test_a_landing_page_leads_to_all_and_all_lead_back(full):
    page, *others = json.loads(write(full, "signposting"))["linkset"]
    assert page["anchor"] == "https://example.org/peas/"
    assert page["cite-as"] == [{"href": "https://doi.org/10.5072/peas"}]
    assert page["author"] == [{"href": "https://orcid.org/0000-0002-1825-0097"}]
    assert {"href": "https://schema.org/AboutPage"} in page["type"]
    described = {one["href"]: one for one in page["describedby"]}
    crate = described["https://example.org/peas/ro-crate-metadata.json"]
    assert crate["profile"] == "https://w3id.org/ro/crate"
    datacite = described["https://example.org/peas/datacite.xml"]
    assert datacite["profile"] == "http://datacite.org/schema/kernel-4"
    assert len(page["item"]) == 1
    back = [one for one in others if "describes" in one or "collection" in one]
    assert {one["anchor"] for one in back} == {*described, page["item"][0]["href"]}


def test_a_record_without_a_page_is_anchored_at_its_doi(verdict):
    (told,) = signposting.linkset(verdict, describing=describing(verdict))["linkset"]
    assert told["anchor"] == "https://doi.org/10.5072/verdict"


def test_every_form_has_a_name_a_title_in_both_languages_and_a_file_of_its_own(plain):
    assert all(name == form.name for name, form in FORMATS.items())
    assert all(form.title_en and form.title_ja for form in FORMATS.values())
    files = [form.file_name for form in FORMATS.values()]
    assert len(set(files)) == len(files)
    assert all(write(plain, name) for name in FORMATS)


def test_every_form_stands_in_the_documents():
    page = (Path(__file__).parents[4] / "docs" / "metadata.md").read_text(encoding="utf-8")
    assert [name for name in FORMATS if f"`{name}`" not in page] == []


def test_a_form_that_is_not_known_is_refused_with_the_list(plain):
    with pytest.raises(BadInput) as told:
        write(plain, "marc")
    assert "jpcoar, jpcoar-2.1" in told.value.hint
