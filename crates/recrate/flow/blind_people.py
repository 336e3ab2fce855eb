"""Whom a blind crate hides: all that its description, git history and own addresses name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from recrate.crate.hidden_names import Forms, Named, orcid_phrases, split_name
from recrate.metadata.own_places import own_places
from recrate.model.environment import Lock
from recrate.model.study import (
    Access,
    DataReference,
    Description,
    Organisation,
    Person,
    Related,
    Relation,
    RestrictedFile,
)
from recrate.outside.git import people, remotes

_DEEP = 3
"""Folders further down than that are this machine's own; `/data/study` could stand anywhere."""
_STARTS = ("git@", "ssh://git@", "https://", "http://")
_RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
_FORGES = ("github.", "gitlab.", "git.", "gitea.", "forgejo.")
_FORGE_HOSTS = frozenset({"bitbucket.org", "codeberg.org", "sr.ht", "git.sr.ht", "gitee.com"})


def named_in(description: Description, root: Path) -> Named:
    """Return all that tells who made a study: of its description and its git repository."""
    names: list[tuple[str, str]] = []
    phrases: list[tuple[str, str]] = []
    for one in description.creators:
        names += _names(one)
        phrases += [*_phrases(one), *_organisation(one.affiliation)]
    for name, mail in people(root):
        names.append(split_name(name))
        phrases.append(("mail address", mail))
    for address in remotes(root):
        phrases += _repository(address)
    for address in own_places(root):
        phrases += _own(address)
    home = root.resolve()
    if len(home.parts) > _DEEP:
        phrases.append(("folder of the study", str(home)))
    for funding in description.funding:
        phrases.append(("award", funding.award_number or ""))
    for contact in _contacts(description):
        phrases.append(("contact", contact))
    if description.common is not None:
        phrases.append(("award", description.common.award_number))
        for family, phrase in _common(description):
            names += [split_name(family)] if family else []
            phrases.append(("contact", phrase))
    names = [one for one in names if one[0] and "[bot]" not in one[0]]
    return Named(
        people=tuple(dict.fromkeys(names)),
        phrases=tuple(dict.fromkeys(one for one in phrases if len(one[1].strip()) > 2)),
    )


def _names(one: Person) -> Iterator[tuple[str, str]]:
    for name in (one.name, one.alternate_name):
        if name:
            yield split_name(name)
    if one.family_name:
        yield one.family_name, one.given_name or ""
        if one.given_name and one.name not in {one.family_name, one.given_name}:
            yield split_name(one.name)


def _phrases(one: Person) -> Iterator[tuple[str, str]]:
    yield from orcid_phrases(one.identifier)
    for kind, text in (("mail address", one.email), ("e-Rad number", one.erad_number)):
        if text:
            yield kind, text


def _organisation(one: Organisation | None) -> Iterator[tuple[str, str]]:
    for text in (one.name, one.alternate_name, one.identifier) if one else ():
        if text:
            yield "affiliation", text


def _own(address: str) -> Iterator[tuple[str, str]]:
    """Yield how an address that the study gives as its own may be written."""
    host, path = _parts(address)
    if address.startswith("10."):
        yield "own DOI", address
    elif host in _RESOLVERS:
        yield "own DOI", path
    elif _is_forge(host) or not address.startswith("http"):
        yield from _repository(f"https://{host}/{'/'.join(path.split('/')[:2])}")
    else:
        yield "own address", f"{host}/{path}".removesuffix("/")


def _parts(address: str) -> tuple[str, str]:
    """Return host and path of an address of the web or of a git repository."""
    bare = address.removesuffix("/").removesuffix(".git")
    start = next((one for one in _STARTS if bare.startswith(one)), "")
    host, _, path = bare.removeprefix(start).replace(":", "/", 1).partition("/")
    return host, path


def _repository(address: str) -> Iterator[tuple[str, str]]:
    """Yield how a remote may be written: with and without scheme, its owner's page too."""
    host, path = _parts(address)
    if not path:
        yield "repository", address
        return
    owner = path.partition("/")[0]
    for text in (f"{host}/{path}", f"{host}:{path}", path, f"{host}/{owner}", f"{host}:{owner}"):
        yield "repository", text
    yield "repository", f"{owner}.{host.partition('.')[0]}.io"


def _is_forge(host: str) -> bool:
    return host in _FORGE_HOSTS or host.startswith(_FORGES)


def _contacts(description: Description) -> Iterator[str]:
    restricted: tuple[RestrictedFile | DataReference | Access, ...] = (
        *description.restricted,
        *description.references,
        *((description.access,) if description.access else ()),
    )
    for one in restricted:
        if one.contact:
            yield one.contact


def _common(description: Description) -> Iterator[tuple[str, str]]:
    """Yield (name, phrase) of the people of the common metadata's items."""
    assert description.common is not None, "asked only where there is one"
    for item in description.common.items:
        manager = item.manager
        for name in (manager.name_ja, manager.name_en):
            yield name, ""
        for text in (manager.email, manager.telephone, manager.address_ja, manager.address_en):
            yield "", text
        for creator in item.creators:
            for name in (creator.name_ja, creator.name_en):
                yield name, ""


def blind_description(description: Description, forms: Forms) -> Description:
    """Return a description that names nobody; the title stays, for a reviewer must know it.

    The paper that the study belongs to is left out: it names the authors.
    """
    told = forms.replaced
    access = description.access
    return replace(
        description,
        description=told(description.description),
        creators=(),
        keywords=tuple(told(one) for one in description.keywords),
        related=tuple(
            replace(one, title=told(one.title) if one.title else None)
            for one in description.related
            if one.relation is not Relation.IS_SUPPLEMENT_TO and not _tells(one, forms)
        ),
        references=tuple(_reference(one, forms) for one in description.references),
        translations=tuple(
            replace(one, description=told(one.description)) for one in description.translations
        ),
        funding=(),
        access=replace(access, contact=None, conditions=_or_none(access.conditions, forms))
        if access
        else None,
        restricted=tuple(
            replace(
                one, contact=None, landing_page=None, conditions=_or_none(one.conditions, forms)
            )
            for one in description.restricted
        ),
        common=None,
        sources=None,
        findings=(),
    )


def _tells(one: Related, forms: Forms) -> bool:
    """Say whether a work's address names somebody: the study's own repository is one of them."""
    return any(True for _ in forms.hits(unquote(one.url)))


def _reference(one: DataReference, forms: Forms) -> DataReference:
    conditions = _or_none(one.conditions, forms)
    return replace(one, contact=None, landing_page=None, conditions=conditions)


def _or_none(text: str | None, forms: Forms) -> str | None:
    return forms.replaced(text) if text else None


def blind_lock(lock: Lock, forms: Forms) -> Lock:
    """Return a lock whose notes name nobody; what is installed stays as it is."""
    told = forms.replaced
    return replace(
        lock,
        notes=tuple(told(one) for one in lock.notes),
        unrestored=tuple(
            replace(
                one,
                reason=told(one.reason),
                declared_in=told(one.declared_in) if one.declared_in else None,
            )
            for one in lock.unrestored
        ),
        findings=(),
    )
