"""Archives by strangers: what is unsafe or damaged is refused, whatever they try."""

import io
import os
import stat
import struct
import sys
import unicodedata
import zipfile

import pytest

from recrate.model.errors import BadCrate, NotFound, RecrateError, Refused
from recrate.outside.archive import Archive, ArchiveLimits


def zip_of(path, *members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as opened:
        for name, content in members:
            opened.writestr(name, content)
    return path


def patched(path, change):
    """Let `change` rework the bytes of a zip file."""
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(bytes(content))
    return path


def test_a_zip_and_a_folder_have_one_face(tmp_path):
    (tmp_path / "f" / "sub").mkdir(parents=True)
    (tmp_path / "f" / "a").write_text("1")
    (tmp_path / "f" / "sub" / "b").write_text("22")
    zip_of(tmp_path / "z.zip", ("a", "1"), ("sub/b", "22"))
    for location in (tmp_path / "f", tmp_path / "z.zip"):
        with Archive(location) as archive:
            assert {path: one.size_bytes for path, one in archive.entries.items()} == {
                "a": 1,
                "sub/b": 2,
            }
            assert archive.read("sub/b", limit_bytes=2) == b"22"
            with pytest.raises(Refused, match="limit"):
                archive.read("sub/b", limit_bytes=1)
            with pytest.raises(BadCrate, match="not in the archive"):
                archive.read("c", limit_bytes=1)
            archive.extract({"sub/b": "x/y"}, tmp_path / f"{location.name}-out", expected={})
        assert (tmp_path / f"{location.name}-out" / "x" / "y").read_text() == "22"


def test_what_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        Archive(tmp_path / "nothing")


@pytest.mark.parametrize("content", [b"", b"PK", b"hello" * 100, b"PK\x05\x06" + bytes(17)])
def test_what_is_no_zip_is_told(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(BadCrate, match="not a zip file"):
        Archive(tmp_path / "x.zip")


def test_a_zip_that_was_cut_off_is_told(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("a", os.urandom(1000)))
    whole = path.read_bytes()
    for length in (len(whole) - 1, len(whole) - 30, 500, 30):
        path.write_bytes(whole[:length])
        with pytest.raises(BadCrate):
            Archive(path)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd", "../up", "a/../../up", "a/..", "C:/x", "c:x", "a\\b", "a//b", "./a", "a/./b",
        "new\nline", "esc\x1b[0m", "\x7f", "\u202etxt.exe", "x" * 256, "/".join(["x" * 200] * 21),
        "あ" * 86, "//server/share",
    ],
)  # fmt: skip
def test_names_that_lead_astray_are_refused(tmp_path, name):
    with pytest.raises(Refused):
        Archive(zip_of(tmp_path / "x.zip", (name, "x")))


