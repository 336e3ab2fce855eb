"""A reviewer runs all twice: what differs between the two runs is chance, and lowers nothing."""

import json

import pytest

from opened_sessions import published
from recrate.compare.beside import FreshCell
from recrate.configuration import read_settings
from recrate.flow.beside import Ran, judge_cell, remember_cell
from recrate.flow.earlier_runs import RUNS
from recrate.model.errors import OutsideFailed
from recrate.model.verdict import Judgement
from replayed_folders import entities

AT = "2026-03-01T09:30:00+00:00"


@pytest.fixture
def ran(opened):
    """Run cell 1 of a notebook, as the server hears of it, and return the text it gave."""

    def run(text, *, whole=True, source="show(x)", path="a.ipynb", count=12):
        cell = published()["cells"][1]
        cell["outputs"][0]["data"]["text/plain"] = text
        fresh = FreshCell(index=1, id="cell-1", source=source, outputs=cell["outputs"])
        heard = Ran(notebook=path, cell=fresh, execution_count=count, whole=whole)
        head = opened.session.read_head()
        found = judge_cell(opened.session, head, heard, policy=read_settings().policy)
        remember_cell(opened.session, heard, found, now=AT)
        return text

    return run


def saved_with(opened, text, path="a.ipynb"):
    def change(document):
        document["cells"][1]["outputs"][0]["data"]["text/plain"] = text

    opened.save(path, change)


def judged(review):
    verdict = review().verdict
    return verdict.verdict, verdict.coverage


def test_what_differs_between_two_whole_runs_is_unstable(opened, ran, review, tmp_path):
    ran("other")
    saved_with(opened, ran("another"))
    verdict, coverage = judged(review)
    assert (verdict, coverage.different, coverage.unstable) == (Judgement.IDENTICAL, 0, 1)
    actions = entities(tmp_path / "run")
    assert actions["#observation-1"]["name"] == "Earlier run by hand of Tides"
    notes = json.loads((tmp_path / "run" / "observations" / "1" / "observation.json").read_text())
    assert any("a.ipynb: cells 1" in one for one in notes["notes"])


def test_the_same_difference_twice_is_a_difference(opened, ran, review, tmp_path):
    ran("other")
    saved_with(opened, ran("other"))
    assert judged(review)[0] is Judgement.DIFFERENT
    assert not (tmp_path / "run" / "observations" / "1").exists()


def test_chance_is_remembered_when_the_third_run_gives_what_the_second_gave(opened, ran, review):
    ran("other")
    ran("another")
    saved_with(opened, ran("another"))
    assert judged(review)[1].unstable == 1


def test_a_cell_run_once_more_in_the_same_kernel_proves_no_chance(opened, ran, review):
    ran("other")
    saved_with(opened, ran("another", whole=False))
    assert judged(review)[0] is Judgement.DIFFERENT


def test_a_last_run_as_published_is_identical_whatever_came_before(opened, ran, review):
    ran("other")
    saved_with(opened, ran("same"))
    verdict, coverage = judged(review)
    assert (verdict, coverage.unstable) == (Judgement.IDENTICAL, 0)


def test_runs_of_a_changed_source_do_not_count(opened, ran, review):
    ran("other", source="show(y)")
    saved_with(opened, ran("another"))
    assert judged(review)[0] is Judgement.DIFFERENT


def test_a_second_notebook_that_ran_once_is_judged_as_it_is(opened, ran, review):
    ran("other")
    saved_with(opened, ran("another"))
    saved_with(opened, ran("elsewhere", path="b.ipynb"), path="b.ipynb")
    verdict, coverage = judged(review)
    assert (verdict, coverage.different, coverage.unstable) == (Judgement.DIFFERENT, 1, 1)


@pytest.mark.parametrize("content", [b"", b"{", b'{"runs": [1]}', b'{"runs": []}'])
def test_what_is_kept_may_be_spoilt_and_the_verdict_stands(opened, ran, review, content):
    ran("other")
    saved_with(opened, ran("another"))
    (kept,) = (opened.session.root / RUNS).glob("*/1.json")
    kept.write_bytes(content)
    assert judged(review)[0] is Judgement.DIFFERENT


def test_results_beyond_the_limit_are_not_kept(opened, ran, review):
    ran("other")
    saved_with(opened, ran("x" * (9 << 20)))
    assert not list((opened.session.root / RUNS).glob("*/1.json"))


def test_a_disk_that_lets_us_down_is_named(opened, ran):
    (opened.session.root / RUNS).write_text("in the way")
    with pytest.raises(OutsideFailed):
        ran("other")
