"""Typed links, well made and hostile."""

import json
import time

import pytest

from recrate.locate.links import links_in_header, links_in_set, of_relation
from recrate.locate.pages import read_page

PAGE = "https://example.org/records/1"


def header(text):
    return links_in_header(text, PAGE, limit=100)


def test_a_header_gives_each_relation_with_what_it_says():
    found = header(
        '<x.crate.zip>; rel="item"; type="application/zip"; profile="https://w3id.org/ro/crate", '
        "<https://doi.org/10.5072/a>; rel=cite-as"
    )
    assert [(one.relation, one.url) for one in found] == [
        ("item", "https://example.org/records/x.crate.zip"),
        ("cite-as", "https://doi.org/10.5072/a"),
    ]
    assert (found[0].media_type, found[0].profile) == (
        "application/zip",
        "https://w3id.org/ro/crate",
    )


def test_commas_and_semicolons_inside_addresses_and_quotes_split_nothing():
    found = header('<a,b;c>; title="x, <y>; rel=\\"evil\\""; rel="item describedby"')
    assert [one.relation for one in found] == ["item", "describedby"]
    assert found[0].url.endswith("/a,b;c")
    assert found[0].title == 'x, <y>; rel="evil"'


def test_links_of_another_page_are_not_ours():
    assert header('<x>; rel=item; anchor="/records/2"') == ()
    assert len(header(f'<x>; rel=item; anchor="{PAGE}"')) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "<javascript:alert(1)>; rel=item",
        "<file:///etc/passwd>; rel=item",
        "<http://[>; rel=item",
        "<https://u:p@example.org/x>; rel=item",
        "<x; rel=item",
        "rel=item",
        "<x>",
        ";;;,,,<>",
        '<x>; rel="',
        "<https://h:99999999/x>; rel=item",
    ],
)
def test_what_is_no_link_gives_none_and_harms_none_after_it(hostile):
    found = header(f"{hostile}, <good.zip>; rel=item")
    assert all(one.url.startswith("https://example.org/records/") for one in found)
    assert header("<good.zip>; rel=item")[0].url.endswith("good.zip")


@pytest.mark.parametrize(
    "bomb", [",", "<", "<a", "<a>;", '<a>;x="', '<a>;x="\\', "<a>;rel=a,", "<a>;a=b;", " ", ";"]
)
def test_a_header_of_any_length_is_read_in_a_moment(bomb):
    began = time.monotonic()
    header(bomb * 200_000)
    assert time.monotonic() - began < 5


def test_only_so_many_links_are_kept():
    assert len(links_in_header("<a>;rel=item," * 1000, PAGE, limit=7)) == 7


def test_a_link_set_tells_of_its_page_in_both_forms():
    document = {
        "linkset": [
            {"anchor": PAGE, "item": [{"href": "x.zip", "type": "application/zip"}]},
            {"anchor": "https://example.org/other", "item": [{"href": "evil.zip"}]},
            "nonsense",
        ]
    }
    content = json.dumps(document).encode()
    found = links_in_set(content, "application/linkset+json", PAGE, limit=100)
    assert [one.url for one in of_relation(found, "item")] == ["https://example.org/records/x.zip"]
    text = b'<x.zip>\n ; rel="item"\n ; anchor="https://example.org/records/1"'
    assert links_in_set(text, "application/linkset", PAGE, limit=100)[0].relation == "item"


@pytest.mark.parametrize("broken", [b"", b"[]", b"{", b'{"linkset": 3}', b"[" * 100_000])
def test_a_broken_link_set_is_an_empty_one(broken):
    assert links_in_set(broken, "application/linkset+json", PAGE, limit=100) == ()


def read(html, limit=100):
    content = html if isinstance(html, bytes) else html.encode()
    return read_page(content, PAGE, charset="utf-8", limit=limit)


def test_a_page_gives_its_links_by_its_own_base():
    page = read(
        '<html><head><base href="/files/"><title> Tides\n at Oura </title>'
        '<link rel="item" type="application/zip" href="x.crate.zip"></head><body></body></html>'
    )
    assert page.title == "Tides at Oura"
    assert page.links[0].url == "https://example.org/files/x.crate.zip"


@pytest.mark.parametrize(
    "bomb",
    [
        b"<div>" * 1_000_000,
        b"<a href=x>" * 500_000,
        b"<link rel=item href=x>" * 200_000,
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + b"&b;" * 10**5,
        b"\x00" * 1_000_000,
        b"<script type='application/ld+json'>" + b"[" * 2_000_000,
        b"",
    ],
)
def test_a_bomb_of_a_page_is_over_in_a_moment(bomb):
    began = time.monotonic()
    page = read(bomb)
    assert time.monotonic() - began < 20
    assert len(page.links) <= 100
    assert len(page.hrefs) <= 100


def test_embedded_metadata_are_found_in_a_graph_too():
    page = read(
        '<script type="application/ld+json">{"@graph": [{"@type": "Dataset", "name": "x"}]}'
        "</script>"
        '<script type="application/ld+json">broken</script>'
    )
    assert any(one.get("name") == "x" for one in page.documents)
