"""The table of places in the publishing guide is what the depositors say of themselves."""

import re
from pathlib import Path

import pytest

from recrate.flow.parts import depositor_kinds, depositor_of
from recrate.model.deposit import About

DOCS = Path(__file__).parents[3] / "docs"
NONE = "–"


def _shown(page: str, heading: str) -> dict[str, list[str]]:
    """Return the cells of each place's row, by the words of its link."""
    text = (DOCS / page).read_text(encoding="utf-8")
    table = text.split(heading, 1)[1].split("\n\n", 1)[0].strip()
    rows = [line.strip("|").split(" | ") for line in table.splitlines()[2:]]
    names = [re.search(r"\[(.+?)\]", row[0]) for row in rows]
    return {
        name[1]: [cell.strip() for cell in row[1:]]
        for name, row in zip(names, rows, strict=True)
        if name
    }


def _told(about: About, yes: str) -> list[str]:
    """Return the same cells as the depositor's capabilities have them."""
    can = about.capabilities
    answers = (
        can.needs_account,
        can.gives_doi,
        can.reserves_doi,
        can.drafts,
        can.versions,
        can.private,
        can.review,
        can.relations,
    )
    limit = can.crate_limit_bytes
    return [
        *(yes if one else NONE for one in answers),
        f"{limit / 1e9:.1f} GB" if limit else NONE,
    ]


@pytest.mark.parametrize(
    ("page", "heading", "yes"),
    [
        ("publishing.md", "## 1. Choose a place\n", "yes"),
        ("publishing.ja.md", "## 1. 公開先を選ぶ\n", "○"),
    ],
)
def test_the_table_of_places_says_what_each_depositor_says_of_itself(page, heading, yes):
    abouts = [depositor_of(kind).about for kind in depositor_kinds()]
    expected = {
        (one.title_ja if page.endswith(".ja.md") else one.title_en): _told(one, yes)
        for one in abouts
    }
    assert _shown(page, heading) == expected


@pytest.mark.parametrize("page", ["publishing.md", "publishing.ja.md"])
def test_the_guide_leads_to_the_page_of_every_place(page):
    ending = ".ja.md" if page.endswith(".ja.md") else ".md"
    text = (DOCS / page).read_text(encoding="utf-8")
    own = {
        file.name
        for file in DOCS.glob("publishing-*.md")
        if file.name.endswith(".ja.md") == page.endswith(".ja.md")
    }
    assert own
    assert {name for name in own if f"({name})" not in text and f"({name}#" not in text} == set()
    assert all(name.endswith(ending) for name in own)
