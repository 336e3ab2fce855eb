"""What people say of a study: which file is believed, and what is not guessed."""

import json
import os
import shutil
import subprocess

import pytest

from making import notebook_of
from recrate.metadata.describe import describe
from recrate.model.errors import BadInput
from recrate.model.study import Inventory, StudyFile

ORCID = "https://orcid.org/0000-0002-1825-0097"
CFF = """cff-version: 1.2.0
title: Tides of Shiomi
abstract: What the sea did.
authors:
  - family-names: Carberry
    given-names: Josiah
    orcid: "https://orcid.org/0000-0002-1825-0097"
    affiliation: Brown University
  - name: The tide group
license: CC-BY-4.0
keywords: [tides, sea level]
date-released: 2024-05-06
version: 1.2
doi: 10.1234/not-related
preferred-citation:
  type: article
  doi: 10.1234/paper
"""
MIT = (
    "The MIT License\n\nCopyright (c) 2024 A\n\nPermission is hereby granted, free of charge, to "
    "any person obtaining a copy…\nThe above copyright notice and this permission notice shall be "
    "included…"
)


@pytest.fixture
def said(tmp_path):
    root = tmp_path / "my-study"
    root.mkdir()

    def look(files, *, given=None):
        for name, content in {"a.ipynb": notebook_of("1"), **files}.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (root / name).write_text(text, encoding="utf-8")
        found = [path for path in root.iterdir() if path.is_file()]
        inventory = Inventory(
            name=root.name,
            files=tuple(
                StudyFile(path=path.name, size_bytes=path.stat().st_size, media_type="")
                for path in sorted(found)
                if path.name != "ro-crate-metadata.json"
            ),
            notebooks=(),
            descriptions=tuple(path.name for path in found if "LICEN" in path.name.upper()),
        )
        return describe(root, inventory, metadata_file=given)

    return look


def codes(description):
    return [one.code for one in description.findings]


def test_a_citation_file_is_read_whole(said):
    told = said({"CITATION.cff": CFF})
    assert told.title == "Tides of Shiomi"
    assert told.description == "What the sea did."
    first, second = told.creators
    assert (first.name, first.given_name, first.family_name) == (
        "Josiah Carberry",
        "Josiah",
        "Carberry",
    )
    assert first.identifier == ORCID
    assert first.affiliation is not None
    assert first.affiliation.name == "Brown University"
    assert second.name == "The tide group"
    assert (told.licence, told.published, told.version) == ("CC-BY-4.0", "2024-05-06", "1.2")
    assert told.keywords == ("tides", "sea level")
    assert [one.url for one in told.related] == ["https://doi.org/10.1234/paper"]
    assert told.sources is not None
    assert set(told.sources.values()) == {"CITATION.cff"}
    assert told.findings == ()


def test_each_field_comes_from_the_most_trusted_file_that_speaks(said, tmp_path):
    given = tmp_path / "mine.yaml"
    given.write_text("title: Mine\nkeywords: a, b\n")
    crate = {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {"@id": "ro-crate-metadata.json", "about": {"@id": "./"}},
            {"@id": "./", "name": "Crate", "description": "Typed", "author": [{"@id": "#me"}]},
            {"@id": "#me", "@type": "Person", "name": "Me", "affiliation": {"@id": "#lab"}},
            {"@id": "#lab", "@type": "Organization", "name": "Lab"},
        ],
    }
    told = said(
        {
            "ro-crate-metadata.json": crate,
            "CITATION.cff": CFF,
            "codemeta.json": {"name": "Meta", "version": "9", "datePublished": "2020-01-01"},
            ".zenodo.json": {"title": "Z", "creators": [{"name": "Last, First"}]},
        },
        given=given,
    )
    assert told.title == "Mine"
    assert told.description == "Typed"
    assert [(one.name, one.affiliation and one.affiliation.name) for one in told.creators] == [
        ("Me", "Lab")
    ]
    assert (told.licence, told.version, told.keywords) == ("CC-BY-4.0", "1.2", ("a", "b"))
    assert told.sources is not None
    assert told.sources["title"] == "mine.yaml"
    assert told.sources["description"] == "ro-crate-metadata.json"
    assert told.sources["licence"] == "CITATION.cff"


def test_a_deposit_form_a_package_and_an_r_package_are_read(said):
    zenodo = {
        "title": "Z",
        "license": "cc-by-4.0",
        "creators": [{"name": "Last, First", "orcid": "0000-0002-1825-0097"}],
    }
    told = said({".zenodo.json": zenodo})
    assert told.creators[0].name == "First Last"
    assert told.creators[0].identifier == ORCID
    assert told.licence == "CC-BY-4.0"


def test_a_package_says_what_its_project_table_says(said):
    project = (
        '[project]\nname = "p"\nversion = "2"\ndescription = "d"\nlicense = "MIT"\n'
        'authors = [{name = "A B", email = "a@lab.org"}]\n'
    )
    told = said({"pyproject.toml": project})
    assert (told.title, told.description, told.version, told.licence) == ("p", "d", "2", "MIT")
    assert (told.creators[0].name, told.creators[0].email) == ("A B", "a@lab.org")


