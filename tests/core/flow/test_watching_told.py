"""Who is told of changes: a webhook that may be away, and readers of a feed."""

import hashlib
import hmac
import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from recrate.flow.watching import feed_of
from recrate.flow.watching_state import Change, HistoryEntry, Seen, WatchState
from recrate.flow.watching_webhook import Outbox, deliver
from recrate.model.disagreement import Explanation
from recrate.model.secret import Secret
from recrate.report.feed import FeedEntry, identifier, render_feed
from watched_worlds import World, pack, server, steady, world_in

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
EVIL = 'a]]>&<b onclick="x">\x00\x1b[31m\u202e\ud800\ufffe\nTitle {told} %s'
EVENT = {"id": identifier("one"), "event": "verdict-changed", "title": "潮汐"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_in(tmp_path)


def outbox_of(world: World) -> Outbox:
    return Outbox(root=WatchState.of(world.settings).root / "outbox")


def test_a_change_is_told_to_the_webhook_with_a_signature_that_holds(recrate, tmp_path, world):
    crate = pack(recrate, tmp_path, steady())
    with server() as hook:
        secret = Secret("correct horse")
        world.watch = replace(world.watch, webhook=f"{hook.address}/hook?k=1", secret=secret)
        world.add(crate)
        world.seen()
        assert not hook.asked, "nothing changed yet"
        crate.unlink()
        done = world.later(days=30).run()
    assert [one.state for one in done.deliveries] == ["taken"]
    (path, headers, body), *more = hook.asked
    assert not more
    assert path == "/hook?k=1"
    signed = headers["X-Recrate-Timestamp"].encode() + b"." + body
    expected = hmac.new(b"correct horse", signed, hashlib.sha256).hexdigest()
    assert headers["X-Recrate-Signature"] == f"sha256={expected}"
    assert headers["Content-Type"].startswith("application/json")
    told = json.loads(body)
    assert headers["X-Recrate-Delivery"] == told["id"]
    assert headers["X-Recrate-Event"] == told["event"] == "verdict-changed"
    assert told["verdict"] == {"before": "identical", "after": ""}
    assert told["since"]["last_seen"].startswith("2026-01-01")
    assert told["because"][0]["kind"] == "crate"
    assert told["watched"]["where"] == crate.name
    assert str(tmp_path) not in body.decode(), "folders of a person are nobody's business"
    assert set(told["sentence"]) == {"en", "ja"}
    assert "correct horse" not in json.dumps([headers, told])
    assert not list(outbox_of(world).root.iterdir())


def test_a_webhook_that_fails_is_told_again_at_the_next_run_and_stops_no_verdict(
    recrate, tmp_path, world
):
    crate = pack(recrate, tmp_path, steady())
    with server() as hook:
        hook.answers = [(500, b"sorry"), (200, b"")]
        world.watch = replace(world.watch, webhook=hook.address)
        world.add(crate)
        world.seen()
        crate.unlink()
        done = world.later(days=30).run()
        assert done.entries[0][1].seen[0].change is not None
        assert [(one.state, one.tries) for one in done.deliveries] == [("waiting", 1)]
        assert "500" in done.deliveries[0].message
        later = world.later(days=1).run()
        assert not later.entries
        assert [(one.state, one.tries) for one in later.deliveries] == [("taken", 2)]
    first, second = (body for _, _, body in hook.asked)
    assert first == second


def test_a_webhook_that_says_nothing_is_waited_for_a_moment_and_once(world):
    with server() as hook:
        hook.before = lambda: time.sleep(3)
        world.watch = replace(world.watch, webhook=hook.address, timeout_seconds=0.3)
        box = outbox_of(world)
        for number in range(5):
            box.put(EVENT | {"id": identifier(str(number))}, now=world.now.isoformat())
        begun = time.monotonic()
        done = deliver(box, watch=world.watch, settings=world.settings)
        assert time.monotonic() - begun < 2
        assert [one.tries for one in done] == [1, 0, 0, 0, 0]
        assert len(box.waiting()) == 5


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "ftp://example.org", "http://[", "x"])
def test_an_address_that_nobody_answers_keeps_the_message(world, address):
    world.watch = replace(world.watch, webhook=address)
    outbox_of(world).put(EVENT, now=world.now.isoformat())
    done = deliver(outbox_of(world), watch=world.watch, settings=world.settings)
    assert [one.state for one in done] == ["waiting"]
    assert done[0].message


def test_a_private_address_is_not_told_unless_it_is_allowed_by_name(world):
    with server() as hook:
        strict = replace(world.settings, web=replace(world.settings.web, private_hosts=()))
        outbox_of(world).put(EVENT, now=world.now.isoformat())
        watch = replace(world.watch, webhook=hook.address)
        done = deliver(outbox_of(world), watch=watch, settings=strict)
    assert done[0].state == "waiting"
    assert not hook.asked


def test_a_message_that_nobody_takes_for_too_long_is_given_up(world):
    world.watch = replace(world.watch, webhook="http://127.0.0.1:9/")
    outbox_of(world).put(EVENT, now=world.now.isoformat())
    outbox_of(world).put(EVENT, now=world.now.isoformat())
    assert len(outbox_of(world).waiting()) == 1, "one event is one message"
    world.later(days=31)
    done = deliver(outbox_of(world), watch=world.watch, settings=world.settings)
    assert [one.state for one in done] == ["given up"]
    assert not outbox_of(world).waiting()


