"""A notebook is changed in the cell that is meant, and in no byte outside of it."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from making import notebook_of, stream
from mended import Mended
from recrate.mending.files import earlier, place, put_back
from recrate.mending.notebooks import CellEdit, NotebookFile, out_of_order
from recrate.model.errors import Conflict, RecrateError
from recrate.model.fix import FixKind

ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": []}
STYLES = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 2, "ensure_ascii": True},
    {"indent": "\t", "ensure_ascii": False, "sort_keys": True},
    {"indent": None, "ensure_ascii": True, "separators": (",", ":")},
    {"indent": None, "ensure_ascii": False},
]


def written(document, style, *, lines=False, end="\n", mark="", newline="\n"):
    """Return a notebook as bytes in one of the ways that programs write them."""
    if lines:
        for cell in document["cells"]:
            cell["source"] = cell["source"].splitlines(keepends=True)
    text = mark + json.dumps(document, **style) + end
    return text.replace("\n", newline).encode("utf-8")


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize(("end", "mark", "newline"), [("\n", "", "\n"), ("", "\ufeff", "\r\n")])
def test_only_the_meant_cell_changes_and_it_is_written_as_the_file_is(
    style, lines, end, mark, newline
):
    document = json.loads(
        notebook_of("a = 'é'", "b = 1\nc = '日本'", "d = 3", outputs={1: [stream("x")]})
    )
    content = written(document, style, lines=lines, end=end, mark=mark, newline=newline)
    wanted = "import os\nb = 1\n\nc = 'é日本'"
    new = NotebookFile(content).edited({1: CellEdit(source=wanted, clear=True)})
    document = json.loads(
        notebook_of("a = 'é'", "b = 1\nc = '日本'", "d = 3", outputs={1: [stream("x")]})
    )
    document["cells"][1].update(source=wanted, outputs=[], execution_count=None)
    assert new == written(document, style, lines=lines, end=end, mark=mark, newline=newline)


@settings(max_examples=150, deadline=None)
@given(
    sources=st.lists(st.text(max_size=30), min_size=1, max_size=5),
    new=st.text(st.characters(blacklist_categories=["Cs"]), max_size=40),
    style=st.sampled_from(STYLES),
    lines=st.booleans(),
    chosen=st.integers(0, 4),
)
def test_bytes_outside_of_the_cell_stay_and_the_cell_says_what_was_meant(
    sources, new, style, lines, chosen
):
    document = json.loads(notebook_of(*sources))
    style = {**style, "ensure_ascii": True}
    content = written(document, style, lines=lines)
    index = chosen % len(sources)
    notebook = NotebookFile(content)
    changed = notebook.edited({index: CellEdit(source=new)})
    start, end = notebook.cells[index].spans["source"]
    text = changed.decode()
    assert text.startswith(notebook.text[:start])
    assert text.endswith(notebook.text[end:])
    found = json.loads(changed)["cells"]
    assert "".join(found[index]["source"]) == new
    assert [cell for n, cell in enumerate(found) if n != index] == [
        cell for n, cell in enumerate(json.loads(content)["cells"]) if n != index
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"nbformat": 3, "cells": []}', b'{"nbformat": 4}', b"\xff\xfe{}",
     b'{"nbformat": 4, "cells": 3}', b"[" * 100_000, b'{"nbformat": 4, "cells": [1}'],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_what_is_no_notebook_of_format_4_is_not_mended(content):
    with pytest.raises(ValueError):
        NotebookFile(content)


def test_a_stored_error_is_cleared_and_comes_back_on_undo(study):
    study.put("a.ipynb", notebook_of("1/0", "2", outputs={0: [ERROR], 1: [stream("x")]}))
    before = study.everything()
    (fix,) = study.fixes("stored-error")
    assert (fix.kind, fix.preview[0].cleared) == (FixKind.CLEAR_OUTPUT, 1)
    done = study.mend(fix)
    cells = json.loads(study.bytes_of("a.ipynb"))["cells"]
    assert (cells[0]["outputs"], cells[0]["execution_count"]) == ([], None)
    assert cells[1]["outputs"] == [stream("x")]
    study.take_back(done)
    assert study.everything() == before


def test_personal_data_in_an_output_are_cleared_and_not_shown_on_the_way(study):
    mail = "taro.yamada@u-tokyo.ac.jp"
    study.put("a.ipynb", notebook_of("show()", outputs={0: [stream(mail)]}))
    (fix,) = study.fixes("personal-data")
    assert mail not in str(fix)
    study.mend(fix)
    assert mail.encode() not in study.bytes_of("a.ipynb")


@pytest.mark.parametrize(
    ("counts", "cleared"),
    [([1, 9, 3, 4], [1]), ([3, 1, 2], [0]), ([4, 3, 2, 1], [0, 1, 2]), ([None, 2, 2, 1], [3]),
     ([0, 5, 1], [1]), ([1, 2, 3], [])],
)  # fmt: skip
def test_the_fewest_cells_run_out_of_order_are_cleared(study, counts, cleared):
    document = json.loads(notebook_of(*(f"x{n} = {n}" for n in range(len(counts)))))
    for cell, count in zip(document["cells"], counts, strict=True):
        cell["execution_count"] = count
    study.put("a.ipynb", document)
    assert len(out_of_order(NotebookFile(study.bytes_of("a.ipynb")))) == len(cleared)
    for fix in study.fixes("run-out-of-order"):
        study.mend(fix)
        assert "run-out-of-order" not in {one.code for one in study.findings()}
    found = [
        index
        for index, cell in enumerate(json.loads(study.bytes_of("a.ipynb"))["cells"])
        if cell["execution_count"] is None and counts[index] is not None
    ]
    assert len(found) == len(cleared)


def test_an_error_that_is_meant_is_left_alone(study):
    document = json.loads(notebook_of("1/0", outputs={0: [ERROR]}))
    document["cells"][0]["metadata"]["tags"] = ["raises-exception"]
    study.put("a.ipynb", document)
    assert study.fixes("stored-error") == []


def test_a_file_that_changed_since_is_not_overwritten_by_undo(study):
    study.put("a.ipynb", notebook_of("1/0", outputs={0: [ERROR]}))
    done = study.mend(study.fixes("stored-error")[0])
    study.put("a.ipynb", ["mine"])
    with pytest.raises(Conflict, match="since the fix"):
        study.take_back(done)
    assert study.source("a.ipynb", 0) == "mine"


@settings(max_examples=200, deadline=None)
@given(
    head=st.binary(max_size=20),
    old=st.binary(max_size=20),
    new=st.binary(max_size=20),
    tail=st.binary(max_size=20),
)
def test_what_was_there_can_always_be_made_from_what_is_kept(head, old, new, tail):
    with tempfile.TemporaryDirectory() as folder:
        study = Mended(Path(folder))
        before, after = head + old + tail, head + new + tail
        study.put("f", after)
        kept = earlier("f", before, after)
        assert len(kept.base64) <= (len(old) + 2) // 3 * 4
        put_back(study.root, (kept,))
        assert study.bytes_of("f") == before


NAMES = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=NAMES | st.sampled_from(["../x", "a/../../x", "/etc/x", "", ".", "a//b", "a\\b", "\0"]))
def test_no_name_leads_out_of_the_study(name):
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = place(Path(folder), name)
        except RecrateError:
            return
        assert found.resolve().is_relative_to(Path(folder).resolve())
        assert found.resolve() != Path(folder).resolve()
