"""The guide for JupyterLab: its pictures are there, in both languages and themes, and small."""

import re
from pathlib import Path

import pytest
from PIL import Image

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = sorted(
    one for one in (DOCS / "pictures").glob("*.png") if not one.name.startswith("hub-")
)
"""Of JupyterLab; those of a hub's page are another suite's."""
GUIDES = {"en": DOCS / "lab.md", "ja": DOCS / "lab.ja.md"}
MOST_BYTES = 6_000_000
WORDS_IN_TEN_MINUTES = 2000
LETTERS_IN_TEN_MINUTES = 5000
LETTER = r"[\u3041-\u30ff\u3400-\u9fff]"
REVIEWERS = {"en": DOCS / "reviewers.md", "ja": DOCS / "reviewers.ja.md"}


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


def prose(guide: Path) -> str:
    """Return what is read of a guide: without pictures and what is typed."""
    text = guide.read_text(encoding="utf-8")
    return re.sub(r"!\[.*?\]\(.*?\)|```.*?```", "", text, flags=re.DOTALL)


def test_the_guides_are_read_in_ten_minutes():
    assert len(prose(GUIDES["en"]).split()) < WORDS_IN_TEN_MINUTES
    assert len(re.findall(LETTER, prose(GUIDES["ja"]))) < LETTERS_IN_TEN_MINUTES


def test_the_reviewers_guides_are_read_in_five_minutes_but_for_their_tables():
    english, japanese = (
        re.sub(r"^\|.*$", "", prose(guide), flags=re.MULTILINE) for guide in REVIEWERS.values()
    )
    assert len(english.split()) < WORDS_IN_TEN_MINUTES / 2
    assert len(re.findall(LETTER, japanese)) < LETTERS_IN_TEN_MINUTES / 2


def test_the_reviewers_guides_begin_with_the_session_and_show_it():
    for language, guide in REVIEWERS.items():
        text = guide.read_text(encoding="utf-8")
        assert text.index("recrate launch") < text.index("recrate replay")
        assert [name.partition(".")[0] for name in shown(guide)] == [
            "session-marks",
            "session-summary",
            "session-verdict",
        ]
        assert all(name.endswith(f".{language}.light.png") for name in shown(guide))
