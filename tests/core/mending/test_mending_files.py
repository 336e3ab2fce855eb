"""Licences, files left out, data references, requirements: each in the file where it belongs."""

import dataclasses
import json
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mended import Mended
from recrate.mending.licences import in_citation, in_crate, new_crate
from recrate.mending.lines import ignore_pattern, quoted, variables_of, with_line
from recrate.metadata.describe import describe
from recrate.model.errors import BadInput
from recrate.model.fix import FixKind
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions

CITATION = "cff-version: 1.2.0\n# mine\ntitle: 'A: b'\nauthors:\n  - family-names: Ito\n"


def licence_of(study: Mended) -> str | None:
    return describe(study.root, take_inventory(study.root)).licence


def test_a_licence_is_written_into_the_citation_where_there_is_one(study):
    study.put("a.ipynb", ["1"])
    study.put("CITATION.cff", CITATION)
    (fix,) = study.fixes("no-licence")
    assert (fix.kind, fix.needs_choice, fix.choices[0]) == (
        FixKind.CHOOSE_LICENCE, True, "CC-BY-4.0",
    )  # fmt: skip
    study.mend(fix, "MIT")
    assert study.bytes_of("CITATION.cff").decode() == CITATION + "license: MIT\n"
    assert licence_of(study) == "MIT"


def test_a_licence_goes_into_the_studys_own_crate_metadata_else(study):
    study.put("a.ipynb", ["1"])
    (fix,) = study.fixes("no-licence")
    done = study.mend(fix, "CC-BY-4.0 AND MIT")
    assert licence_of(study) == "CC-BY-4.0 AND MIT"
    study.take_back(done)
    assert sorted(study.everything()) == ["a.ipynb"]
    study.mend(fix, "https://creativecommons.org/licenses/by/4.0/")
    assert licence_of(study) == "CC-BY-4.0"


@pytest.mark.parametrize("choice", [None, "", "my own", "MIT OR", "../../x"])
def test_a_licence_that_is_none_is_refused(study, choice):
    study.put("a.ipynb", ["1"])
    (fix,) = study.fixes("no-licence")
    with pytest.raises(BadInput):
        study.mend(fix, choice)
    assert sorted(study.everything()) == ["a.ipynb"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("CITATION.cff", CITATION + "license:\n  - nonsense\n  - more\nversion: 1\n"),
        ("codemeta.json", {"name": "x", "license": "nonsense"}),
        ("ro-crate-metadata.json", json.loads(new_crate("x")) | {"extra": 1}),
    ],
)
def test_an_invalid_licence_is_replaced_where_it_stands_or_spoken_over(study, name, content):
    study.put("a.ipynb", ["1"])
    if name.startswith("ro-crate"):
        content["@graph"][1]["license"] = "nonsense"
    study.put(name, content)
    (fix,) = study.fixes("invalid-licence")
    study.mend(fix, "Apache-2.0")
    assert licence_of(study) == "Apache-2.0"


texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=60)


@settings(max_examples=150, deadline=None)
@given(text=texts | texts.map(lambda one: CITATION + one), licence=st.sampled_from(["MIT", "0BSD"]))
def test_a_citation_says_the_same_but_for_its_licence(text, licence):
    written = in_citation(text, licence)
    if written is not None:
        before, after = yaml.safe_load(text), yaml.safe_load(written)
        assert after == {**before, "license": licence}


@settings(max_examples=100, deadline=None)
@given(text=texts)
def test_crate_metadata_that_are_none_are_left_alone(text):
    assert in_crate(text, "MIT") is None
    assert in_crate(json.dumps({"@graph": [{"@id": text}]}), "MIT") is None or text == "./"


def test_a_big_file_is_left_out_unless_code_reads_it(study):
    study.options = ScanOptions(file_size_limit_bytes=10)
    study.put("a.ipynb", ["open('read.csv'); import glob; glob.glob('all/*.csv')"])
    for name in ("read.csv", "all/1.csv", "unread.csv"):
        study.put(name, "x" * 20)
    offered = {(fix.path, fix.kind) for fix in study.fixes("large-file") if fix.path != "a.ipynb"}
    assert offered == {
        ("read.csv", FixKind.REFER_TO_DATA),
        ("all/1.csv", FixKind.REFER_TO_DATA),
        ("unread.csv", FixKind.REFER_TO_DATA),
        ("unread.csv", FixKind.EXCLUDE_FILE),
    }
    (fix,) = study.fixes("large-file", FixKind.EXCLUDE_FILE)
    study.mend(fix)
    assert study.bytes_of(".recrateignore") == b"/unread.csv\n"


