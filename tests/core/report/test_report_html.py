"""The page as text: bounded, self-contained, deterministic, honest about what it cut."""

import ast
import base64
import hashlib
import re
import time
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

import recrate.report
from recrate.model.environment import NotRestored
from recrate.model.verdict import Cause, Coverage, Judgement, OutputJudgement
from recrate.report.account import Account
from recrate.report.marks import favicon
from recrate.report.page import render_page
from report_accounts import account_of, count, data, every_kind, judged, lock, notebook, of_data

FORBIDDEN = {"os", "pathlib", "socket", "subprocess", "shutil", "tempfile", "io", "importlib"}


def text_of(page: str) -> str:
    body = re.sub(r"(?s)<(style|script)>.*?</\1>", "", page.partition("<body>")[2])
    return re.sub(r"<[^>]*>", "", body)


def study(outputs: int, content: dict, *, verdict: str = "different") -> Account:
    """Return an account of one notebook with so many cells of one output."""
    recorded = notebook(*([of_data(content)] for _ in range(outputs)))
    changed = {mime: text + "1" if mime != "image/png" else text for mime, text in content.items()}
    rerun = notebook(*([of_data(changed)] for _ in range(outputs)))
    mime = next(iter(content))
    rows = [(index, 0, verdict, mime) for index in range(outputs)]
    return account_of(
        (judged("a.ipynb", rows),),
        {"a.ipynb": recorded},
        {"a.ipynb": rerun},
        coverage=count([verdict] * outputs),
        judgement=Judgement.DIFFERENT,
    )


def test_the_room_opens_nothing():
    folder = Path(recrate.report.__file__).parent
    for source in folder.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            assert not {name.split(".")[0] for name in names} & FORBIDDEN, source.name


def test_the_same_account_gives_the_same_page():
    assert render_page(every_kind()) == render_page(every_kind())


def test_the_policy_admits_our_own_style_and_script_by_hash_and_nothing_else():
    page = render_page(every_kind())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for tag in ("style", "script"):
        inside = re.search(rf"(?s)<{tag}>(.*?)</{tag}>", page)
        assert inside
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in unescape(policy[1])
    assert "unsafe" not in policy[1]
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_the_verdict_comes_before_everything_else():
    told = text_of(render_page(every_kind()))
    order = ["Failed", "7 of 9 outputs compared", "missing package", "What ran", "Notebooks"]
    places = [told.index(one) for one in order]
    assert places == sorted(places)


def test_what_differs_is_marked_in_text_tables_and_pictures():
    page = render_page(every_kind())
    assert "<del>1.25</del>" in page
    assert "<ins>1.75</ins>" in page
    assert '<td class="changed"><del>2.50</del></td>' in page
    assert '<td class="changed"><ins>3.75</ins></td>' in page
    assert page.count('src="data:image/png;base64,') == 3


def test_every_set_aside_output_is_listed_with_its_reason():
    page = render_page(every_kind())
    listed = page.partition('id="aside-heading"')[2].partition("</section>")[0]
    for verdict in ("unstable", "skipped", "waived", "added"):
        assert f'<li class="is-{verdict}">' in listed
    assert listed.count("2 of 3 numbers differ") == 4


def test_every_mark_leads_to_an_output_of_the_page():
    page = render_page(every_kind())
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(ids)
    assert len(re.findall(r'class="mark ', page)) == 10


def test_the_environment_says_what_is_not_as_locked():
    told = text_of(render_page(every_kind()))
    assert "numpy 2.1 is installed, the lock says 2.0" in told
    assert "≠ 2.1" in told


def test_why_nothing_could_be_restored_is_told_on_top():
    account = every_kind()
    why = NotRestored(
        cause=Cause.NO_BUILD.value, message="no wheel for numpy", evidence="E1", hint="an older one"
    )
    seen = replace(account.observations[0], environment=None, not_restored=why, notebooks=())
    verdict = replace(
        account.verdict,
        verdict=Judgement.NOT_RESTORED,
        notebooks=(),
        coverage=Coverage(outputs=3, missing=3, compared=3),
    )
    page = render_page(replace(account, verdict=verdict, observations=(seen,), reruns=()))
    told = text_of(page)
    assert told.index("Not restored") < told.index("no build for this platform")
    assert "no wheel for numpy" in told
    assert "an older one" in told


