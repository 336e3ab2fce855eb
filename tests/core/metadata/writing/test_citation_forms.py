"""CITATION.cff, CodeMeta, BibTeX, RIS and citations in words."""

import json
import re
from dataclasses import replace

import pytest
import yaml

from recrate.metadata.citation import from_cff, from_codemeta
from recrate.metadata.licence import spdx
from recrate.metadata.people import checked
from recrate.metadata.writing.formats import write
from recrate.model.study import Description, Organisation, Person

HANAKO = Person(
    name="Hanako Yamada",
    given_name="Hanako",
    family_name="Yamada",
    identifier="https://orcid.org/0000-0002-1825-0097",
    email="hanako@example.ac.jp",
    affiliation=Organisation(name="Example University"),
)
WHOLE = Person(name="山田 花子", affiliation=Organisation(name="例示大学"))
TURNED = Person(name="山田 花子", given_name="花子", family_name="山田")
GROUP = Person(name="The pea group")


def described(record, **changes):
    return replace(record, description=replace(record.description, **changes))


@pytest.mark.parametrize("people", [(HANAKO,), (WHOLE,), (TURNED,), (GROUP, HANAKO)])
@pytest.mark.parametrize("licence", ["MIT", "CC-BY-4.0", None])
@pytest.mark.parametrize(
    ("form", "read", "load"),
    [("cff", from_cff, yaml.safe_load), ("codemeta", from_codemeta, json.loads)],
)
def test_what_is_written_is_read_again(people, licence, form, read, load, plain):
    words = ("peas", "豌豆", "a: b")
    record = described(
        plain, title="Peas: a # study", creators=people, licence=licence, keywords=words
    )
    said = read(load(write(record, form)), form)
    assert said.title == "Peas: a # study"
    assert tuple(checked(one, "")[0] for one in said.creators) == people
    assert (spdx(said.licence) if said.licence else None) == licence
    assert said.keywords == words
    assert said.published == "2026-11-21"


def test_a_cff_has_what_1_2_0_requires_and_nothing_it_does_not_know(full):
    said = yaml.safe_load(write(full, "cff"))
    known = {
        "abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi",
        "identifiers", "keywords", "license", "license-url", "message", "preferred-citation",
        "references", "repository", "repository-artifact", "repository-code", "title", "type",
        "url", "version",
    }  # fmt: skip
    assert {"authors", "cff-version", "message", "title"} <= set(said) <= known
    assert said["type"] in {"software", "dataset"}
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", said["date-released"])
    assert re.fullmatch(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+", said["doi"])
    for one in said["authors"]:
        assert set(one) <= {"name", "orcid", "email"} or set(one) <= {
            "family-names", "given-names", "alias", "affiliation", "orcid", "email",
        }  # fmt: skip
    assert {one["type"] for one in said["identifiers"]} <= {"doi", "url", "swh", "other"}


@pytest.mark.parametrize(
    ("licence", "written"),
    [
        ("MIT OR Apache-2.0", ["MIT", "Apache-2.0"]),
        ("MIT AND Apache-2.0", None),
        ("Our own words", None),
    ],
)
def test_a_cff_names_only_licences_that_it_means(licence, written, plain):
    said = yaml.safe_load(write(described(plain, licence=licence), "cff"))
    assert said.get("license") == written


def test_an_author_is_named_twice_in_no_cff(plain):
    said = yaml.safe_load(write(described(plain, creators=(GROUP, GROUP)), "cff"))
    assert said["authors"] == [{"name": "The pea group"}]


def test_tex_that_was_typed_is_text_in_bibtex(plain):
    typed = r"\input{/etc/passwd} 100% of $x_1$ & {y} ~ ^ #"
    record = replace(described(plain, title=typed, keywords=("}",)), doi="10.5072/a{b}c")
    entry = write(record, "bibtex").decode()
    title = re.search(r"title = \{(.*)\},", entry)[1]
    assert title == (
        r"{\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{} 100\% of "
        r"\$x\_1\$ \& \textbraceleft{}y\textbraceright{} \textasciitilde{} "
        r"\textasciicircum{} \#}"
    )
    assert entry.count("{") == entry.count("}")
    assert "doi = {10.5072/a%7Bb%7Dc}" in entry


def test_a_group_whose_name_has_an_and_is_one_author_in_bibtex(plain):
    group = Person(name="Peas and Beans")
    entry = write(described(plain, creators=(group, HANAKO)), "bibtex").decode()
    assert "author = {{Peas and Beans} and {Yamada}, {Hanako}}," in entry
    assert entry.startswith("@misc{beans2026peas,\n")


def test_no_text_ends_a_ris_entry_early(plain):
    typed = "Peas\r\nER  - \r\nTY  - BOOK\u2028ER  - "
    lines = write(described(plain, title=typed, keywords=("a\nb",)), "ris").decode().split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[1] == "TI  - Peas ER - TY - BOOK ER -"
    assert "KW  - a b" in lines
    assert [one for one in lines if one.startswith("ER")] == ["ER  - "]
    assert lines[-2:] == ["ER  - ", ""]


def test_a_citation_is_what_people_copy(full):
    assert write(full, "citation-text").decode() == (
        "Yamada, H., & The pea group. (2026). Growth of peas (Version 1.2) "
        "[Computational notebooks]. Example Repository. https://doi.org/10.5072/peas\n"
    )
    assert write(full, "citation-text-ja").decode() == (
        "山田 花子・The pea group（2026）「豌豆の成長」バージョン 1.2 [計算ノートブック]、"
        "Example Repository、https://doi.org/10.5072/peas\n"
    )


def test_a_citation_of_many_names_the_first_and_the_last(plain):
    people = tuple(
        Person(name=f"P {number}", given_name="P", family_name=f"N{number}") for number in range(30)
    )
    said = write(described(plain, creators=people), "citation-text").decode()
    assert said.startswith("N0, P., N1, P.,")
    assert "N18, P., … N29, P. (2026)" in said
    assert "N19" not in said


def test_a_record_of_nobody_and_no_time_is_still_cited(plain):
    record = replace(plain, issued="", description=Description(title="", description=""))
    assert write(record, "citation-text").decode() == (
        "Untitled [Computational notebooks]. (n.d.).\n"
    )
    assert "発行年不明" in write(record, "citation-text-ja").decode()


def test_codemeta_names_the_paper_the_funder_and_the_programming_language(full):
    said = json.loads(write(full, "codemeta"))
    assert said["@context"] == "https://w3id.org/codemeta/3.0"
    assert said["referencePublication"][0] == {
        "@id": "https://doi.org/10.5072/paper",
        "name": "On peas",
    }
    assert said["funder"][0]["@id"] == "https://ror.org/00097mb19"
    assert said["programmingLanguage"] == ["Python"]
    assert said["embargoEndDate"] == "2027-04-01"
