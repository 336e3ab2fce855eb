"""Who replayed a crate: what this installation remembers, and what others published."""

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles.datacite_events import make_datacite
from doubles.serving import Trouble, served
from making import notebook_of, stream
from recrate.crate.signing_keys import SigningSettings, keep_key, make_key
from recrate.flow.ledger import DepositHead, Ledger
from recrate.flow.provenance import (
    Wanted,
    published_verdicts,
    remember_run,
    runs_elsewhere,
    runs_of,
    wanted_crate,
)
from recrate.flow.provenance_online import Elsewhere, _of_event, _of_record, reports_of
from recrate.flow.signing import sign_replay
from recrate.flow.waiving import waive
from recrate.flow.work import ReplayFolder
from recrate.model.deposit import DepositStatus, Receipt
from recrate.model.errors import BadInput, NotFound, OutsideFailed, Refused
from recrate.outside.web import WebSettings
from replayed_folders import two_notebooks, waiver

SHAPE = Path(__file__).parents[3] / "docs" / "schemas" / "runs.json"
NOW = "2026-11-21T09:00:00+00:00"
DOI = "10.5072/tides"
IDENTITY = "0" * 64
WEB = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))


@pytest.fixture
def ledger(tmp_path) -> Path:
    return tmp_path / "data" / "runs.jsonl"


@pytest.fixture
def app():
    return make_datacite()


@pytest.fixture
def elsewhere(app):
    with served(app) as port:
        yield Elsewhere(web=WEB, api=f"http://127.0.0.1:{port}/")


def of_doi(run: Path, doi: str = DOI) -> Path:
    """Let the replayed crate of a run have a DOI."""
    folder = ReplayFolder(root=run)
    graph = [{"@id": "./", "identifier": {"@id": f"https://doi.org/{doi}"}}]
    folder.write_crate(replace(folder.read_crate(), metadata={"@graph": graph}))
    return run


def test_a_remembered_run_is_known_by_identity_with_its_verdict(run, ledger):
    remember_run(ledger, run, now=NOW)
    (known,) = runs_of(Wanted(identity=IDENTITY), ledger=ledger)
    assert (known.place, known.source) == (str(run.resolve()), "here")
    assert (known.verdict, known.compared, known.outputs) == ("different", 4, 4)
    assert known.date == "2026-01-01T00:01:00+00:00"
    assert (known.signature, known.key) == (None, None)
    assert runs_of(Wanted(identity="1" * 64), ledger=ledger) == ()


def test_a_run_is_known_by_the_doi_of_its_crate_in_any_case(run, ledger):
    remember_run(ledger, of_doi(run), now=NOW)
    assert len(runs_of(wanted_crate(f"https://doi.org/{DOI.upper()}"), ledger=ledger)) == 1
    assert runs_of(Wanted(doi="10.5072/other"), ledger=ledger) == ()


def test_a_run_made_before_there_was_a_doi_is_found_by_it(tmp_path, ledger):
    early, late = two_notebooks(tmp_path / "early"), of_doi(two_notebooks(tmp_path / "late"))
    remember_run(ledger, early, now=NOW)
    remember_run(ledger, late, now=NOW)
    assert len(runs_of(Wanted(doi=DOI), ledger=ledger)) == 2


def test_nothing_of_a_ledger_that_is_not_there(ledger):
    assert runs_of(Wanted(identity=IDENTITY), ledger=ledger) == ()


def test_a_run_remembered_twice_is_one_and_tells_its_newest_verdict(run, ledger):
    for _ in range(2):
        remember_run(ledger, run, now=NOW)
    for cell in (0, 1):
        waive(run, waiver(cell=cell), person=None, now=NOW)
    (known,) = runs_of(Wanted(identity=IDENTITY), ledger=ledger)
    verdict = json.loads((run / "verdict.json").read_text())
    assert known.verdict == verdict["verdict"]
    assert known.compared == verdict["coverage"]["compared"] != 4


def test_a_run_whose_folder_is_gone_is_told_as_it_was(run, ledger):
    remember_run(ledger, run, now=NOW)
    shutil.rmtree(run)
    (known,) = runs_of(Wanted(identity=IDENTITY), ledger=ledger)
    assert (known.verdict, known.note) == ("different", "its folder is gone")


def test_runs_in_a_named_folder_are_found_without_a_ledger(tmp_path, ledger):
    two_notebooks(tmp_path / "all" / "one")
    two_notebooks(tmp_path / "all" / "two")
    (tmp_path / "all" / "broken").mkdir()
    (tmp_path / "all" / "broken" / "replay.json").write_text("{")
    found = runs_of(Wanted(identity=IDENTITY), ledger=ledger, folders=[tmp_path / "all"])
    assert sorted(Path(one.place).name for one in found) == ["one", "two"]


