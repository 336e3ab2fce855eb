"""Where a study says that it lives itself: its repository and its page, which tell whose it is.

Sources: the CITATION.cff schema (`repository-code`, `repository`, `url`, `doi`), CodeMeta 3
(`codeRepository`, `issueTracker`), PEP 621 (`project.urls`), the DESCRIPTION file of R (`URL`).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from recrate.metadata.fields import text_of, texts_of
from recrate.metadata.reading import UnreadableFileError, read_json, read_text, read_toml, read_yaml

_CFF = ("repository-code", "repository", "repository-artifact", "url", "doi")
_CODEMETA = ("codeRepository", "issueTracker", "url", "@id", "identifier", "readme")
_ADDRESS = re.compile(r"(?:https?://|git@|ssh://|10\.\d{4,9}/)[^\s,;<>\"')\]]+")


def own_places(root: Path) -> tuple[str, ...]:
    """Return the addresses and DOIs that a study's own files give as its own, each once.

    A file that cannot be read says nothing.
    """
    readers: dict[str, tuple[Callable[[Path], Any], Callable[[Any], Iterator[str]]]] = {
        "CITATION.cff": (read_yaml, lambda told: _values(told, _CFF)),
        "codemeta.json": (read_json, lambda told: _values(told, _CODEMETA)),
        "pyproject.toml": (read_toml, _of_project),
        "DESCRIPTION": (read_text, _of_description),
    }
    found: list[str] = []
    for name, (read, told) in readers.items():
        with suppress(UnreadableFileError):
            if (root / name).is_file():
                found += told(read(root / name))
    addresses = (address for text in found for address in _ADDRESS.findall(text))
    return tuple(dict.fromkeys(one.rstrip("./") for one in addresses))


def _values(document: object, keys: tuple[str, ...]) -> Iterator[str]:
    table = document if isinstance(document, dict) else {}
    for key in keys:
        yield from texts_of(table.get(key))


def _of_project(document: dict[str, Any]) -> Iterator[str]:
    project = document.get("project")
    urls = project.get("urls") if isinstance(project, dict) else None
    yield from map(text_of, urls.values() if isinstance(urls, dict) else ())


def _of_description(text: str) -> Iterator[str]:
    """Yield the fields of R's DESCRIPTION that hold addresses; a field goes on where indented."""
    yield from re.findall(r"(?m)^(?:URL|BugReports):(.*(?:\n[ \t].*)*)", text)
