"""Choose the form of the link: by what was published where, and by what the hub can."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from recrate.launch.target import Cargo
from recrate_binder.binderhub.forms import (
    AUTO,
    Spec,
    by_crate,
    by_project,
    by_record,
    by_repository,
    by_weko,
)

GIT_FORMS = ("gh", "gl", "git")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What decides the form.

    form:      as the person answered
    page:      the record's page, where it could be asked
    providers: of the hub; None where it did not say
    named:     whether the person named the hub
    reference: commit, tag or branch of a git repository
    """

    form: str
    page: str | None
    providers: tuple[str, ...] | None
    named: bool
    reference: str


def stock_spec(cargo: Cargo, page: str | None) -> Spec | None:
    """Return how a hub without our provider is told of a published crate."""
    return by_record(doi=cargo.doi, address=cargo.address, record_url=page)


def choose_spec(cargo: Cargo, choice: Choice) -> Spec | None:
    """Return how the hub is told where the crate is, None where there is no way.

    By itself our own provider's form is taken where the hub has it: only there the environment is
    built from the lock. A git repository comes last: it is not the crate.
    """
    address = cargo.address or ""
    own = by_crate(cargo.doi or address)
    if choice.form != AUTO:
        return _asked_for(cargo, choice, own)
    stock, known = stock_spec(cargo, choice.page), choice.providers
    if known is not None and own.prefix in known:
        return own
    if stock is not None and (known is None or stock.prefix in known):
        return stock
    if known is None and choice.named:
        return own
    return _repository(cargo, choice, None) or stock


def _asked_for(cargo: Cargo, choice: Choice, own: Spec) -> Spec | None:
    place = choice.page or cargo.address or ""
    if choice.form == "crate":
        return own
    if choice.form == "weko3":
        return by_weko(place)
    if choice.form == "grdm":
        return by_project(place)
    if choice.form in GIT_FORMS:
        return _repository(cargo, choice, choice.form)
    return Spec(form=choice.form, spec=quote(cargo.doi, safe="/")) if cargo.doi else None


def _repository(cargo: Cargo, choice: Choice, form: str | None) -> Spec | None:
    for address in repositories(cargo.crate.metadata):
        spec = by_repository(address, choice.reference, plain=form == "git")
        if spec is not None and form in {None, spec.form}:
            return spec
    return None


def repositories(metadata: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses of git repositories that a crate's root data set names."""
    graph = metadata.get("@graph")
    for entity in graph if isinstance(graph, list) else []:
        if not isinstance(entity, dict) or entity.get("@id") != "./":
            continue
        said = entity.get("codeRepository")
        for one in said if isinstance(said, list) else [said]:
            address = one.get("@id") if isinstance(one, dict) else one
            if isinstance(address, str):
                yield address
