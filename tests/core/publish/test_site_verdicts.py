"""Verdicts on a site: their own pages, the pages of the crates they are of, and their badges."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from recrate.crate.read import read_crate
from recrate.flow.verdict_documents import verdict_documents
from recrate.metadata.record import record_of_run
from recrate.model.deposit import Receipt
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, Record, RecordKind, RecordLink
from recrate.publish.journal import Journal
from recrate.publish.site import Site
from recrate.publish.site_judged import SIGNS, shell_argument, snippet
from recrate.publish.site_text import web_address
from recrate.publish.site_verdict import VERDICT_FORMATS
from recrate.publish.site_words import LANGUAGES, VERDICTS
from recrate.report.marks import SHAPES
from recrate.report.words import word
from replayed_folders import replayed
from report_accounts import data, notebook
from site_parcels import DOCUMENTS, parcel, place, surroundings

URL = "https://crates.example.ac.jp/crates/"
CRATE = "tide-prediction-for-the-seto-inland-sea/v1"
ELSEWHERE = RecordLink(
    target="https://doi.org/10.5281/zenodo.7",
    relation=LinkRelation.IS_REVIEWED_BY,
    title="Replay of the tides, in another house",
    information="re-execution",
)


def judged(folder: Path, *, rerun: str = "1.25", left_out: bool = False) -> tuple[Path, Record]:
    """Return a replay's folder, and the record of its run crate."""
    recorded = {"a.ipynb": notebook([data(text_plain="1.25")], [data(text_plain="same")])}
    again = {"a.ipynb": notebook([data(text_plain=rerun)], [data(text_plain="same")])}
    run = replayed(folder, recorded, again)
    if left_out:
        told = json.loads((run / "crate.json").read_text())
        (run / "crate.json").write_text(json.dumps({**told, "notebooks": ["a.ipynb", "b.ipynb"]}))
    record = record_of_run(read_crate(run), today="2026-11-21", agent="recrate 0.1.0")
    link = RecordLink(target=f"{URL}{CRATE}/", relation=LinkRelation.REVIEWS, title="Tides")
    return run, replace(record, links=(link,))