def test_a_deeper_ignore_file_that_speaks_for_the_file_is_the_one_that_is_edited(study):
    study.options = ScanOptions(file_size_limit_bytes=1000)
    study.put("a.ipynb", ["1"])
    study.put("d/.recrateignore", "!*.bin")
    study.put("d/x.bin", "x" * 2000)
    study.mend(study.fixes("large-file", FixKind.EXCLUDE_FILE)[0])
    assert study.bytes_of("d/.recrateignore") == b"!*.bin\n/x.bin\n"


def test_a_big_file_becomes_a_data_reference(study):
    study.options = ScanOptions(file_size_limit_bytes=1000)
    study.put("a.ipynb", ["open('read.csv')"])
    study.put("read.csv", "x" * 2000)
    before = study.everything()
    (fix,) = study.fixes("large-file", FixKind.REFER_TO_DATA)
    for address in (None, "", "nowhere", "https://me:pw@example.org/x"):
        with pytest.raises(BadInput):
            study.mend(fix, address)
    done = study.mend(fix, "10.5281/zenodo.1234")
    said = describe(study.root, take_inventory(study.root))
    assert [(one.path, one.url) for one in said.references] == [
        ("read.csv", "https://doi.org/10.5281/zenodo.1234")
    ]
    study.take_back(done)
    assert study.everything() == before


def test_a_file_that_is_left_out_but_read_becomes_a_data_reference(study):
    study.put("n/a.ipynb", ["open('../big/read.csv')"])
    study.put("big/read.csv", "x")
    study.put(".gitignore", "*.csv\n")
    (fix,) = study.fixes("file-left-out")
    study.mend(fix, "https://example.org/read.csv")


def test_a_requirement_is_added_with_the_version_that_is_known(study):
    study.put("a.ipynb", ["import sklearn"])
    study.put("requirements.txt", "numpy\r\npandas")
    study.settings = dataclasses.replace(
        study.settings, versions=(("Scikit_Learn", "1.4.2+cpu"), ("numpy", "1"))
    )
    (fix,) = study.fixes("undeclared-package")
    assert fix.names == ("scikit-learn==1.4.2",)
    done = study.mend(fix)
    assert study.bytes_of("requirements.txt") == b"numpy\r\npandas\r\nscikit-learn==1.4.2\r\n"
    study.take_back(done)
    assert study.bytes_of("requirements.txt") == b"numpy\r\npandas"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12))
def test_a_file_of_any_name_is_left_out_alone_or_no_fix_is_offered(tmp_path, name):
    study = Mended(Path(tempfile.mkdtemp(dir=tmp_path)))
    study.options = ScanOptions(file_size_limit_bytes=1000)
    study.put("a.ipynb", ["1"])
    for one in (name, f"{name}2", "other"):
        try:
            (study.root / one).write_text("x" * 2000)
        except (OSError, ValueError):
            return
    files = {one.path for one in take_inventory(study.root).files}
    for fix in study.fixes("large-file", FixKind.EXCLUDE_FILE):
        if fix.path == name:
            study.mend(fix)
            after = {one.path for one in take_inventory(study.root).files}
            assert files - after == {name}
            assert after - files == {".recrateignore"}


@settings(max_examples=200, deadline=None)
@given(value=st.text(max_size=40))
def test_a_value_in_a_variables_file_is_one_line_and_nothing_else(value):
    text = quoted(value)
    if text is not None:
        content = with_line(b"A=1", f"NAME={text}")
        assert content.count(b"\n") == 2
        assert variables_of(content) == {"A": "1", "NAME": text}


def test_a_line_that_is_there_already_is_not_added_again():
    assert with_line(b"a\n", "a") == b"a\n"
    assert with_line(None, "a") == b"a\n"
    assert ignore_pattern("a\nb") is None
