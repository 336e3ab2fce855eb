"""Lists that are tables or JSON: their names, their years, and what is wrong with a row."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recrate.campaign.lists import ListSettings, entries_of_lines, read_list
from recrate.campaign.lists_rows import year_of
from recrate.model.campaign import Entry
from recrate.model.errors import BadInput, RecrateError

SETTINGS = ListSettings()


def read(path: Path) -> list[Entry]:
    """Read a whole list."""
    return list(read_list(str(path), settings=SETTINGS))


def of(*lines: str) -> list[Entry]:
    """Read lines as standard input gives them."""
    return list(entries_of_lines(lines, Path("/"), name="input"))


EXPECTED = Entry(
    where="https://doi.org/10.5281/zenodo.1", title="潮位, 2024", year=2024, group="海の研究"
)


@pytest.mark.parametrize(
    "header",
    [
        "where,title,year,group",
        "DOI,Title,Date,Journal",
        "url,name,Publication Year,collection",
        "クレート,タイトル,年,グループ",
        "場所,題名,発行年,掲載誌",
        "ＤＯＩ,表題,公開日,雑誌名",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_is_read_by_the_names_of_its_columns(
    tmp_path: Path, header: str, encoding: str
) -> None:
    path = tmp_path / "list.csv"
    text = f'{header}\r\n10.5281/zenodo.1,"潮位, 2024",2024-03-31,海の研究\r\n'
    path.write_bytes(text.encode(encoding))
    assert read(path) == [EXPECTED]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "list.txt", "list"])
def test_the_separators_of_spreadsheets_are_known(
    tmp_path: Path, separator: str, name: str
) -> None:
    path = tmp_path / name
    rows = [["title", "doi", "note", "year"], ["Tides", "10.5072/a", "of 1999", ""]]
    path.write_text("".join(separator.join(row) + "\n" for row in rows))
    assert read(path) == [Entry(where="https://doi.org/10.5072/a", title="Tides")]


def test_a_table_of_one_column_is_a_table_by_its_files_name(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("doi\n10.5072/a\n\n10.5072/b\n")
    found = [entry.where for entry in read(tmp_path / "list.csv")]
    assert found == ["https://doi.org/10.5072/a", "https://doi.org/10.5072/b"]


def test_of_several_places_in_a_row_the_crate_itself_counts_before_its_doi(tmp_path: Path) -> None:
    (tmp_path / "a.crate.zip").write_bytes(b"PK")
    (tmp_path / "list.csv").write_text("doi,path\n10.5072/a,a.crate.zip\n10.5072/b,\n", "utf-8")
    found = [entry.where for entry in read(tmp_path / "list.csv")]
    assert found == [str(tmp_path / "a.crate.zip"), "https://doi.org/10.5072/b"]


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        (["a.zip,1,2,3"], 4, "4 cells"),
        (["https://e.org/a.zip,T", ",T"], 5, "names no crate"),
        (["https://e.org/a.zip,T", "", '"https://e.org/a.zip'], 6, "no row"),
        (['"a"b,T'], 4, "no row"),
        (["nothing here,T"], 4, "neither a path"),
    ],
)
def test_a_broken_row_is_told_with_its_line(
    tmp_path: Path, rows: list[str], line: int, said: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["# of May", "", "url,title", *rows]) + "\n")
    with pytest.raises(BadInput, match=said) as caught:
        read(path)
    assert caught.value.where == f"list.csv, line {line}"
    assert caught.value.hint


def test_a_line_within_quotation_marks_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('title,url\n"two\nlines",https://e.org/a.zip\nx,nothing\n')
    entries = read_list(str(path), settings=SETTINGS)
    assert next(entries).title == "two lines"
    with pytest.raises(BadInput) as caught:
        next(entries)
    assert caught.value.where == "list.csv, line 4"


def test_a_table_without_a_column_of_crates_says_which_names_there_are(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("titel,jahr\nTiden,2024\n")
    with pytest.raises(BadInput, match=r"list\.csv, line 1") as caught:
        read(tmp_path / "list.csv")
    assert "doi" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024", 2024), ("2024-03", 2024), ("2024/3/1", 2024), ("20240301", 2024),
        ("31.3.2024", 2024), ("March 2024", 2024), ("２０２４年３月", 2024),
        ("令和6年3月1日", 2024), ("令和元年", 2019), ("平成31年", 2019), ("昭和 64 年", 1989),
    ],
)  # fmt: skip
def test_years_are_read_as_people_write_them(text: str, year: int) -> None:
    assert year_of(text) == year
    assert of("doi,year", f"10.5072/a,{text}")[0].year == year


@pytest.mark.parametrize("text", ["soon", "24", "20245", "0999"])
def test_a_year_that_is_none_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="input, line 2: no year"):
        of("doi,year", f"10.5072/a,{text}")


@pytest.mark.parametrize(
    "lines",
    [
        ['[{"doi": "10.5281/zenodo.1", "title": "潮位, 2024", "year": 2024, "group": "海の研究"}]'],
        ['{"where": "10.5281/zenodo.1", "題名": "潮位, 2024", "年": "2024", "誌名": "海の研究"}'],
        ["# of May", "", "[", "{", '"url": "https://doi.org/10.5281/zenodo.1",',
         '"title": "潮位,\\n2024", "date": "2024-01-01",', '"journal": "海の研究",',
         '"authors": [{"name": "x"}]', "}", "]"],
    ],
)  # fmt: skip
def test_json_is_an_array_or_an_object_a_line(lines: list[str]) -> None:
    assert of(*lines) == [EXPECTED]


def test_an_array_may_hold_mere_texts_and_nothing() -> None:
    assert [one.where for one in of('["10.5072/a",', '"10.5072/b"]')] == [
        "https://doi.org/10.5072/a",
        "https://doi.org/10.5072/b",
    ]
    assert of("[ ]") == []


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (['{"doi": "10.5072/a"}', '{"doi": '], 2),
        (['{"doi": "10.5072/a"}', "[]"], 2),
        (['{"doi": ["10.5072/a"]}'], 1),
        (['{"title": "no place"}'], 1),
        (["[", '{"doi": "10.5072/a"}', '{"doi": "10.5072/b"}', "]"], 3),
        (["[", '{"doi": "10.5072/a"},', "17]"], 3),
        (["[", '{"doi": "10.5072/a"}'], 3),
        (['["10.5072/a"]', "and more"], 2),
        (["[" + "[" * 100_000], 1),
        (['[{"a":' + "[" * 100_000], 1),
        (['{"a":' + "[" * 100_000], 1),
    ],
)
def test_broken_json_is_told_with_its_line(lines: list[str], line: int) -> None:
    with pytest.raises(BadInput) as caught:
        of(*lines)
    assert caught.value.where == f"input, line {line}"
    assert caught.value.hint


def test_an_array_in_one_long_line_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    items = ", ".join(f'{{"doi": "10.5072/{n}", "title": "{"x" * n}"}}' for n in range(2000))
    path.write_text(f"[{items}]")
    found = read(path)
    assert [entry.where for entry in found] == [f"https://doi.org/10.5072/{n}" for n in range(2000)]


ANY = st.text(
    st.one_of(st.characters(), st.sampled_from('#,;"\t\n\r[]{}:/.10 doi\ufeff\x00\ud800年')),
    max_size=60,
)


def strange(text: str, base: str) -> bool:
    """Say that no part of a list names anything of this machine, which we would walk through."""
    parts = [part.strip() for part in re.split(r"""[\n\r,;\t"]""", text.replace("\0", ""))]
    named = [f"{base}/{part}".encode("utf-8", "replace") for part in parts if part]
    return not any(os.path.lexists(path) for path in named)