def test_a_name_with_nul_is_refused(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("aXb", "x"))
    patched(
        path, lambda content: content.__setitem__(slice(None), content.replace(b"aXb", b"a\0b"))
    )
    with pytest.raises(Refused, match="control character"):
        Archive(path)


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK]
)
def test_links_and_devices_are_refused(tmp_path, kind):
    info = zipfile.ZipInfo("evil")
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    with pytest.raises(Refused, match=r"link|device"):
        Archive(zip_of(tmp_path / "x.zip", (info, "/etc/passwd")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names",
    [
        ("a", "a"),
        ("が", unicodedata.normalize("NFD", "が")),
        ("a", "a/b"),
        ("a/b/c", "a/b"),
    ],
)
def test_two_files_in_one_place_are_refused(tmp_path, names):
    with pytest.raises(Refused, match=r"two files of one name|both a file and a folder"):
        Archive(zip_of(tmp_path / "x.zip", *((name, "x") for name in names)))


def test_a_bomb_is_refused_before_it_is_opened(tmp_path):
    bomb = zip_of(tmp_path / "x.zip", ("zeros", bytes(150_000_000)))
    with pytest.raises(Refused, match="bomb"):
        Archive(bomb)


def test_limits_are_kept(tmp_path):
    many = zip_of(tmp_path / "x.zip", *((f"{number}", "xxxx") for number in range(20)))
    with pytest.raises(Refused, match="20 entries"):
        Archive(many, limits=ArchiveLimits(entries=19))
    with pytest.raises(Refused, match="80 bytes"):
        Archive(many, limits=ArchiveLimits(total_bytes=79))
    assert len(Archive(many, limits=ArchiveLimits(entries=20, total_bytes=80)).entries) == 20


def overlapping(path):
    """Write a zip whose second entry lies inside the first one's data."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as opened:
        opened.writestr("b", b"x" * 50)
    quoted = inner.getvalue()[: 30 + 1 + 50]
    zip_of(path, ("a", quoted), ("b", b"x" * 50), method=zipfile.ZIP_STORED)

    def point_inside(content):
        first, second = (place for place in places(content, b"PK\x01\x02"))
        assert first < second
        content[second + 42 : second + 46] = struct.pack("<I", 31)

    return patched(path, point_inside)


def places(content, signature):
    place = content.find(signature)
    while place >= 0:
        yield place
        place = content.find(signature, place + 1)


def test_entries_that_overlap_are_refused(tmp_path):
    with pytest.raises(Refused, match="overlap"):
        Archive(overlapping(tmp_path / "x.zip"))


def test_two_entries_of_the_same_bytes_are_refused(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("a", b"x" * 50), ("b", b"y" * 50))

    def same(content):
        _, second = places(content, b"PK\x01\x02")
        content[second + 42 : second + 46] = struct.pack("<I", 0)

    with pytest.raises(Refused, match="overlap"):
        Archive(patched(path, same))


@pytest.mark.parametrize("lie", [10, 1000, 0])
def test_an_entry_that_lies_of_its_size_gives_nothing_more(tmp_path, lie):
    path = zip_of(tmp_path / "x.zip", ("a", b"x" * 100))

    def tell(content):
        (entry,) = places(content, b"PK\x01\x02")
        content[entry + 24 : entry + 28] = struct.pack("<I", lie)

    with Archive(patched(path, tell)) as archive, pytest.raises(BadCrate):
        archive.extract({"a": "a"}, tmp_path / "out", expected={})
    assert not (tmp_path / "out").exists()


def test_a_flipped_bit_is_noticed(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("a", os.urandom(1000)), method=zipfile.ZIP_STORED)

    def flip(content):
        content[500] ^= 1

    with Archive(patched(path, flip)) as archive, pytest.raises(BadCrate, match="damaged"):
        archive.read("a", limit_bytes=1000)


def test_encrypted_and_rare_methods_are_told(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("a", b"x" * 100), method=zipfile.ZIP_LZMA)
    with pytest.raises(BadCrate, match="method 14"):
        Archive(path)
    path = zip_of(tmp_path / "y.zip", ("a", b"x" * 100))

    def encrypt(content):
        (entry,) = places(content, b"PK\x01\x02")
        content[entry + 8] |= 1

    with pytest.raises(BadCrate, match="encrypted"):
        Archive(patched(path, encrypt))


def test_a_wrong_checksum_leaves_nothing(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("a", b"good"), ("b", b"bad"))
    with Archive(path) as archive, pytest.raises(BadCrate, match="wrong checksum: b has"):
        archive.extract({"a": "a", "b": "b"}, tmp_path / "out", expected={"b": "0" * 64})
    assert [one.name for one in tmp_path.iterdir()] == ["x.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="no links, pipes or sockets there")
@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "missing", "."])
def test_links_out_of_a_folder_are_refused(tmp_path, target):
    (tmp_path / "outside").write_text("secret")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "link").symlink_to(target)
    with pytest.raises(Refused, match="link"):
        Archive(tmp_path / "f")


@pytest.mark.skipif(sys.platform == "win32", reason="no links, pipes or sockets there")
def test_pipes_in_a_folder_are_refused_and_inner_links_are_files(tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a").write_text("1")
    (tmp_path / "f" / "b").symlink_to("a")
    with Archive(tmp_path / "f") as archive:
        assert archive.read("b", limit_bytes=9) == b"1"
    os.mkfifo(tmp_path / "f" / "pipe")
    with pytest.raises(Refused, match="pipe"):
        Archive(tmp_path / "f")


def test_every_cut_and_flip_of_a_zip_raises_only_our_errors(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("a", b"hello " * 20), ("b/c", os.urandom(40)))
    whole = path.read_bytes()
    for place in range(len(whole)):
        for changed in (
            whole[:place],
            whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :],
        ):
            path.write_bytes(changed)
            try:
                with Archive(path) as archive:
                    for name in archive.entries:
                        archive.sha256(name)
            except RecrateError:
                pass
