"""A study that is full of its maker's name in every form, and what is left of it in a crate."""

import io
import json
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image, PngImagePlugin

from recrate.configuration import read_settings
from recrate.flow.blinding import pack_blind
from recrate.flow.pack import Packed, PackOrder

SALT = "0123456789abcdef" * 4
MAIL = "h.yamada@example.ac.jp"
ORCID = "0000-0002-1825-0097"
SPELLED = (
    "Hanako Yamada", "hanako  yamada", "YAMADA Hanako", "Yamada, Hanako", "H. Yamada", "H Yamada",
    "Yamada, H.", "Yamada H", "hanako.yamada", "hanako_yamada", "HanakoYamada", "山田花子",
    "山田 花子", "山田\u3000花子", "ヤマダ ハナコ", "ヤマダハナコ", "やまだ はなこ", MAIL, ORCID,
    ORCID.replace("-", ""), "University of the Inland Sea", "瀬戸内海大学", "JP24K00001",
    "github.com/hanayama/tides", "hanayama.github.io",
)  # fmt: skip
HOMES = ("/home/hyamada", "/Users/hyamada", r"C:\Users\hyamada", "/home1/hyamada")
ALL = (*SPELLED, *HOMES)
TRACE = f"\x1b[0;31mValueError\x1b[0m in {HOMES[0]}/tides.py"


def wanted() -> Iterator[str]:
    """Every text that may not be found, whatever it is written in."""
    yield from ALL
    yield "hyamada"
    yield unicodedata.normalize("NFD", "ヤマダ ハナコ")


def encoded(text: str) -> set[bytes]:
    """The bytes that a text may be written as."""
    found = {text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")}
    for encoding in ("cp932", "euc_jp"):
        found.add(text.encode(encoding, "ignore"))
    found.add(json.dumps(text)[1:-1].encode())
    found.add(quote(text).encode())
    return {one.lower() for one in found if len(one) > 5}


def png(**info: str) -> bytes:
    """A picture that says who made it."""
    held = PngImagePlugin.PngInfo()
    for key, value in info.items():
        held.add_text(key, value)
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=held)
    return out.getvalue()


@dataclass
class Study:
    """A folder that is full of one person's names."""

    root: Path

    def put(self, path: str, content: str | bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def notebook(self, path: str, code: str = "print(1)", **more: object) -> None:
        every = "\n".join(ALL)
        lines = every.splitlines(keepends=True)
        markdown = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": every}
        cell = {
            "cell_type": "code", "id": "c", "execution_count": 1, "source": code,
            "metadata": {"executionInfo": {"user": {"displayName": "Hanako Yamada"}}},
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": lines},
                {"output_type": "error", "ename": "ValueError", "evalue": HOMES[1],
                 "traceback": [TRACE, *ALL]},
                {"output_type": "display_data", "metadata": {},
                 "data": {"text/html": [f"<p>{one}</p>\n" for one in ALL], "text/plain": every,
                          "application/json": {"who": every}}},
            ],
        }  # fmt: skip
        metadata = {
            "authors": [{"name": "Hanako Yamada"}],
            "colab": {"provenance": [{"file_id": "x", "timestamp": 1}], "name": "by 山田花子"},
            "kernelspec": {"name": "python3", "display_name": f"Python ({HOMES[0]}/env)",
                           "language": "python"},
            "language_info": {"name": "python", "version": "3.11.7"}, **more,
        }  # fmt: skip
        document = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata,
                    "cells": [markdown, cell]}  # fmt: skip
        self.put(path, json.dumps(document))

    def pack(self, *waived: str, into: Path | None = None, name: str = "tides.crate.zip") -> Packed:
        settings = read_settings()
        order = PackOrder(
            root=self.root,
            destination=(into or self.root.parent) / name,
            locked=False,
            as_of="2026-11-20",
            waived=waived,
        )
        return pack_blind(
            order,
            salt=SALT,
            options=settings.scan,
            environment=settings.environment,
            agent="recrate 0.1.0",
            today="2026-11-21",
        )


def contents(crate: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(crate) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def left(packed: Packed, code: str = "blind-name-left"):
    return [one for one in packed.findings if one.code == code]


def still_there(crate: Path) -> list[tuple[str, str]]:
    """Each text that is found in any byte of any member, in names, or in the zip itself."""
    with zipfile.ZipFile(crate) as archive:
        held = {"(comment)": archive.comment} | contents(crate)
    held |= {f"(name of {name})": name.encode() for name in list(held)}
    held["(the zip)"] = crate.read_bytes()
    return [
        (name, text)
        for text in wanted()
        for form in encoded(text)
        for name, content in held.items()
        if form in content.lower()
    ]


def named_study(tmp_path: Path) -> Study:
    """Write a study that names its maker wherever one can."""
    made = Study(root=tmp_path / "by-hanako-yamada")
    every = "\n".join(ALL)
    person = {
        "@id": f"https://orcid.org/{ORCID}", "@type": "Person", "name": "Hanako Yamada",
        "givenName": "Hanako", "familyName": "Yamada", "email": MAIL,
        "affiliation": {"@id": "#uni"}, "alternateName": "山田 花子",
    }  # fmt: skip
    kana = {
        "@id": "#kana",
        "@type": "Person",
        "name": "ヤマダ ハナコ",
        "alternateName": "やまだ はなこ",
    }
    uni = {"@id": "#uni", "@type": "Organization", "name": "University of the Inland Sea",
           "alternateName": "瀬戸内海大学"}  # fmt: skip
    grant = {"@id": "#grant", "@type": "Grant", "identifier": "JP24K00001", "name": "Tides"}
    root = {
        "@id": "./", "@type": "Dataset", "name": "Tides of a sea", "description": every,
        "author": [{"@id": person["@id"]}, {"@id": "#kana"}], "funding": {"@id": "#grant"},
        "license": "https://spdx.org/licenses/MIT", "keywords": ["tides", "by 山田花子"],
    }  # fmt: skip
    about = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
             "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}  # fmt: skip
    graph = [about, root, person, kana, uni, grant]
    document = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    made.put("ro-crate-metadata.json", json.dumps(document))
    for name in ("README.md", "docs/notes.rst", "CITATION.cff", "AUTHORS", "codemeta.json",
                 ".zenodo.json", "CODEOWNERS", "sub/README.txt"):  # fmt: skip
        made.put(name, every)
    made.put("README.ja.md", every.encode("cp932", "ignore"))
    made.put("CHANGELOG.md", every.encode("utf-16"))
    made.put("LICENSE", "MIT License\n\nCopyright (c) 2024 Hanako Yamada and friends\n")
    made.put("pyproject.toml", f'[project]\nname = "tides"\nversion = "1"\nauthors = [{{name = '
             f'"Hanako Yamada", email = "{MAIL}"}}]\n')  # fmt: skip
    made.put("data/in.csv", "a,b\n1,2\n")
    made.notebook("one.ipynb")
    return made


def commit(study: Study) -> None:
    """Make the study a git repository of the same person, with a remote of theirs."""
    author = ["-c", "user.name=Hanako Yamada", "-c", f"user.email={MAIL}"]
    for words in (
        ["init", "-q"],
        ["remote", "add", "origin", "git@github.com:hanayama/tides.git"],
        ["add", "."],
        [*author, "commit", "-qm", "by Hanako Yamada"],
    ):
        subprocess.run(["git", *words], cwd=study.root, check=True)
