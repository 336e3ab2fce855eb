"""A fresh cell beside the published one: found again, judged as a replay judges, and shown."""

import re
import time
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from opened_sessions import Opened, open_session_in, published
from recrate.compare.beside import Around, Beside, FreshCell, find_recorded, settled
from recrate.flow.beside import Ran, judge_cell, recorded_cells, show_cell
from recrate.model.errors import BadInput, NotFound
from recrate.model.policy import Policy
from report_accounts import data, of_data, png


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return open_session_in(tmp_path / "session")


def fresh(index: int, outputs: Any, *, source: str | None = None, named: str = "") -> Ran:
    """Return a cell of the published notebook with other outputs."""
    told = published()["cells"][index]["source"] if source is None and index < 3 else source or ""
    cell = FreshCell(index=index, source=told, outputs=outputs, id=named)
    return Ran(notebook="a.ipynb", cell=cell)


def judged(opened: Opened, ran: Ran) -> Beside:
    return judge_cell(opened.session, opened.session.read_head(), ran, policy=Policy())


def test_the_same_outputs_are_identical(opened):
    found = judged(opened, fresh(0, [data(text_plain="1.25")]))
    assert (found.index, found.changed, found.verdict) == (0, False, "identical")
    assert found.sentence == "identical to what is published"


def test_text_in_lines_is_the_same_text(opened):
    found = judged(opened, fresh(0, [data(text_plain=["1.", "25"])]))
    assert found.verdict == "identical"


def test_another_number_is_different_and_the_output_says_why(opened):
    found = judged(opened, fresh(1, [data(text_plain="same"), data(text_plain="lost")]))
    assert found.verdict == "different"
    assert found.sentence == "different from what is published: 1 of 2 outputs"
    assert [one.verdict for one in found.cell.outputs] == ["identical", "different"]


def test_a_number_within_the_tolerance_is_equivalent(opened):
    assert judged(opened, fresh(0, [data(text_plain="1.2500000001")])).verdict == "equivalent"


def test_an_error_that_was_not_recorded_fails_the_cell(opened):
    error = {"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": []}
    found = judged(opened, fresh(0, [error]))
    assert found.verdict == "failed"
    assert found.sentence == "stopped with an error that was not recorded: KeyError"


def test_a_name_that_no_error_can_have_is_not_repeated(opened):
    error = {"output_type": "error", "ename": "<b>pay here</b>", "evalue": "", "traceback": []}
    assert judged(opened, fresh(0, [error])).sentence.endswith(": Error")


def test_where_nothing_is_recorded_there_is_nothing_to_compare(opened):
    found = judged(opened, fresh(2, [data(text_plain="new")]))
    assert found.verdict == "ran"
    assert found.sentence == "nothing is recorded here to compare with"


def test_a_changed_cell_is_shown_and_not_judged(opened):
    ran = fresh(0, [data(text_plain="2.5")], source="x = 2.5\nx", named="cell-0")
    found = judged(opened, ran)
    assert (found.index, found.changed, found.verdict) == (0, True, None)
    page = shown(opened, ran)
    assert "this cell is not as published" in page
    assert "2.5" in page


def test_a_cell_is_found_by_its_id_its_place_or_its_source():
    recorded = published()
    cells = recorded["cells"]

    def at(**told: Any) -> int | None:
        return find_recorded(recorded, FreshCell(outputs=(), **told), ())

    assert at(index=9, source="something else", id="cell-1") == 1
    assert at(index=1, source=cells[1]["source"]) == 1
    assert at(index=7, source=cells[2]["source"] + "  ") == 2
    assert at(index=1, source="import antigravity") is None


def test_among_inserted_and_deleted_cells_the_right_one_is_found():
    recorded = published()
    for cell in recorded["cells"]:
        del cell["id"]
    sources = ["print('mine')", "x = 1.25\nx", "more = 1", "show(x, 2)", "y = 2"]
    around = tuple(Around(index=at, source=one) for at, one in enumerate(sources))
    found = [
        find_recorded(recorded, FreshCell(index=at, source=one, outputs=()), around)
        for at, one in enumerate(sources)
    ]
    assert found == [None, 0, None, 1, 2]
    left = (around[1], around[4])
    last = FreshCell(index=4, source="y = 2", outputs=())
    assert find_recorded(recorded, last, left) == 2


