"""Downloads that are cut, change under way, or lie."""

import hashlib
import random
import time

import pytest

from doubles.landing import Host, raw
from doubles.serving import Cut, CuttingProxy, Trouble, served
from recrate.model.errors import BadInput, NotFound, OutsideFailed
from recrate.outside.web import TooLarge, WebSettings, fetch

CONTENT = random.Random(4).randbytes(3_000_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
LOCAL = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))
HEAD_BYTES = 1000
"""More than an answer's head."""


@pytest.fixture
def host():
    made = Host()
    made.file("/f", CONTENT, kind="application/octet-stream")
    return made


@pytest.fixture
def part(tmp_path):
    return tmp_path / "f.part"


def get(port, part, **given):
    said = {"checksum": None, "size_bytes": None, "agreed_bytes": 10**8, "settings": LOCAL}
    waited = given.pop("waited", [])
    return fetch(f"http://127.0.0.1:{port}/f", part, sleep=waited.append, **{**said, **given})


@pytest.mark.parametrize("cuts", [(0,), (1, 1500), (2000, 1_000_000), (2_999_000,), (700_001,) * 4])
@pytest.mark.parametrize("promised", [True, False])
def test_a_download_goes_on_where_it_was_cut_and_fetches_hardly_a_byte_twice(
    host, part, cuts, promised
):
    with served(host.app) as port:
        proxy = CuttingProxy(target=port)
        proxy.cuts = [Cut(at=n, where="answer", bytes=many) for n, many in enumerate(cuts)]
        checksum = ("sha256", DIGEST) if promised else None
        done = get(proxy.port, part, checksum=checksum)
        proxy.close()
    assert done is not None
    assert (done.sha256, done.size_bytes) == (DIGEST, len(CONTENT))
    assert part.read_bytes() == CONTENT
    starts = [one.start for one in host.asked]
    came = 0
    for cut, start in zip(cuts, starts[1:], strict=True):
        came += max(0, cut - HEAD_BYTES)
        assert start >= came, "what had come is not fetched again"
        came = start


def test_a_program_that_was_ended_goes_on_when_it_is_started_again(host, part):
    with served(host.app) as port:
        proxy = CuttingProxy(target=port)
        proxy.cuts = [Cut(at=n, where="answer", bytes=500_000 if n == 0 else 0) for n in range(20)]
        with pytest.raises(OutsideFailed) as cut:
            get(proxy.port, part, checksum=("sha256", DIGEST))
        assert "do the same again" in cut.value.hint
        kept = part.stat().st_size
        assert 490_000 < kept < 500_000
        proxy.cuts = []
        assert get(proxy.port, part, checksum=("sha256", DIGEST)) is not None
        proxy.close()
    assert host.asked[-1].start == kept


def test_tries_end_and_each_waits_longer(host, part):
    waited = []
    with served(host.app) as port:
        proxy = CuttingProxy(target=port)
        proxy.cuts = [Cut(at=n, where="answer", bytes=0) for n in range(50)]
        with pytest.raises(OutsideFailed):
            get(proxy.port, part, waited=waited)
        proxy.close()
    assert waited == sorted(waited)
    assert len(waited) == 5


def test_a_file_that_changed_between_two_pieces_is_fetched_whole(host, part):
    other = CONTENT[::-1]
    with served(host.app) as port:
        proxy = CuttingProxy(target=port)
        proxy.cuts = [Cut(at=n, where="answer", bytes=1_000_000 if n == 0 else 0) for n in range(9)]
        with pytest.raises(OutsideFailed):
            get(proxy.port, part)
        host.file("/f", other, kind="application/octet-stream")
        proxy.cuts = []
        done = get(proxy.port, part)
        proxy.close()
    assert done is not None
    assert part.read_bytes() == other
    assert host.asked[-1].start > 0, "the rest was asked for, and the whole came"


def test_pieces_of_two_files_that_a_careless_server_mixes_are_noticed_by_the_checksum(host, part):
    part.write_bytes(b"\0" * 1000)
    with served(host.app) as port:
        done = get(port, part, checksum=("sha256", DIGEST))
    assert done is not None
    assert part.read_bytes() == CONTENT
    assert [one.start for one in host.asked] == [1000, 0]


def test_a_beginning_that_nothing_vouches_for_is_not_gone_on_with(host, part):
    part.write_bytes(b"\0" * 1000)
    with served(host.app) as port:
        get(port, part)
    assert part.read_bytes() == CONTENT
    assert [one.start for one in host.asked] == [0]


def test_a_server_that_gives_no_pieces_gives_the_whole_again(host, part):
    host.shown["/f"].ranges = False
    with served(host.app) as port:
        proxy = CuttingProxy(target=port)
        proxy.cuts = [Cut(at=0, where="answer", bytes=1_000_000)]
        done = get(proxy.port, part)
        proxy.close()
    assert done is not None
    assert part.read_bytes() == CONTENT


def test_a_whole_part_asks_only_whether_it_is_whole(host, part):
    part.write_bytes(CONTENT)
    with served(host.app) as port:
        assert get(port, part, checksum=("sha256", DIGEST)) is not None
    assert len(host.asked) == 1


