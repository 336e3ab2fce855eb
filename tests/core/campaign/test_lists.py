"""A list of one crate a line, and everything that may stand in such a line."""

import itertools
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from recrate.campaign.lists import ListSettings, entries_of_lines, read_list
from recrate.model.campaign import Entry
from recrate.model.errors import BadInput, RecrateError

SETTINGS = ListSettings()


def read(where: str | Path) -> list[Entry]:
    """Read a whole list."""
    return list(read_list(str(where), settings=SETTINGS))


def places(where: str | Path) -> list[str]:
    """Read a whole list and say where its crates are."""
    return [entry.where for entry in read(where)]


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    """Something that looks like a crate's file."""
    path = tmp_path / "crates" / "潮位.crate.zip"
    path.parent.mkdir()
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    return path


def test_paths_addresses_and_dois_stand_in_one_list(tmp_path: Path, crate: Path) -> None:
    written = tmp_path / "list.txt"
    written.write_text(
        "# our crates\n"
        "\n"
        "crates/潮位.crate.zip\n"
        "  https://example.org/a.crate.zip#top  \n"
        "10.5281/Zenodo.1\n"
        "doi:10.5072/abc\n"
        "https://doi.org/10.5072/ABC\n"
        f"{crate}\n",
        "utf-8",
    )
    assert places(written) == [
        str(crate),
        "https://example.org/a.crate.zip",
        "https://doi.org/10.5281/zenodo.1",
        "https://doi.org/10.5072/abc",
        "https://doi.org/10.5072/abc",
        str(crate),
    ]


def test_a_path_is_relative_to_the_list_and_not_to_where_one_is(
    tmp_path: Path, crate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (crate.parent / "list").write_text("../crates/潮位.crate.zip\n", "utf-8")
    monkeypatch.chdir("/")
    assert places(crate.parent / "list") == [str(crate)]


def test_a_list_may_be_a_crate_an_address_or_a_doi_itself(crate: Path) -> None:
    assert places(crate) == [str(crate)]
    assert places("https://example.org/records/7") == ["https://example.org/records/7"]
    assert places("10.5281/zenodo.7") == ["https://doi.org/10.5281/zenodo.7"]


def test_a_crate_in_a_folder_is_named_by_the_folder_or_by_its_metadata(tmp_path: Path) -> None:
    metadata = tmp_path / "one" / "ro-crate-metadata.json"
    metadata.parent.mkdir()
    metadata.write_text("{}")
    assert places(metadata) == places(metadata.parent) == [str(metadata.parent)]


def test_a_doi_is_a_path_where_a_file_of_that_name_lies(tmp_path: Path) -> None:
    folder = tmp_path / "10.5072" / "abc"
    folder.mkdir(parents=True)
    (folder / "ro-crate-metadata.json").write_text("{}")
    found = entries_of_lines(["10.5072/abc", "doi:10.5072/abc"], tmp_path)
    assert [one.where for one in found] == [str(folder), "https://doi.org/10.5072/abc"]


@pytest.mark.parametrize(
    "line",
    [
        "no such thing",
        "gone.crate.zip",
        "ftp://example.org/a.crate.zip",
        "https://",
        "https://somebody:secret@example.org/a.crate.zip",
        "doi:11.5072/abc",
        "a\x07b",
        "x" * 5000,
        "oai:example.org:123",
        "oai:https://example.org/oai?verb=Identify",
        "oai:https://example.org/oai?metadataPrefix=oai_dc&resumptionToken=x",
        "zenodo:two words",
    ],
)
def test_what_names_nothing_is_told_with_its_file_its_line_and_a_hint(
    tmp_path: Path, line: str
) -> None:
    written = tmp_path / "list.txt"
    written.write_text(f"# first\nhttps://example.org/a.zip\n{line}\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        read(written)
    assert caught.value.where == "list.txt, line 3"
    assert caught.value.hint
    assert "secret" not in str(caught.value)
    assert len(caught.value.message) < 300


def test_what_stands_before_a_broken_line_was_given_already(tmp_path: Path) -> None:
    given = entries_of_lines(["https://example.org/a.zip", "nothing"], tmp_path, name="stdin")
    assert next(given).where == "https://example.org/a.zip"
    with pytest.raises(BadInput, match="stdin, line 2"):
        next(given)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_the_encodings_of_windows_in_japan_are_recognised(
    tmp_path: Path, crate: Path, encoding: str
) -> None:
    written = tmp_path / "一覧.txt"
    written.write_bytes("crates/潮位.crate.zip\r\n# 終わり\r\n".encode(encoding))
    assert places(written) == [str(crate)]


def test_a_mark_before_the_first_line_of_a_stream_is_no_part_of_it(tmp_path: Path) -> None:
    found = entries_of_lines(["\ufeffhttps://example.org/a.zip\r\n"], tmp_path)
    assert [one.where for one in found] == ["https://example.org/a.zip"]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("list.xlsx", b"PK\x03\x04" + bytes(20), "CSV"),
        ("list.xls", b"\xd0\xcf\x11\xe0" + bytes(20), "CSV"),
        ("list.bin", bytes(range(256)), "UTF-8"),
        ("list.txt", b"\x81\xff\xfe\n", "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_and_said_what_to_save_it_as(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    written = tmp_path / name
    written.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read(written)
    assert word in caught.value.hint


def test_a_list_in_a_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inner.txt").write_text("https://example.org/a.zip\n")
    (tmp_path / "outer.txt").write_text("inner.txt\n")
    with pytest.raises(BadInput, match=r"outer\.txt, line 1: no crate"):
        read(tmp_path / "outer.txt")


def test_an_empty_list_is_empty(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("# nothing yet\n\n")
    assert read(tmp_path / "list.txt") == []
    assert list(entries_of_lines([], tmp_path)) == []


def test_a_line_without_end_costs_no_memory_without_end(tmp_path: Path) -> None:
    written = tmp_path / "list.txt"
    written.write_bytes(b"x" * (64 << 20))
    tracemalloc.start()
    with pytest.raises(BadInput, match="line of more than"):
        read(written)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


Form = Callable[[int], str]


@pytest.mark.parametrize(
    ("name", "head", "line", "tail"),
    [
        ("l.txt", "", "https://example.org/{}.zip\n", ""),
        ("l.csv", "url,title\n", "https://example.org/{}.zip,潮位\n", ""),
        ("l.jsonl", "", '{{"url": "https://example.org/{}.zip"}}\n', ""),
        (
            "l.json",
            '["https://example.org/x.zip"\n',
            ',{{"url": "https://example.org/{}.zip"}}\n',
            "]",
        ),
    ],
)
def test_a_hundred_thousand_lines_are_read_one_by_one(
    tmp_path: Path, name: str, head: str, line: str, tail: str
) -> None:
    written = tmp_path / name
    written.write_text(head + "".join(line.format(n) for n in range(100_000)) + tail, "utf-8")
    reading = read_list(str(written), settings=SETTINGS)
    before = sum(1 for _ in itertools.islice(reading, 96_000))
    tracemalloc.start()  # is slow: it looks at the last four thousand
    count = before + sum(1 for _ in reading)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000 + (name == "l.json")
    assert peak < 1 << 19


def test_how_far_a_list_is_read_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int, str]] = []
    lines = ["https://example.org/a.zip", "10.5072/b"]
    list(entries_of_lines(lines, tmp_path, progress=lambda *said: told.append(said)))
    assert told == [
        ("list", 1, 0, "https://example.org/a.zip"),
        ("list", 2, 0, "https://doi.org/10.5072/b"),
    ]


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecrateError, match="neither a path that is there"):
        read(tmp_path / "gone.txt")
