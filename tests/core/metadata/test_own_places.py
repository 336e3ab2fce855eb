"""Where a study says that it lives, in each of the files that say so."""

import json

import pytest

from recrate.metadata.own_places import own_places

CFF = """
cff-version: 1.2.0
repository-code: "https://github.com/hanayama/tides"
url: https://hanayama.example.org/tides/
doi: 10.5281/zenodo.4711
references:
  - title: another's
    repository-code: https://github.com/somebody/else
preferred-citation:
  doi: 10.1000/a-paper
"""


def test_each_file_gives_its_own_addresses_and_none_of_others(tmp_path):
    (tmp_path / "CITATION.cff").write_text(CFF)
    codemeta = {"codeRepository": "https://gitlab.com/hanayama/tides", "citation": "https://x.org"}
    (tmp_path / "codemeta.json").write_text(json.dumps(codemeta))
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "tides"\n[project.urls]\nSource = "https://codeberg.org/hanayama/tides"'
    )
    (tmp_path / "DESCRIPTION").write_text(
        "Package: tides\nURL: https://hanayama.github.io/tides,\n    https://github.com/h2/tides\n"
        "BugReports: https://github.com/h2/tides/issues\nSuggests: knitr\n"
    )
    assert own_places(tmp_path) == (
        "https://github.com/hanayama/tides",
        "https://hanayama.example.org/tides",
        "10.5281/zenodo.4711",
        "https://gitlab.com/hanayama/tides",
        "https://codeberg.org/hanayama/tides",
        "https://hanayama.github.io/tides",
        "https://github.com/h2/tides",
        "https://github.com/h2/tides/issues",
    )


@pytest.mark.parametrize("content", ["", "[", "- a\n- b\n", "url: [1, {a: b}]\n", "\0\xff"])
def test_a_file_that_cannot_be_read_says_nothing(tmp_path, content):
    for name in ("CITATION.cff", "codemeta.json", "pyproject.toml", "DESCRIPTION"):
        (tmp_path / name).write_text(content)
    assert own_places(tmp_path) == ()
