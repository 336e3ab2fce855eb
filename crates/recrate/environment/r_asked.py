"""What a study asks of R: renv.lock, DESCRIPTION, install scripts, and what its code loads."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recrate.model.study import FoundNotebook, FoundScript, Inventory

NAME = re.compile(r"[A-Za-z][A-Za-z0-9.]{0,80}[A-Za-z0-9]")
"""A package of R. Source: Writing R Extensions, The DESCRIPTION file."""
VERSION = re.compile(r"\d{1,9}(?:[.-]\d{1,9}){0,9}")
BASE = frozenset(
    {
        "R", "base", "compiler", "datasets", "grDevices", "graphics", "grid", "methods",
        "parallel", "splines", "stats", "stats4", "tcltk", "tools", "utils",
    }
)  # fmt: skip
"""Packages that come with R itself."""

_REMOTE = ("RemoteType", "RemoteHost", "RemoteUsername", "RemoteRepo", "RemoteRef", "RemoteSha")
_INSTALL = re.compile(
    r"\b(?P<how>install(?:\.packages|_github|_gitlab|_cran|_version)?|pak|pkg_install)"
    r"\s*\(\s*(?:pkgs?\s*=\s*)?(?P<what>c\([^)]*\)|[\"'][^\"']+[\"'])(?P<rest>[^)\n]*)"
)
_WORD = re.compile(r"[\"']([A-Za-z][\w./@-]*)[\"']")
_CONSTRAINT = re.compile(r"(>=|==|<=|>|<)\s*([\d.-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A package of R that a study asks for.

    version: the exact one, empty when none is said
    least:   the lowest that will do, empty when none is said
    source:  as renv calls it: Repository, Bioconductor, GitHub, …
    remote:  what renv says of a source that is no repository, without addresses
    where:   files that ask for it; code is named with its own
    used:    the code of a notebook or script loads it, not only a declaration
    """

    name: str
    version: str = ""
    least: str = ""
    source: str = "Repository"
    remote: tuple[tuple[str, str], ...] = ()
    where: tuple[str, ...] = ()
    used: bool = False


@dataclass(kw_only=True)
class Wanted:
    """All that a study asks of R: its version where it is said, Bioconductor's, and packages."""

    r: str = ""
    bioconductor: str = ""
    packages: dict[str, Asked] = field(default_factory=dict)

    def add(self, one: Asked) -> None:
        """Take in a package; an exact version stays against a later wish without one."""
        if one.name in BASE or not NAME.fullmatch(one.name):
            return
        have = self.packages.get(one.name)
        if have is None:
            self.packages[one.name] = one
            return
        self.packages[one.name] = replace(
            have,
            version=have.version or one.version,
            least=have.least or one.least,
            source=have.source if have.source != "Repository" else one.source,
            remote=have.remote or one.remote,
            where=tuple(dict.fromkeys((*have.where, *one.where))),
            used=have.used or one.used,
        )


def read_wanted(root: Path, inventory: Inventory) -> Wanted:
    """Put together what the declarations and the R code of a study ask for.

    What DESCRIPTION only suggests counts where something else asks for it as well.
    """
    wanted = Wanted()
    suggested: list[Asked] = []
    for declaration in inventory.declarations:
        reader = _KINDS.get(declaration.kind)
        if reader is not None:
            text = (root / declaration.path).read_text("utf-8-sig", "replace")
            suggested += reader(text, declaration.path, wanted)
    units: tuple[FoundNotebook | FoundScript, ...] = (*inventory.notebooks, *inventory.scripts)
    for unit in units:
        if unit.language.lower() != "r":
            continue
        for entry in unit.uses.imports:
            if not entry.local and not entry.optional:
                wanted.add(Asked(name=entry.name, where=(unit.path,), used=True))
        for name in unit.uses.installs:
            wanted.add(Asked(name=name, where=(unit.path,)))
    for one in suggested:
        if one.name in wanted.packages:
            wanted.add(one)
    wanted.r = wanted.r or _version_of_notebooks(inventory)
    return wanted


def _version_of_notebooks(inventory: Inventory) -> str:
    said = (
        one.language_version or "" for one in inventory.notebooks if one.language.lower() == "r"
    )
    return next((version for version in said if VERSION.fullmatch(version)), "")