def test_what_is_known_and_unchanged_is_not_sent(host, part):
    with served(host.app) as port:
        first = get(port, part)
        assert first is not None
        part.unlink()
        assert get(port, part, known_etag=first.etag) is None
        host.file("/f", b"new", kind="application/octet-stream")
        again = get(port, part, known_etag=first.etag)
    assert again is not None
    assert again.size_bytes == 3


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_a_wrong_checksum_keeps_nothing(host, part, algorithm):
    digest = hashlib.new(algorithm, CONTENT).hexdigest()
    wrong = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    with served(host.app) as port:
        assert get(port, part, checksum=(algorithm, digest)) is not None
        part.unlink()
        with pytest.raises(BadInput, match=algorithm):
            get(port, part, checksum=(algorithm, wrong))
    assert not part.exists()
    assert len(host.asked) == 2


def test_trouble_of_the_server_is_waited_out(host, part):
    waited = []
    trouble = Trouble(host.app)
    trouble.planned = [
        ("GET", "/f", 429, {"Retry-After": "3"}),
        ("GET", "/f", 503, {}),
        ("GET", "/f", 502, {}),
    ]
    with served(trouble) as port:
        assert get(port, part, waited=waited) is not None
    assert waited[0] == 3
    assert len(waited) == 3


def test_what_is_not_there_is_asked_for_once(host, part):
    host.shown.clear()
    with served(host.app) as port, pytest.raises(NotFound):
        get(port, part)
    assert len(host.asked) == 1


def test_more_than_was_agreed_to_is_asked_about_before_a_byte_is_kept(host, part):
    with served(host.app) as port:
        with pytest.raises(TooLarge) as large:
            get(port, part, agreed_bytes=1000)
        assert large.value.size_bytes == len(CONTENT)
        assert "--yes" in large.value.hint
        assert not part.exists() or part.stat().st_size == 0


def answer(*lines, body=b""):
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode() + body


def test_a_size_that_nobody_says_counts_as_large_after_so_many_bytes(part):
    with raw(answer("Connection: close", body=b"x" * 5000)) as port:
        with pytest.raises(TooLarge) as large:
            get(port, part, agreed_bytes=1000)
        assert large.value.size_bytes is None
        assert part.stat().st_size <= 1000


@pytest.mark.parametrize(
    ("said", "error"), [("9" * 15, TooLarge), ("99999", OutsideFailed), ("9" * 30, OutsideFailed)]
)
def test_a_server_that_lies_about_the_length_fills_no_disk_and_holds_nobody(part, said, error):
    began = time.monotonic()
    lie = answer(f"Content-Length: {said}", "Connection: close", body=b"x" * 500)
    with raw(lie) as port, pytest.raises(error):
        get(port, part, agreed_bytes=10**6)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("said", ["-5", "many"])
def test_a_length_that_is_none_is_as_if_nothing_was_said(part, said):
    lie = answer(f"Content-Length: {said}", "Connection: close", body=b"x" * 500)
    with raw(lie) as port:
        done = get(port, part, agreed_bytes=10**6)
    assert done is not None
    assert done.size_bytes == 500


def test_a_size_other_than_the_record_says_is_refused_before_it_is_read(host, part):
    with served(host.app) as port:
        with pytest.raises(BadInput, match="offered"):
            get(port, part, size_bytes=5)
        with pytest.raises(BadInput, match="offered"):
            get(port, part, size_bytes=len(CONTENT) + 1)
    assert not part.exists()


def test_more_than_the_record_says_is_noticed_while_it_comes(part):
    lie = answer("Connection: close", body=b"x" * 5000)
    with raw(lie) as port, pytest.raises(BadInput, match="promised"):
        get(port, part, size_bytes=100)
    assert not part.exists()


def test_what_comes_compressed_is_not_unpacked(part):
    said = answer("Content-Encoding: gzip", "Content-Length: 3", body=b"abc")
    with raw(said) as port, pytest.raises(BadInput, match="encoding"):
        get(port, part)


@pytest.mark.parametrize(
    "lines",
    [
        ["HTTP/1.1 206 Partial Content", "Content-Range: bytes 0-9/10", "Content-Length: 10"],
        ["HTTP/1.1 206 Partial Content", "Content-Range: nonsense", "Content-Length: 10"],
        ["HTTP/1.1 206 Partial Content", "Content-Length: 10"],
        ["HTTP/1.1 416 Range Not Satisfiable", "Content-Length: 0"],
        ["HTTP/1.1 304 Not Modified"],
    ],
)
def test_a_piece_that_is_not_the_one_that_was_asked_for_is_never_put_behind(part, lines):
    part.write_bytes(b"x" * 100)
    whole = answer("Content-Length: 10", body=b"0123456789")
    odd = "\r\n".join([*lines, "", ""]).encode() + b"9876543210"
    digest = hashlib.sha256(b"0123456789").hexdigest()
    with raw(odd, whole) as port:
        try:
            get(port, part, checksum=("sha256", digest))
        except BadInput:
            assert not part.exists()
        else:
            assert part.read_bytes() == b"0123456789"
