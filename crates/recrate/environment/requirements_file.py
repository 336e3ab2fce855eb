"""requirements.txt as pip reads it, with whatever an index cannot give put aside by name."""

import re
from dataclasses import dataclass
from pathlib import Path

from recrate.environment.wishes import Wishes, sort_out
from recrate.model.environment import Unrestored

_COMMENT = re.compile(r"(^|\s+)#.*$")
_OPTION = re.compile(r"\s+--?[a-z][a-z-]*([= ]\S+)?")
_INCLUDE = re.compile(r"^(?:-r|--requirement|-c|--constraint)[\s=]*(\S.*)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)[\s=]*(\S.*)$")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_PLACE = re.compile(r"^(?:[a-z]+\+)?[a-z]+://|^\.{0,2}[/\\]|^\.$|^[A-Za-z]:\\|^git@")
DEPTH = 8
"""Files that include one another are followed this deep; a study that goes on has a circle."""


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
    wanted: list[tuple[str, str]] = []
    limits: list[str] = []
    unrestored: list[Unrestored] = []
    notes: list[str] = []
    for line in lines:
        text = _OPTION.sub("", line.text).strip() if not line.text.startswith("-") else line.text
        aside = _put_aside(text, line.path)
        if aside is not None:
            unrestored.append(aside)
        elif text.startswith("-"):
            notes.append(f"{line.path}: `{text.split()[0]}` is not followed")
        elif line.constraint:
            limits.append(text)
        else:
            wanted.append((text, line.path))
    wishes, odd = [], []
    for text, origin in wanted:
        good, bad = sort_out([text], origin)
        wishes += good
        odd += bad
    allowed, bad = sort_out(limits, path)
    return Wishes(
        requirements=tuple(wishes),
        constraints=tuple(wish.text for wish in allowed),
        unrestored=(*unrestored, *odd, *bad),
        notes=tuple(notes),
    )


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
    if path in seen or len(seen) > DEPTH:
        return
    seen.add(path)
    text = (root / path).read_text("utf-8-sig", "replace").replace("\\\n", " ")
    for raw in text.splitlines():
        line = _COMMENT.sub("", raw).strip()
        included = _INCLUDE.match(line)
        if included:
            inner = (Path(path).parent / included[1].strip()).as_posix()
            if (root / inner).resolve().is_relative_to(root.resolve()) and (root / inner).is_file():
                limits = constraint or line.startswith(("-c", "--c"))
                _collect(root, inner, lines, constraint=limits, seen=seen)
        elif line:
            lines.append(_Line(text=line, path=path, constraint=constraint))
