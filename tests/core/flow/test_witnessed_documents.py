"""The documents of a review by hand: whose it is, and that no unattended replay made it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from recrate.crate.check import check_crate
from recrate.crate.profile import Contexts, check_profile
from recrate.crate.read import read_crate
from recrate.flow.publishing import PublishOrder, preflight, publish
from recrate.flow.verdict_documents import verdict_documents
from recrate.flow.waiving import waive
from recrate.flow.witnessing import BY_HAND
from recrate.metadata.record import record_of_run
from recrate.model.deposit import Place
from recrate.model.finding import Severity
from recrate.model.policy import Waiver
from recrate.model.record import RecordKind
from recrate.model.witness import Reviewer
from recrate.publish.site_verdict import REVIEW, VERDICT, VERDICT_FORMATS
from replayed_folders import entities
from report_accounts import data

OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "ro-crate"
NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
ORCID = "https://orcid.org/0000-0002-1825-0097"


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
    shown = json.loads(made[VERDICT])
    assert dict(shown["opinions"])["en"] == "The reviewer confirms the published results."
    assert shown["statement"] == json.loads((run / "witness.json").read_text())["statement"] != ""
    sentences = dict(shown["sentences"])
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