@pytest.mark.parametrize("verdict", list(Judgement))
def test_every_verdict_gives_a_page_with_its_own_icon(verdict):
    account = every_kind()
    page = render_page(replace(account, verdict=replace(account.verdict, verdict=verdict)))
    icons = re.findall(r'<link rel="icon" href="(data:image/svg[^"]+)"', page)
    assert icons == [favicon(verdict.value)]
    assert len({favicon(one.value) for one in Judgement}) == len(Judgement)


@pytest.mark.parametrize(
    "recorded",
    [
        {},
        {"cells": None},
        {"cells": [None, 3, "x", {}]},
        {"cells": [{"cell_type": "code", "outputs": [None, 4, {"output_type": 7}], "source": 3}]},
        {"cells": [{"cell_type": "code", "outputs": [{"output_type": "stream", "text": None}]}]},
        {"cells": [{"cell_type": [], "outputs": {"a": 1}, "execution_count": {}}]},
        {"cells": [{"cell_type": "code", "outputs": [{"data": {"text/html": {"a": []}}}]}]},
        {"cells": [{"cell_type": "code", "outputs": [{"data": {"image/png": ["\ud800"]}}]}]},
    ],
)
def test_malformed_notebooks_never_raise(recorded):
    rows = [(0, 0, kind.value, "image/png") for kind in OutputJudgement]
    page = render_page(
        account_of(
            (judged("a.ipynb", rows),),
            {"a.ipynb": recorded},
            {"a.ipynb": recorded},
            coverage=count(["different"]),
            judgement=Judgement.DIFFERENT,
        )
    )
    page.encode("utf-8")


def test_a_thousand_outputs_render_in_a_few_seconds():
    account = study(1000, {"text/plain": "\n".join(f"row {n} {n / 7}" for n in range(40))})
    start = time.process_time()
    page = render_page(account)
    assert time.process_time() - start < 8
    assert page.count('class="mark ') == 1000


def test_a_flood_of_output_stays_a_page_and_says_what_was_cut():
    flood = "x" * 3_000_000
    page = render_page(study(40, {"text/plain": flood}))
    assert len(page) < 12_000_000
    assert "3,000,000 characters in all" in page


def test_pictures_beyond_the_allowance_are_named_not_embedded():
    blob = b"\x89PNG\r\n\x1a\n" + bytes(6_000_000)
    page = render_page(study(12, {"image/png": base64.b64encode(blob).decode()}))
    assert len(page) < 90_000_000
    assert "Left out of this page for its size (6.0 MB)" in page


def test_many_small_stream_pieces_cost_no_more_than_one():
    pieces = [{"output_type": "stream", "name": "stdout", "text": "line\n"} for _ in range(30_000)]
    account = account_of(
        (judged("a.ipynb", [(0, 0, "identical", "text/plain")]),),
        {"a.ipynb": notebook(pieces)},
        {"a.ipynb": notebook(pieces)},
        coverage=count(["identical"]),
        judgement=Judgement.IDENTICAL,
    )
    start = time.process_time()
    render_page(account)
    assert time.process_time() - start < 5


def test_remote_pictures_are_left_out_and_named():
    html = '<table><tr><td><img src="https://a.invalid/x.png" alt="logo"></td></tr></table>'
    account = account_of(
        (judged("a.ipynb", [(0, 0, "identical", "text/html")]),),
        {"a.ipynb": notebook([data(text_html=html)])},
        {"a.ipynb": notebook([data(text_html=html)])},
        coverage=count(["identical"]),
        judgement=Judgement.IDENTICAL,
    )
    page = render_page(account)
    assert "a.invalid" not in page
    assert "▨ logo" in page


def test_svg_stands_only_inside_a_picture():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><script>1</script></svg>'
    page = render_page(study(1, {"image/svg+xml": svg}))
    assert 'src="data:image/svg+xml;base64,' in page
    assert page.count("<script>") == 1


def test_without_a_lock_or_observation_there_is_still_a_page():
    account = replace(every_kind(), lock=None, observations=(), reruns=(), recorded={})
    assert "Failed" in text_of(render_page(account))
    assert lock().packages
