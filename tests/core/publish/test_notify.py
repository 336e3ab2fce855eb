"""Announcing a verdict: by the specification, to the inbox that the record names, once."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles.inbox import complaint_of, make_inbox
from doubles.serving import Cut, CuttingProxy, Trouble, served
from recrate.model.errors import BadInput, Conflict, NotFound, OutsideFailed, Refused
from recrate.model.record import LinkRelation
from recrate.model.secret import Secret
from recrate.outside.exchange import AnswerLost, Service
from recrate.outside.web import WebSettings
from recrate.publish.notify import (
    INBOX,
    Notice,
    Party,
    Resource,
    announce,
    discover_inbox,
    find_inbox,
    linked,
    relation_announced,
    review_announced,
    system_of,
)
from recrate.publish.outbox import Delivery, Outbox

WEB = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))
NOW = "2026-11-21T09:00:00+00:00"
MARK = "urn:uuid:94ecae35-dcfd-4182-8550-22c7164fe23f"
OTHER = "urn:uuid:74ffb356-0632-44d9-b176-888da85758dc"
VERDICT = Resource(
    url="https://verifier.example/record/7",
    cite_as="https://doi.org/10.5072/verdict",
    file_url="https://verifier.example/record/7/run.crate.zip",
)
CRATE = Resource(url="https://repository.example/record/1", cite_as="https://doi.org/10.5072/x")
NOTICE = Notice(
    mark=MARK,
    origin=Party(identifier="https://verifier.example/", name="Verifier"),
    target=Party(
        identifier="https://repository.example/",
        name="Repository",
        inbox="https://repository.example/inbox/",
    ),
    actor=Party(
        identifier="https://orcid.org/0000-0002-1825-0097", name="潮見 花子", kind="Person"
    ),
    summary="Identical: 38 of 38 outputs compared.",
)
REVIEW = review_announced(NOTICE, review=VERDICT, reviewed=CRATE)
RELATION = relation_announced(
    NOTICE, relation_mark=OTHER, subject=VERDICT, relation=LinkRelation.REVIEWS, related=CRATE
)


@pytest.fixture
def app():
    return make_inbox()


@pytest.fixture
def port(app):
    with served(app) as found:
        yield found


@pytest.fixture
def inbox(port):
    return f"http://127.0.0.1:{port}/inbox/"


@pytest.fixture
def outbox(tmp_path) -> Outbox:
    return Outbox(root=tmp_path / "outbox")


def test_both_announcements_are_what_the_specification_wants():
    assert complaint_of(REVIEW) is None
    assert complaint_of(RELATION) is None


def test_the_review_s_object_is_the_verdict_and_its_context_the_crate():
    assert REVIEW["type"] == ["Announce", "coar-notify:ReviewAction"]
    assert REVIEW["object"]["id"] == VERDICT.url
    assert REVIEW["object"]["ietf:cite-as"] == VERDICT.cite_as
    assert REVIEW["context"]["id"] == CRATE.url


def test_the_relation_s_triple_leads_from_the_verdict_to_the_crate():
    triple = RELATION["object"]
    assert triple["as:subject"] == VERDICT.url
    assert triple["as:relationship"] == "http://purl.org/spar/cito/reviews"
    assert triple["as:object"] == RELATION["context"]["id"] == CRATE.url


def without(payload, *path):
    cut = copy.deepcopy(payload)
    inner = cut
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return cut


def having(payload, value, *path):
    changed = copy.deepcopy(payload)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("payload", "clause"),
    [
        (without(REVIEW, "@context"), "N @context"),
        (having(REVIEW, ["https://www.w3.org/ns/activitystreams"], "@context"), "coar-notify.net"),
        (having(REVIEW, "no-uri", "id"), "N id"),
        (having(REVIEW, ["Offer", "coar-notify:ReviewAction"], "type"), "Announce"),
        (having(REVIEW, ["Announce"], "type"), "ReviewAction or RelationshipAction"),
        (without(REVIEW, "origin"), "N origin"),
        (having(REVIEW, "urn:x", "origin", "id"), "N origin"),
        (without(REVIEW, "target"), "N target"),
        (without(REVIEW, "target", "inbox"), "N target.inbox"),
        (having(REVIEW, "Robot", "actor", "type"), "N actor.type"),
        (without(REVIEW, "actor", "name"), "actor.name"),
        (without(REVIEW, "object"), "N object"),
        (having(REVIEW, ["sorg:Review"], "object", "type"), "object.type"),
        (having(REVIEW, "urn:x", "object", "id"), "R object.id"),
        (without(REVIEW, "context"), "R context"),
        (without(REVIEW, "object", "ietf:item", "mediaType"), "R ietf:item"),
        (without(RELATION, "object", "as:subject"), "as:subject"),
        (without(RELATION, "object", "as:relationship"), "as:relationship"),
        (having(RELATION, "https://other.example/1", "context", "id"), "A context.id"),
    ],
)
def test_the_inbox_refuses_what_breaks_a_clause(inbox, app, payload, clause):
    with pytest.raises(BadInput) as refused:
        announce(payload, inbox, web=WEB)
    assert clause in refused.value.message
    assert not app.state.store.received


def test_the_inbox_refuses_what_is_no_json_ld(inbox):
    for kind, body, status in (
        ("application/json", json.dumps(REVIEW).encode(), 415),
        ("application/ld+json", b"{", 400),
        ("application/ld+json", b"[]", 400),
    ):
        headers = {"Content-Type": kind}
        answer = Service(base=inbox, web=WEB).ask("POST", inbox, body=body, headers=headers)
        assert answer.status == status


@pytest.mark.parametrize("status", [201, 202])
def test_an_announcement_arrives_as_it_was_written(inbox, app, status):
    app.state.store.accepts = status
    assert announce(REVIEW, inbox, web=WEB) == f"{inbox}1"
    assert app.state.store.received == {MARK: REVIEW}


def test_what_the_receiver_has_already_counts_as_delivered(inbox, app):
    for _ in range(2):
        announce(REVIEW, inbox, web=WEB)
    assert len(app.state.store.received) == 1


def test_a_token_goes_to_the_inbox_that_wants_one(inbox, app):
    announce(REVIEW, inbox, web=WEB, secret=Secret("t0ken"))
    assert app.state.store.authorization == ["Bearer t0ken"]


@pytest.mark.parametrize("how", ["header", "html", "json"])
@pytest.mark.parametrize("start", ["record/1", "doi"])
def test_the_inbox_is_found_however_the_record_names_it(port, app, inbox, how, start):
    app.state.store.named_by = how
    assert discover_inbox(f"http://127.0.0.1:{port}/{start}", web=WEB) == inbox


def test_the_landing_page_that_a_doi_led_to_is_told(port, inbox):
    found = find_inbox(f"http://127.0.0.1:{port}/doi", web=WEB)
    assert (found.inbox, found.page) == (inbox, f"http://127.0.0.1:{port}/record/1")


@pytest.mark.parametrize("address", ["http://[broken", "mailto:a@b", "javascript:alert(1)"])
def test_an_inbox_that_is_no_web_address_is_none(address):
    async def page(scope, receive, send):
        headers = [(b"link", f'<{address}>; rel="{INBOX}"'.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    with served(page) as port:
        assert discover_inbox(f"http://127.0.0.1:{port}/", web=WEB) is None


def test_a_record_that_names_no_inbox_has_none(port, app):
    app.state.store.named_by = "nothing"
    assert discover_inbox(f"http://127.0.0.1:{port}/record/1", web=WEB) is None
    with pytest.raises(NotFound):
        discover_inbox(f"http://127.0.0.1:{port}/none", web=WEB)


def test_nothing_is_asked_of_or_sent_to_private_addresses(inbox, port, app):
    public = WebSettings(timeout_seconds=5)
    with pytest.raises(Refused):
        announce(REVIEW, inbox, web=public)
    with pytest.raises(Refused):
        discover_inbox(f"http://127.0.0.1:{port}/record/1", web=public)
    assert not app.state.store.authorization


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f'<a>; rel="{INBOX}"', ["a"]),
        (f"<a>; rel={INBOX}", ["a"]),
        (f'<a>; title="x, <b>; rel=y"; REL="next {INBOX}"', ["a"]),
        (f'<a>; rel="next", <b>;rel="{INBOX}"', ["b"]),
        ('<a>; rel="inbox"', []),
        ("", []),
    ],
)
def test_link_headers_are_read_as_rfc_8288_writes_them(header, found):
    assert list(linked(header, INBOX)) == found


@given(st.text(max_size=400))
def test_no_link_header_stops_us(header):
    list(linked(header, INBOX))


def test_addresses_that_are_none_are_not_announced():
    for review in (replace(VERDICT, url="urn:x"), replace(VERDICT, file_url="file:///etc")):
        with pytest.raises(BadInput):
            review_announced(NOTICE, review=review, reviewed=CRATE)
    with pytest.raises(BadInput):
        review_announced(replace(NOTICE, mark="1"), review=VERDICT, reviewed=CRATE)
    with pytest.raises(BadInput):
        relation_announced(
            NOTICE, relation_mark=OTHER, subject=VERDICT, related=CRATE,
            relation=LinkRelation.IS_IDENTICAL_TO,
        )  # fmt: skip
    assert system_of("https://repository.example/record/1?x") == "https://repository.example/"


def test_an_announcement_made_offline_is_sent_later_and_once(outbox, inbox, app, tmp_path):
    closed = "http://127.0.0.1:9/inbox/"
    outbox.add(REVIEW, closed, now=NOW)
    (waiting,) = outbox.send(web=WEB, now=NOW)
    assert (waiting.status, waiting.tries) == (Delivery.WAITING, 1)
    assert waiting.trouble
    again = Outbox(root=outbox.root)
    place = next(outbox.root.glob("*.json"))
    place.write_text(place.read_text().replace(closed, inbox))
    (sent,) = again.send(web=WEB, now=NOW)
    assert (sent.status, sent.location) == (Delivery.DELIVERED, f"{inbox}1")
    assert again.send(web=WEB, now=NOW) == ()
    assert list(app.state.store.received) == [MARK]


@pytest.mark.parametrize("where", ["request", "answer"])
@pytest.mark.parametrize("size", [0, 10, 40])
def test_a_cut_connection_makes_no_second_announcement(outbox, port, app, where, size):
    heard = where == "answer" and size > len("HTTP/1.1 201")
    proxy = CuttingProxy(target=port, cuts=[Cut(at=0, where=where, bytes=size)])
    try:
        inbox = f"http://127.0.0.1:{proxy.port}/inbox/"
        outbox.add(REVIEW, inbox, now=NOW)
        outbox.send(web=WEB, now=NOW)
        (cut,) = outbox.announcements()
        if not heard:  # where a whole status line came, either word is true
            assert cut.status is Delivery.WAITING
        outbox.send(web=WEB, now=NOW)
        (sent,) = outbox.announcements()
        assert sent.status is Delivery.DELIVERED
    finally:
        proxy.close()
    assert list(app.state.store.received) == [MARK]


def test_a_lost_answer_is_told_as_such(port, app):
    proxy = CuttingProxy(target=port, cuts=[Cut(at=0, where="answer")])
    try:
        with pytest.raises(AnswerLost):
            announce(REVIEW, f"http://127.0.0.1:{proxy.port}/inbox/", web=WEB)
    finally:
        proxy.close()
    assert len(app.state.store.received) == 1


@pytest.mark.parametrize(
    ("status", "stands"),
    [(500, "waiting"), (503, "waiting"), (429, "waiting"), (403, "refused"), (404, "refused")],
)
def test_trouble_waits_and_a_refusal_does_not(outbox, app, status, stands):
    with served(Trouble(app, planned=[("POST", "/inbox/", status, {})])) as port:
        outbox.add(REVIEW, f"http://127.0.0.1:{port}/inbox/", now=NOW)
        (sent,) = outbox.send(web=WEB, now=NOW)
    assert sent.status == stands
    assert sent.trouble
    (kept,) = Outbox(root=outbox.root).announcements()
    assert kept == sent


def test_the_same_announcement_twice_is_one_and_another_of_its_id_is_refused(outbox, inbox):
    first = outbox.add(REVIEW, inbox, now=NOW)
    assert outbox.add(REVIEW, inbox, now="2027-01-01T00:00:00+00:00") == first
    with pytest.raises(Conflict):
        outbox.add(RELATION, inbox, now=NOW)
    assert len(outbox.announcements()) == 1


def test_no_token_is_kept_in_the_outbox(outbox, inbox, app):
    outbox.add(REVIEW, inbox, now=NOW)
    outbox.send(web=WEB, now=NOW, token=lambda _: Secret("t0ken-of-mine"))
    assert app.state.store.authorization == ["Bearer t0ken-of-mine"]
    for path in Path(outbox.root).rglob("*"):
        assert b"t0ken" not in path.read_bytes()


def test_a_network_that_is_down_is_outside_s_failure():
    with pytest.raises(OutsideFailed):
        announce(REVIEW, "http://127.0.0.1:9/inbox/", web=WEB)
