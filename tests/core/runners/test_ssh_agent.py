"""The far side's verbs by themselves: contents come whole or not at all, the oldest give way."""

import hashlib
import io
import json
import os
import sys
import time
from pathlib import Path

import pytest

from recrate.model.errors import BadInput, NotFound, Refused
from recrate.runners.agent import answer
from recrate.runners.agent_spool import spool_at
from recrate.runners.agent_store import Store
from recrate.runners.agent_words import MARKER


def no_runner(name: str):
    raise BadInput(f"no site {name!r}")


def ask(spool: Path, verb: str, more: bytes = b"", **asked: object) -> list[dict]:
    """Return what a verb says, each line of it."""
    out = io.BytesIO()
    stream = io.BytesIO(json.dumps(asked).encode() + b"\n" + more)
    answer(verb, str(spool), stream, out, no_runner)
    first, *lines = out.getvalue().decode().splitlines()
    assert first == MARKER
    return [json.loads(line) for line in lines]


def address_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def files_of(spool: Path) -> list[str]:
    return sorted(one.name for one in spool.rglob("*") if one.is_file())


def test_a_content_that_was_put_is_no_longer_missing(tmp_path):
    kept, other = address_of(b"kept"), address_of(b"other")
    assert ask(tmp_path, "put", b"kept", hash=kept, size=4) == [{"end": True}]
    assert ask(tmp_path, "has", hashes=[kept, other])[0] == {"missing": [other]}
    assert (tmp_path / "contents" / kept[:2] / kept).read_bytes() == b"kept"


@pytest.mark.parametrize(
    ("sent", "size", "word"),
    [
        (b"ke", 4, "too early"),
        (b"", 4, "too early"),
        (b"KEPT", 4, "not those of"),
        (b"kept", -4, "a number is missing"),
    ],
)
def test_a_content_that_comes_in_part_or_wrong_leaves_nothing(tmp_path, sent, size, word):
    (told,) = ask(tmp_path, "put", sent, hash=address_of(b"kept"), size=size)
    assert word in told["error"]["message"]
    assert files_of(tmp_path) == []


@pytest.mark.parametrize("address", ["../../x", "", "A" * 64, "a" * 63, "a" * 64 + "/x"])
def test_an_address_that_is_none_is_refused(tmp_path, address):
    (told,) = ask(tmp_path, "put", b"kept", hash=address, size=4)
    assert told["error"]["kind"] == "BadInput"
    assert files_of(tmp_path) == []


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("steal", {}),
        ("open", {"campaign": "../x", "site": "local", "workers": 1}),
        ("open", {"campaign": "c1", "site": "nowhere", "workers": 1}),
        ("submit", {"campaign": "c1", "attempt": {"id": "1-1"}}),
        ("poll", {"campaign": "never-opened", "done": [], "ready": [], "wait": 0}),
        ("get", {"campaign": "never-opened", "attempt": "1-1"}),
        ("has", {"hashes": "all"}),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_an_error_and_makes_nothing(
    tmp_path, verb, asked
):
    (told,) = ask(tmp_path, verb, **asked)
    assert told["error"]["kind"] in {"BadInput", "NotFound"}
    assert files_of(tmp_path) == []


def test_a_question_that_is_no_json_is_answered_with_an_error(tmp_path):
    out = io.BytesIO()
    assert answer("has", str(tmp_path), io.BytesIO(b"hello\n"), out, no_runner) == 2
    assert json.loads(out.getvalue().splitlines()[1])["error"]["kind"] == "BadInput"


def put(store: Store, content: bytes, age: float) -> str:
    """Keep a content that was used so many seconds ago."""
    address = address_of(content)
    store.take(address, len(content), io.BytesIO(content))
    when = time.time() - age
    os.utime(store.folder / address[:2] / address, (when, when))
    return address


def test_the_oldest_contents_that_nobody_holds_give_way(tmp_path):
    store = Store(folder=tmp_path / "contents", limit_bytes=1000)
    oldest, *others = (
        put(store, bytes([number]) * 300, age)
        for number, age in enumerate((4000.0, 3000.0, 2500.0, 1000.0))
    )
    assert store.missing([oldest, *others]) == [oldest]


def test_a_content_that_an_attempt_holds_stays_and_one_that_was_asked_for_counts_as_new(tmp_path):
    store = Store(folder=tmp_path / "contents", limit_bytes=1000)
    held = put(store, b"h" * 300, 4000)
    store.lend(held, tmp_path / "attempt" / "a.crate.zip")
    asked, old = put(store, b"a" * 300, 3000), put(store, b"o" * 300, 2000)
    assert store.missing([asked]) == []
    young = put(store, b"y" * 300, 0)
    assert store.missing([held, asked, old, young]) == [old]
    assert (tmp_path / "attempt/a.crate.zip").read_bytes() == b"h" * 300


def test_a_content_that_went_is_said_to_be_missing_when_it_is_to_be_lent(tmp_path):
    store = Store(folder=tmp_path / "contents", limit_bytes=1000)
    with pytest.raises(NotFound):
        store.lend("a" * 64, tmp_path / "a")


@pytest.mark.skipif(sys.platform == "win32", reason="owners and modes of POSIX")
def test_a_spool_that_anybody_may_write_into_is_refused(tmp_path):
    place = tmp_path / "open"
    place.mkdir()
    place.chmod(0o777)
    with pytest.raises(Refused):
        spool_at(str(place))
    assert spool_at(str(tmp_path / "new")).stat().st_mode & 0o777 == 0o700
