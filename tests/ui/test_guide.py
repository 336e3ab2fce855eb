"""The guide for JupyterLab: its pictures are there, in both languages and themes, and small."""

import re
from pathlib import Path

import pytest
from PIL import Image

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = sorted((DOCS / "pictures").glob("*.png"))
GUIDES = {"en": DOCS / "lab.md", "ja": DOCS / "lab.ja.md"}
MOST_BYTES = 6_000_000
WORDS_IN_TEN_MINUTES = 2000
LETTERS_IN_TEN_MINUTES = 5000


def shown(guide: Path) -> list[str]:
    """Return the pictures that a guide shows, in its order."""
    return re.findall(r"!\[[^]]+\]\(pictures/([^)]+)\)", guide.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", GUIDES)
def test_every_picture_of_the_guide_is_there_and_speaks_its_language(language):
    names = shown(GUIDES[language])
    assert len(names) > 10
    assert [name for name in names if name not in {picture.name for picture in PICTURES}] == []
    assert [name for name in names if not name.endswith(f".{language}.light.png")] == []


def test_both_guides_show_the_same_pictures_in_the_same_order():
    english, japanese = (
        [name.partition(".")[0] for name in shown(guide)] for guide in GUIDES.values()
    )
    assert english == japanese


def test_every_state_is_there_in_both_languages_and_both_themes():
    states: dict[str, set[str]] = {}
    for picture in PICTURES:
        state, _, rest = picture.name.partition(".")
        states.setdefault(state, set()).add(rest)
    every = {f"{language}.{theme}.png" for language in GUIDES for theme in ("light", "dark")}
    assert len(states) > 20
    assert {state: every - found for state, found in states.items() if found != every} == {}


def test_all_pictures_together_are_small():
    assert sum(picture.stat().st_size for picture in PICTURES) < MOST_BYTES
    for picture in PICTURES:
        with Image.open(picture) as opened:
            assert opened.mode == "P", f"{picture.name} has more than 256 colours"


def test_the_guides_are_read_in_ten_minutes():
    prose = {
        language: re.sub(
            r"!\[.*?\]\(.*?\)|```.*?```", "", guide.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for language, guide in GUIDES.items()
    }
    assert len(prose["en"].split()) < WORDS_IN_TEN_MINUTES
    assert len(re.findall(r"[\u3041-\u30ff\u3400-\u9fff]", prose["ja"])) < LETTERS_IN_TEN_MINUTES