def parsed(text: str) -> ET.Element:
    """Return a feed that follows the rules of RFC 4287, as far as ours can break them."""
    root = ET.fromstring(text.encode())
    assert root.tag == f"{ATOM}feed"
    _has_once(root, "id", "title", "updated")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None, "4.1.1: or each entry has one"
    identifiers = [one.text for one in root.iter(f"{ATOM}id")]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one or "") for one in identifiers)
    for moment in [*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")]:
        assert RFC3339.fullmatch(moment.text or ""), moment.text
    for entry in root.iter(f"{ATOM}entry"):
        _has_once(entry, "id", "title", "updated", "content")
        assert entry.find(f"{ATOM}content").get("type") == "text"
    for link in root.iter(f"{ATOM}link"):
        assert re.fullmatch(r"https?://\S+", link.get("href") or "")
    return root


def _has_once(element: ET.Element, *names: str) -> None:
    for name in names:
        assert len(element.findall(f"{ATOM}{name}")) == 1, name


def remembered(world: World, where: str, name: str) -> None:
    """Keep a history in which a verdict changed."""
    world.add(where)
    cause = Explanation(
        kind="package", name="numpy", values=(("a", "1.26"), ("b", "2.1")), near="named", fits=True
    )
    change = Change(
        before="identical",
        after="failed",
        last_seen="2026-01-01T03:00:00+00:00",
        first_seen="2026-01-31T03:00:00+00:00",
        causes=(cause,),
    )
    seen = Seen(track="published", outcome="judged", verdict="failed", change=change)
    now = world.now.isoformat()
    entry = HistoryEntry(date=now, ended=now, agent="recrate", crate_name=name, seen=(seen,))
    world.folder.add_entry(entry)


def feed(world: World, **said: Any) -> ET.Element:
    return parsed(feed_of(world.settings, watch=world.watch, **said))


def test_a_change_is_in_the_feed_with_its_dates_and_its_cause(world):
    assert not list(feed(world).iter(f"{ATOM}entry"))
    remembered(world, "10.5072/abc", "Tides")
    english = feed(world, link="https://example.org/feed.xml")
    entry = english.find(f"{ATOM}entry")
    title = entry.find(f"{ATOM}title").text
    assert title == "Tides: identical until 2026-01-01, failed since 2026-01-31"
    assert "the package numpy: 1.26 (a), 2.1 (b)" in entry.find(f"{ATOM}content").text
    assert entry.find(f"{ATOM}link").get("href") == "https://doi.org/10.5072/abc"
    assert english.find(f"{ATOM}link").get("rel") == "self"
    japanese = feed(world, language="ja")
    assert japanese.get(LANG) == "ja"
    assert "パッケージ numpy" in japanese.find(f"{ATOM}entry/{ATOM}content").text
    both = feed(world, language="both").find(f"{ATOM}entry/{ATOM}content").text
    assert "numpy: 1.26 (a)" in both
    assert "パッケージ numpy" in both


def test_the_feed_names_no_folder_of_the_person(world, tmp_path):
    (tmp_path / "x.crate.zip").touch()
    remembered(world, str(tmp_path / "x.crate.zip"), "")
    text = feed_of(world.settings, watch=world.watch, language="both")
    assert "x.crate.zip: identical until" in text
    assert str(tmp_path) not in text


def test_a_feed_and_its_entries_keep_their_ids(world):
    remembered(world, "10.5072/abc", "Tides")
    first = [one.text for one in feed(world).iter(f"{ATOM}id")]
    second = [one.text for one in feed(world.later(days=1), language="ja").iter(f"{ATOM}id")]
    assert first == second


def test_hostile_titles_leave_a_feed_well_formed(world):
    remembered(world, "https://example.org/x", EVIL)
    entry = feed(world).find(f"{ATOM}entry")
    title = entry.find(f"{ATOM}title").text
    assert "]]>&<b onclick=" in title
    assert not re.search("[\x00-\x08\x1b\u202e\ufffe\n]", title)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://[", 'https://x/"><b>', "", "x"])
def test_what_is_no_address_becomes_no_link(link):
    one = FeedEntry(
        id=identifier("x"), updated="yesterday", titles={"en": EVIL}, texts={"en": EVIL}, link=link
    )
    root = parsed(render_feed([one], id=identifier("f"), title=EVIL, agent="recrate", link=link))
    assert not list(root.iter(f"{ATOM}link"))


def test_the_newest_stands_first_whatever_the_zone(world):
    moments = ["2026-01-01T00:30:00+09:00", "2025-12-31T16:00:00+00:00"]
    made = [
        FeedEntry(id=identifier(one), updated=one, titles={"en": one}, texts={"en": one})
        for one in moments
    ]
    root = parsed(render_feed(made, id=identifier("f"), title="t", agent="recrate"))
    titles = [one.text for one in root.iterfind(f"{ATOM}entry/{ATOM}title")]
    assert titles == [moments[1], moments[0]]
    updated = datetime.fromisoformat(root.find(f"{ATOM}updated").text)
    assert updated == datetime(2025, 12, 31, 16, tzinfo=UTC)
