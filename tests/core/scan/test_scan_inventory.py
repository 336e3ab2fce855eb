"""The walk over a folder: what is the study, what is left out, and what is said about it."""

import json
import os
import sys

import pytest

from making import notebook_of
from recrate.model.errors import BadInput
from recrate.model.study import Inventory
from recrate.model.wire import from_json, to_json
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="file names and links of Linux")


def paths(inventory):
    return [file.path for file in inventory.files]


def test_a_folder_without_notebooks_is_bad_input_with_a_hint(write):
    with pytest.raises(BadInput, match="no notebook") as caught:
        take_inventory(write({"a.txt": "x"}))
    assert caught.value.hint


def test_a_file_instead_of_a_folder_is_bad_input(write):
    with pytest.raises(BadInput, match="not a folder"):
        take_inventory(write({"a.ipynb": ["1"]}) / "a.ipynb")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"nbformat": 5, "cells": []}',
        b'{"nbformat": "4", "cells": []}',
        b'{"nbformat": true, "cells": []}',
        b'{"nbformat": 4, "cells": {}}',
        b'{"nbformat": 4, "cells": [1]}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 3]}]}',
        b"[" * 100_000,
        b'{"nbformat": 4, "cells": ' + b"[" * 100_000,
        b"\x89PNG\r\n\x1a\n\x00\xff",
        b'{"nbformat": 3, "worksheets": 3}',
        b'{"nbformat": 3}',
        b'{"nbformat": 4, "n": ' + b"9" * 5000 + b', "cells": []}',
    ],
    ids=lambda content: repr(content[:40]),
)
def test_a_notebook_that_cannot_be_read_is_an_error_finding_beside_others(scan, content):
    found = scan({"bad.ipynb": content, "good.ipynb": ["1"]})
    assert [notebook.path for notebook in found.notebooks] == ["good.ipynb"]
    problems = [one for one in found.findings if one.code == "unreadable-notebook"]
    assert [(one.path, str(one.severity)) for one in problems] == [("bad.ipynb", "error")]
    assert "bad.ipynb" in paths(found)


def test_only_unreadable_notebooks_are_bad_input(scan):
    with pytest.raises(BadInput):
        scan({"a.ipynb": "{", "b.ipynb": ""})


def test_a_chosen_notebook_that_cannot_be_read_or_is_not_there_is_bad_input(scan):
    files = {"bad.ipynb": "{", "good.ipynb": ["1"]}
    with pytest.raises(BadInput, match="not JSON"):
        scan(files, notebooks=("bad.ipynb",))
    with pytest.raises(BadInput, match="no such notebook"):
        scan(files, notebooks=("gone.ipynb",))


def test_only_chosen_notebooks_are_looked_at_but_all_files_are_kept(scan):
    found = scan({"a.ipynb": ["1"], "b.ipynb": ["1/"]}, notebooks=("./a.ipynb",))
    assert [notebook.path for notebook in found.notebooks] == ["a.ipynb"]
    assert paths(found) == ["a.ipynb", "b.ipynb"]
    assert found.findings == ()


def test_small_flaws_of_a_notebook_are_forgiven(scan):
    cells = [
        {"cell_type": "code", "source": ["import ", "numpy"], "metadata": None, "outputs": None},
        {"cell_type": "markdown", "source": "# T"},
    ]
    content = {"nbformat": 4, "metadata": None, "cells": cells}
    found = scan({"a.ipynb": b"\xef\xbb\xbf" + json.dumps(content).encode()})
    notebook = found.notebooks[0]
    assert (notebook.cells, notebook.code_cells, notebook.language) == (2, 1, "python")
    assert [one.name for one in notebook.uses.imports] == ["numpy"]


def test_a_notebook_of_format_3_is_read(scan):
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "input": ["import numpy"],
                        "language": "python",
                        "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["1"]}],
                        "prompt_number": 1,
                        "collapsed": False,
                    }
                ],
                "metadata": {},
            }
        ],
    }
    notebook = scan({"old.ipynb": old}).notebooks[0]
    assert notebook.format == "3.0"
    assert notebook.outputs == 1
    assert [one.name for one in notebook.uses.imports] == ["numpy"]


def test_what_no_study_wants_is_left_out(scan):
    found = scan(
        {
            "a.ipynb": ["1"],
            ".git/config": "",
            ".ipynb_checkpoints/a-checkpoint.ipynb": "{",
            "src/__pycache__/m.cpython-311.pyc": b"",
            "venv/pyvenv.cfg": "",
            "venv/lib/x.py": "",
            "conda/conda-meta/history": "",
            "node_modules/x/y.js": "",
            "old.crate.zip": b"",
            "ro-crate-preview.html": "",
            "ro-crate-metadata.json": "{}",
            "sub/ro-crate-metadata.json": "{}",
            ".DS_Store": b"",
        }
    )
    assert paths(found) == ["a.ipynb", "sub/ro-crate-metadata.json"]


def test_ignore_files_are_obeyed_at_every_depth_and_ours_has_the_last_word(scan):
    found = scan(
        {
            "a.ipynb": ["1"],
            ".gitignore": "*.csv\nraw/\n!keep.csv\n# comment\n\\#odd\n",
            ".recrateignore": "!raw/\nscratch*\n",
            "x.csv": "",
            "keep.csv": "",
            "raw/y.txt": "",
            "scratch.txt": "",
            "deep/.gitignore": "!x.csv\n/only-here.txt\n",
            "deep/x.csv": "",
            "deep/only-here.txt": "",
            "deep/er/only-here.txt": "",
            "#odd": "",
        }
    )
    kept = [path for path in paths(found) if "ignore" not in path]
    assert kept == ["a.ipynb", "deep/er/only-here.txt", "deep/x.csv", "keep.csv", "raw/y.txt"]