def asked(read: Callable[[], list[Entry]]) -> tuple[list[Entry], RecrateError | None]:
    """Return what came, or the complaint; anything else than our own fails the test."""
    try:
        return read(), None
    except RecrateError as error:
        return [], error


@given(st.lists(ANY, max_size=6))
def test_any_lines_give_entries_or_say_what_is_wrong(lines: list[str]) -> None:
    assume(all(strange(line, "") for line in lines))
    found, error = asked(lambda: of(*lines))
    assert all(one.where and one.where.encode() for one in found)
    assert error is None or (isinstance(error, BadInput) and error.hint)
    assert error is None or error.message.isprintable()


@given(st.binary(max_size=200), st.sampled_from(["l.txt", "l.csv", "l.tsv", "l.json", "l"]))
def test_any_bytes_give_entries_or_say_what_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    words = content.decode("utf-8", "replace")
    assume(strange(words, "") and strange(words, str(path.parent)))
    path.write_bytes(content)
    found, error = asked(lambda: read(path))
    assert all(one.where and one.title.isprintable() for one in found)
    assert error is None or (isinstance(error, BadInput) and error.hint)


@given(st.lists(st.tuples(ANY, ANY, st.integers(1000, 2999)), min_size=1, max_size=5))
def test_an_array_and_its_items_line_by_line_are_the_same_list(
    said: list[tuple[str, str, int]],
) -> None:
    rows = [
        {"doi": "10.5072/a", "title": title, "group": group, "year": year}
        for title, group, year in said
    ]
    array = of(json.dumps(rows))
    assert array == of(*(json.dumps(row) for row in rows))
    assert [one.year for one in array] == [year for *_, year in said]
    assert all(one.title.isprintable() and one.group.isprintable() for one in array)
