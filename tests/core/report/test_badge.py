"""The badge and the review: honest in colour and word, whole by themselves, safe with any text."""

import json
import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from recrate.model.policy import Policy
from recrate.model.verdict import Coverage, Judgement, NotebookVerdict, Verdict
from recrate.report.account import LANGUAGES
from recrate.report.badge import HEIGHT, render_badge, review_document, text_width
from recrate.report.words import word

SVG = "{http://www.w3.org/2000/svg}"
GREEN, PARTLY = "#18794e", "#dcf2e3"
GOOD = (Judgement.IDENTICAL, Judgement.EQUIVALENT)
COVERAGES = (
    Coverage(),
    Coverage(outputs=38, compared=38, identical=30, equivalent=8),
    Coverage(outputs=38, compared=31, identical=31, skipped=7),
    Coverage(outputs=38, compared=0, skipped=38),
    Coverage(outputs=5, compared=5, unstable=5),
    Coverage(outputs=38, compared=38, identical=30, different=8),
)
counts = st.integers(min_value=0, max_value=2_000)


def verdict_of(judgement=Judgement.IDENTICAL, coverage=COVERAGES[1], notebooks=1):
    runs = tuple(
        NotebookVerdict(
            path=f"{place}.ipynb", verdict=judgement, seconds=1, error=None, coverage=coverage,
            cells=(),
        )
        for place in range(notebooks)
    )  # fmt: skip
    return Verdict(
        verdict=judgement, coverage=coverage, notebooks=runs, policy=Policy(), judge="judge 1",
        sentence="",
    )  # fmt: skip


def badge(
    verdict, *, environment="Python 3.11.7", language="en", published=None, date="2026-11-21"
):
    drawn = render_badge(
        verdict, date=date, environment=environment, language=language, published=published
    )
    return etree.fromstring(drawn.encode())


def grounds(svg):
    return [one.get("fill") for one in svg.findall(f"{SVG}path")]


def texts(svg):
    return [one.text for one in svg.iter(f"{SVG}text")]


def review(verdict, **given):
    told = {
        "crate_name": "Tides", "crate_identity": "a" * 64, "crate_url": "https://doi.org/10.5072/x",
        "date": "2026-11-21T05:25:48+00:00", "environment": "Python 3.11.7",
        "agent": "recrate 0.1.0",
    }  # fmt: skip
    return review_document(verdict, **(told | given))


@given(
    judgement=st.sampled_from(Judgement),
    identical=counts,
    equivalent=counts,
    unstable=counts,
    skipped=counts,
    left_out=st.integers(min_value=0, max_value=2),
)
def test_green_is_only_what_was_compared_and_holds(
    judgement, identical, equivalent, unstable, skipped, left_out
):
    compared = identical + equivalent + unstable
    coverage = Coverage(
        outputs=compared + skipped, compared=compared, identical=identical, equivalent=equivalent,
        unstable=unstable, skipped=skipped,
    )  # fmt: skip
    held = identical + equivalent
    svg = badge(verdict_of(judgement, coverage), published=1 + left_out)
    good = judgement in GOOD and held > 0
    whole = held == coverage.outputs and not left_out
    assert (GREEN in grounds(svg)) == (good and whole)
    assert (PARTLY in grounds(svg)) == (good and not whole)


def test_every_verdict_has_its_own_shape_and_word():
    drawings, words = set(), set()
    for judgement in Judgement:
        svg = badge(verdict_of(judgement))
        mark = svg.find(f".//{SVG}g/{SVG}g")
        drawings.add(re.sub(r"#[0-9a-f]{6}", "", etree.tostring(mark).decode()))
        words.add(texts(svg)[1])
    assert len(drawings) == len(words) == len(Judgement)


def test_partial_coverage_is_said_in_words_and_striped():
    svg = badge(verdict_of(coverage=COVERAGES[2]))
    assert texts(svg)[1] == "Identical · 31 of 38 compared"
    assert grounds(svg)[1:3] == [PARTLY, "#c3e6cf"]
    assert texts(badge(verdict_of(coverage=COVERAGES[2]), language="ja"))[1] == (
        "完全一致 · 38 件中 31 件を比較"
    )


def test_a_whole_verdict_says_its_fraction_date_and_environment():
    assert texts(badge(verdict_of(), date="2026-11-21T05:25:48+00:00")) == [
        "Replay", "Identical · 38/38", "2026-11-21 · Python 3.11.7",
    ]  # fmt: skip


