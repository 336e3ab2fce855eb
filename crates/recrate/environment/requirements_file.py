"""requirements.txt as pip reads it, with whatever an index cannot give put aside by name."""

import re
from dataclasses import dataclass
from pathlib import Path

from recrate.environment.wishes import Wishes, merge, sort_out
from recrate.model.environment import Unrestored

_COMMENT = re.compile(r"(^|\s+)#.*$")
_OPTION = re.compile(r"\s+--?[a-z][a-z-]*([= ]\S+)?")
_INCLUDE = re.compile(r"^(?:-r|--requirement|-c|--constraint)[\s=]*(\S.*)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)[\s=]*(\S.*)$")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_PLACE = re.compile(r"^(?:[a-z]+\+)?[a-z]+://|^\.{0,2}[/\\]|^\.$|^[A-Za-z]:\\|^git@")
FILES = 32
"""So many files that include one another are followed; a study that goes on has a circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    text: str
    path: str
    constraint: bool


def read_requirements(root: Path, path: str, *, constraints: bool = False) -> Wishes:
    """Read the requirements file `path` of the study, with those it includes.

    Index options in it are left aside: the indexes are the person's own choice.
    """
    lines: list[_Line] = []
    _collect(root, path, lines, constraint=constraints, seen=set())
    return merge(_read_line(line) for line in lines)


def read_lines(root: Path, path: str, texts: list[str]) -> Wishes:
    """Read requirement lines that stand in another file, as under `pip:` of an environment.yml."""
    lines: list[_Line] = []
    for text in texts:
        _take(root, path, text, lines, constraint=False, seen={path})
    return merge(_read_line(line) for line in lines)


def _read_line(line: _Line) -> Wishes:
    text = line.text if line.text.startswith("-") else _OPTION.sub("", line.text).strip()
    aside = _put_aside(text, line.path)
    if aside is not None:
        return Wishes(unrestored=(aside,))
    if text.startswith("-"):
        return Wishes(
            notes=(f"{line.path}: the option {text.split()[0].split('=')[0]} is not followed",)
        )
    good, bad = sort_out([_repaired(text)], line.path)
    if line.constraint:
        return Wishes(constraints=tuple(wish.text for wish in good), unrestored=bad)
    return Wishes(requirements=good, unrestored=bad)


def _repaired(text: str) -> str:
    """Return a line of `conda list --export` or with a single `=` as pip would write it."""
    conda = re.fullmatch(r"([A-Za-z0-9._-]+)=([0-9][\w.]*)(=\w+)?", text)
    return f"{conda[1]}=={conda[2]}" if conda else text


def _put_aside(text: str, path: str) -> Unrestored | None:
    """Return why a line asks for something that is on no index: editable, VCS, URL, folder."""
    editable = _EDITABLE.match(text)
    target = editable[1] if editable else text
    if not editable and not _PLACE.match(target):
        return None
    egg = _EGG.search(target)
    reason = (
        "comes from a version control system"
        if "+" in target.split(":")[0]
        else (
            "comes from a URL" if "://" in target else "is a folder of the study, found by its path"
        )
    )
    return Unrestored(name=egg[1] if egg else target[:200], reason=reason, declared_in=path)


def _collect(
    root: Path, path: str, lines: list[_Line], *, constraint: bool, seen: set[str]
) -> None:
    if path in seen or len(seen) > FILES:
        return
    seen.add(path)
    raw = (root / path).read_bytes()
    text = raw.decode("utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "replace")
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        _take(root, path, line, lines, constraint=constraint, seen=seen)


def _take(
    root: Path, path: str, raw: str, lines: list[_Line], *, constraint: bool, seen: set[str]
) -> None:
    """Add one line, or the lines of the file that it includes if that is one of the study."""
    line = _COMMENT.sub("", raw).strip()
    included = _INCLUDE.match(line)
    if included is None:
        if line:
            lines.append(_Line(text=line, path=path, constraint=constraint))
        return
    target = (root / path).parent / included[1].strip().strip("'\"")
    if target.is_file() and target.resolve().is_relative_to(root.resolve()):
        inner = target.resolve().relative_to(root.resolve()).as_posix()
        limits = constraint or line.startswith(("-c", "--c"))
        _collect(root, inner, lines, constraint=limits, seen=seen)
    else:
        lines.append(_Line(text=f"-r={included[1]}", path=path, constraint=constraint))
