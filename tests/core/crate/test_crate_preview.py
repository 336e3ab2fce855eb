"""The page for people in a crate: complete, self-contained, and safe whatever a study says."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from recrate.model.study import DataReference, Person

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