def test_notebooks_that_were_not_run_are_told():
    svg = badge(verdict_of(), published=3)
    assert texts(svg)[1] == "Identical · 38/38, 1 of 3 notebooks"


def test_where_nothing_was_compared_the_badge_is_grey():
    for judgement, coverage in product((*GOOD, Judgement.RAN), (COVERAGES[0], COVERAGES[3])):
        svg = badge(verdict_of(judgement, coverage))
        assert grounds(svg)[1] == "#646d78"
        assert "nothing compared" in texts(svg)[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("judgement", Judgement)
@pytest.mark.parametrize("coverage", COVERAGES)
def test_it_is_whole_by_itself_and_can_be_heard(judgement, coverage, language):
    svg = badge(verdict_of(judgement, coverage), language=language)
    assert svg.get("role") == "img"
    assert svg.get("lang") == language
    title, description = svg.find(f"{SVG}title").text, svg.find(f"{SVG}desc").text
    assert svg.get("aria-label") == title
    assert word(f"judgement.{judgement.value}", language) in title
    assert "2026-11-21" in description
    drawn = etree.tostring(svg).decode()
    assert not re.search(r"url\(|href|@import|<style|<script|\bid=|var\(|currentColor", drawn)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", drawn)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("judgement", Judgement)
def test_no_text_runs_out_of_its_field(judgement, language):
    svg = badge(verdict_of(judgement, COVERAGES[2]), language=language)
    ends = [0.0]
    for one in svg.iter(f"{SVG}text"):
        assert float(one.get("x")) >= ends[-1]
        ends.append(float(one.get("x")) + float(one.get("textLength")))
    assert ends[-1] <= float(svg.get("width"))
    assert float(svg.get("height")) == HEIGHT


def test_japanese_signs_are_square_and_latin_ones_are_not():
    assert text_width("再実行") == 33
    assert text_width("WWW") > text_width("iii") * 3
    assert text_width("e\u0301") == text_width("e")


def luminance(colour):
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("judgement", "coverage"), list(product(Judgement, COVERAGES)))
def test_every_word_can_be_read_on_its_ground_and_on_its_stripes(judgement, coverage):
    svg = badge(verdict_of(judgement, coverage))
    fields = grounds(svg)
    inks = [one.get("fill") for one in svg.iter(f"{SVG}text")]
    behind = [[fields[0]], fields[1:-1], [fields[-1]]]
    for ink, colours in zip(inks, behind, strict=True):
        for colour in colours:
            dark, light = sorted((luminance(ink), luminance(colour)))
            assert (light + 0.05) / (dark + 0.05) >= 4.5


@given(foreign=st.text(max_size=300))
def test_no_foreign_text_breaks_badge_or_review(foreign):
    hostile = f'</text><script>alert(1)</script>"&{foreign}'
    svg = badge(verdict_of(), environment=hostile, date=foreign)
    assert {one.tag for one in svg.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "path", "rect", "g", "text")
    }
    assert float(svg.get("width")) < 2_000
    strange = replace(verdict_of(), judge=hostile, policy=Policy(name=hostile))
    told = review(strange, crate_name=hostile, person=hostile, crate_url="javascript:alert(1)")
    json.dumps(told).encode()
    assert "url" not in told["itemReviewed"]


def test_the_review_is_of_the_crate_and_gives_no_stars():
    told = review(verdict_of(coverage=COVERAGES[2]), published=2)
    assert told["@type"] == ["Review", "Claim"]
    assert told["reviewAspect"] == "re-execution"
    assert told["itemReviewed"]["@id"] == "https://doi.org/10.5072/x"
    assert told["itemReviewed"]["identifier"]["value"] == "a" * 64
    assert "reviewRating" not in told
    assert told["reviewBody"] == told["text"]
    assert "31 of 38 outputs compared" in told["reviewBody"]
    assert told["reviewBody"].endswith("Of 2 notebooks, 1 were run.")
    values = {one["propertyID"]: one["value"] for one in told["about"]}
    assert values["recrate-verdict"] == "identical"
    assert (values["recrate-compared"], values["recrate-outputs"]) == (31, 38)


def test_a_person_is_the_author_of_the_review_where_one_is_named():
    assert review(verdict_of())["author"]["@type"] == "SoftwareApplication"
    named = review(verdict_of(), person="潮見 花子", language="ja")
    assert named["author"] == {"@type": "Person", "name": "潮見 花子"}
    assert named["creator"]["softwareVersion"] == "0.1.0"
