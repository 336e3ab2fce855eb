"""Names inside a crate: which are ours, and how a path is written as an `@id` and back."""

import re
from urllib.parse import quote, unquote, urlsplit

from recrate.model.crate import ENVIRONMENT_FOLDER, METADATA_NAME, PREVIEW_NAME

LEGACY_METADATA_NAME = "ro-crate-metadata.jsonld"
"""What RO-Crate 1.0 called the metadata file."""

PYLOCK = f"{ENVIRONMENT_FOLDER}/pylock.toml"
REQUIREMENTS = f"{ENVIRONMENT_FOLDER}/requirements.txt"
DOCKERFILE = f"{ENVIRONMENT_FOLDER}/Dockerfile"
CARD = f"{ENVIRONMENT_FOLDER}/card.json"
LOCK = f"{ENVIRONMENT_FOLDER}/lock.json"
RENV = f"{ENVIRONMENT_FOLDER}/renv.lock"
OURS = (PYLOCK, REQUIREMENTS, DOCKERFILE, CARD, LOCK, RENV)

BINDER_MARK = "binder/recrate.txt"
"""Says that `binder/` was generated, to people and to the next packing."""
BINDER_FILES = (
    "binder/requirements.txt",
    "binder/runtime.txt",
    "binder/install.R",
    "binder/apt.txt",
    BINDER_MARK,
    "binder/postBuild",
)

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

BLIND = "recrate:blind"
"""Property of the root data set of a crate that was packed for blind review; it is `true`."""

NOT_PAYLOAD = (METADATA_NAME, LEGACY_METADATA_NAME, PREVIEW_NAME)
"""Files that tell of the payload and are not part of a crate's identity."""


def id_of(path: str) -> str:
    """Return the `@id` of a payload file: its path, percent-encoded.

    Source: RO-Crate 1.1, Encoding file paths,
    https://www.researchobject.org/ro-crate/1.1/data-entities.html#encoding-file-paths
    """
    return quote(path, safe="/")


def path_of(identifier: str) -> str | None:
    """Return the payload path that an `@id` names, or None when it names something else.

    Accepts a leading `./` and names that were left unencoded, as other tools write them.
    """
    if identifier.startswith(("#", "_:", "/")) or is_web(identifier):
        return None
    path = unquote(identifier.removeprefix("./")).removesuffix("/")
    return path or None


def shown(text: str) -> str:
    """Return somebody's text as one line that cannot move a cursor or turn the reading order."""
    return " ".join(_INVISIBLE.sub(" ", text).split())[:300]


def is_web(identifier: str) -> bool:
    """Say whether an `@id` is an absolute URI and not a path."""
    try:
        return len(urlsplit(identifier).scheme) > 1
    except ValueError:
        return False