def test_an_r_package_says_what_its_description_says(said):
    text = (
        "Package: p\nTitle: Fish\n  and chips\nLicense: MIT + file LICENSE\nAuthors@R: c(\n"
        '    person("Jane", "Doe", role = c("aut", "cre"), email = "j@lab.org",\n'
        '      comment = c(ORCID = "0000-0002-1825-0097")),\n'
        '    person("Rev", "Iewer", role = "rev"))\n'
    )
    told = said({"DESCRIPTION": text})
    assert (told.title, told.licence) == ("Fish and chips", "MIT")
    assert [(one.name, one.identifier) for one in told.creators] == [("Jane Doe", ORCID)]


def test_without_any_file_the_title_is_the_readmes_heading_or_the_folder(said):
    told = said({"README.md": "[![b](https://b)](c)\n\n# **Fish** and [chips](https://x) #\n"})
    assert told.title == "Fish and chips"
    told = said({"README.md": "no heading"})
    assert told.title == "my-study"
    assert set(codes(told)) == {"no-author", "no-licence"}


def test_a_licence_is_recognised_by_its_text(said):
    told = said({"LICENSE": MIT})
    assert told.licence == "MIT"
    assert "no-licence" not in codes(told)


def test_an_unknown_licence_is_not_guessed(said):
    told = said({"LICENSE": "All rights reserved, ask me.", "codemeta.json": {"license": "Mine-1"}})
    assert told.licence is None
    assert {"no-licence", "invalid-licence"} <= set(codes(told))


def test_wrong_identifiers_are_findings_and_left_out(said):
    told = said({"CITATION.cff": CFF.replace("0097", "0098")})
    assert told.creators[0].identifier is None
    assert "invalid-orcid" in codes(told)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("CITATION.cff", "a: [\n"),
        ("CITATION.cff", "!!python/object/apply:os.system ['touch sprung']"),
        ("CITATION.cff", "- 1"),
        ("CITATION.cff", "a: &a [x]\nb: [" + "*a," * 200 + "]"),
        ("codemeta.json", "{"),
        ("codemeta.json", "[" * 100_000),
        (".zenodo.json", "3"),
        ("pyproject.toml", "[project"),
        ("ro-crate-metadata.json", "{"),
        ("codemeta.json", "x" * 5_000_001),
    ],
)
def test_a_metadata_file_that_cannot_be_read_is_a_finding(said, name, content):
    told = said({name: content})
    assert [one.path for one in told.findings if one.code == "unreadable-metadata"] == [name]
    assert told.title == "my-study"


@pytest.mark.parametrize(
    "content",
    [
        {"title": 3, "creators": 3, "license": {"id": 3}, "keywords": 3},
        {"title": None, "creators": [None, 3, {}, {"name": None}], "keywords": [None, {}]},
        {"title": ["x"], "creators": {"name": ["x"]}, "related_identifiers": [3, {}]},
    ],
)
def test_fields_of_wrong_types_do_no_harm(said, content):
    for name in (".zenodo.json", "codemeta.json", "ro-crate-metadata.json"):
        told = said({name: content})
        assert told.title


@pytest.mark.parametrize("content", ["[1]", "{", "a: [", "odd: 1"])
def test_a_given_file_that_cannot_be_read_is_bad_input(said, tmp_path, content):
    given = tmp_path / "mine.yaml"
    given.write_text(content)
    with pytest.raises(BadInput):
        said({}, given=given)
    with pytest.raises(BadInput):
        said({}, given=tmp_path / "gone.yaml")


def test_people_may_be_written_in_many_ways(said, tmp_path):
    given = tmp_path / "mine.json"
    creators = [
        "Doe, Jane",
        {"name": "A B", "orcid": "0000-0002-1825-0097"},
        {
            "given_name": "C",
            "family_name": "D",
            "affiliation": {"name": "KEK", "identifier": "https://ror.org/01g5y5k24"},
        },
    ]
    given.write_text(json.dumps({"title": "T", "creators": creators}))
    told = said({}, given=given)
    assert [one.name for one in told.creators] == ["Jane Doe", "A B", "C D"]
    assert told.creators[1].identifier == ORCID
    assert told.creators[2].affiliation is not None
    assert told.creators[2].affiliation.identifier == "https://ror.org/01g5y5k24"
    assert "invalid-ror" not in codes(told)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_git_author_is_suggested_and_never_filled_in(said, tmp_path):
    said({})
    root = tmp_path / "my-study"
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=Jane Doe", "-c", "user.email=j@lab.org", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], cwd=root, env=variables, check=True)
    told = said({})
    assert told.creators == ()
    assert "Jane Doe" in next(one.message for one in told.findings if one.code == "no-author")
