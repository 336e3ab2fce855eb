"""What a study asks for, before anybody asks an index: requirements, a Python, and the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from recrate.model.environment import Unrestored
from recrate.model.finding import Finding

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One requirement that an index can be asked for.

    text:   PEP 508, without URL
    origin: the file that declares it, or the code that implies it
    """

    name: str
    text: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """A limit of versions, PEP 508, that gives way where nothing fits it; `why` in words.

    kind: those of one kind are kept, or give way, together
    """

    text: str
    why: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """All that one source (a file, the imports) asks for.

    constraints: PEP 508 texts that limit versions without asking for anything
    python:      version specifier set (`>=3.8`, `==3.9.*`), empty when nothing is said
    """

    requirements: tuple[Wish, ...] = ()
    constraints: tuple[str, ...] = ()
    preferences: tuple[Preference, ...] = ()
    python: str = ""
    unrestored: tuple[Unrestored, ...] = ()
    system_packages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def merge(parts: Iterable[Wishes]) -> Wishes:
    """Put the wishes of several sources together, in order, each text once."""
    kept = tuple(parts)
    requirements: dict[str, Wish] = {}
    for wish in (wish for part in kept for wish in part.requirements):
        requirements.setdefault(wish.text, wish)
    return Wishes(
        requirements=tuple(requirements.values()),
        constraints=_once(text for part in kept for text in part.constraints),
        preferences=_once(one for part in kept for one in part.preferences),
        python=next((part.python for part in kept if part.python), ""),
        unrestored=_once(entry for part in kept for entry in part.unrestored),
        system_packages=_once(name for part in kept for name in part.system_packages),
        notes=_once(note for part in kept for note in part.notes),
        findings=_once(finding for part in kept for finding in part.findings),
    )


def wish(text: str, origin: str) -> Wish | Unrestored:
    """Read one requirement; one that is no PEP 508, or names a URL, comes back unrestored."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        reason = f"not a requirement: {str(error).splitlines()[0]}"
        return Unrestored(name=text.strip()[:200], reason=reason, declared_in=origin)
    if requirement.url:
        return Unrestored(
            name=requirement.name,
            reason="comes from a URL, which no index can vouch for",
            declared_in=origin,
        )
    return Wish(name=canonicalize_name(requirement.name), text=str(requirement), origin=origin)


def sort_out(texts: Iterable[str], origin: str) -> tuple[tuple[Wish, ...], tuple[Unrestored, ...]]:
    """Read many requirements: those an index can be asked for, and the rest."""
    read = [wish(text, origin) for text in texts]
    return (
        tuple(entry for entry in read if isinstance(entry, Wish)),
        tuple(entry for entry in read if isinstance(entry, Unrestored)),
    )


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))
