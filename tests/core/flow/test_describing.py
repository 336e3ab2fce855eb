"""The form: what is known is filled in, what may be right is suggested, what is typed is kept."""

import json
import os
import shutil
import subprocess
from dataclasses import replace

import pytest

from making import notebook_of
from recrate.configuration import read_settings
from recrate.flow.describing import read_form, save_form
from recrate.model.errors import BadInput
from recrate.model.form import DescriptionForm
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Organisation,
    Person,
    RestrictedFile,
)
from recrate.model.wire import from_plain, to_json, to_plain

CFF = "title: Tides\nauthors: [{given-names: A, family-names: B}]\nkeywords: [sea]\nlicense: MIT\n"
LAST = Description(
    title="The last study",
    description="About something else",
    creators=(Person(name="Me", identifier="https://orcid.org/0000-0002-1825-0097"),),
    licence="CC-BY-4.0",
    funding=(Funding(funder=Organisation(name="JST"), award_number="JPMJCR1234"),),
    access=Access(right=AccessRight.OPEN),
)


@pytest.fixture
def settings(configuration):
    return read_settings(configuration)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "a.ipynb").write_text(notebook_of("1"))
    return folder


def offered(form, field):
    return {one.source: getattr(one.offered, field) for one in form.suggestions
            if one.field == field}  # fmt: skip


def test_what_the_studys_files_say_is_filled_in_with_where_from(root, settings):
    (root / "CITATION.cff").write_text(CFF)
    form = read_form(root, settings=settings, last=None)
    assert (form.description.title, form.description.licence) == ("Tides", "MIT")
    assert form.sources["keywords"] == "CITATION.cff"
    assert {one.code for one in form.complaints} == {"no-description"}


def test_the_last_study_is_suggested_and_never_filled_in(root, settings):
    (root / "CITATION.cff").write_text(CFF)
    form = read_form(root, settings=settings, last=LAST)
    assert form.description.funding == ()
    assert form.description.access is None
    assert offered(form, "funding") == {"last study": LAST.funding}
    assert offered(form, "access") == {"last study": LAST.access}
    assert {one.field for one in form.suggestions} == {"funding", "access", "common"}
    only = next(one.offered for one in form.suggestions if one.field == "funding")
    assert only == Description(title="", description="", funding=LAST.funding)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_git_author_is_suggested_and_never_filled_in(root, settings):
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=Jane Doe", "-c", "user.email=j@lab.org", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], cwd=root, env=variables, check=True)
    form = read_form(root, settings=settings, last=None)
    assert form.description.creators == ()
    assert offered(form, "creators") == {"git": (Person(name="Jane Doe", email="j@lab.org"),)}


def test_an_earlier_crate_is_suggested_by_its_name(recrate, root, settings, tmp_path):
    (root / "CITATION.cff").write_text(CFF + "abstract: What the sea did.\n")
    crate = tmp_path / "first.crate.zip"
    assert recrate("pack", root, "-o", crate, "--no-lock").code == 0
    (root / "CITATION.cff").unlink()
    (root / "broken.crate.zip").write_bytes(b"PK")
    form = read_form(root, settings=settings, last=None, earlier=(crate,))
    assert offered(form, "creators")["first.crate.zip"][0].name == "A B"
    assert offered(form, "description") == {"first.crate.zip": "What the sea did."}


def test_what_is_typed_is_kept_with_its_mistakes_and_comes_back(root, settings):
    typed = replace(
        LAST,
        creators=(Person(name="Me", identifier="0000-0002-1825-0098"),),
        licence="Mine-1",
        restricted=(RestrictedFile(path="gone.csv", conditions="c", contact="x"),),
    )
    form = save_form(root, typed, settings=settings)
    assert form.description == typed
    assert {(one.field, one.code) for one in form.complaints} == {
        ("creators.0.identifier", "invalid-orcid"),
        ("licence", "invalid-licence"),
        ("restricted.0.path", "restricted-missing"),
    }
    assert form == read_form(root, settings=settings, last=None)


def test_a_cleared_field_stays_clear_however_often_it_is_saved(root, settings):
    (root / "CITATION.cff").write_text(CFF)
    form = read_form(root, settings=settings, last=None)
    cleared = replace(form.description, keywords=(), creators=())
    for _ in range(3):
        form = save_form(root, cleared, settings=settings)
        assert form.description == cleared
    again = save_form(root, replace(cleared, keywords=("tide",)), settings=settings)
    assert again.description.keywords == ("tide",)
    assert again.description.creators == ()


def test_a_metadata_file_that_is_broken_is_never_overwritten(root, settings):
    target = root / "ro-crate-metadata.json"
    target.write_text('{"@graph": [')
    with pytest.raises(BadInput) as caught:
        save_form(root, LAST, settings=settings)
    assert caught.value.hint
    assert target.read_text() == '{"@graph": ['
    form = read_form(root, settings=settings, last=None)
    (about,) = [one for one in form.complaints if one.code == "unreadable-metadata"]
    assert (about.field, about.severity) == ("", "error")
    assert about.message.startswith("ro-crate-metadata.json is not JSON")


def test_a_long_text_comes_back_whole(root, settings):
    typed = replace(LAST, description="word " * 20_000 + "end")
    assert save_form(root, typed, settings=settings).description == typed


def test_the_form_goes_over_the_wire_and_back(root, settings):
    typed = replace(LAST, restricted=(RestrictedFile(path="a.csv"),))
    form = replace(
        save_form(root, typed, settings=settings),
        suggestions=read_form(root, settings=settings, last=LAST).suggestions,
    )
    plain = json.loads(to_json(form))
    assert plain == to_plain(form)
    assert from_plain(plain, DescriptionForm) == form
    assert plain["description"]["access"]["right"] == "open"


def test_what_is_no_folder_is_bad_input(root, settings):
    with pytest.raises(BadInput):
        read_form(root / "a.ipynb", settings=settings, last=None)
