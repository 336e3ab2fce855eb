"""`recrate metadata`: a form of a crate or study, printed or written."""

import json
from pathlib import Path

import pytest
from lxml import etree

from recrate.metadata.writing.formats import FORMATS

EXAMPLE = Path(__file__).resolve().parents[4] / "examples" / "tides"


def test_a_study_is_printed_in_a_form_and_nothing_else_is(recrate, configuration):
    answer = recrate(
        "metadata", EXAMPLE, "--as", "jpcoar", "--doi", "10.5072/tides", "--config", configuration
    )
    assert (answer.code, answer.error) == (0, "")
    root = etree.fromstring(answer.out.encode())
    assert root.tag == "{https://github.com/JPCOAR/schema/blob/master/2.0/}jpcoar"
    assert "https://doi.org/10.5072/tides" in answer.out


def test_a_crate_is_written_to_a_file(recrate, configuration, tmp_path):
    crate, out = tmp_path / "tides.crate.zip", tmp_path / "made" / "CITATION.cff"
    packed = recrate("pack", EXAMPLE, "-o", crate, "--no-lock", "--as-of", "2026-11-01")
    assert packed.code in {0, 1}
    answer = recrate("metadata", crate, "--as", "cff", "-o", out, "--config", configuration)
    assert (answer.code, answer.out) == (0, "")
    assert out.read_text().startswith("cff-version: 1.2.0\n")


@pytest.mark.parametrize(
    ("locale", "word"), [("C.UTF-8", "Citation in words"), ("ja_JP.UTF-8", "引用文")]
)
def test_the_forms_are_listed_in_the_persons_language(locale, word, recrate):
    answer = recrate("metadata", "--list", variables={"LC_ALL": locale})
    assert answer.code == 0
    assert word in answer.out
    assert [line.split()[0] for line in answer.out.splitlines()] == list(FORMATS)


def test_the_list_as_json_holds_all_that_is_fixed_of_a_form(recrate):
    answer = recrate("metadata", "--list", "--json")
    said = json.loads(answer.out)
    assert [one["name"] for one in said] == list(FORMATS)
    assert set(said[0]) == {
        "name", "media_type", "file_name", "title_en", "title_ja", "profile",
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--as", "jpcoar"),
        (EXAMPLE,),
        (EXAMPLE, "--as", "marc"),
        (EXAMPLE / "nowhere", "--as", "cff"),
        (EXAMPLE / "README.md", "--as", "cff"),
    ],
)
def test_what_is_not_enough_is_bad_input_with_a_hint(words, recrate, configuration):
    answer = recrate("metadata", *words, "--config", configuration)
    assert (answer.code, answer.out) == (2, "")
    assert "hint:" in answer.error
    assert "Traceback" not in answer.error