def test_many_that_remember_at_once_lose_no_run(tmp_path, ledger):
    runs = [two_notebooks(tmp_path / f"run-{number}") for number in range(8)]
    threads = [
        threading.Thread(target=remember_run, args=(ledger, one), kwargs={"now": NOW})
        for one in runs
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = runs_of(Wanted(identity=IDENTITY), ledger=ledger)
    assert {one.place for one in found} == {str(one.resolve()) for one in runs}


def test_a_line_that_a_crash_cut_off_loses_no_other(tmp_path, ledger):
    first, second = two_notebooks(tmp_path / "1"), two_notebooks(tmp_path / "2")
    remember_run(ledger, first, now=NOW)
    whole = ledger.read_bytes()
    for cut in (1, len(whole) // 2, len(whole) - 1):
        ledger.write_bytes(whole + whole[:cut])
        remember_run(ledger, second, now=NOW)
        assert len(runs_of(Wanted(identity=IDENTITY), ledger=ledger)) == 2


def test_the_key_that_signed_a_run_is_told_and_whether_it_is_trusted(run, ledger, tmp_path):
    pair = make_key(bytes(32))
    keep_key(pair, tmp_path / "key.pem")
    settings = SigningSettings(key=tmp_path / "key.pem", person="潮見 花子")
    sign_replay(run, settings, now=NOW, agent="recrate 0.1.0")
    remember_run(ledger, run, now=NOW)
    wanted = Wanted(identity=IDENTITY)
    (trusted,) = runs_of(wanted, ledger=ledger, signing=settings)
    assert (trusted.signature, trusted.key) == ("trusted", pair.fingerprint)
    assert trusted.who == "潮見 花子"
    (strange,) = runs_of(wanted, ledger=ledger)
    assert strange.signature == "unknown key"
    (run / "recorded/a.ipynb").write_text("{}")
    (broken,) = runs_of(wanted, ledger=ledger, signing=settings)
    assert (broken.signature, broken.key, broken.who) == ("broken", None, "")


def test_the_doi_of_a_published_verdict_is_told(run, ledger, tmp_path):
    deposits = Ledger(root=tmp_path / "deposits")
    head = DepositHead(
        mark="a1", place="zenodo", kind="inveniordm", source=str(run.resolve()), identity="x",
        name="Replay", made=NOW, is_replay=True,
    )  # fmt: skip
    receipt = Receipt(
        status=DepositStatus.PUBLISHED, record="7", record_url="https://z.example/7",
        doi="10.5072/verdict",
    )  # fmt: skip
    deposits.begin(head).keep(receipt)
    remember_run(ledger, run, now=NOW)
    (known,) = runs_of(
        Wanted(identity=IDENTITY), ledger=ledger, published=published_verdicts(deposits)
    )
    assert known.doi == "10.5072/verdict"


def test_a_crate_is_meant_by_path_doi_or_identity(run):
    assert wanted_crate(of_doi(run)) == Wanted(identity=IDENTITY, doi=DOI)
    assert wanted_crate(IDENTITY) == Wanted(identity=IDENTITY)
    assert wanted_crate(f"doi:{DOI}") == Wanted(doi=DOI)
    with pytest.raises(NotFound):
        wanted_crate("no such thing")


def test_published_verdicts_are_found_with_who_when_and_what(elsewhere, app):
    app.state.store.add(
        "10.5072/v1", DOI, information="re-execution",
        descriptions=[{"description": "Equivalent: 1,031 of 1,038 outputs compared, 1 identical."}],
        dates=[{"date": "2026-10-01", "dateType": "Issued"}],
    )  # fmt: skip
    app.state.store.add("10.5072/v2", f"https://doi.org/{DOI}", subjects=[
        {"subject": "re-execution"}], descriptions=[{"description": "Failed: no outputs were …"}],
    )  # fmt: skip
    first, second = sorted(runs_elsewhere(Wanted(doi=DOI), elsewhere=elsewhere), key=str)
    assert (first.verdict, first.compared, first.outputs) == ("equivalent", 1031, 1038)
    assert (first.date, first.who, first.doi) == ("2026-10-01", "Verifier", "10.5072/v1")
    assert first.place == "https://doi.org/10.5072/v1"
    assert (second.verdict, second.compared, second.date) == ("failed", 0, "2026")


def test_a_review_by_reading_is_not_taken_for_a_replay(elsewhere, app):
    app.state.store.add("10.5072/essay", DOI)
    (found,) = reports_of(DOI, elsewhere)
    assert found.verdict is None
    assert "does not say that anything was run" in found.note


def test_what_only_cites_the_crate_is_no_verdict(elsewhere, app):
    app.state.store.add("10.5072/paper", DOI, relation="Cites")
    app.state.store.add_event("10.5072/paper", "cites", DOI)
    assert reports_of(DOI, elsewhere) == ()


def test_events_tell_of_verdicts_that_other_agencies_know(elsewhere, app):
    app.state.store.add("10.5072/v1", DOI, information="re-execution")
    app.state.store.add_event("10.5072/v1", "reviews", DOI)
    app.state.store.add_event("10.9999/crossref", "reviews", DOI)
    app.state.store.add_event(DOI, "is-reviewed-by", "10.9999/other")
    app.state.store.add_event(DOI, "reviews", "10.9999/reviewed-by-the-crate")
    found = {one.doi: one for one in reports_of(DOI, elsewhere)}
    assert set(found) == {"10.5072/v1", "10.9999/crossref", "10.9999/other"}
    assert "from an event" in found["10.9999/other"].note


def test_every_page_is_read(elsewhere, app):
    app.state.store.page_size = 2
    for number in range(5):
        app.state.store.add(f"10.5072/v{number}", DOI, information="re-execution")
    assert len(reports_of(DOI, elsewhere)) == 5


def test_a_doi_with_quotes_and_brackets_is_asked_for_as_it_is(elsewhere, app):
    odd = r"10.5072/a(b):c\d"
    app.state.store.add("10.5072/v1", odd, information="re-execution")
    assert len(reports_of(odd, elsewhere)) == 1


def test_a_next_page_at_another_host_is_not_followed(app):
    async def leading_away(scope, receive, send):
        body = {"data": [{}], "links": {"next": "http://169.254.169.254/latest"}}
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    with served(leading_away) as port:
        assert reports_of(DOI, Elsewhere(web=WEB, api=f"http://127.0.0.1:{port}/")) == ()


@given(st.recursive(st.none() | st.text(max_size=9) | st.integers(), lambda inner: st.lists(
    inner, max_size=3) | st.dictionaries(st.sampled_from(["doi", "titles", "title", "creators",
    "relatedIdentifiers", "relatedIdentifier", "descriptions", "dates", "attributes", "subj-id",
    "relation-type-id"]), inner, max_size=5), max_leaves=20))  # fmt: skip
def test_no_shape_of_a_record_stops_us(shape):
    for record in ({"attributes": shape}, {"attributes": {"relatedIdentifiers": shape}}):
        _of_record(record, DOI)
        _of_event(record, DOI)


def test_trouble_at_datacite_is_outside_s_failure(app):
    with served(Trouble(app, planned=[("GET", "/dois", 404, {})])) as port:
        api = f"http://127.0.0.1:{port}/"
        with pytest.raises(NotFound):
            reports_of(DOI, Elsewhere(web=WEB, api=api))
    with pytest.raises(OutsideFailed):
        reports_of(DOI, Elsewhere(web=replace(WEB, timeout_seconds=1), api="http://127.0.0.1:9/"))
    with pytest.raises(Refused):
        reports_of(DOI, Elsewhere(web=WebSettings(), api=api))


def test_a_crate_without_a_doi_is_asked_for_nowhere(elsewhere, app):
    with pytest.raises(BadInput):
        runs_elsewhere(Wanted(identity=IDENTITY), elsewhere=elsewhere)
    assert app.state.store.asked == []


def test_the_verb_lists_runs_for_people_and_for_programs(recrate, run, tmp_path, elsewhere, app):
    app.state.store.add("10.5072/v1", DOI, information="re-execution")
    configuration = tmp_path / "c.py"
    configuration.write_text(
        f"c.Publish.ledger = {str(tmp_path / 'd' / 'deposits')!r}\n"
        "c.Web.private_hosts = ['127.0.0.1']\n"
    )
    remember_run(tmp_path / "d" / "runs.jsonl", of_doi(run), now=NOW)
    asked = ("runs", DOI, "--config", configuration)
    told = recrate(*asked, "--json")
    assert told.code == 0, told.error
    assert [one["source"] for one in told.document["runs"]] == ["here"]
    assert app.state.store.asked == []
    online = recrate(*asked, "--online", "--api", elsewhere.api, "--json")
    assert [one["source"] for one in online.document["runs"]] == ["here", "datacite"]
    shown = recrate(*asked)
    assert "different" in shown.error
    offline = recrate(*asked, "--online", "--api", "http://127.0.0.1:9/", "--json")
    assert offline.code == 3
    assert offline.document["complete"] is False
    assert len(offline.document["runs"]) == 1
    for answer in (told, online, offline):
        jsonschema.validate(answer.document, json.loads(SHAPE.read_text(encoding="utf-8")))


def test_a_replay_is_remembered_and_checked_crates_lead_to_it(recrate, configuration, tmp_path):
    study, crate, out = tmp_path / "study", tmp_path / "a.crate.zip", tmp_path / "out"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of("print(7)", outputs={0: [stream("7\n")]}))
    assert recrate("pack", study, "-o", crate, "--as-of", "2026-11-01").code == 0
    done = recrate("replay", crate, "-o", out)
    assert done.code == 0, done.error
    told = recrate("runs", crate, "--config", configuration, "--json")
    (known,) = told.document["runs"]
    assert (known["place"], known["verdict"]) == (str(out.resolve()), "identical")
    assert (known["compared"], known["outputs"]) == (1, 1)
