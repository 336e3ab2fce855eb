"""`recrate launch DOI --on binder`: which link, and what is said before anybody waits for it."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from recrate.launch.target import Target
from recrate.model.errors import BadInput
from recrate.model.finding import Severity
from recrate.model.launch import LaunchOrder
from recrate.model.progress import silent
from recrate.model.study import AccessRight, DataReference
from recrate_binder.binderhub.badge import badge_markdown, badge_svg
from recrate_binder.binderhub.stock import configuration_of, newest_python, release_in

ROOT = Path(__file__).parents[3]
CAPE = "https://example.org/data/cape.csv"


def reference(**more):
    told = {"path": "data/cape.csv", "url": CAPE, "sha256": "0" * 64, "size_bytes": 10}
    return DataReference(**{**told, **more})


def errors(found):
    return {code for code, one in found.items() if one.severity is Severity.ERROR}


def url_of(binders, **answers):
    target: Target = binders.target(**answers)
    running = target.launch(binders.cargo(), LaunchOrder(), silent)
    assert running.wait() == 0
    running.end()
    running.end()
    return running.launched.url


def test_a_crate_alone_in_its_zenodo_record_builds_and_opens_at_its_first_notebook(binders):
    assert errors(binders.check()) == set()
    parts = urlsplit(url_of(binders))
    assert parts.path == "/v2/zenodo/10.5281/zenodo.4711/"
    first = binders.crate.notebooks[0]
    assert parse_qs(parts.query) == {"urlpath": [f"lab/tree/{first}"]}


def test_without_a_hub_the_link_is_mybinders(binders):
    url = url_of(binders, hub="", form="zenodo")
    assert url.startswith("https://mybinder.org/v2/zenodo/10.5281/zenodo.4711/?urlpath=lab%2Ftree")


def test_a_hub_that_has_our_provider_is_given_the_crate_and_no_stock_trouble_is_told(binders):
    binders.hub.providers = ("gh", "zenodo", "crate")
    binders.records.files["notes.pdf"] = b"x"
    assert errors(binders.check()) == set()
    assert "/v2/crate/10.5281%2Fzenodo.4711?urlpath=" in url_of(binders)


def test_a_hub_without_our_provider_is_not_asked_for_it(binders):
    assert errors(binders.check(form="crate")) == {"binder-hub"}


def test_a_zip_beside_other_files_is_not_unpacked_by_stock_hubs_and_that_is_told(binders):
    binders.records.files["notes.pdf"] = b"x"
    assert errors(binders.check()) == {"binder-zip"}


def test_loose_files_of_a_record_lose_their_folders(binders):
    files = {"ro-crate-metadata.json": json.dumps(binders.crate.metadata).encode()}
    binders.records.files = files | {"one.ipynb": b"{}"}
    assert "binder-folders" in errors(binders.check())


@pytest.mark.parametrize("doi", ["10.5281/zenodo.99", None])
def test_what_is_not_published_cannot_be_opened_by_a_hub(binders, doi):
    binders.doi = doi
    assert errors(binders.check()) & {"binder-record", "binder-no-address"}


def test_restricted_files_are_told_before_anybody_waits_for_a_build(binders):
    binders.records.restricted = True
    assert "binder-restricted" in errors(binders.check())


def test_a_silent_repository_is_a_note_and_the_link_is_made(binders):
    assert binders.locate
    binders.dois.down = True
    found = binders.check()
    assert errors(found) == set()
    assert found["binder-silent"].severity is Severity.NOTE
    assert "/v2/zenodo/" in url_of(binders)


def test_a_silent_hub_is_given_the_stock_form(binders):
    binders.hub.silent = True
    assert errors(binders.check()) == set()
    assert "/v2/zenodo/" in url_of(binders)


def test_more_than_mybinder_builds_is_refused_there_and_only_warned_of_elsewhere(binders):
    large = replace(binders.crate.files[0], size_bytes=2_100_000_000)
    binders.crate = replace(binders.crate, files=(large, *binders.crate.files[1:]))
    assert binders.check()["binder-size"].severity is Severity.WARNING
    assert binders.check(hub="https://mybinder.org")["binder-size"].severity is Severity.ERROR


def test_the_studys_own_environment_is_named_since_it_is_not_the_lock(binders):
    binders.crate = replace(binders.crate, files=binders.crate.files[:-3])
    binders.give("environment.yml", "requirements.txt")
    found = binders.check()
    assert errors(found) == set()
    assert found["binder-own-environment"].path == "environment.yml"
    launched = binders.target().launch(binders.cargo(), LaunchOrder(), silent).launched
    assert found["binder-own-environment"].message in launched.notes


def test_nothing_to_build_from_is_refused_by_mybinder(binders):
    binders.crate = replace(binders.crate, files=binders.crate.files[:-3])
    found = binders.check(hub="https://mybinder.org", form="zenodo")
    assert "binder-no-environment" in errors(found)


def test_both_binder_folders_are_an_error(binders):
    binders.give(".binder/requirements.txt")
    assert "binder-two-folders" in errors(binders.check())


@pytest.mark.parametrize(("python", "fits"), [("3.14.1", False), ("3.13", True), ("3.4.10", False)])
def test_a_python_that_the_hubs_repo2docker_does_not_have_is_told(binders, python, fits):
    binders.hub.builder = "quay.io/jupyterhub/repo2docker:2025.12.0"
    binders.crate = replace(binders.crate, lock=replace(binders.crate.lock, python=python))
    newest = {"3.14.1": "quay.io/jupyterhub/repo2docker:2024.07.0"}
    binders.hub.builder = newest.get(python, binders.hub.builder)
    assert ("binder-python" not in errors(binders.check())) is fits


def test_notebooks_in_a_language_that_the_image_lacks_are_told(binders):
    graph = [
        {"@id": "a.ipynb", "@type": ["File", "ComputationalWorkflow"],
         "programmingLanguage": {"@id": "#r"}},
        {"@id": "#r", "@type": "ComputerLanguage", "name": "R"},
    ]  # fmt: skip
    binders.crate = replace(binders.crate, metadata={"@graph": graph})
    assert binders.check()["binder-language"].subject == "r"
    binders.crate = replace(binders.crate, files=binders.crate.files[:-3])
    binders.give("binder/install.R", "binder/runtime.txt")
    assert "binder-language" not in binders.check()


def test_data_that_nothing_fetches_are_told_and_fetched_data_are_not(binders):
    binders.crate = replace(binders.crate, references=(reference(),))
    assert binders.check()["binder-data-missing"].path == "data/cape.csv"
    binders.give("binder/postBuild")
    assert not {one for one in binders.check() if one.startswith("binder-data")}


def test_data_that_are_not_published_are_told_with_whom_to_ask(binders):
    one = reference(url="", access=AccessRight.SHARED, contact="office@example.org")
    binders.crate = replace(binders.crate, references=(one,))
    assert "office@example.org" in binders.check()["binder-data-withheld"].message


def test_more_memory_than_mybinder_gives_is_told(binders):
    order = LaunchOrder(memory_bytes=8_000_000_000)
    assert "binder-memory" in binders.check(order, hub="https://mybinder.org")


def test_what_lies_in_gakunin_rdm_goes_to_niis_hub_in_its_form(binders):
    binders.doi = None
    address = "https://rdm.nii.ac.jp/ab3de/files/osfstorage/tides.crate.zip"
    cargo = binders.cargo(address=address)
    target = binders.target(hub="")
    nowhere = "http://127.0.0.1:9/"
    target.locate = replace(target.locate, grdm_api=nowhere, grdm_files=nowhere)
    found = target.check(cargo, LaunchOrder())
    assert "binder-grdm" in {one.code for one in found}
    assert not [one for one in found if one.severity is Severity.ERROR]
    url = target.launch(cargo, LaunchOrder(notebook="潮/a b.ipynb"), silent).launched.url
    assert url == (
        "https://binder.cs.rcos.nii.ac.jp/v2/rdm/https%3A%2F%2Frdm.nii.ac.jp%2Fab3de%2Fosfstorage"
        "/master?urlpath=lab%2Ftree%2F%25E6%25BD%25AE%2Fa%2520b.ipynb"
    )


@pytest.mark.parametrize(
    ("repository", "form", "expected"),
    [
        ("https://github.com/a/b.git", "auto", "/v2/gh/a/b/v1.0?"),
        ("https://gitlab.com/a/b/c", "gl", "/v2/gl/a%2Fb%2Fc/v1.0?"),
        ("https://github.com/a/b", "git", "/v2/git/https%3A%2F%2Fgithub.com%2Fa%2Fb/v1.0?"),
        ("git+https://git.example.ac.jp/x", "auto", "git.example.ac.jp%2Fx/v1.0?"),
    ],
)
def test_a_repository_that_the_metadata_name_is_the_last_resort(
    binders, repository, form, expected
):
    binders.doi, binders.hub.providers = "10.9999/other", ("gh", "gl", "git")
    graph = [{"@id": "./", "@type": "Dataset", "codeRepository": {"@id": repository}}]
    binders.crate = replace(binders.crate, metadata={"@graph": graph})
    assert "binder-git" in binders.check(form=form, ref="v1.0")
    assert expected in url_of(binders, form=form, ref="v1.0")


def test_a_doi_that_stock_hubs_do_not_know_is_told_with_what_would_help(binders):
    binders.doi = "10.9999/other"
    found = binders.check()
    assert "binder-no-form" in errors(found)
    assert "--set form crate" in found["binder-no-form"].hint


@pytest.mark.parametrize(
    "answers",
    [
        {"hub": "javascript:x"},
        {"hub": "https://a/?x=1"},
        {"form": "x"},
        {"badge": "a.html"},
        {"x": "y"},
    ],
)
def test_an_answer_that_is_none_is_refused(binders, answers):
    with pytest.raises(BadInput):
        binders.target(**answers)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_badge_is_written_with_its_title_and_the_markdown_is_told(binders, tmp_path, language):
    file = tmp_path / "launch.svg"
    target = binders.target(badge=str(file))
    launched = target.launch(binders.cargo(), LaunchOrder(language=language), silent).launched
    root = ET.fromstring(file.read_text("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.findtext(f"{space}title")
    assert root.get("aria-labelledby") == root.find(f"{space}title").get("id")
    assert not {"href", "src", "onload"} & {name for one in root.iter() for name in one.attrib}
    (line, *_) = launched.notes
    assert line == badge_markdown(launched.url, "launch.svg", language)
    assert line.startswith("[![")
    assert line.endswith(f"]({launched.url})")


def test_an_address_cannot_leave_the_markdown_it_stands_in():
    line = badge_markdown("https://a/) [x](javascript:1)\n# b", "a.svg")
    assert line.count("(") == line.count(")") == 2
    assert "\n" not in line


def test_the_badges_words_stay_inside_it():
    for language in ("en", "ja"):
        root = ET.fromstring(badge_svg(language))
        for one in root.iter("{http://www.w3.org/2000/svg}text"):
            assert float(one.get("x")) + float(one.get("textLength")) < float(root.get("width"))


def test_what_repo2docker_builds_from_is_known_as_it_decides_it():
    found = configuration_of(["requirements.txt", "binder/environment.yml", "binder/Dockerfile"])
    assert (found.folder, found.files) == ("binder", ("Dockerfile", "environment.yml"))
    assert configuration_of(["a/requirements.txt", "x.ipynb"]).files == ()
    assert release_in("quay.io/jupyterhub/repo2docker:2024.07.0-1") == (2024, 7)
    assert release_in("localhost/repo2docker:main") is None
    assert newest_python((2024, 7)) == (3, 12)


def test_every_finding_of_a_binder_is_explained():
    page = (ROOT / "docs" / "findings.md").read_text("utf-8")
    room = (ROOT / "binder/recrate_binder/binderhub").glob("*.py")
    found = {code for one in room for code in re.findall(r'"(binder-[a-z-]+)"', one.read_text())}
    assert len(found) > 15
    assert {one for one in found if f"`{one}`" not in page} == set()
