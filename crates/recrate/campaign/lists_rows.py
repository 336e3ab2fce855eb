"""A row of a table or an object of JSON: which of its names mean what, and what it says."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from recrate.campaign.lists_places import shortened
from recrate.model.errors import BadInput

WHERE = ("where", "crate", "path", "file", "doi", "url", "uri", "link", "address",
         "場所", "所在", "クレート", "パス", "ファイル", "アドレス", "リンク")  # fmt: skip
"""Where several are filled in, the first of them counts."""
TITLE = ("title", "name", "タイトル", "題名", "表題", "標題", "名称")
YEAR = ("year", "date", "publicationyear", "publicationdate", "published", "issued", "dateissued",
        "年", "発行年", "出版年", "公開年", "刊行年",
        "日付", "発行日", "出版日", "公開日")  # fmt: skip
GROUP = ("group", "journal", "journaltitle", "collection", "community",
         "グループ", "雑誌", "雑誌名", "誌名", "掲載誌", "コレクション", "分類")  # fmt: skip
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
TEXT_CHARACTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a line says: a place as it is written, and what its people say of it."""

    where: str
    title: str = ""
    year: int | None = None
    group: str = ""


@lru_cache(maxsize=256)
def column_name(text: str) -> str:
    """Return the name of a column as it is compared: width, capitals, blanks do not count."""
    return re.sub(r"[\s_.-]", "", unicodedata.normalize("NFKC", text).casefold())


def names_places(names: Iterable[str]) -> bool:
    """Say whether one of these columns names crates."""
    return any(column_name(name) in WHERE for name in names)


def read_row(said: Mapping[str, Any]) -> Row:
    """Return what a row says; names that mean nothing to us are passed over.

    Raises BadInput where it names no crate, or says a year that is none.
    """
    known: dict[str, str] = {}
    for name, value in said.items():
        known.setdefault(column_name(name), "") or known.update(
            {column_name(name): _text(name, value)}
        )
    where = _first(known, WHERE)
    if not where:
        raise BadInput("names no crate", hint=f"fill in one of: {', '.join(WHERE[:6])}")
    year = _first(known, YEAR)
    try:
        number = year_of(year) if year else None
    except ValueError as error:
        raise BadInput(
            f"no year: {shortened(year)}", hint="write 2024, 2024-03-31, or nothing"
        ) from error
    return Row(
        where=where, title=tidy(_first(known, TITLE)), year=number, group=tidy(_first(known, GROUP))
    )


def year_of(text: str) -> int:
    """Return the year of a date as people and repositories write it; raises ValueError for none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    era = re.match(r"(明治|大正|昭和|平成|令和)\s*(元|\d{1,2})(?!\d)", plain)
    if era:
        return _ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))
    found = re.match(r"([12]\d{3})\d{4}(?!\d)", plain) or re.search(
        r"(?<!\d)([12]\d{3})(?!\d)", plain
    )
    if found is None:
        raise ValueError("no year")
    return int(found[1])


def year_in(text: str | None) -> int | None:
    """Return the year of a date that a stranger wrote; None where there is none."""
    try:
        return year_of(text) if text else None
    except ValueError:
        return None


def tidy(text: str) -> str:
    """Return a stranger's text as one short line that can be written everywhere."""
    plain = "".join(one if one.isprintable() else " " for one in text[: 4 * TEXT_CHARACTERS])
    return " ".join(plain.split())[:TEXT_CHARACTERS]


def _first(known: Mapping[str, str], names: Iterable[str]) -> str:
    return next((known[name] for name in names if known.get(name)), "")


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9:
        return str(value)
    if column_name(name) in {*WHERE, *TITLE, *YEAR, *GROUP}:
        raise BadInput(f"{shortened(name)} is no text", hint="write it in quotation marks")
    return ""
