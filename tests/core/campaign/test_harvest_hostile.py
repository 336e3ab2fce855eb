"""Whatever a repository says of a record: an entry that can be kept, or none."""

from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.campaign.harvest_inveniordm import entry_of
from recrate.campaign.harvest_oai_pages import read_page
from recrate.model.campaign import Entry

BASE = "https://repo.example/api/communities/x/records?page=2"
NAMES = st.sampled_from(
    ["id", "pids", "doi", "identifier", "links", "self_html", "html", "metadata", "title", "files",
     "publication_date", "journal", "custom_fields", "journal:journal", "entries", "enabled", "key"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["10.5072/\ud800", "https://e.org/\ud800", "https://[::1", "//[", "a.crate.zip",
         "10.5072/a", "令和元年", "https://a:b@e.org/", "javascript:alert(1)", "https://doi.org/10.5072/%ff"]
    ),
)  # fmt: skip
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=25,
)
HEAD = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>'


def can_be_kept(entry: Entry) -> bool:
    """Say whether an entry can be written to a journal and shown on a page."""
    said = f"{entry.where}{entry.title}{entry.group}"
    return entry.where.startswith(("https://", "http://")) and bool(said.encode())


@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_any_record_of_json_gives_an_entry_that_can_be_kept_or_none(record: dict[str, Any]) -> None:
    found = entry_of(record, community="x", base=BASE)
    assert found is None or can_be_kept(found)


@given(
    TEXTS.filter(lambda text: text.isprintable()),
    st.sampled_from(["dc", "jpcoar", "oai_datacite", "resource"]),
    st.lists(
        st.sampled_from(["identifier", "title", "date", "URI", "file", "selfDOI"]), max_size=5
    ),
)
def test_any_record_of_oai_gives_an_entry_that_can_be_kept_or_none(
    text: str, root: str, names: list[str]
) -> None:
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name in names)
    xml = (
        f"{HEAD}<identifier>x</identifier></header><metadata><{root}>{inner}</{root}></metadata>"
        "</record></ListRecords></OAI-PMH>"
    )
    page = read_page(xml.encode())
    assert page is not None
    [record] = page.records
    assert record.entry is None or can_be_kept(record.entry)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_or_none(content: bytes) -> None:
    assert read_page(content) is None
    whole = HEAD.encode() + content + b"</header></record></ListRecords></OAI-PMH>"
    page = read_page(whole)
    assert page is None or all(record.entry is None for record in page.records)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"doi": "10.5072/\ud800", "id": 7}, "https://repo.example/records/7"),
        (
            {"links": {"self_html": "https://e.org/\ud800"}, "id": 7},
            "https://repo.example/records/7",
        ),
        ({"links": {"self_html": "https://[::1"}, "id": 7}, "https://repo.example/records/7"),
        ({"links": {"self_html": "https://a:b@e.org/"}, "id": "../7"}, None),
        ({"doi": "10.5072/" + "x" * 9000}, None),
        ({"links": {"self_html": "https://e.org/" + "x" * 9000}}, None),
    ],
)
def test_an_address_that_cannot_be_kept_is_none(said: dict[str, Any], where: str | None) -> None:
    found = entry_of(said, community="x", base=BASE)
    assert (found and found.where) == where
