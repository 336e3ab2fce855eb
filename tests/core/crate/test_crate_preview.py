"""The page for people in a crate: complete, self-contained, and safe whatever a study says."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from recrate.model.study import (
    Access,
    AccessRight,
    DataReference,
    Funding,
    Language,
    Organisation,
    Person,
    Related,
    Translation,
)

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on")]


def preview(study, tmp_path, **changes):
    study.pack(tmp_path / "c", **changes)
    return (tmp_path / "c" / "ro-crate-preview.html").read_text(encoding="utf-8")


def test_a_hostile_study_puts_nothing_into_the_page(study, tmp_path):
    study.put("javascript:alert(1).txt", "x")
    study.put("<img src=x onerror=alert(1)>.txt", "x")
    study.lock = replace(study.lock, notes=(EVIL,))
    text = preview(
        study,
        tmp_path,
        title=EVIL,
        description=EVIL,
        licence=EVIL,
        keywords=(EVIL,),
        creators=(Person(name=EVIL, identifier="javascript:alert(1)"),),
        references=(
            DataReference(path=EVIL, url="javascript:alert(2)", sha256="0" * 64, size_bytes=1),
        ),
    )
    page = Page(text)
    assert not {"script", "img", "iframe", "object", "link"} & set(page.tags)
    assert not [link for link in page.links if re.match(r"\s*javascript:", link, re.IGNORECASE)]


def test_hostile_words_in_every_new_field_put_nothing_into_the_page(study, tmp_path):
    script = "javascript:alert(3)"
    text = preview(
        study,
        tmp_path,
        language=Language.ENGLISH,
        translations=(Translation(language=Language.JAPANESE, title=EVIL, description=EVIL),),
        creators=(Person(name="A", alternate_name=EVIL, affiliation=Organisation(
            name=EVIL, alternate_name=EVIL)),),
        related=(Related(url=script, title=EVIL),),
        funding=(Funding(funder=Organisation(name=EVIL), award_number=EVIL, award_title=EVIL),),
        access=Access(right=AccessRight.SHARED, available=EVIL, conditions=EVIL, contact=EVIL),
        references=(
            DataReference(path="x", url="", sha256="0" * 64, size_bytes=1, conditions=EVIL,
                          access=AccessRight.CLOSED, landing_page=script, contact=EVIL),
        ),
    )  # fmt: skip
    page = Page(text)
    assert not {"script", "img", "iframe", "object", "link"} & set(page.tags)
    assert script not in page.links
    assert text.count("&lt;script&gt;") >= 12


def test_it_tells_both_titles_access_and_what_is_kept_back(study, tmp_path):
    study.put("data/private.csv", "secret")
    text = preview(
        study,
        tmp_path,
        translations=(Translation(language=Language.JAPANESE, title="豌豆の成長"),),
        access=Access(right=AccessRight.EMBARGOED, available="2027-04-01"),
        funding=(Funding(funder=Organisation(name="JST"), award_number="JPMJCR1234"),),
        related=(Related(url="https://doi.org/10.1234/p", title="Peas"),),
        references=(
            DataReference(path="data/private.csv", url="", sha256="0" * 64, size_bytes=6,
                          conditions="Ask first", access=AccessRight.SHARED, contact="Data office"),
        ),
    )  # fmt: skip
    for words in ("Growth of peas 豌豆", "豌豆の成長", "公開期間猶予", "2027-04-01", "JPMJCR1234",
                  "https://doi.org/10.1234/p", "共有", "Ask first", "Data office",
                  "not verified"):  # fmt: skip
        assert words in text, words


def test_it_needs_nothing_from_elsewhere(study, tmp_path):
    text = preview(study, tmp_path)
    page = Page(text)
    assert "default-src 'none'" in text
    assert "url(" not in text
    away = [link for link in page.links if ":" in link]
    assert away == ["https://orcid.org/0000-0002-1825-0097"]


def test_it_tells_title_people_notebooks_and_environment_in_two_languages(study, tmp_path):
    text = preview(study, tmp_path)
    for words in ("Growth of peas 豌豆", "山田 花子", "one.ipynb", "実行環境", "numpy 1.26.4"):
        assert words in text


def test_thousands_of_files_are_cut_and_counted(study, tmp_path):
    for number in range(600):
        study.put(f"many/{number:03}.txt", "x")
    text = preview(study, tmp_path)
    assert "many/000.txt" in text
    assert "many/599.txt" not in text
    assert re.search(r"… and \d+ more", text)
