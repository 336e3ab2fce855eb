"""Inputs that are named and not packed, read from their RO-Crate entities."""

from recrate.crate.document import Document, Entity, references, text
from recrate.model.study import AccessRight
from recrate.model.terms import RIGHTS


def url_of(identifier: str) -> str:
    """Return where a reference is fetched from; empty for what is named by its hash alone."""
    return "" if identifier.lower().startswith("ni:") else identifier


def access_of(entity: Entity) -> AccessRight | None:
    """Return the access right that an entity states in COAR's terms, where it does."""
    for target in references(entity, "accessRights"):
        right = RIGHTS.get(target.partition("://")[2])
        if right is not None:
            return right
    return None


def contact_of(document: Document, entity: Entity) -> str | None:
    """Return whom to ask for what is not published, as it was typed."""
    for target in references(entity, "accessContact"):
        said = document.entities.get(target, {})
        return text(said, "name") or text(said, "email") or target.removeprefix("mailto:") or None
    return None
