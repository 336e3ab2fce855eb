"""A finding says for programs what it means; files named by URL need not lie in the study."""

import pytest

from recrate.scan.walk import is_left_out, walk

KEY = "AKIA" + "QWERTYUIOPASDFGH"


def test_a_finding_names_its_subject_and_never_a_secret(scan):
    cells = [
        "open('/home/me/x.csv'); open('../y.csv')",
        f"key = '{KEY}'",
        "import requests\nrequests.get('https://me:s3cr3tW0rd@example.org/x')",
        "import os\nos.environ['MINE']",
    ]
    found = scan({"a.ipynb": cells}).findings
    told = {one.code: one.subject for one in found}
    assert told["absolute-path"] == "/home/me/x.csv"
    assert told["outside-study"] == "../y.csv"
    assert told["environment-variable"] == "MINE"
    assert told["network-use"].startswith("https://me:")
    assert "secret" in told
    for one in found:
        for hidden in (KEY, "s3cr3tW0rd"):
            assert hidden not in f"{one.subject} {one.message}"


def reference(**changes):
    entity = {"@id": "big/x.csv", "contentUrl": "https://example.org/x", "sha256": "0" * 64}
    return {"@graph": [entity | changes]}


def test_a_data_reference_is_neither_missing_nor_too_large(codes):
    files = {"a.ipynb": ["open('big/x.csv'); open('big/y.csv')"]}
    there = files | {"ro-crate-metadata.json": reference()}
    assert codes(there) == [("missing-file", 0)]
    large = there | {"big/x.csv": "x" * 20_000, "big/y.csv": "y" * 20_000}
    assert codes(large, file_size_limit_bytes=10_000) == [("large-file", None)]


@pytest.mark.parametrize(
    "document",
    [reference(contentUrl="file:///x"), reference(sha256=3), {"@graph": 3}, {}, "[", "3"],
)
def test_what_is_no_data_reference_excuses_nothing(codes, document):
    files = {"a.ipynb": ["open('big/x.csv')"], "ro-crate-metadata.json": document}
    assert codes(files) == [("missing-file", 0)]


def test_a_path_that_climbs_out_of_the_study_by_its_own_name_lies_outside(scan, tmp_path):
    (tmp_path / "x.csv").write_text("1")
    found = scan({"a.ipynb": [f"open('{tmp_path}/study/../x.csv')"]})
    assert [(use.target, use.exists) for use in found.notebooks[0].uses.reads] == [(None, False)]


def test_what_a_walk_would_leave_out_is_known_before_it_is_there(write):
    files = {
        "a.ipynb": ["1"],
        ".gitignore": "data/\n*.tmp\n!keep.tmp",
        "n/.recrateignore": "!x.tmp",
        "data/x.csv": "",
        "n/x.tmp": "",
        "n/y.tmp": "",
        "keep.tmp": "",
    }
    root = write(files)
    held = {file.path for file in walk(root).files}
    for path in files:
        assert is_left_out(root, path) is (path not in held)
    assert is_left_out(root, ".git/x")
    assert is_left_out(root, "ro-crate-metadata.json")
    assert not is_left_out(root, "new/x.csv")
