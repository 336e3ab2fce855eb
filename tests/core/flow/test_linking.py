"""A published verdict and the record that it reviews: written where one may, else announced."""

from dataclasses import replace
from pathlib import Path

import pytest
from traitlets.config import Config

from doubles.inbox import make_inbox
from doubles.serving import served
from recrate.configuration import settings_from
from recrate.flow.ledger import DepositHead, Ledger
from recrate.flow.linking import link_back, outbox_of, send_waiting
from recrate.flow.settings import Settings
from recrate.model.deposit import DepositStatus, Place, Receipt
from recrate.model.record import LinkRelation, Record, RecordKind, RecordLink
from recrate.model.study import Description
from recrate.outside.web import WebSettings
from recrate.publish.outbox import Delivery

MARK = "5" * 32
RECEIPT = Receipt(
    status=DepositStatus.PUBLISHED,
    record="verdict/v1",
    record_url="https://verdicts.example.org/verdict/v1/",
    doi="10.5072/verdict",
)
HEAD = DepositHead(
    mark=MARK,
    place="site",
    kind="folder",
    source="/run",
    identity="a" * 64,
    name="Replay of Tides",
    made="2026-11-21T10:00:00+00:00",
    is_replay=True,
)


def verdict_on(target: str) -> Record:
    """A record of a verdict on what lies at `target`."""
    return Record(
        description=Description(title="Replay of Tides", description="Identical: 3 of 3 outputs."),
        kind=RecordKind.REPLAY,
        identity="a" * 64,
        issued="2026-11-21",
        agent="recrate 0.1.0",
        links=(
            RecordLink(target=target, relation=LinkRelation.REVIEWS, information="re-execution"),
        ),
        verdict="identical",
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings without any repository, that let the tests' own machine be asked."""
    configured = settings_from(Config({"Publish": {"offer_known_places": False}}))
    publish = replace(configured.publish, ledger=tmp_path / "deposits", token=lambda _: None)
    web = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))
    return replace(configured, publish=publish, web=web)


def test_a_verdict_on_somebody_elses_record_is_announced_to_its_inbox_once(settings: Settings):
    app = make_inbox()
    with served(app) as port:
        record = verdict_on(f"http://127.0.0.1:{port}/record/1")
        (linked,) = link_back(HEAD, record, RECEIPT, settings=settings)
        (again,) = link_back(HEAD, record, RECEIPT, settings=settings)
    assert linked.how == again.how == "announced", linked
    (payload,) = app.state.store.received.values()
    assert payload["object"]["ietf:cite-as"] == "https://doi.org/10.5072/verdict"
    assert payload["context"]["id"] == f"http://127.0.0.1:{port}/record/1"


def test_an_inbox_that_is_away_gets_the_announcement_at_the_next_publishing(settings: Settings):
    app = make_inbox()
    with served(app) as port:
        record = verdict_on(f"http://127.0.0.1:{port}/record/1")
        app.state.store.accepts = 503
        (linked,) = link_back(HEAD, record, RECEIPT, settings=settings)
        assert linked.how == "queued", linked
        app.state.store.accepts = 201
        send_waiting(settings)
    assert len(app.state.store.received) == 1
    assert [one.status for one in outbox_of(settings).announcements()] == [Delivery.DELIVERED]


def test_a_record_without_an_inbox_is_named_and_nothing_fails(settings: Settings):
    app = make_inbox()
    app.state.store.named_by = "nothing"
    with served(app) as port:
        record = verdict_on(f"http://127.0.0.1:{port}/record/1")
        (linked,) = link_back(HEAD, record, RECEIPT, settings=settings)
    assert linked.how == "none"
    assert "inbox" in linked.note


def test_nothing_is_announced_where_the_operator_does_not_want_it(settings: Settings):
    quiet = replace(settings, publish=replace(settings.publish, announce=False))
    app = make_inbox()
    with served(app) as port:
        record = verdict_on(f"http://127.0.0.1:{port}/record/1")
        (linked,) = link_back(HEAD, record, RECEIPT, settings=quiet)
    assert linked.how == "none"
    assert not app.state.store.received


def test_a_record_in_a_site_of_ours_is_written_with_the_folder_it_was_published_in(
    settings: Settings, tmp_path: Path
):
    """The place has no folder configured: it was answered when the crate was published."""
    site = Place(name="site", kind="folder")
    known = replace(settings, publish=replace(settings.publish, places=(site,), announce=False))
    earlier = replace(
        HEAD, mark="6" * 32, is_replay=False, answers={"folder": str(tmp_path / "site")}
    )
    deposit = Ledger(root=known.publish.ledger).begin(earlier)
    url = "https://crates.example.org/tides/v1/"
    deposit.keep(replace(RECEIPT, record="tides/v1", record_url=url, doi=None))
    own = replace(HEAD, answers={"folder": str(tmp_path / "verdicts")})
    (linked,) = link_back(own, verdict_on(url), RECEIPT, settings=known)
    assert linked.how == "none"
    assert "no folder" not in linked.note
