"""pyproject.toml and R's DESCRIPTION: what a study that is also a package says of itself."""

import re
from collections.abc import Iterator
from typing import Any

from recrate.metadata.fields import Fields, person, persons, tables_of, text_of, texts_of, works
from recrate.model.study import Person

_R_PERSON = re.compile(r"person\s*\((?P<inner>(?:[^()]|\([^()]*\))*)\)")
_R_ORCID = re.compile(r"ORCID\s*=\s*[\"'](?P<orcid>[^\"']+)")
_R_LICENCES = {
    "GPL-2": "GPL-2.0-only",
    "GPL-3": "GPL-3.0-only",
    "GPL (>= 2)": "GPL-2.0-or-later",
    "GPL (>= 3)": "GPL-3.0-or-later",
    "GPL-2 | GPL-3": "GPL-2.0-only OR GPL-3.0-only",
    "LGPL-3": "LGPL-3.0-only",
    "AGPL-3": "AGPL-3.0-only",
    "MIT + file LICENSE": "MIT",
    "BSD_3_clause + file LICENSE": "BSD-3-Clause",
    "BSD_2_clause + file LICENSE": "BSD-2-Clause",
    "CC0": "CC0-1.0",
    "CC BY 4.0": "CC-BY-4.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License (>= 2)": "Apache-2.0",
}
"""Source: https://cran.r-project.org/doc/manuals/R-exts.html#Licensing"""


def from_pyproject(document: dict[str, Any], source: str) -> Fields:
    """Return what `[project]` of a pyproject.toml says (PEP 621 and 639)."""
    project = document.get("project")
    if not isinstance(project, dict):
        return Fields(source=source)
    licence = project.get("license")
    if isinstance(licence, dict):
        licence = licence.get("text")
    people = (
        person(name=one.get("name"), email=one.get("email"))
        for one in tables_of(project.get("authors"))
    )
    return Fields(
        source=source,
        title=text_of(project.get("name")),
        description=text_of(project.get("description")),
        creators=persons(people),
        licence=text_of(licence) if len(text_of(licence)) < 100 else "",
        keywords=texts_of(project.get("keywords")),
        version=text_of(project.get("version")),
    )


def from_r_description(text: str, source: str) -> Fields:
    """Return what an R DESCRIPTION file (Debian control format) says."""
    said: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line[:1] in {" ", "\t"} and name:
            said[name] += " " + line.strip()
        elif match := re.match(r"([A-Za-z][\w@/.-]*):\s*(.*)", line):
            name = match[1]
            said[name] = match[2].strip()
    licence = said.get("License", "")
    return Fields(
        source=source,
        title=said.get("Title", "") or said.get("Package", ""),
        description=said.get("Description", ""),
        creators=persons(_r_people(said)),
        licence=_R_LICENCES.get(licence, licence),
        version=said.get("Version", ""),
        related=works(
            part.strip()
            for part in re.split(r"[,\s]+", said.get("URL", ""))
            if part.startswith("http")
        ),
    )


def _r_people(said: dict[str, str]) -> Iterator[Person | None]:
    for match in _R_PERSON.finditer(said.get("Authors@R", "")):
        inner = match["inner"]
        if "role" in inner and not re.search(r"[\"'](aut|cre)[\"']", inner):
            continue
        named = dict(re.findall(r"(given|family|email)\s*=\s*[\"']([^\"']+)", inner))
        words = re.findall(r"^\s*[\"']([^\"']+)[\"'](?:\s*,\s*[\"']([^\"']+)[\"'])?", inner)
        first, last = words[0] if words else ("", "")
        orcid = _R_ORCID.search(inner)
        yield person(
            given=named.get("given") or first,
            family=named.get("family") or last,
            email=named.get("email"),
            identifier=orcid["orcid"] if orcid else "",
        )
    if "Authors@R" not in said:
        for name in re.split(
            r",|\band\b", re.sub(r"\[[^\]]*\]|\([^)]*\)", "", said.get("Author", ""))
        ):
            yield person(name=re.sub(r"<[^>]*>", "", name).strip())