def test_blanks_at_the_ends_of_lines_are_no_change():
    assert settled("a = 1  \r\n\tb = 2\t\n\n") == "a = 1\n\tb = 2"
    assert settled("  a") != settled("a")


def test_a_notebook_that_was_not_published_is_not_known(opened):
    ran = Ran(notebook="mine.ipynb", cell=FreshCell(index=0, source="1", outputs=()))
    assert judged(opened, ran).sentence == "this notebook is not among the published ones"
    head = opened.session.read_head()
    assert recorded_cells(opened.session, head, "mine.ipynb") is None
    assert recorded_cells(opened.session, head, "../session.json") is None
    with pytest.raises(NotFound):
        shown(opened, ran)


def test_what_is_recorded_is_told_per_code_cell(opened):
    cells = recorded_cells(opened.session, opened.session.read_head(), "a.ipynb")
    assert [(one.index, one.id, one.outputs) for one in cells] == [
        (0, "cell-0", 1),
        (1, "cell-1", 2),
        (2, "cell-2", 0),
    ]


def shown(opened: Opened, ran: Ran, **how: Any) -> str:
    told = {"theme": "light", "language": "en"} | how
    head = opened.session.read_head()
    return show_cell(opened.session, head, ran, policy=Policy(), **told)


def test_expected_stands_before_yours_with_the_difference_of_pictures(tmp_path):
    recorded = published()
    recorded["cells"][0]["outputs"] = [of_data(png("navy"))]
    opened = open_session_in(tmp_path / "pictures", {"a.ipynb": recorded})
    page = shown(opened, fresh(0, [of_data(png("crimson"))]))
    assert page.count("data:image/png;base64,") == 3
    assert page.index(">Expected<") < page.index(">Yours<") < page.index(">Difference<")
    assert 'lang="ja"' in page
    assert '<html lang="ja">' in shown(opened, fresh(0, []), language="ja", theme="dark")


def test_the_page_runs_nothing_of_what_a_cell_gave(opened):
    bad = '<img src=x onerror="alert(1)"><script>alert(2)</script><iframe src="/lab"></iframe>'
    page = shown(opened, fresh(0, [data(text_html=bad)]))
    assert not re.search(r"<(script|iframe|object|form)\b|onerror=", page)
    assert "default-src 'none'" in unescape(page)


@pytest.mark.parametrize(
    "outputs",
    [
        [{}],
        [{"output_type": "display_data", "data": 3}],
        [{"output_type": "display_data", "data": {"image/png": "no base64"}, "metadata": []}],
        [{"output_type": "stream", "text": ["a", 1]}, {"output_type": "error", "traceback": 5}],
        [{"output_type": "\ud800", "data": {"text/plain": "\x00\ud83d"}}],
        [data(text_html="<table>" * 3_000)],
    ],
)
def test_outputs_of_any_shape_are_judged_or_refused_and_never_break_anything(opened, outputs):
    ran = fresh(0, outputs)
    try:
        shown(opened, ran).encode("utf-8", "replace")
    except BadInput:
        with pytest.raises(BadInput, match="no outputs of a notebook"):
            judged(opened, ran)
    else:
        assert judged(opened, ran).verdict is not None


def test_an_ordinary_cell_is_judged_in_a_moment(tmp_path):
    recorded = published()
    one = recorded["cells"][0]
    recorded["cells"] = [dict(one, id=f"c{at}", source=f"{at}\nx") for at in range(300)]
    opened = open_session_in(tmp_path / "many", {"a.ipynb": recorded})
    around = [
        Around(index=at, source=cell["source"], id=cell["id"])
        for at, cell in enumerate(recorded["cells"])
    ]
    ran = Ran(
        notebook="a.ipynb",
        cell=FreshCell(index=7, source="7\nx", outputs=[data(text_plain="1.25")], id="c7"),
        around=tuple(around),
    )
    judged(opened, ran)
    took = []
    for _ in range(5):
        began = time.process_time()
        assert judged(opened, ran).index == 7
        took.append(time.process_time() - began)
    assert min(took) < 0.05
