"""What an error says is gone: a name of a module, a method, an argument."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "method", "keyword", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What was asked for and is not there.

    name:   dotted for `name` (`numpy.float`), else the method, argument or literal itself
    owners: for a method, the class of the object; else empty
    """

    kind: Kind
    name: str
    owner: str = ""


_WORD = r"[A-Za-z_]\w{0,80}"
_DOTTED = rf"{_WORD}(?:\.{_WORD}){{0,8}}"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("name", re.compile(rf"[Mm]odule '(?P<owner>{_DOTTED})' has no attribute '(?P<name>{_WORD})'")),
    ("name", re.compile(rf"cannot import name '(?P<name>{_WORD})' from '(?P<owner>{_DOTTED})'")),
    ("name", re.compile(rf"No module named '(?P<name>{_DOTTED})'")),
    ("name", re.compile(rf"`np\.(?P<numpy>{_WORD})` was (?:removed|a deprecated alias)")),
    ("method", re.compile(rf"'(?P<owner>{_WORD})' object has no attribute '(?P<name>{_WORD})'")),
    ("keyword", re.compile(rf"got an unexpected keyword argument '(?P<name>{_WORD})'")),
    ("keyword", re.compile(rf"[Uu]nknown property (?P<name>{_WORD})\b")),
    ("value", re.compile(r"'(?P<name>[\w-]{1,80})' is not a valid package style")),
    ("value", re.compile(r"'(?P<name>[\w-]{1,80})' not found in the style library")),
    ("value", re.compile(r"Value must be a nonnegative integer or (?P<name>None)")),
)
_READ = 2_000


def gone_of(message: str) -> Gone | None:
    """Return what an error's message says is gone, None where it tells of something else."""
    for kind, pattern in _PATTERNS:
        found = pattern.search(message[:_READ])
        if found is None:
            continue
        parts = found.groupdict()
        if parts.get("numpy"):
            return Gone(kind=kind, name=f"numpy.{parts['numpy']}")
        owner, name = parts.get("owner") or "", parts["name"]
        if kind == "name" and owner:
            return Gone(kind=kind, name=f"{owner}.{name}")
        return Gone(kind=kind, name=name, owner=owner)
    return None
