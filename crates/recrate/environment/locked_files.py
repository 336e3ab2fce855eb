"""Locks that other tools wrote: exact versions, of which the resolver keeps what it needs."""

import json
import re
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from recrate.environment.project_files import read_toml, unreadable
from recrate.environment.wishes import Wishes, merge, sort_out
from recrate.model.environment import Unrestored


def read_locked(root: Path, path: str) -> Wishes:
    """Read poetry.lock, uv.lock, pdm.lock or a pylock.toml as constraints to exact versions.

    A lock holds more than is installed in one place (other systems, groups for development), so
    it limits versions; what is asked for stands in the project file beside it, or in the imports.
    """
    document = read_toml(root, path)
    if isinstance(document, Wishes):
        return document
    entries = document.get("package") or document.get("packages") or []
    parts = [_read_entry(entry, path) for entry in entries if isinstance(entry, dict)]
    python = str(document.get("requires-python") or "")
    return _single(merge([Wishes(python=python), *parts]))


def read_pipfile_lock(root: Path, path: str) -> Wishes:
    """Read the `default` group of a Pipfile.lock."""
    try:
        document = json.loads((root / path).read_text("utf-8-sig", "replace"))
        group = document["default"]
        entries = [{"name": name, **details} for name, details in group.items()]
        python = document.get("_meta", {}).get("requires", {}).get("python_version", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return unreadable(path, str(error) or "not a Pipfile.lock")
    return merge(
        [
            Wishes(python=f"=={python}.*" if python else ""),
            *(_read_entry(entry, path) for entry in entries),
        ]
    )


def _read_entry(entry: dict[str, Any], path: str) -> Wishes:
    name, version = str(entry.get("name", "")), str(entry.get("version", "")).lstrip("=")
    source = entry.get("source")
    kinds = set(source) | {str(source.get("type", ""))} if isinstance(source, dict) else set()
    if kinds & {"virtual", "editable"} or not name:
        return Wishes()
    if kinds & {"git", "url", "directory", "path", "file"} or entry.keys() & {
        "vcs",
        "directory",
        "git",
    }:
        reason = "comes from a place that is no package index"
        return Wishes(unrestored=(Unrestored(name=name, reason=reason, declared_in=path),))
    good, bad = sort_out([f"{name}=={version}"], path)
    return Wishes(constraints=tuple(wish.text for wish in good), unrestored=bad)


def _single(wishes: Wishes) -> Wishes:
    """Leave out the constraints of packages that the lock has at several versions."""
    names = [canonicalize_name(re.split(r"[=\[]", text)[0]) for text in wishes.constraints]
    kept = tuple(
        text for text, name in zip(wishes.constraints, names, strict=True) if names.count(name) == 1
    )
    return Wishes(
        constraints=kept, python=wishes.python, unrestored=wishes.unrestored, notes=wishes.notes
    )
