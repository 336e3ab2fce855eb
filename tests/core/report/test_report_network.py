"""Cells that want the network: what the page and the terminal say of them, in both languages."""

from dataclasses import replace
from html import unescape

from recrate.compare.judge import judge
from recrate.model.observation import (
    Asked,
    HeldUp,
    NotebookObservation,
    Observation,
    RunError,
)
from recrate.model.policy import Policy
from recrate.report.account import Account
from recrate.report.page import render_page
from recrate.report.reasons import reason_in_japanese
from recrate.report.text import summarise
from report_accounts import data, every_kind, notebook

ERROR = RunError(name="URLError", message="<urlopen error [Errno -2] Name or ...>", cell=1)
RUN = NotebookObservation(
    path="a.ipynb",
    status="failed",
    seconds=1.0,
    rerun="notebooks/a.ipynb",
    error=ERROR,
    asked=(Asked(cell=1, address="https://data.example.org/<b>x</b>.csv"),),
    held_up=(
        HeldUp(cell=1, wants=1, error=ERROR),
        HeldUp(cell=2, wants=1, error=RunError(name="NameError", message="x", cell=2)),
    ),
)
SEEN = Observation(
    crate="0" * 64,
    crate_name="A study",
    repeat=0,
    agent="recrate test",
    started="2026-11-01T00:00:00+00:00",
    ended="2026-11-01T00:00:01+00:00",
    runner="this machine",
    sandbox="bubblewrap",
    environment=None,
    notebooks=(RUN,),
)
RECORDED = notebook(*([data(text_plain=str(number))] for number in range(4)))
RERUN = notebook([data(text_plain="0")], [], [], [data(text_plain="3")])


def account(seen: Observation = SEEN) -> Account:
    """What a replay without the network left."""
    verdict = judge({"a.ipynb": RECORDED}, [seen], [{"a.ipynb": RERUN}], Policy())
    return replace(
        every_kind(),
        verdict=verdict,
        observations=(seen,),
        recorded={"a.ipynb": RECORDED},
        reruns=({"a.ipynb": RERUN},),
    )


def test_the_terminal_says_how_many_cells_hold_and_which_want_the_network() -> None:
    told = "2 of 4 cells hold; 2 want the network, or what it would have brought"
    assert told in summarise(account().verdict)
    assert told in account().verdict.sentence
    assert "4 個中 2 個のセルは記録と一致しました" in summarise(account().verdict, language="ja")


def test_the_page_says_it_in_both_languages_with_what_was_asked() -> None:
    page = render_page(account())
    assert "2 of 4 cells hold; 2 want the network" in page
    assert "4 個中 2 個のセルは記録と一致しました" in page
    assert "Asked of the network" in page
    assert "https://data.example.org/<b>x</b>.csv" in unescape(page)
    assert "<b>x</b>.csv" not in page
    assert "No cell got an answer" in page
    assert "The run ended before this cell." not in page


def test_where_the_network_was_allowed_the_page_proposes_data_references() -> None:
    run = replace(RUN, status="completed", error=None, held_up=())
    page = render_page(account(replace(SEEN, network_allowed=True, notebooks=(run,))))
    assert "recrate pack STUDY -o FILE --found REPLAY" in page
    assert "No cell got an answer" not in page


def test_every_reason_has_its_japanese() -> None:
    behind = replace(RUN, error=RunError(name="KeyError", message="x", cell=3))
    for run in (RUN, replace(RUN, asked=()), behind):
        verdict = account(replace(SEEN, notebooks=(run,))).verdict
        (told,) = verdict.notebooks
        reasons = [output.reason for cell in told.cells for output in cell.outputs]
        for text in [*told.notes, *(one for one in reasons if one.startswith("not "))]:
            assert reason_in_japanese(text) != text, text


def test_an_older_observation_is_judged_as_ever() -> None:
    run = replace(RUN, held_up=(), asked=())
    verdict = account(replace(SEEN, notebooks=(run,))).verdict
    assert [cell.verdict.value for cell in verdict.notebooks[0].cells] == [
        "identical", "failed", "failed", "failed",
    ]  # fmt: skip
    assert "cells hold" not in verdict.sentence
    assert "cells hold" not in summarise(verdict)