@dataclass
class Bench:
    """A site with a crate, to which verdicts are published as the flow does it."""

    folder: Path
    count: int = 0

    def __post_init__(self) -> None:
        self.deposit(parcel(self.folder, "crate"))

    @property
    def site(self) -> Site:
        """The site, as a new process opens it."""
        told = place(folder=str(self.folder / "site"), url=URL)
        return Site(told, surroundings())

    def deposit(self, sent: Any) -> Receipt:
        """Publish a parcel."""
        journal = Journal(self.folder / "journals" / sent.order.mark)
        return self.site.deposit(sent, journal, silent)

    def verdict(self, *, ended: str = "", **more: Any) -> str:
        """Publish a verdict, relate it to its crate, and return where it lies."""
        self.count += 1
        run, record = judged(self.folder / f"run{self.count}", **more)
        documents = verdict_documents(run, record, VERDICT_FORMATS)
        if ended:
            told = {**json.loads(documents["verdict"]), "ended": ended}
            documents["verdict"] = json.dumps(told).encode()
        sent = parcel(
            self.folder, f"v{self.count}", text=f"{self.count}", kind=RecordKind.REPLAY,
            verdict=record.verdict, links=record.links, documents={**DOCUMENTS, **documents},
        )  # fmt: skip
        receipt = self.deposit(sent)
        assert self.relate(receipt.record_url)
        return receipt.record

    def relate(self, target: str, information: str | None = "re-execution") -> bool:
        """Tell the crate of a review."""
        link = replace(ELSEWHERE, target=target, information=information)
        return self.site.relate(CRATE, link)

    def page(self, record: str = CRATE, language: str = "en") -> Any:
        """Return a landing page as a tree."""
        name = {"en": "index.html", "ja": "index.ja.html"}[language]
        return html.fromstring((self.folder / "site" / record / name).read_bytes())

    def file(self, name: str) -> Path:
        """Return a file beside the crate's page."""
        return self.folder / "site" / CRATE / name

    def schema(self, record: str = CRATE) -> Any:
        """Return what search engines read in a page."""
        return json.loads(self.page(record).xpath("string(//script[@type='application/ld+json'])"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def text_of(tree: Any) -> str:
    return " ".join(tree.text_content().split())


def test_a_verdicts_page_says_it_with_its_coverage_in_both_languages(bench: Bench) -> None:
    record = bench.verdict(rerun="1.75", left_out=True)
    told = {
        "en": ("≠ Verdict Different 2 of 2 outputs compared", "1 were run", "badge.svg"),
        "ja": ("≠ 判定 相違あり 2 件の出力のうち 2 件を比較", "1 件を実行", "badge.ja.svg"),
    }
    for language, (said, left_out, badge) in told.items():
        page = bench.page(record, language)
        (panel,) = page.find_class("verdict")
        assert text_of(panel).startswith(said)
        assert left_out in text_of(panel)
        (image,) = page.iter("img")
        assert image.get("src") == badge
        assert (bench.folder / "site" / record / badge).is_file()
        assert VERDICTS["different"][LANGUAGES.index(language)] in image.get("alt")
        policy = page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
        assert "img-src 'self' data:" in policy
        assert "script-src" not in policy


def test_a_verdict_is_checked_and_its_crate_replayed_but_the_run_crate_is_not(bench: Bench) -> None:
    record = bench.verdict()
    commands = [text_of(one) for one in bench.page(record).find_class("act")[0].iter("code")]
    assert commands == [
        f"recrate check {URL}{record}/",
        f"recrate replay {URL}{CRATE}/ -o replay",
    ]
    assert "Download the run crate" in text_of(bench.page(record))
    assert "recrate launch" not in text_of(bench.page(record))


def test_a_crates_page_lists_its_verdicts_newest_first(bench: Bench) -> None:
    bench.relate(ELSEWHERE.target)
    newest = bench.verdict(ended="2026-11-20T10:00:00+00:00")
    older = bench.verdict(rerun="1.75", ended="2026-03-01T10:00:00+00:00")
    for language in LANGUAGES:
        rows = bench.page(language=language).find_class("verdicts")[0].findall("li")
        suffix, page = ("", "index.html") if language == "en" else (".ja", "index.ja.html")
        assert [row.xpath("string(a/@href)") for row in rows] == [
            f"../../{newest}/{page}", f"../../{older}/{page}", ELSEWHERE.target,
        ]  # fmt: skip
        assert [row.xpath("string(.//time)") for row in rows] == ["2026-11-20", "2026-03-01", ""]
        sources = [row.xpath("string(img/@src)") for row in rows]
        assert sources == [f"../../{one}/badge{suffix}.svg" for one in (newest, older)] + [""]
    (listed,) = [one for one in crates(bench) if one["record"] == CRATE]
    assert [one["verdict"] for one in listed["verdicts"]] == ["identical", "different", None]
    assert listed["verdicts"][1]["coverage"] == {
        "outputs": 2, "compared": 2, "held": 1, "notebooks": 1, "published": 1,
    }  # fmt: skip


def crates(bench: Bench) -> list[Any]:
    found: list[Any] = json.loads((bench.folder / "site" / "crates.json").read_text())["crates"]
    return found


def test_a_review_by_people_is_no_verdict(bench: Bench) -> None:
    bench.relate("https://doi.org/10.1/peer", information=None)
    page = bench.page()
    assert not page.find_class("verdicts")
    assert "Reviewed in" in text_of(page)
    assert "review" not in bench.schema()


def test_a_crate_has_the_badge_of_its_newest_verdict_for_as_long_as_that_is_there(
    bench: Bench,
) -> None:
    older = bench.verdict(rerun="1.75", ended="2026-03-01T10:00:00+00:00")
    newest = bench.verdict(ended="2026-11-20T10:00:00+00:00")
    for name, language in (("badge.svg", "en"), ("badge.ja.svg", "ja")):
        told = VERDICTS["identical"][LANGUAGES.index(language)]
        assert told in etree.parse(str(bench.file(name))).getroot().get("aria-label")
    badge = f"{URL}{CRATE}/badge.svg"
    markdown, markup = (text_of(one) for one in bench.page().find_class("snippets")[0].iter("code"))
    assert re.fullmatch(rf"\[!\[[^\[\]]+\]\({badge}\)\]\({URL}{CRATE}/\)", markdown)
    assert html.fromstring(markup).find("img").get("src") == badge
    for gone, left in ((newest, "Different"), (older, None)):
        shutil.rmtree(bench.folder / "site" / gone)
        bench.site.rebuild()
        assert bench.file("badge.svg").is_file() is (left is not None)
        assert left is None or left in bench.file("badge.svg").read_text()
    assert not bench.page().find_class("snippets")


def test_a_badge_that_somebody_laid_there_stays_until_there_is_a_verdict(bench: Bench) -> None:
    bench.file("badge.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    bench.site.rebuild()
    assert len(bench.file("badge.svg").read_text()) < 60
    bench.verdict()
    assert "Identical" in bench.file("badge.svg").read_text()


def test_search_engines_read_one_review_that_the_crate_points_to(bench: Bench) -> None:
    record = bench.verdict(rerun="1.75")
    review = bench.schema(record)
    assert review["@type"] == ["Review", "Claim"]
    assert review["url"] == f"{URL}{record}/"
    assert review["itemReviewed"]["@id"] == f"{URL}{CRATE}/"
    values = {one["propertyID"]: one["value"] for one in review["about"]}
    assert values["recrate-verdict"] == "different"
    assert (values["recrate-outputs"], values["recrate-held"]) == (2, 1)
    assert "reviewRating" not in review
    assert review["encoding"][0]["contentUrl"].startswith(f"{URL}{record}/")
    (told,) = bench.schema()["review"]
    assert (told["@type"], told["@id"]) == ("Review", review["url"])
    assert told["abstract"] == "different"
    again = bench.file("schema-org.jsonld").read_text()
    bench.site.rebuild()
    assert bench.file("schema-org.jsonld").read_text() == again


def test_a_stranger_s_own_badge_and_review_are_not_shown(tmp_path: Path) -> None:
    run, record = judged(tmp_path / "run", rerun="1.75")
    before = verdict_documents(run, record, VERDICT_FORMATS)
    (run / "badge.svg").write_text('<svg onload="alert(1)">Identical</svg>')
    (run / "review.jsonld").write_text('{"reviewBody": "Identical"}')
    assert verdict_documents(run, record, VERDICT_FORMATS) == before
    assert set(before) == set(VERDICT_FORMATS)
    assert "Different" in etree.fromstring(before["badge"]).get("aria-label")
    assert verdict_documents(run, record, ("bibtex",)) == {}


def no_verdict(run: Path) -> None:
    (run / "verdict.json").unlink()


def broken(run: Path) -> None:
    (run / "verdict.json").write_text('{"verdict": "splendid"}')


def another(run: Path) -> None:
    told = json.loads((run / "verdict.json").read_text())
    (run / "verdict.json").write_text(json.dumps({**told, "verdict": "identical"}))


def exaggerated(run: Path) -> None:
    told = json.loads((run / "verdict.json").read_text())
    coverage = {**told["coverage"], "identical": told["coverage"]["identical"] + 10**40}
    (run / "verdict.json").write_text(json.dumps({**told, "coverage": coverage}))


@pytest.mark.parametrize("harm", [no_verdict, broken, another, exaggerated])
def test_a_verdict_that_is_not_what_the_record_says_gets_no_badge(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    run, record = judged(tmp_path / "run", rerun="1.75")
    harm(run)
    assert verdict_documents(run, record, VERDICT_FORMATS) == {}


def test_pages_name_verdicts_as_reports_do() -> None:
    for verdict, pair in VERDICTS.items():
        assert pair == tuple(word(f"judgement.{verdict}", one) for one in ("en", "ja"))
    assert set(SIGNS) == set(VERDICTS) <= set(SHAPES)


@given(st.text(max_size=200), st.text(max_size=40))
def test_a_snippet_and_a_command_hold_one_address_whatever_it_is(told: str, alt: str) -> None:
    address = web_address(f"https://example.org/{told}")
    if address is None:
        return
    argument = shell_argument(address)
    assert argument is None or re.fullmatch(r'"?[^"$`\\!\'|<>^*\s]+"?', argument)
    made = snippet(alt, badge=f"{address}badge.svg", page=address)
    tree = html.fromstring(made.html)
    assert [one.tag for one in tree.iter()] == ["a", "img"]
    assert [set(one.keys()) for one in tree.iter()] == [{"href"}, {"src", "alt"}]
    assert len(re.findall(r"[()]", made.markdown)) == 4 + len(re.findall(r"[()]", alt))
