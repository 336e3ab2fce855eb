"""What a reviewer ran by hand becomes a verdict: of what was run as published, and says so."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from opened_sessions import Opened, open_session_in, published
from recrate.configuration import settings_from
from recrate.crate.check import check_crate
from recrate.crate.profile import Contexts, check_profile
from recrate.crate.read import read_crate
from recrate.flow.publishing import PublishOrder, preflight, publish
from recrate.flow.replay import Replayed
from recrate.flow.settings import Settings
from recrate.flow.verdict_documents import verdict_documents
from recrate.flow.waiving import waive
from recrate.flow.witnessing import BY_HAND, WitnessOrder, witness
from recrate.metadata.record import record_of_run
from recrate.model.deposit import Place
from recrate.model.errors import BadInput, NotFound
from recrate.model.finding import Severity
from recrate.model.policy import Waiver
from recrate.model.record import RecordKind
from recrate.model.verdict import Judgement, OutputJudgement
from recrate.model.witness import Reviewer
from recrate.publish.site_verdict import REVIEW, VERDICT, VERDICT_FORMATS
from replayed_folders import entities
from report_accounts import data

OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "ro-crate"
NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
ORCID = "https://orcid.org/0000-0002-1825-0097"
REVIEWER = Reviewer(name="Kana Sato", orcid="0000-0002-1825-0097", affiliation="NII")

Reviewing = Callable[..., Replayed]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a fixed clock and a list of replays of their own."""
    found = settings_from(Config({"Publish": {"offer_known_places": False}}))
    ledger = tmp_path / "data" / "deposits"
    return replace(found, clock=lambda: NOW, publish=replace(found.publish, ledger=ledger))


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A session of two notebooks that nobody touched."""
    return open_session_in(tmp_path / "session")


@pytest.fixture
def review(opened: Opened, settings: Settings, tmp_path: Path) -> Reviewing:
    """Make a verdict of what was run."""

    def reviewing(**said: Any) -> Replayed:
        told = {"reviewer": REVIEWER, "opinion": "confirms", "statement": "It holds."} | said
        order = WitnessOrder(**told)
        return witness(opened.session, order, destination=tmp_path / "run", settings=settings)

    return reviewing


def notes_of(done: Replayed, path: str = "a.ipynb") -> list[str]:
    seen = done.observations[0].notebooks
    return next(list(one.notes) for one in seen if one.path == path)


def test_what_came_out_the_same_is_identical_and_the_notebook_not_run_is_left_out(opened, review):
    opened.save("a.ipynb")
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert (done.verdict.coverage.outputs, done.verdict.coverage.compared) == (3, 3)
    assert [one.path for one in done.verdict.notebooks] == ["a.ipynb"]
    assert notes_of(done) == []
    assert "not run by the reviewer, left out: b.ipynb" in done.observations[0].notes


def test_a_changed_cell_is_named_and_not_judged(opened, review):
    def change(document: Any) -> None:
        document["cells"][0] |= {"source": "x = 1.25 * 2\nx", "outputs": [data(text_plain="2.5")]}

    opened.save("a.ipynb", change)
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert done.verdict.coverage.skipped == 1
    output = done.verdict.notebooks[0].cells[0].outputs[0]
    assert output.verdict is OutputJudgement.SKIPPED
    assert output.reason == "not judged: the reviewer changed this cell"
    assert notes_of(done) == ["changed by the reviewer, not judged: cells 0"]


def test_blanks_at_the_ends_of_lines_change_nothing(opened, review):
    opened.save("a.ipynb", lambda found: found["cells"][0].update(source="x = 1.25  \nx\n"))
    assert review().verdict.coverage.compared == 3


def test_another_output_is_different(opened, review):
    def change(document: Any) -> None:
        document["cells"][0]["outputs"] = [data(text_plain="1.75")]

    opened.save("a.ipynb", change)
    done = review(opinion="doubts")
    assert done.verdict.verdict is Judgement.DIFFERENT
    assert done.verdict.coverage.different == 1


def test_cells_run_out_of_order_are_named(opened, review):
    opened.save("a.ipynb", lambda found: found["cells"][0].update(execution_count=40))
    assert notes_of(review()) == ["run out of order: cell 0 as number 40, cell 1 as 12"]


def test_cells_not_run_cleared_or_deleted_are_named_and_do_not_lower_the_verdict(opened, review):
    def change(document: Any) -> None:
        document["cells"][1] |= {"execution_count": None, "outputs": []}
        del document["cells"][2]

    opened.save("a.ipynb", change)
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert done.verdict.coverage.skipped == 2
    assert notes_of(done) == [
        "deleted by the reviewer, not judged: cells 2",
        "not run by the reviewer, not judged: cells 1",
    ]


def test_a_notebook_that_nobody_ran_is_no_evidence(review, tmp_path):
    with pytest.raises(BadInput, match="no notebook was run") as refused:
        review()
    assert "save them" in refused.value.hint
    assert not (tmp_path / "run").exists()


def test_what_the_server_saw_counts_where_the_saved_notebook_is_as_published(opened, review):
    opened.see("a.ipynb", 0, "x = 1.25\nx", 1)
    done = review()
    assert done.verdict.coverage.compared == 1
    assert notes_of(done) == ["not run by the reviewer, not judged: cells 1, 2"]


def test_a_cell_that_was_run_but_not_saved_is_not_judged_by_what_the_author_recorded(
    opened, review
):
    opened.see("a.ipynb", 0, "x = 1.25\nx", 7)
    opened.see("a.ipynb", 1, "show(x)", 2)
    done = review()
    assert done.verdict.coverage.compared == 2
    assert "run, but not saved afterwards, not judged: cells 0" in notes_of(done)


def test_outputs_of_another_source_are_not_taken_for_the_published_ones(opened, review):
    opened.save("a.ipynb")
    opened.see("a.ipynb", 0, "x = 1.25 # a trick\nx", 11)
    assert notes_of(review()) == ["last run with another source, not judged: cells 0"]


def test_times_that_jupyter_noted_tell_that_a_cell_was_run(opened, review):
    def change(document: Any) -> None:
        for cell, recorded in zip(document["cells"], published()["cells"], strict=True):
            cell["execution_count"] = recorded["execution_count"]
        ran = {"iopub.execute_input": "2026-03-01T09:30:00+00:00"}
        document["cells"][0]["metadata"]["execution"] = ran
        old = {"iopub.execute_input": "2026-02-01T09:30:00+00:00"}
        document["cells"][1]["metadata"]["execution"] = old

    opened.save("a.ipynb", change)
    assert notes_of(review()) == ["not run by the reviewer, not judged: cells 1, 2"]


def test_an_unrecorded_error_fails_the_notebook_and_what_was_run_behind_it_is_judged(
    opened, review
):
    def change(document: Any) -> None:
        error = {
            "output_type": "error",
            "ename": "KeyError",
            "evalue": "'x'",
            "traceback": ["\x1b[31mat x"],
        }
        document["cells"][0]["outputs"] = [error]

    opened.save("a.ipynb", change)
    done = review()
    (judged,) = done.verdict.notebooks
    assert done.verdict.verdict is Judgement.FAILED
    assert (judged.error.name, judged.error.cell) == ("KeyError", 0)
    assert done.verdict.coverage.identical == 2
    assert done.observations[0].notebooks[0].error.traceback == "at x"


def test_an_error_in_a_cell_that_the_reviewer_added_is_no_failure_of_the_study(opened, review):
    def change(document: Any) -> None:
        error = {"output_type": "error", "ename": "NameError", "evalue": "z", "traceback": []}
        mine = dict(document["cells"][2], id="mine", source="z", outputs=[error])
        document["cells"].insert(1, mine)

    opened.save("a.ipynb", change)
    done = review()
    assert done.verdict.verdict is Judgement.IDENTICAL
    assert notes_of(done)[0] == "added and run by the reviewer: 1 cells"


def test_notebooks_that_cannot_be_judged_are_left_out_with_a_note(opened, review, tmp_path):
    opened.save("a.ipynb")
    (opened.study / "b.ipynb").unlink()
    secret = tmp_path / "secret.ipynb"
    secret.write_text(json.dumps(published()))
    (opened.study / "b.ipynb").symlink_to(secret)
    (opened.study / "extra.ipynb").write_text("{}")
    done = review()
    assert "no longer in the session, left out: b.ipynb" in done.observations[0].notes
    assert [one.path for one in done.verdict.notebooks] == ["a.ipynb"]


def test_an_unreadable_notebook_is_left_out_with_a_note(opened, review):
    opened.save("a.ipynb")
    (opened.study / "b.ipynb").write_text("[1, 2")
    assert "cannot be read as a notebook, left out: b.ipynb" in review().observations[0].notes


def test_a_notebook_that_was_not_published_or_an_orcid_that_is_none_is_refused(opened, review):
    opened.save("a.ipynb")
    with pytest.raises(NotFound):
        review(notebooks=("extra.ipynb",))
    with pytest.raises(BadInput, match="ORCID"):
        review(reviewer=Reviewer(orcid="0000-0002-1825-0098"))


def test_nobody_can_take_it_for_an_unattended_replay(opened, review, tmp_path):
    opened.save("a.ipynb")
    done = review()
    run = tmp_path / "run"
    (seen,) = done.observations
    assert seen.by_hand
    assert done.verdict.by_hand
    assert BY_HAND in seen.notes
    assert seen.runner == "JupyterLab session (target here)"
    assert done.verdict.sentence.endswith("Run by hand, not by an unattended replay.")
    report = (run / "report.html").read_text()
    assert "This is no unattended replay." in report
    assert "自動の再実行ではありません" in report
    assert "By hand" in (run / "badge.svg").read_text()
    graph = entities(run)
    assert graph["./"]["name"] == "Review by hand of Tides"
    assert {"@id": "#jupyterlab"} in graph["#observation-0"]["instrument"]
    assert "by hand" in graph["#observation-0"]["description"]


def test_the_reviewers_word_is_in_the_report_the_review_and_the_run_crate(opened, review, tmp_path):
    opened.save("a.ipynb")
    review(statement="Figure 2 & <b>table</b> 3 hold.")
    run = tmp_path / "run"
    report = (run / "report.html").read_text()
    assert "Figure 2 &amp; &lt;b&gt;table&lt;/b&gt; 3 hold." in report
    assert "Seen by Kana Sato" in report
    told = json.loads((run / "review.jsonld").read_text())
    assert told["reviewBody"] == "Figure 2 & <b>table</b> 3 hold."
    assert told["author"]["@id"] == ORCID
    assert told["author"]["affiliation"]["name"] == "NII"
    about = {one["propertyID"]: one["value"] for one in told["about"]}
    assert about["recrate-opinion"] == "confirms"
    assert about["recrate-verdict"] == "identical"
    graph = entities(run)
    assert graph["#review"]["author"] == {"@id": ORCID}
    assert graph["#observation-0"]["agent"] == {"@id": ORCID}
    assert graph["witness.json"]["@type"] == "File"
    assert graph[ORCID]["name"] == "Kana Sato"


def test_an_anonymous_reviewer_is_called_so(opened, review, tmp_path):
    opened.save("a.ipynb")
    review(reviewer=Reviewer(), statement="")
    run = tmp_path / "run"
    assert entities(run)["#reviewer"]["name"] == "Anonymous reviewer"
    assert "an anonymous reviewer" in (run / "report.html").read_text()
    told = json.loads((run / "review.jsonld").read_text())
    assert told["reviewBody"] == "confirms the published results"


def test_the_run_crate_passes_its_profiles_and_our_own_check(opened, review, tmp_path):
    if not OFFICIAL.is_dir():
        pytest.skip(f"the official RO-Crate contexts are not at {OFFICIAL}")
    contexts = Contexts(folder=OFFICIAL)
    opened.save("a.ipynb")
    review()
    document = json.loads((tmp_path / "run" / "ro-crate-metadata.json").read_text())
    for profile in ("ro-crate-1.1", "process-run-crate-0.5"):
        assert check_profile(document, contexts=contexts, profile=profile) == ()
    errors = [
        one.message
        for one in check_crate(tmp_path / "run", profile=False)
        if one.severity is Severity.ERROR
    ]
    assert errors == []


def test_it_can_be_published_as_any_verdict(opened, review, settings, tmp_path):
    opened.save("a.ipynb")
    review()
    here = Place(name="pages", kind="folder", title="Pages")
    offering = replace(settings, publish=replace(settings.publish, places=(here,)))
    order = PublishOrder(
        location=tmp_path / "run",
        place="pages",
        mark="1" * 32,
        answers={"folder": str(tmp_path / "www")},
    )
    found = preflight(order, settings=offering)
    assert found.refused == ()
    assert found.parcel.record.kind is RecordKind.REPLAY
    done = publish(order, settings=offering)
    assert done.receipt.record_url
    pages = "".join(one.read_text() for one in (tmp_path / "www").rglob("*.html"))
    assert "Review by hand of Tides" in pages
    assert "Run by hand, not by an unattended replay." in pages


def test_a_landing_page_says_whose_review_it_is_and_that_it_was_by_hand(opened, review, tmp_path):
    opened.save("a.ipynb")
    review()
    run = tmp_path / "run"
    record = record_of_run(read_crate(run), today="2026-03-02", agent="recrate 0.1.0")
    assert record.description.title == "Review by hand of Tides"
    made = verdict_documents(run, record, VERDICT_FORMATS)
    told = json.loads(made[REVIEW])
    assert told["author"]["name"] == "Kana Sato"
    assert told["name"] == "Review by hand of Tides"
    sentences = dict(json.loads(made[VERDICT])["sentences"])
    assert sentences["en"].endswith("Run by hand, not by an unattended replay.")
    assert sentences["ja"].endswith("自動の再実行ではなく、手動で実行。")


def test_judged_again_it_is_still_the_reviewers(opened, review, tmp_path):
    def change(document: Any) -> None:
        document["cells"][0]["outputs"] = [data(text_plain="1.75")]

    opened.save("a.ipynb", change)
    review()
    taken = Waiver(path="a.ipynb", cell=0, output=0, reason="another machine")
    again = waive(tmp_path / "run", taken, person="Kana Sato", now=NOW.isoformat())
    assert again.by_hand
    assert "Seen by Kana Sato" in (tmp_path / "run" / "report.html").read_text()


def test_half_surrogate_pairs_in_an_output_spoil_nothing(opened, review):
    def change(document: Any) -> None:
        document["cells"][0]["outputs"] = [data(text_plain="\ud83d and \x00")]

    opened.save("a.ipynb", change)
    assert review().verdict.verdict is Judgement.DIFFERENT
