"""The licence written into CITATION.cff or the study's own ro-crate-metadata.json."""

import json
import re
from typing import Any

import yaml

from recrate.mending.json_text import style_of

_LIMIT_CHARACTERS = 5_000_000


def in_citation(text: str, identifier: str) -> str | None:
    """Return a CITATION.cff with `license: identifier`, all other lines as they were.

    None when it is no plain YAML table, or the line would mean something else there.
    """
    before = _table(text)
    if before is None or not re.fullmatch(r"[A-Za-z0-9.+-]+", identifier):
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    line = f"license: {identifier}"
    start = next((n for n, one in enumerate(lines) if re.match(r"license\s*:", one)), None)
    if start is None:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += [line, ""]
    else:
        end = start + 1
        while end < len(lines) and re.match(r"\s+\S|- |-$", lines[end]):
            end += 1
        lines[start:end] = [line]
    written = newline.join(lines)
    return written if _table(written) == {**before, "license": identifier} else None


def _table(text: str) -> dict[Any, Any] | None:
    if len(text) > _LIMIT_CHARACTERS:
        return None
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            return None
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def in_crate(text: str, expression: str) -> str | None:
    """Return an `ro-crate-metadata.json` whose root data set has the licence.

    A single licence is named by its SPDX address, as RO-Crate wants; an expression as it is.
    None when `text` is no flattened RO-Crate.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    graph = document.get("@graph") if isinstance(document, dict) else None
    if not isinstance(graph, list):
        return None
    entities = {
        one["@id"]: one
        for one in reversed(graph)
        if isinstance(one, dict) and isinstance(one.get("@id"), str)
    }
    root = entities.get(_root(entities))
    if root is None:
        return None
    if re.fullmatch(r"[A-Za-z0-9.+-]+", expression):
        address = f"https://spdx.org/licenses/{expression}"
        root["license"] = {"@id": address}
        if address not in entities:
            graph.append({"@id": address, "@type": "CreativeWork", "name": expression})
    else:
        root["license"] = expression
    indent = style_of(text).indent
    end = "\n" if text.endswith("\n") else ""
    return json.dumps(document, ensure_ascii=False, indent=indent) + end


def _root(entities: dict[str, dict[str, Any]]) -> str:
    for name in ("ro-crate-metadata.json", "./ro-crate-metadata.json", "ro-crate-metadata.jsonld"):
        about = entities.get(name, {}).get("about")
        if isinstance(about, dict) and isinstance(about.get("@id"), str):
            return str(about["@id"])
    return "./"


def new_crate(name: str) -> str:
    """Return the `ro-crate-metadata.json` of a study that says nothing yet but its name."""
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {"@id": "./", "@type": "Dataset", "name": name},
    ]
    document = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
