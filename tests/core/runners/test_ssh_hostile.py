"""The far side is a stranger as well: whatever it answers, it writes nowhere else and ends."""

import hashlib
import json
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from recrate.model.errors import OutsideFailed
from recrate.runners.agent_words import MARKER
from sshd import login_node
from sshd_attempts import make_attempt, make_runner, wait_for, wait_for_ends


@pytest.fixture(scope="module")
def host():
    with login_node() as one:
        yield one


@pytest.fixture
def node(host):
    host.forget()
    yield host
    wait_for(lambda: not host.processes())


NONSENSE = {
    "an endless greeting": "yes welcome",
    "an endless line": f"echo {MARKER}; tr '\\0' x </dev/zero",
    "endless beats": f"""echo {MARKER}; yes '{{"beat": true}}'""",
    "endless findings": f"""echo {MARKER}; yes '{{"finding": {{}}, "more": "{"x" * 9000}"}}'""",
    "no JSON": f"echo {MARKER}; echo 'not JSON'",
    "a list": f"echo {MARKER}; echo '[]'",
    "JSON too deep": f"echo {MARKER}; head -c 100000 /dev/zero | tr '\\0' '['; echo",
    "another protocol": f"""echo {MARKER}; echo '{{"protocol": "1"}}'; echo '{{"end": true}}'""",
    "no answer": f"""echo {MARKER}; echo '{{"end": true}}'""",
    "an error that is none": f"""echo {MARKER}; echo '{{"error": [1, 2]}}'""",
    "an error with a bell": f"""echo {MARKER}; echo '{{"error": {{"message": "\\u0007"}}}}'""",
}


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE.keys())
def test_an_answer_that_is_none_is_refused_with_a_clear_word(node, tmp_path, said):
    place = node.write("bin/liar", f"#!/bin/bash\n{said}\n")
    runner = make_runner(node, tmp_path, python=str(place))
    with pytest.raises(OutsideFailed) as caught:
        runner.open("c1", tmp_path, workers=0)
    (found,) = runner.check()
    assert found.code in {"ssh-nonsense", "ssh-another-recrate", "ssh-far-side"}
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


def packed(**files: bytes) -> bytes:
    """Return a zip file with these names in it, whatever they are."""
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def linked() -> bytes:
    """Return a zip file with a link out of it."""
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        info = zipfile.ZipInfo("replay/passwd")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return memory.getvalue()


def answer_of(content: bytes, *, size: int | None = None, sha256: str = "") -> bytes:
    """Return the answer to `get` that promises `size` bytes and brings these."""
    head = {
        "size": len(content) if size is None else size,
        "sha256": sha256 or hashlib.sha256(content).hexdigest(),
        "offset": 0,
    }
    lines = (MARKER, json.dumps(head), "")
    return "\n".join(lines).encode() + content + b'{"end": true}\n'


EVIL = {
    "a path that leads out": (answer_of(packed(**{"attempt/../../../escaped": b"x"})), "leads out"),
    "an absolute path": (answer_of(packed(**{"/tmp/escaped": b"x"})), "absolute"),
    "a link": (answer_of(linked()), "a link"),
    "a bomb": (answer_of(packed(**{"replay/zeros": bytes(200_000_000)})), "bomb"),
    "no archive": (answer_of(b"garbage"), "not a zip file"),
    "more bytes than anybody takes": (answer_of(b"", size=1 << 60), "the limit is"),
    "other bytes than promised": (answer_of(packed(), sha256="0" * 64), "promised"),
    "a size that is none": (answer_of(b"", size=-5), "a size that is none"),
}


def names_in(attempt) -> set[str]:
    """Return what lies in an attempt's folder, but for a mark that we make ourselves."""
    return {one.name for one in Path(attempt.folder).iterdir()} - {"ready"}


@pytest.fixture
def evil(node):
    """A Python there that does as it should, but brings something else for `get`."""
    return node.write(
        "bin/evil",
        f'#!/bin/bash\nif [ "$4" = get ]; then cat ~/evil.bin; else exec {node.python} "$@"; fi\n',
    )


def test_results_that_are_hostile_write_nothing_and_end_only_their_attempt(node, tmp_path, evil):
    campaign = tmp_path / "deep" / "campaign"
    crate = tmp_path / "a.crate.zip"
    crate.write_bytes(b"PK")
    pool = make_runner(node, tmp_path, python=str(evil)).open("c1", campaign, workers=0)
    try:
        for number, (answer, word) in enumerate(EVIL.values()):
            (node.home / "evil.bin").write_bytes(answer)
            (node.home / "evil.bin").chmod(0o644)
            attempt = make_attempt(campaign, f"{number}-1", crate)
            pool.submit(attempt)
            (ended,) = wait_for_ends(pool, 1).values()
            assert ended.code is None
            assert ended.why == "lost"
            assert word in ended.note
            assert names_in(attempt) == {"order.json"}
        order = answer_of(packed(**{"attempt/order.json": b"mine", "attempt/a": b"1", "b": b"2"}))
        (node.home / "evil.bin").write_bytes(order)
        attempt = make_attempt(campaign, "last-1", crate)
        pool.submit(attempt)
        assert wait_for_ends(pool, 1)["last-1"].code == 0
        assert names_in(attempt) == {"order.json", "a"}
        kept = json.loads((Path(attempt.folder) / "order.json").read_text())
        assert kept["name"] == "last-1"
    finally:
        pool.close()
    assert not (campaign / "runs").exists()
    assert not list(tmp_path.rglob("escaped"))
    assert not Path("/tmp/escaped").exists()


def test_ends_of_attempts_that_nobody_sent_are_not_believed(node, tmp_path):
    told = [{"attempt": "../../../x", "code": 0, "why": "", "note": ""}]
    lines = (MARKER, json.dumps({"ended": told, "pool": None, "failed": None}), '{"end": true}', "")
    node.write("poll.txt", "\n".join(lines))
    liar = node.write(
        "bin/liar",
        '#!/bin/bash\nif [ "$4" = poll ]; then cat ~/poll.txt; sleep 0.3\n'
        f'else exec {node.python} "$@"; fi\n',
    )
    pool = make_runner(node, tmp_path, python=str(liar)).open("c1", tmp_path, workers=0)
    try:
        crate = tmp_path / "a.crate.zip"
        crate.write_bytes(b"PK")
        pool.submit(make_attempt(tmp_path, "1-1", crate))
        wait_for(lambda: node.runs() == ["1-1"])
        assert pool.ended(2.0) == ()
    finally:
        pool.close()
    assert not (tmp_path / "attempts/1-1/result.json").exists()