def read_renv(text: str, path: str, wanted: Wanted) -> list[Asked]:
    """Take in a renv.lock; what is not of its form is passed over.

    Source: https://rstudio.github.io/renv/articles/lockfile.html
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return []
    wanted.r = _text(_mapping(document, "R"), "Version") or wanted.r
    wanted.bioconductor = _text(_mapping(document, "Bioconductor"), "Version")
    for name, entry in _mapping(document, "Packages").items():
        if not isinstance(entry, dict):
            continue
        version = _text(entry, "Version")
        remote = tuple((key, _text(entry, key)) for key in _REMOTE if _text(entry, key))
        wanted.add(
            Asked(
                name=str(name),
                version=version if VERSION.fullmatch(version) else "",
                source=_text(entry, "Source") or "Repository",
                remote=tuple((key, value) for key, value in remote if "://" not in value),
                where=(path,),
            )
        )
    return []


def _mapping(document: Any, key: str) -> Mapping[str, Any]:
    found = document.get(key) if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {}


def _text(entry: Mapping[str, Any], key: str) -> str:
    found = entry.get(key)
    return found[:200] if isinstance(found, str) else ""


def read_description(text: str, path: str, wanted: Wanted) -> list[Asked]:
    """Take in a DESCRIPTION; return what it suggests. Debian control format, folded lines."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text)
    suggested = []
    for key, value in re.findall(r"(?m)^(Imports|Depends|Suggests|LinkingTo):(.*)$", unfolded):
        for part in value.split(","):
            name, _, rest = part.partition("(")
            said = _CONSTRAINT.search(rest)
            version = said[2] if said and VERSION.fullmatch(said[2]) else ""
            one = Asked(
                name=name.strip(),
                version=version if said and said[1] == "==" else "",
                least=version if said and said[1].startswith(">") else "",
                where=(path,),
            )
            if key == "Suggests":
                suggested.append(one)
            else:
                wanted.add(one)
    return suggested


def read_install(text: str, path: str, wanted: Wanted) -> list[Asked]:
    """Take in a script that installs packages: their names, versions and GitHub's repositories."""
    code = re.sub(r"(?m)#.*$", "", text)
    for call in _INSTALL.finditer(code):
        said = re.search(
            r"version\s*=\s*[\"']([\d.-]+)[\"']|^\s*,\s*[\"']([\d.-]+)[\"']", call["rest"]
        )
        for word in _WORD.findall(call["what"]):
            owner, slash, rest = word.partition("/")
            name, _, reference = rest.partition("@")
            if slash and not call["how"].endswith(".packages"):
                said_of = {"RemoteUsername": owner, "RemoteRepo": name, "RemoteRef": reference}
                remote = tuple((key, value) for key, value in said_of.items() if value)
                source = "GitLab" if call["how"].endswith("gitlab") else "GitHub"
                wanted.add(Asked(name=name, source=source, remote=remote, where=(path,)))
            elif not slash:
                version = (said[1] or said[2]) if said and "version" in call["how"] else ""
                wanted.add(Asked(name=word, version=version, where=(path,)))
    for call in re.finditer(r"BiocManager::install\s*\(\s*(c\([^)]*\)|[\"'][^\"']+[\"'])", code):
        for word in _WORD.findall(call[1]):
            wanted.add(Asked(name=word, source="Bioconductor", where=(path,)))
    return []


_KINDS: Mapping[str, Callable[[str, str, Wanted], list[Asked]]] = {
    "renv": read_renv,
    "r-description": read_description,
    "install-r": read_install,
}
KINDS = frozenset(_KINDS)


def write_renv(wanted: Wanted, debian: Mapping[str, str]) -> str:
    """Return the wishes as a renv.lock, with what Debian had on that day.

    debian: name → package and version there, such as `r-cran-glue 1.6.2-1`
    `Asked`, `Debian`, `Least` and `Used` are ours; renv passes over keys that it does not know.
    """
    packages = {}
    for name in sorted(wanted.packages):
        one = wanted.packages[name]
        entry: dict[str, Any] = {"Package": name}
        entry |= {"Version": one.version} if one.version else {}
        entry |= {"Source": one.source, **dict(one.remote)}
        entry |= {"Least": one.least} if one.least else {}
        entry |= {"Asked": list(one.where)} if one.where else {}
        entry |= {"Used": True} if one.used else {}
        entry |= {"Debian": debian[name]} if name in debian else {}
        packages[name] = entry
    document: dict[str, Any] = {"R": {"Version": wanted.r} if wanted.r else {}}
    if wanted.bioconductor:
        document["Bioconductor"] = {"Version": wanted.bioconductor}
    return json.dumps(document | {"Packages": packages}, indent=2, ensure_ascii=False) + "\n"


def read_own(text: str) -> Wanted:
    """Read what `write_renv` wrote, or any renv.lock; a stranger's, so only what fits counts."""
    wanted = Wanted()
    read_renv(text, "renv.lock", wanted)
    try:
        entries = _mapping(json.loads(text), "Packages")
    except (ValueError, RecursionError):
        entries = {}
    for name, one in wanted.packages.items():
        entry = _mapping(entries, name)
        least = _text(entry, "Least")
        asked = entry.get("Asked")
        where = asked if isinstance(asked, list) else []
        wanted.packages[name] = replace(
            one,
            least=least if VERSION.fullmatch(least) else "",
            where=tuple(str(path)[:300] for path in where[:50]),
            used=entry.get("Used") is True,
        )
    return wanted


def is_at_least(version: str, least: str) -> bool:
    """Say whether a version of R's kind is not below another; `.` and `-` mean the same.

    Source: R's numeric_version.
    """
    return _numbers(version) >= _numbers(least)


def same_version(one: str, other: str) -> bool:
    """Say whether two versions of R's kind are the same: `1.4-5` is `1.4.5`."""
    return bool(one) and _numbers(one) == _numbers(other)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.split(r"[.-]", version) if part.isdigit())
