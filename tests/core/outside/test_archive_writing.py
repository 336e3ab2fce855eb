"""Zip files as we write them: read by others, the same twice, hashed on the way, whole or not."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tracemalloc
import zipfile

import pytest

from recrate.model.errors import OutsideFailed
from recrate.outside.archive import Archive, Member, write_folder, write_zip

TEXT = b"".join(b"%d,%d\n" % (number, number * 7919 % 1000) for number in range(400_000))
CONTENTS = {
    "empty": b"",
    "one": b"x",
    "small.txt": b"hello " * 1000,
    "text.csv": TEXT,
    "random.bin": random.Random(1).randbytes(3 << 20),
    "zeros": bytes(2 << 20),
    "exactly-a-block": TEXT[: 1 << 20],
    "deep/日本語 🌊.txt": "日本".encode(),
}  # fmt: skip


@pytest.fixture
def members(tmp_path):
    source = tmp_path / "source"
    for path, content in CONTENTS.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(content)
    return [Member(path=path, source=source / path) for path in CONTENTS]


def test_others_read_what_we_write(tmp_path, members):
    target = tmp_path / "x.zip"
    write_zip(members, target)
    with zipfile.ZipFile(target) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == CONTENTS
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in opened.infolist()} == {3}
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-tqq", target], check=True, env={"LC_ALL": "C.UTF-8"})


def test_hashes_come_back_sorted_by_path(tmp_path, members):
    written = write_zip(reversed(members), tmp_path / "x.zip")
    assert [one.path for one in written] == sorted(CONTENTS, key=str.encode)
    for one in written:
        assert one.sha256 == hashlib.sha256(CONTENTS[one.path]).hexdigest()
        assert one.size_bytes == len(CONTENTS[one.path])


def test_the_same_members_give_the_same_bytes(tmp_path, members):
    write_zip(members, tmp_path / "a.zip")
    write_zip(reversed(members), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_text_is_deflated_and_what_does_not_shrink_is_stored(tmp_path, members):
    write_zip(members, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        methods = {info.filename: info.compress_type for info in opened.infolist()}
    assert methods["text.csv"] == methods["small.txt"] == zipfile.ZIP_DEFLATED
    assert methods["random.bin"] == methods["empty"] == methods["one"] == zipfile.ZIP_STORED


def test_we_never_write_what_we_would_refuse_as_a_bomb(tmp_path):
    zeros = tmp_path / "zeros"
    with zeros.open("wb") as stream:
        stream.truncate(120_000_000)
    write_zip([Member(path="zeros", source=zeros)], tmp_path / "x.zip")
    with Archive(tmp_path / "x.zip") as archive:
        assert archive.entries["zeros"].size_bytes == 120_000_000


def test_more_entries_than_a_short_field_holds(tmp_path):
    many = [Member(path=f"{number:06}", source=b"x") for number in range(66_000)]
    write_zip(many, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        assert len(opened.infolist()) == 66_000
        assert opened.read("065999") == b"x"
    with Archive(tmp_path / "x.zip") as archive:
        assert len(archive.entries) == 66_000


@pytest.mark.slow
def test_a_file_over_four_gib(tmp_path):
    size = (4 << 30) + 17
    if shutil.disk_usage(tmp_path).free < 2 * size:
        pytest.skip("this disk has less than 9 GB free")
    huge = tmp_path / "huge"
    with huge.open("wb") as stream:
        stream.truncate(size)
        stream.seek(-3, 2)
        stream.write(b"end")
    after = Member(path="z", source=b"after it")
    write_zip([Member(path="huge", source=huge), after], tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        assert opened.getinfo("huge").file_size == size
        assert opened.read("z") == b"after it"
        with opened.open("huge") as stream:
            stream.seek(size - 3)
            assert stream.read() == b"end"


def test_memory_does_not_grow_with_the_file(tmp_path):
    def peak(size):
        big = tmp_path / "big"
        with big.open("wb") as stream:
            for _ in range(size >> 20):
                stream.write(TEXT[: 1 << 20])
        tracemalloc.start()
        write_zip([Member(path="big", source=big)], tmp_path / "x.zip")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(64 << 20) < peak(16 << 20) + (4 << 20)


@pytest.mark.parametrize("write", [write_zip, write_folder])
def test_a_file_that_cannot_be_read_leaves_nothing(tmp_path, members, write):
    lost = Member(path="zz", source=tmp_path / "not there")
    with pytest.raises(OutsideFailed, match="cannot be read"):
        write([*members, lost], tmp_path / "out" / "x.zip")
    assert list((tmp_path / "out").glob("*")) == []


@pytest.mark.parametrize("size", [1000, 5 << 20])
def test_a_file_that_changes_meanwhile_is_told(tmp_path, size):
    growing = tmp_path / "growing"
    growing.write_bytes(os.urandom(size))

    grown = []

    class Growing(type(growing)):
        def stat(self, **options):
            found = super().stat(**options)
            if not grown:
                grown.append(True)
                with growing.open("ab") as stream:
                    stream.write(b"more")
            return found

    with pytest.raises(OutsideFailed, match="changed while"):
        write_zip([Member(path="growing", source=Growing(growing))], tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_what_tells_of_the_others_is_listed_first(tmp_path, members):
    def finish(written):
        return [Member(path="about", source=str(len(written)).encode())]

    for write, name in ((write_zip, "x.zip"), (write_folder, "x")):
        write(members, tmp_path / name, finish=finish)
        with Archive(tmp_path / name) as archive:
            assert archive.read("about", limit_bytes=9) == b"%d" % len(CONTENTS)
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        assert opened.namelist()[0] == "about"


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutsideFailed, match="no longer a regular file"):
        write_zip([Member(path="pipe", source=tmp_path / "pipe")], tmp_path / "x.zip")