@linux_only
def test_links_are_never_followed_out_of_the_study(write, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("1")
    root = write({"a.ipynb": ["1"], "data/x.csv": "1", "other/y.txt": ""})
    (root / "file").symlink_to(outside / "secret.csv")
    (root / "folder").symlink_to(outside)
    (root / "relative").symlink_to("../outside/secret.csv")
    (root / "gone").symlink_to("nowhere")
    (root / "self").symlink_to("self")
    (root / "data/up").symlink_to("..")
    (root / "linked").symlink_to("data")
    (root / "other/inside.csv").symlink_to("../data/x.csv")
    found = take_inventory(root)
    assert paths(found) == [
        "a.ipynb",
        "data/x.csv",
        "linked/x.csv",
        "other/inside.csv",
        "other/y.txt",
    ]
    outside_links = {one.path for one in found.findings if one.code == "link-outside"}
    assert outside_links == {"file", "folder", "relative"}
    broken = {one.path for one in found.findings if one.code == "broken-link"}
    assert {"gone", "self", "data/up"} <= broken


@linux_only
def test_odd_names_are_kept_and_impossible_ones_are_findings(write):
    long = "ä" * 124 + ".ipynb"
    names = ["a b.ipynb", "-dash.ipynb", "研究 ノート.ipynb", "😀.ipynb", long]
    root = write({name: ["1"] for name in names})
    (root / os.fsdecode(b"caf\xe9.csv")).touch()
    os.mkfifo(root / "pipe")
    found = take_inventory(root)
    assert {notebook.path for notebook in found.notebooks} == set(names)
    assert sorted(paths(found)) == sorted(names)
    by_code = {one.code for one in found.findings}
    assert by_code == {"name-not-unicode", "unreadable-file"}
    to_json(found).encode()


def test_a_file_over_the_limit_is_a_finding(scan):
    found = scan({"a.ipynb": ["1"], "big.bin": b"x" * 2000}, file_size_limit_bytes=1999)
    assert [(one.code, one.path) for one in found.findings] == [("large-file", "big.bin")]
    assert "2,000" in found.findings[0].message


def test_declared_environments_and_descriptions_are_told_by_name(scan):
    kinds = {
        "requirements.txt": "requirements",
        "requirements-dev.txt": "requirements",
        "requirements/base.txt": "requirements",
        "constraints.txt": "constraints",
        "environment.yml": "conda",
        "binder/environment.yaml": "conda",
        ".binder/requirements.txt": "requirements",
        "pyproject.toml": "pyproject",
        "setup.py": "setup",
        "setup.cfg": "setup",
        "Pipfile": "pipfile",
        "Pipfile.lock": "pipfile-lock",
        "poetry.lock": "poetry-lock",
        "uv.lock": "uv-lock",
        "pdm.lock": "pdm-lock",
        "pylock.toml": "pylock",
        "runtime.txt": "runtime",
        "binder/apt.txt": "apt",
        "binder/postBuild": "post-build",
        "install.R": "install-r",
        "renv.lock": "renv",
        "DESCRIPTION": "r-description",
        "Project.toml": "julia-project",
        "Dockerfile": "dockerfile",
    }
    people = ["CITATION.cff", "codemeta.json", ".zenodo.json", "LICENSE", "LICENCE.md", "COPYING"]
    found = scan(
        {**dict.fromkeys([*kinds, *people], ""), "a.ipynb": ["1"], "docs/requirements.txt": ""}
    )
    assert {one.path: one.kind for one in found.declarations} == kinds
    assert sorted(found.descriptions) == sorted(people)


def test_an_inventory_survives_json(scan):
    found = scan({"a.ipynb": ["import numpy as np\nnp.load('x.npy')"], "b.R": "library(dplyr)"})
    assert from_json(to_json(found), Inventory) == found


def test_progress_is_told(write):
    told = []
    take_inventory(
        write({"a.ipynb": ["1"], "b.ipynb": ["1"]}),
        options=ScanOptions(),
        progress=lambda *step: told.append(step),
    )
    assert ("scan", 1, 2, "b.ipynb") in told


def test_languages_and_kernels_are_told(scan):
    def notebook(**metadata):
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": []}

    found = scan(
        {
            "r.ipynb": notebook(kernelspec={"name": "ir", "language": "R"}),
            "r2.ipynb": notebook(kernelspec={"name": "ir"}),
            "j.ipynb": notebook(kernelspec={"name": "julia-1.9"}, language_info={"name": "julia"}),
            "p.ipynb": notebook(
                kernelspec={"name": "myenv"}, language_info={"name": "python", "version": "3.8.1"}
            ),
            "odd.ipynb": notebook(kernelspec=3, language_info=[]),
            "silent.ipynb": {
                "nbformat": 4,
                "cells": [{"cell_type": "code", "source": "f = function(x) {\n  x\n}"}],
            },
        }
    )
    told = {one.path: (one.language, one.kernel, one.language_version) for one in found.notebooks}
    assert told == {
        "r.ipynb": ("r", "ir", None),
        "r2.ipynb": ("r", "ir", None),
        "j.ipynb": ("julia", "julia-1.9", None),
        "p.ipynb": ("python", "myenv", "3.8.1"),
        "odd.ipynb": ("python", "", None),
        "silent.ipynb": ("r", "", None),
    }


def test_empty_outputs_are_not_counted(write):
    outputs = {
        0: [
            {"output_type": "stream", "name": "stdout", "text": ["\n", " "]},
            {"output_type": "stream", "name": "stdout", "text": "x"},
            {"output_type": "display_data", "data": {}, "metadata": {}},
        ]
    }
    root = write({"a.ipynb": notebook_of("print('x')", outputs=outputs)})
    assert take_inventory(root).notebooks[0].outputs == 1
