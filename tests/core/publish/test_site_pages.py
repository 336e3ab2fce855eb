"""The pages of a site: what programs read in them, and that a stranger's word stays a word."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import etree, html

from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordKind, RecordLink
from recrate.model.study import Access, AccessRight, Funding, Organisation, Person
from recrate.publish.journal import Journal
from recrate.publish.site import Site
from site_parcels import DESCRIPTION, DOCUMENTS, parcel, place, surroundings

URL = "https://crates.example.ac.jp/crates/"
SLUG = "tide-prediction-for-the-seto-inland-sea"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "\u202egnp.exe\x00\x1b[31m\ud800",
    "</style><style>*{display:none}",
    "\r\nSet-Cookie: a=b",
    '" ; deny all; } location / { return 302 http://evil.example/',
    "$request_uri %{HTTP_HOST}e",
)


class Written:
    """A site with one deposit, and its files read."""

    def __init__(self, folder: Path, *, answers: dict[str, str] | None = None, **more: Any) -> None:
        told = {"folder": str(folder / "site"), "url": URL, "title": "Crates of Kyoto"}
        self.site = Site(place(**{**told, **(answers or {})}), surroundings())
        self.sent = parcel(folder, "m1", **more)
        self.receipt = self.site.deposit(self.sent, Journal(folder / "journal"), silent)
        self.root = folder / "site"
        self.folder = self.root / self.receipt.record

    def page(self, name: str = "index.html") -> Any:
        """Return the landing page as a tree."""
        return html.fromstring((self.folder / name).read_bytes())

    def links(self, rel: str) -> list[dict[str, str]]:
        """Return the typed links of the page."""
        return [
            {name: value for name, value in one.attrib.items() if name != "rel"}
            for one in self.page().iterfind(".//link")
            if one.get("rel") == rel
        ]


def hostile_description(text: str) -> Any:
    """Return a description in which every field says the same bad thing."""
    where = Organisation(name=text, identifier=text, alternate_name=text)
    return replace(
        DESCRIPTION,
        title=text,
        description=text,
        licence=text,
        keywords=(text,),
        creators=(Person(name=text, identifier=text, affiliation=where, alternate_name=text),),
        funding=(Funding(funder=where, award_number=text, award_title=text),),
        translations=tuple(
            replace(one, title=text, description=text) for one in DESCRIPTION.translations
        ),
        access=Access(right=AccessRight.SHARED, conditions=text, contact=text),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_word_is_text_and_nothing_else(tmp_path: Path, text: str) -> None:
    links = (RecordLink(target=text, relation=LinkRelation.CITES, title=text, information=text),)
    documents = {**DOCUMENTS, "citation-text": text.encode("utf-8", "replace")}
    documents["schema-org"] = json.dumps({"name": text}).encode()
    written = Written(
        tmp_path, description=hostile_description(text), links=links, documents=documents,
        notebooks=(text,), publisher=text, version=text, doi=text, issued=text, agent=text,
    )  # fmt: skip
    pages = list(written.root.rglob("*.html"))
    assert len(pages) == 6
    for page in pages:
        tree = html.fromstring(page.read_bytes())
        scripts = [one for one in tree.iter("script") if one.get("type") != "application/ld+json"]
        assert [one.text for one in scripts if "alert" in (one.text or "")] == []
        assert len(scripts) == (1 if page.parent == written.root else 0)
        assert len(list(tree.iter("style"))) == 1
        assert not list(tree.iter("img"))
        addresses = [one.get("href") for one in tree.iter() if one.get("href")]
        assert not [one for one in addresses if re.match(r"\s*(javascript|vbscript|file):", one)]
        assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
        assert "\u202e" not in page.read_text()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", page.read_text())
    etree.parse(str(written.root / "feed.xml"))
    for name in ("crates.json", f"{written.receipt.record}/linkset.json"):
        json.loads((written.root / name).read_text())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_word_changes_no_web_servers_configuration(tmp_path: Path, text: str) -> None:
    description = replace(
        hostile_description(text), access=None, licence=f"https://licence.example/{text}",
        creators=(Person(name="A", identifier=f"https://orcid.org/{text}"),),
    )  # fmt: skip
    written = Written(tmp_path, description=description, answers={"inbox": URL})
    nginx = (written.root / "signposting.nginx.conf").read_text()
    rule = re.compile(
        r'location ~ "\^/crates/[a-z0-9\\/-]+/\([\w.|()?\\-]+\)\??\$" '
        r'\{ add_header Link "(?:[^"$\\]|\\")*"; \}'
    )
    assert all(rule.fullmatch(one) for one in nginx.splitlines()[1:])
    hosts = (written.root / "_headers").read_text().splitlines()
    assert all(re.fullmatch(r"|#.*|/crates/\S+|  Link: [\x20-\x7e]+", one) for one in hosts)
    apache = (written.folder / ".htaccess").read_text().splitlines()
    allowed = re.compile(
        r'AddType [a-z/+-]+ [.a-z]+|</?IfModule[^>]*>| *<Files "[\w.-]+">| *</Files>|'
        r"  ForceType application/linkset\+json|"
        r'    Header set Link "(?:[^"\\%]|\\"|%%)*"'
    )
    assert [one for one in apache if not allowed.fullmatch(one)] == []


def test_the_policy_lets_our_own_style_and_script_pass_and_no_other(tmp_path: Path) -> None:
    written = Written(tmp_path)
    for page in written.root.rglob("*.html"):
        tree = html.fromstring(page.read_text())
        policy = tree.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for kind, elements in (("style", tree.iter("style")), ("script", tree.iter("script"))):
            for one in elements:
                if one.get("type") == "application/ld+json":
                    continue
                digest = base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode()
                assert f"{kind}-src 'sha256-{digest}'" in policy
        assert not [one for one in tree.iter() if one.get("style")]
        sources = [one.get("src") or "" for one in tree.iter() if one.get("src")]
        assert not [one for one in sources if "//" in one]


def test_the_page_carries_the_whole_signposting_profile(tmp_path: Path) -> None:
    # https://signposting.org/FAIR/, level 1: of a landing page
    written = Written(
        tmp_path, doi="10.5072/abc-1", answers={"inbox": "https://inbox.example.org/n"}
    )
    base = f"{URL}{SLUG}/v1/"
    assert written.links("cite-as") == [{"href": "https://doi.org/10.5072/abc-1"}]
    assert [one["href"] for one in written.links("type")] == [
        "https://schema.org/AboutPage",
        "https://schema.org/Dataset",
    ]
    assert written.links("author") == [{"href": "https://orcid.org/0000-0002-1825-0097"}]
    assert written.links("license") == [{"href": "https://spdx.org/licenses/CC-BY-4.0"}]
    assert written.links("item") == [
        {
            "href": f"{base}{SLUG}.crate.zip",
            "type": "application/zip",
            "profile": "https://w3id.org/ro/crate",
        }
    ]
    described = written.links("describedby")
    crate = described[0]
    assert (crate["type"], crate["profile"]) == ("application/ld+json", "https://w3id.org/ro/crate")
    assert {one["href"].removeprefix(base) for one in described} == {
        "ro-crate-metadata.json", "jpcoar.xml", "datacite.xml", "CITATION.cff", "codemeta.json",
        "citation.bib", "citation.ris", "citation.txt", "citation.ja.txt", "schema-org.jsonld",
    }  # fmt: skip
    assert all("type" in one for one in described)
    inbox = "http://www.w3.org/ns/ldp#inbox"
    assert written.links(inbox) == [{"href": "https://inbox.example.org/n"}]


def test_every_link_of_the_page_leads_to_a_file_that_is_there(tmp_path: Path) -> None:
    written = Written(tmp_path, answers={"url": ""})
    for page in written.root.rglob("*.html"):
        for one in html.fromstring(page.read_bytes()).iter("a", "link"):
            address = one.get("href")
            if re.match(r"https?:|data:|#", address):
                continue
            target = (page.parent / urljoin("", address)).resolve()
            assert (target / "index.html" if address.endswith("/") else target).is_file(), address


def test_the_link_set_says_what_the_page_says_and_leads_back(tmp_path: Path) -> None:
    # RFC 9264, 4.2
    written = Written(tmp_path)
    base = f"{URL}{SLUG}/v1/"
    contexts = json.loads((written.folder / "linkset.json").read_text())["linkset"]
    by_anchor = {one["anchor"]: one for one in contexts}
    page = by_anchor[base]
    for rel in ("cite-as", "item", "describedby", "license", "author", "type"):
        assert page[rel] == written.links(rel), rel
    assert by_anchor[f"{base}{SLUG}.crate.zip"]["collection"][0]["href"] == base
    assert by_anchor[f"{base}ro-crate-metadata.json"]["describes"][0]["href"] == base


def test_the_headers_say_what_the_page_says(tmp_path: Path) -> None:
    written = Written(tmp_path)
    lines = (written.root / "_headers").read_text().splitlines()
    value = lines[lines.index(f"/crates/{SLUG}/v1/") + 1].removeprefix("  Link: ")
    found = re.findall(r'<([^>]+)>; rel="([^"]+)"', value)
    for rel in ("cite-as", "item", "describedby", "license", "author", "type", "linkset"):
        assert [target for target, name in found if name == rel] == [
            one["href"] for one in written.links(rel)
        ]


def test_search_engines_are_told_of_the_zip_at_its_address(tmp_path: Path) -> None:
    written = Written(tmp_path)
    (block,) = written.page().xpath("//script[@type='application/ld+json']")
    told = json.loads(block.text)
    (download,) = told["distribution"]
    assert told["name"] == "</script><b>"
    assert told["url"] == f"{URL}{SLUG}/v1/"
    assert download["contentUrl"] == f"{URL}{SLUG}/v1/{SLUG}.crate.zip"
    assert download["sha256"] == written.sent.sha256


def test_the_feed_names_each_version_once_with_its_crate(tmp_path: Path) -> None:
    written = Written(tmp_path, doi="10.5072/abc-1")
    feed = etree.parse(str(written.root / "feed.xml")).getroot()
    (entry,) = feed.findall(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}id") == URL
    assert entry.findtext(f"{ATOM}id") == "https://doi.org/10.5072/abc-1"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-21T00:00:00Z"
    enclosure = entry.find(f"{ATOM}link[@rel='enclosure']")
    assert enclosure.get("href") == f"{URL}{SLUG}/v1/{SLUG}.crate.zip"
    assert int(enclosure.get("length")) == written.sent.size_bytes


def test_programs_find_every_crate_with_its_checksum(tmp_path: Path) -> None:
    written = Written(tmp_path, doi="10.5072/abc-1")
    (told,) = json.loads((written.root / "crates.json").read_text())["crates"]
    assert told["identity"] == written.sent.crate.identity
    assert (told["doi"], told["sha256"]) == ("10.5072/abc-1", written.sent.sha256)
    assert (told["size"], told["url"]) == (written.sent.size_bytes, written.receipt.record_url)


def test_each_language_has_its_own_words_names_and_title(tmp_path: Path) -> None:
    written = Written(tmp_path)
    english, japanese = written.page(), written.page("index.ja.html")
    assert (english.get("lang"), japanese.get("lang")) == ("en", "ja")
    assert english.findtext(".//h1/bdi") == "Tide prediction for the Seto Inland Sea"
    assert japanese.findtext(".//h1/bdi") == "瀬戸内海の潮位予測"
    assert japanese.find(".//p[@class='also']").get("lang") == "en"
    assert japanese.findtext(".//span[@class='name']/bdi") == "山田 花子"
    assert "クレートをダウンロード" in japanese.text_content()
    assert "山田花子, 鈴木太郎" in japanese.text_content()


def test_the_command_names_the_doi_else_the_page_else_the_file(tmp_path: Path) -> None:
    told = {"doi": ({"doi": "10.5072/abc-1"}, {}), "page": ({}, {}), "file": ({}, {"url": ""})}
    commands = {
        name: Written(tmp_path / name, answers=answers, **said)
        .page()
        .findtext(".//section[@aria-label='Use this crate']/code")
        for name, (said, answers) in told.items()
    }
    assert commands == {
        "doi": "recrate replay https://doi.org/10.5072/abc-1 -o replay",
        "page": f"recrate replay {URL}{SLUG}/v1/ -o replay",
        "file": f"recrate replay {SLUG}.crate.zip -o replay",
    }


def test_a_launch_service_is_given_the_pages_address(tmp_path: Path) -> None:
    launch = "https://binder.example.org/v2/crate/{url}?urlpath=lab"
    page = Written(tmp_path, answers={"launch": launch}).page()
    (button,) = page.xpath("//div[@class='launch']//a")
    address = f"{URL}{SLUG}/v1/".replace(":", "%3A").replace("/", "%2F")
    assert button.get("href") == launch.replace("{url}", address)


def test_a_record_of_zenodo_opens_on_mybinder_without_any_configuration(tmp_path: Path) -> None:
    written = Written(tmp_path, doi="10.5281/zenodo.123")
    for language, file, label in (
        ("en", "index.html", "mybinder.org"),
        ("ja", "index.ja.html", "で開く"),
    ):
        page = written.page(file)
        (button,) = page.xpath("//div[@class='launch']//a")
        address = button.get("href")
        assert address.startswith("https://mybinder.org/v2/zenodo/10.5281/zenodo.123/?urlpath=lab")
        assert label in button.text_content(), language


def test_every_public_crate_has_the_command_that_opens_it_and_no_button_that_leads_nowhere(
    tmp_path: Path,
) -> None:
    for name, doi in (("other", "10.5072/zenodo.1"), ("trick", "10.5281/zenodo.1/../../x")):
        page = Written(tmp_path / name, doi=doi).page()
        assert not page.xpath("//div[@class='launch']//a")
        (command,) = page.xpath("//div[@class='launch']/code")
        assert command.text_content().startswith("recrate launch https://doi.org/10.5")


def test_a_badge_is_shown_where_one_lies(tmp_path: Path) -> None:
    written = Written(tmp_path)
    assert not list(written.page().iter("img"))
    (written.folder / "badge.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    written.site.rebuild()
    (image,) = written.page().iter("img")
    assert image.get("src") == "badge.svg"
    assert image.get("alt")


def test_a_replays_page_says_its_verdict_and_what_it_replayed(tmp_path: Path) -> None:
    link = RecordLink(target="https://doi.org/10.1/a1", relation=LinkRelation.REVIEWS)
    written = Written(tmp_path, kind=RecordKind.REPLAY, verdict="identical", links=(link,))
    text = written.page().text_content()
    assert "Verdict: Identical" in text
    assert "Replay of" in text
    assert written.links("type")[1]["href"] == "https://schema.org/Review"


def test_a_page_stays_small_whatever_it_is_told(tmp_path: Path) -> None:
    many = replace(
        DESCRIPTION,
        title="T" * 100_000,
        description="D" * 1_000_000,
        keywords=tuple(f"k{n}" * 500 for n in range(5_000)),
        creators=tuple(Person(name=f"P{n}" * 500) for n in range(5_000)),
    )
    written = Written(tmp_path, description=many, notebooks=tuple("n" * 9_000 for _ in range(900)))
    assert (written.folder / "index.html").stat().st_size < 700_000
